"""Athena: changing a workgroup, deleting a named query.

Not emulated here: queries. `lakehouse.homes.rehearsal.athena` runs them when there is an engine.
"""

from moto.athena.responses import AthenaResponse

from lakehouse.homes.rehearsal.services.extending import Parameters, operation


@operation(AthenaResponse)
def update_work_group(self: AthenaResponse, asked: Parameters) -> None:
    """UpdateWorkGroup: values that are not named stay; Remove<Name> takes one away."""
    group = self.athena_backend.work_groups[asked["WorkGroup"]]
    group.description = asked.get("Description", group.description)
    group.state = asked.get("State", group.state)
    _merge(group.configuration, asked.get("ConfigurationUpdates") or {})


@operation(AthenaResponse)
def delete_named_query(self: AthenaResponse, asked: Parameters) -> None:
    """DeleteNamedQuery; one that does not exist is no error, as on AWS."""
    self.athena_backend.named_queries.pop(asked["NamedQueryId"], None)


def _merge(configuration: dict, updates: dict) -> None:
    for name, value in updates.items():
        if name == "ResultConfigurationUpdates":
            _merge(configuration.setdefault("ResultConfiguration", {}), value)
        elif name.startswith("Remove"):
            if value:
                configuration.pop(name.removeprefix("Remove"), None)
        else:
            configuration[name] = value
