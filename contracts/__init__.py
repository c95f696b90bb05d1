"""Data contracts: one Open Data Contract Standard file per source table, and their loader."""

from contracts.derived import derived_tables, history_of
from contracts.errors import ContractError
from contracts.loader import CONTRACTS_FOLDER, load_contract, load_contracts
from contracts.model import Column, Contract, DerivedColumn, DerivedTable

__all__ = [
    "CONTRACTS_FOLDER",
    "Column",
    "Contract",
    "ContractError",
    "DerivedColumn",
    "DerivedTable",
    "derived_tables",
    "history_of",
    "load_contract",
    "load_contracts",
]
