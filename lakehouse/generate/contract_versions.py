"""Versions and shapes of the contracts as they were generated last, to compare a change with."""

import json
from collections.abc import Iterable
from pathlib import Path

from contracts import Contract, ContractError
from contracts.compatibility import Level, changes_between, shape_of, version_allows

FILE = "contracts/versions.json"


def contract_versions(contracts: Iterable[Contract], known: Path) -> str:
    """Text of the file with every contract as it is now.

    known is that file as it was. Raises ContractError when a contract differs from it by more than
    its version admits.
    """
    shapes = {c.name: shape_of(c) for c in sorted(contracts, key=lambda c: c.name)}
    before = json.loads(known.read_text(encoding="utf-8")) if known.exists() else {}
    for name, shape in shapes.items():
        if name in before:
            _refuse_small_step(name, before[name], shape)
    return json.dumps(shapes, indent=1) + "\n"


def _refuse_small_step(name: str, old: dict, new: dict) -> None:
    # As the file has it: tuples are lists there.
    changes = changes_between(old, json.loads(json.dumps(new)))
    level = max((change.level for change in changes), default=Level.NONE)
    if version_allows(old["version"], new["version"], level):
        return
    if level is Level.NONE:
        raise ContractError(
            f"{name}.odcs.yaml: version {new['version']} is lower than {old['version']}, which is "
            "known already; nothing was written. Versions only grow."
        )
    reasons = "\n  ".join(change.reason for change in changes if change.level == level)
    raise ContractError(
        f"{name}.odcs.yaml: version {old['version']} -> {new['version']}, but this needs a new "
        f"{level.name.lower()} version:\n  {reasons}\nNothing was written. Raise `version` in the "
        "contract, or take the change back."
    )
