"""Data contracts: one Open Data Contract Standard file per source table, and their loader."""

from contracts.errors import ContractError
from contracts.loader import CONTRACTS_FOLDER, load_contract, load_contracts
from contracts.model import Column, Contract, DerivedColumn

__all__ = [
    "CONTRACTS_FOLDER",
    "Column",
    "Contract",
    "ContractError",
    "DerivedColumn",
    "load_contract",
    "load_contracts",
]
