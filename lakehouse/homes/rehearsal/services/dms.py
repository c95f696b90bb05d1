"""DMS: endpoints, instance, subnet group and task as Terraform reads them back.

Not emulated: replication. A task is ready, running or stopped because somebody said so; nothing
connects to a source, and Bronze stays empty. The local DMS (`lakehouse/dms`) does that part.
"""

import json
from datetime import datetime
from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.dms import models
from moto.dms.responses import DatabaseMigrationServiceResponse as Dms
from moto.ec2 import ec2_backends

from lakehouse.homes.rehearsal.services.extending import (
    Answer,
    Parameters,
    operation,
    replaces,
    without_nulls,
)

# What AWS fills in when the request leaves it out.
INSTANCE_DEFAULTS = {"PreferredMaintenanceWindow": "sun:03:00-sun:04:00", "NetworkType": "IPV4"}
TASK_DATES = ("FreshStartDate", "StartDate", "StopDate", "FullLoadStartDate", "FullLoadFinishDate")
# Attributes of moto's endpoint that are not the parameter's name in snake case.
ENDPOINT_NAMES = {"PostgreSQLSettings": "postgre_sql_settings"}


def _seconds(moment: datetime | None) -> float | None:
    # The JSON protocol has moments as numbers; moto answers text, which Terraform refuses.
    return moment.timestamp() if moment else None


@replaces(models.FakeReplicationInstance)
def to_dict(original, self: models.FakeReplicationInstance) -> Answer:
    """An instance as DescribeReplicationInstances shows it."""
    shown = original(self)
    account, region = self.arn.split(":")[4], self.region
    groups = models.dms_backends[account][region].replication_subnet_groups
    if group := groups.get(self.replication_subnet_group_identifier):
        shown["ReplicationSubnetGroup"] = group.to_dict()
    shown["InstanceCreateTime"] = _seconds(self.creation_date)
    shown["AvailabilityZone"] = shown["AvailabilityZone"] or f"{region}a"
    for name, value in INSTANCE_DEFAULTS.items():
        shown[name] = shown.get(name) or value
    return without_nulls(shown)


@replaces(models.FakeReplicationTask)
def to_dict(original, self: models.FakeReplicationTask) -> Answer:  # noqa: F811
    """A task as DescribeReplicationTasks shows it; a new one is ready at once."""
    shown = original(self)
    shown["ReplicationTaskCreationDate"] = _seconds(self.creation_date)
    shown.pop("ReplicationTaskStartDate")
    for date in TASK_DATES:
        shown["ReplicationTaskStats"].pop(date)
    if shown["Status"] == "creating":
        shown["Status"] = "ready"
    return without_nulls(shown)


@replaces(models.FakeReplicationSubnetGroup)
def to_dict(original, self: models.FakeReplicationSubnetGroup) -> Answer:  # noqa: F811
    """A subnet group with its own subnets; moto shows an invented one."""
    shown = original(self)
    subnets = [s for s in _all_subnets() if s.id in (self.subnetIds or [])]
    shown["Subnets"] = [
        {
            "SubnetIdentifier": subnet.id,
            "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
            "SubnetStatus": "Active",
        }
        for subnet in subnets
    ]
    return {**shown, "VpcId": subnets[0].vpc_id} if subnets else shown


def _all_subnets() -> list[Any]:
    return [
        subnet
        for regions in ec2_backends.values()
        for backend in regions.values()
        for zone in backend.subnets.values()
        for subnet in zone.values()
    ]


@replaces(models.Endpoint)
def to_dict(original, self: models.Endpoint) -> Answer:  # noqa: F811
    """An endpoint as DescribeEndpoints shows it; a new one is active at once."""
    shown = original(self)
    if shown["Status"] == "creating":
        shown["Status"] = "active"
    if self.s3_settings:
        settings = dict(self.s3_settings)
        if sequence := settings.get("DatePartitionSequence"):
            settings["DatePartitionSequence"] = sequence.lower()
        if delimiter := settings.get("DatePartitionDelimiter"):
            settings["DatePartitionDelimiter"] = delimiter.upper()
        shown["S3Settings"] = settings
    return shown


@replaces(models.DatabaseMigrationServiceBackend)
def create_replication_subnet_group(
    original, self: models.DatabaseMigrationServiceBackend, **asked: Any
) -> models.FakeReplicationSubnetGroup:
    """CreateReplicationSubnetGroup keeps its subnets and tags too."""
    group = original(self, **{**asked, "tags": None})
    group.subnetIds = asked["subnet_ids"]
    name = asked["replication_subnet_group_identifier"]
    arn = f"arn:aws:dms:{self.region_name}:{self.account_id}:subgrp:{name}"
    self.tagger.tag_resource(arn, asked.get("tags") or [])
    return group


def _keeps_tags(name: str, shown: str) -> None:
    """Make a create operation of moto keep the tags that it is given."""
    original = getattr(Dms, name)

    def create(self: Dms) -> str:
        answer = json.loads(original(self))
        self.dms_backend.tagger.tag_resource(
            answer[shown][f"{shown}Arn"], self._get_param("Tags") or []
        )
        return json.dumps(answer)

    setattr(Dms, name, create)


_keeps_tags("create_replication_instance", "ReplicationInstance")
_keeps_tags("create_replication_task", "ReplicationTask")


@operation(Dms)
def modify_endpoint(self: Dms, asked: Parameters) -> Answer:
    """ModifyEndpoint: values that are not named stay, those inside settings too."""
    endpoints = self.dms_backend.endpoints.values()
    endpoint = next(e for e in endpoints if e.endpoint_arn == asked["EndpointArn"])
    for name, value in asked.items():
        attribute = ENDPOINT_NAMES.get(name) or camelcase_to_underscores(name)
        if name == "EndpointArn" or not hasattr(endpoint, attribute):
            continue
        before = getattr(endpoint, attribute)
        both = isinstance(value, dict) and isinstance(before, dict)
        setattr(endpoint, attribute, {**before, **value} if both else value)
    return {"Endpoint": without_nulls(endpoint.to_dict())}


@operation(Dms)
def modify_replication_task(self: Dms, asked: Parameters) -> Answer:
    """ModifyReplicationTask: only a task that does not run can be changed."""
    task = self.dms_backend.replication_tasks[asked["ReplicationTaskArn"]]
    if task.status == "running":
        raise models.InvalidResourceStateFault("Replication Task must be stopped to be modified")
    for name in ("TableMappings", "ReplicationTaskSettings", "MigrationType"):
        if name in asked:
            setattr(task, camelcase_to_underscores(name), asked[name])
    return {"ReplicationTask": task.to_dict()}


@operation(Dms)
def modify_replication_subnet_group(self: Dms, asked: Parameters) -> Answer:
    """ModifyReplicationSubnetGroup."""
    groups = self.dms_backend.replication_subnet_groups
    group = groups[asked["ReplicationSubnetGroupIdentifier"]]
    group.subnetIds = asked["SubnetIds"]
    return {"ReplicationSubnetGroup": group.to_dict()}


@operation(Dms)
def add_tags_to_resource(self: Dms, asked: Parameters) -> None:
    """AddTagsToResource."""
    self.dms_backend.tagger.tag_resource(asked["ResourceArn"], asked["Tags"])


@operation(Dms)
def remove_tags_from_resource(self: Dms, asked: Parameters) -> None:
    """RemoveTagsFromResource."""
    self.dms_backend.tagger.untag_resource_using_names(asked["ResourceArn"], asked["TagKeys"])
