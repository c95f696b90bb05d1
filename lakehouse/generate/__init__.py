"""Files that are derived from others and committed; a test fails when one is stale."""

from pathlib import Path

from contracts import load_contracts
from lakehouse.generate.access_policy import access_policy
from lakehouse.generate.contract_versions import FILE as VERSIONS
from lakehouse.generate.contract_versions import contract_versions
from lakehouse.generate.dbt_sources import dbt_sources
from lakehouse.generate.dms_mappings import dms_table_mappings
from lakehouse.generate.terraform_docs import module_readmes
from lakehouse.governance.marts import read_marts
from lakehouse.state import REPOSITORY


def generated_files(repository: Path = REPOSITORY) -> dict[Path, str]:
    """Text of every generated file by its path.

    Raises ContractError for a contract that changed by more than its version admits.
    """
    contracts = list(load_contracts(repository / "contracts").values())
    versions = repository / VERSIONS
    marts = read_marts(repository / "dbt_project/models/marts")
    return {
        versions: contract_versions(contracts, versions),
        repository / "dbt_project/models/staging/_sources.yml": dbt_sources(contracts),
        repository / "terraform/generated/dms_table_mappings.json": dms_table_mappings(contracts),
        repository / "terraform/generated/access_policy.json": access_policy(contracts, marts),
        **module_readmes(repository / "terraform/modules"),
    }


def stale_files(files: dict[Path, str]) -> list[Path]:
    """Those whose file is missing or has another text."""
    return [p for p, text in files.items() if not p.exists() or p.read_text("utf-8") != text]
