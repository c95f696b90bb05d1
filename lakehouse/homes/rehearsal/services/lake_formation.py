"""Lake Formation: locations, grants of every kind, data cells filters, opt-ins.

Not emulated: who may grant. Enforcement is in the package `athena.access`. Grants and filters
on a table are refused when the catalog lacks it, as the API's EntityNotFoundException says.
"""

import copy
import json
import threading
import uuid
from typing import Any

from moto.glue.models import glue_backends
from moto.lakeformation import urls
from moto.lakeformation.models import Resource
from moto.lakeformation.responses import LakeFormationResponse as LakeFormation

from lakehouse.homes.rehearsal.services.extending import (
    Answer,
    Parameters,
    ServiceError,
    kept,
    operation,
    replaces,
)

NEW_OPERATIONS = (
    "CreateDataCellsFilter",
    "GetDataCellsFilter",
    "UpdateDataCellsFilter",
    "DeleteDataCellsFilter",
    "CreateLakeFormationOptIn",
    "ListLakeFormationOptIns",
    "DeleteLakeFormationOptIn",
)
for _name in NEW_OPERATIONS:
    urls.url_paths[f"{{0}}/{_name}$"] = urls.response.dispatch

WITH_CATALOG = {"Database", "Table", "TableWithColumns", "DataLocation"}
# Lake Formation shows a grant on all tables under this name.
ALL_TABLES = "ALL_TABLES"
GRANTED = ("Permissions", "PermissionsWithGrantOption")
# The server answers in threads, and Terraform asks thirty things at once.
CHANGING_GRANTS = threading.Lock()


def _require_table(self: LakeFormation, database: str, table: str) -> None:
    databases = glue_backends[self.current_account][self.region].databases
    if database not in databases or table not in databases[database].tables:
        raise ServiceError("EntityNotFoundException", f"Table {database}.{table} not found")


# Locations


@replaces(LakeFormation)
def register_resource(original, self: LakeFormation) -> str:
    """RegisterResource keeps whether hybrid access is on."""
    answer = original(self)
    resource = self.lakeformation_backend.resources[self._get_param("ResourceArn")]
    resource.hybrid = bool(self._get_param("HybridAccessEnabled"))
    return answer


@replaces(Resource)
def to_dict(original, self: Resource) -> Answer:
    """A location as DescribeResource shows it."""
    return {**original(self), "HybridAccessEnabled": self.hybrid, "WithFederation": False}


# Data cells filters


def _filter_key(of: Parameters) -> tuple[str, ...]:
    return of["TableCatalogId"], of["DatabaseName"], of["TableName"], of["Name"]


def _filters(self: LakeFormation) -> dict[Any, Any]:
    return kept(self.lakeformation_backend, "filters")


@operation(LakeFormation)
def create_data_cells_filter(self: LakeFormation, asked: Parameters) -> None:
    """CreateDataCellsFilter."""
    wanted = asked["TableData"]
    _require_table(self, wanted["DatabaseName"], wanted["TableName"])
    if _filter_key(wanted) in _filters(self):
        raise ServiceError("AlreadyExistsException", f"Filter {wanted['Name']} exists")
    _filters(self)[_filter_key(wanted)] = {**wanted, "VersionId": uuid.uuid4().hex}


@operation(LakeFormation)
def get_data_cells_filter(self: LakeFormation, asked: Parameters) -> Answer:
    """GetDataCellsFilter."""
    if _filter_key(asked) not in _filters(self):
        raise ServiceError("EntityNotFoundException", f"Filter {asked['Name']} not found")
    return {"DataCellsFilter": _filters(self)[_filter_key(asked)]}


@operation(LakeFormation)
def update_data_cells_filter(self: LakeFormation, asked: Parameters) -> None:
    """UpdateDataCellsFilter."""
    wanted = asked["TableData"]
    _filters(self)[_filter_key(wanted)] = {**wanted, "VersionId": uuid.uuid4().hex}


@operation(LakeFormation)
def delete_data_cells_filter(self: LakeFormation, asked: Parameters) -> None:
    """DeleteDataCellsFilter."""
    _filters(self).pop(_filter_key(asked), None)


def list_data_cells_filter(self: LakeFormation) -> str:
    """ListDataCellsFilter; moto has the address, not the list."""
    return json.dumps({"DataCellsFilters": list(_filters(self).values())})


LakeFormation.list_data_cells_filter = list_data_cells_filter


# Grants


def _as_stored(self: LakeFormation, resource: Parameters) -> Parameters:
    """The resource as Lake Formation shows it later: catalog named, columns sorted."""
    stored = copy.deepcopy(resource)
    for kind, value in stored.items():
        if kind in WITH_CATALOG:
            value.setdefault("CatalogId", self.current_account)
        if "ColumnNames" in value:
            value["ColumnNames"] = sorted(value["ColumnNames"])
        if "TableWildcard" in value:
            value["Name"] = ALL_TABLES
    return stored


def _grants(self: LakeFormation) -> dict[str, Answer]:
    return kept(self.lakeformation_backend, "grants")


def _key(principal: Parameters, resource: Parameters) -> str:
    return json.dumps([principal, resource], sort_keys=True)


@operation(LakeFormation)
def grant_permissions(self: LakeFormation, asked: Parameters) -> None:
    """GrantPermissions adds to what the principal has on the resource."""
    stored = _as_stored(self, asked["Resource"])
    for kind in ("Table", "TableWithColumns"):
        table = stored.get(kind)
        if table and table["Name"] != ALL_TABLES:
            _require_table(self, table["DatabaseName"], table["Name"])
    key = _key(asked["Principal"], stored)
    with CHANGING_GRANTS:
        held = _grants(self).get(key, {})
        _grants(self)[key] = {
            "Principal": asked["Principal"],
            "Resource": stored,
            **{w: sorted({*held.get(w, []), *(asked.get(w) or [])}) for w in GRANTED},
        }


@operation(LakeFormation)
def revoke_permissions(self: LakeFormation, asked: Parameters) -> None:
    """RevokePermissions; what was not granted is an error.

    Terraform revokes until it hears exactly this message.
    """
    key = _key(asked["Principal"], _as_stored(self, asked["Resource"]))
    with CHANGING_GRANTS:
        held = _grants(self).get(key)
        if held is None:
            raise ServiceError(
                "InvalidInputException",
                "No permissions revoked. Grantee has no permissions on resource",
            )
        left = {w: sorted(set(held[w]) - set(asked.get(w) or [])) for w in GRANTED}
        if left["Permissions"]:
            _grants(self)[key] = {**held, **left}
        else:
            del _grants(self)[key]


@operation(LakeFormation)
def list_permissions(self: LakeFormation, asked: Parameters) -> Answer:
    """ListPermissions, by principal and by resource when they are named."""
    wanted = _as_stored(self, asked["Resource"]) if asked.get("Resource") else None
    found = [
        grant
        for grant in list(_grants(self).values())
        if asked.get("Principal") in (None, grant["Principal"])
        and (wanted is None or _covers(wanted, grant["Resource"]))
    ]
    return {"PrincipalResourcePermissions": found}


def _covers(wanted: Parameters, granted: Parameters) -> bool:
    (kind, of), (granted_kind, granted_of) = *wanted.items(), *granted.items()
    if kind == "Table":
        same = all(of.get(name) == granted_of.get(name) for name in ("DatabaseName", "Name"))
        return granted_kind in ("Table", "TableWithColumns") and same
    return kind == granted_kind and all(granted_of.get(name) == of[name] for name in of)


# Opt-ins


def _opt_ins(self: LakeFormation) -> dict[str, Answer]:
    return kept(self.lakeformation_backend, "opt_ins")


@operation(LakeFormation)
def create_lake_formation_opt_in(self: LakeFormation, asked: Parameters) -> None:
    """CreateLakeFormationOptIn."""
    opt_in = {"Principal": asked["Principal"], "Resource": asked["Resource"]}
    _opt_ins(self)[_key(asked["Principal"], asked["Resource"])] = opt_in


@operation(LakeFormation)
def list_lake_formation_opt_ins(self: LakeFormation, asked: Parameters) -> Answer:
    """ListLakeFormationOptIns, by principal and by resource when they are named."""
    found = [
        {**opt_in, "LastModified": 1.0, "LastUpdatedBy": "rehearsal"}
        for opt_in in list(_opt_ins(self).values())
        if asked.get("Principal") in (None, opt_in["Principal"])
        and asked.get("Resource") in (None, opt_in["Resource"])
    ]
    return {"LakeFormationOptInsInfoList": found}


@operation(LakeFormation)
def delete_lake_formation_opt_in(self: LakeFormation, asked: Parameters) -> None:
    """DeleteLakeFormationOptIn."""
    del _opt_ins(self)[_key(asked["Principal"], asked["Resource"])]
