"""Every table with a contract has its module, and a missing one is named."""

import pytest

from spark_bronze_to_silver.errors import SilverJobError
from spark_bronze_to_silver.tables import cleaner


def test_every_contract_has_a_module(contracts):
    assert all(callable(cleaner(name)) for name in contracts)


def test_a_table_without_module_is_named():
    with pytest.raises(SilverJobError, match="'basket' has a contract but no module"):
        cleaner("basket")
