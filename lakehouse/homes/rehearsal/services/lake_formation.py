"""Lake Formation: locations, grants of every kind, data cells filters, opt-ins.

Not emulated: who may grant. Enforcement is in the package `athena.access`. Grants and filters
on a table are refused when the catalog lacks it, as the API's EntityNotFoundException says.
"""

import copy
import json
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


def _grants(self: LakeFormation) -> list[dict[str, Any]]:
    return kept(self.lakeformation_backend, "grants").setdefault("all", [])


def _grant_of(self: LakeFormation, asked: Parameters, stored: Parameters) -> dict | None:
    return next(
        (
            grant
            for grant in _grants(self)
            if grant["Principal"] == asked["Principal"] and grant["Resource"] == stored
        ),
        None,
    )


@operation(LakeFormation)
def grant_permissions(self: LakeFormation, asked: Parameters) -> None:
    """GrantPermissions adds to what the principal has on the resource."""
    stored = _as_stored(self, asked["Resource"])
    for kind in ("Table", "TableWithColumns"):
        table = stored.get(kind)
        if table and table["Name"] != ALL_TABLES:
            _require_table(self, table["DatabaseName"], table["Name"])
    grant = _grant_of(self, asked, stored)
    if grant is None:
        grant = {"Principal": asked["Principal"], "Resource": stored}
        _grants(self).append(grant)
    for what in ("Permissions", "PermissionsWithGrantOption"):
        grant[what] = sorted({*grant.get(what, []), *(asked.get(what) or [])})


@operation(LakeFormation)
def revoke_permissions(self: LakeFormation, asked: Parameters) -> None:
    """RevokePermissions; what was not granted is an error.

    Terraform revokes until it hears exactly this message.
    """
    grant = _grant_of(self, asked, _as_stored(self, asked["Resource"]))
    if grant is None:
        raise ServiceError(
            "InvalidInputException",
            "No permissions revoked. Grantee has no permissions on resource",
        )
    for what in ("Permissions", "PermissionsWithGrantOption"):
        grant[what] = sorted(set(grant[what]) - set(asked.get(what) or []))
    if not grant["Permissions"]:
        _grants(self).remove(grant)


@operation(LakeFormation)
def list_permissions(self: LakeFormation, asked: Parameters) -> Answer:
    """ListPermissions, by principal and by resource when they are named."""
    wanted = _as_stored(self, asked["Resource"]) if asked.get("Resource") else None
    found = [
        grant
        for grant in _grants(self)
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


def _opt_ins(self: LakeFormation) -> list[dict[str, Any]]:
    return kept(self.lakeformation_backend, "opt_ins").setdefault("all", [])


@operation(LakeFormation)
def create_lake_formation_opt_in(self: LakeFormation, asked: Parameters) -> None:
    """CreateLakeFormationOptIn."""
    opt_in = {name: asked[name] for name in ("Principal", "Resource")}
    if opt_in not in _opt_ins(self):
        _opt_ins(self).append(opt_in)


@operation(LakeFormation)
def list_lake_formation_opt_ins(self: LakeFormation, asked: Parameters) -> Answer:
    """ListLakeFormationOptIns, by principal and by resource when they are named."""
    found = [
        {**opt_in, "LastModified": 1.0, "LastUpdatedBy": "rehearsal"}
        for opt_in in _opt_ins(self)
        if asked.get("Principal") in (None, opt_in["Principal"])
        and asked.get("Resource") in (None, opt_in["Resource"])
    ]
    return {"LakeFormationOptInsInfoList": found}


@operation(LakeFormation)
def delete_lake_formation_opt_in(self: LakeFormation, asked: Parameters) -> None:
    """DeleteLakeFormationOptIn."""
    _opt_ins(self).remove({name: asked[name] for name in ("Principal", "Resource")})
