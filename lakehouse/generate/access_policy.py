"""The access policy as Terraform reads it: what each role and each tenant is granted."""

import json
from collections.abc import Iterable, Mapping

from contracts import Contract
from lakehouse.governance.policy import Columns, Policy, compile_policy

EVERYTHING = "*"


def access_policy(contracts: Iterable[Contract], marts: Mapping[str, Columns]) -> str:
    """JSON: the tenants' row filter and tables, and the people's grants by layer and table.

    A role that nothing of a layer is hidden from has "*" there: Lake Formation then grants tables
    that are still to come as well. The others have their columns listed, table by table.
    """
    policy = compile_policy(contracts, marts)
    document = {
        "people": {role: _grants(role, policy) for role in policy.readable},
        "row_filter": policy.row_filter,
        "tenant_tables": {name: list(columns) for name, columns in policy.tenant_tables.items()},
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def _grants(role: str, policy: Policy) -> dict[str, object]:
    readable = policy.readable[role]
    return {
        layer: EVERYTHING
        if layer in policy.whole[role]
        else {r.name: list(columns) for r, columns in readable.items() if r.layer == layer}
        for layer in sorted({relation.layer for relation in readable})
    }
