"""Bronze as a task writes it, without a task."""

from lakehouse.dms.bronze import Bronze
from lakehouse.dms.settings import DmsSettings
from lakehouse.dms.table_mappings import TableMappings
from lakehouse.generate.dms_mappings import dms_table_mappings


def new_bronze(root, contracts, mappings=None, **target):
    """Bronze of these contracts; target are S3 settings by DMS's names."""
    mappings = mappings or TableMappings.parse(dms_table_mappings(contracts.values()))
    return Bronze(root, DmsSettings.read().with_target(**target), mappings)
