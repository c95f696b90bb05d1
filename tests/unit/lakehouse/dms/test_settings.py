"""One task definition for two engines: the JSON of Terraform as the local DMS reads it."""

import json
import re
import shutil

import botocore.session
import pytest

from lakehouse.dms.errors import SettingsError
from lakehouse.dms.settings import (
    POSTGRES_SOURCE,
    S3_TARGET,
    TASK_FOLDER,
    TASK_SETTINGS,
    DmsSettings,
    PostgresSourceSettings,
    S3TargetSettings,
)

SHAPES = {
    S3_TARGET: ("S3Settings", S3TargetSettings),
    POSTGRES_SOURCE: ("PostgreSQLSettings", PostgresSourceSettings),
}
# AWS DMS user guide, "Specifying task settings", and the pages of its sections.
TASK_SETTING_NAMES = {
    "TargetMetadata": "SupportLobs FullLobMode LimitedSizeLobMode LobMaxSize InlineLobMaxSize "
    "BatchApplyEnabled",
    "FullLoadSettings": "TargetTablePrepMode StopTaskCachedChangesApplied "
    "StopTaskCachedChangesNotApplied MaxFullLoadSubTasks TransactionConsistencyTimeout CommitRate",
    "ChangeProcessingDdlHandlingPolicy": "HandleSourceTableDropped HandleSourceTableTruncated "
    "HandleSourceTableAltered",
    "ErrorBehavior": "DataErrorPolicy DataTruncationErrorPolicy TableErrorPolicy "
    "FailOnNoTablesCaptured",
    "Logging": "EnableLogging",
}


@pytest.fixture(scope="module")
def service_model():
    return botocore.session.get_session().get_service_model("dms")


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(TASK_FOLDER, tmp_path / "dms")
    return tmp_path / "dms"


def change(path, name, value):
    document = json.loads(path.read_text())
    section, _, key = name.rpartition(".")
    (document[section] if section else document)[key] = value
    path.write_text(json.dumps(document))


@pytest.mark.parametrize("file", SHAPES)
def test_every_setting_is_one_that_aws_knows_with_a_value_of_its_type(service_model, file):
    shape = service_model.shape_for(SHAPES[file][0])
    for name, value in json.loads((TASK_FOLDER / file).read_text()).items():
        member = shape.members[name]
        assert type(value) is {"string": str, "boolean": bool, "integer": int}[member.type_name]
        if getattr(member, "enum", None):
            assert value.lower() in [allowed.lower() for allowed in member.enum], name


@pytest.mark.parametrize("file", SHAPES)
def test_the_local_model_names_settings_as_aws_does(service_model, file):
    shape_name, model = SHAPES[file]
    known = service_model.shape_for(shape_name).members
    assert {field.alias for field in model.model_fields.values()} <= set(known)


def test_task_settings_have_the_names_of_the_user_guide():
    document = json.loads((TASK_FOLDER / TASK_SETTINGS).read_text())
    assert set(document) == set(TASK_SETTING_NAMES)
    for section, names in TASK_SETTING_NAMES.items():
        assert set(document[section]) <= set(names.split()), section


@pytest.mark.parametrize(
    ("file", "name", "value"),
    [
        (S3_TARGET, "CdcMaxBatchIntervall", 60),
        (S3_TARGET, "CdcPath", "changes"),
        (S3_TARGET, "PreserveTransactions", True),
        (S3_TARGET, "UseTaskStartTimeForFullLoadTimestamp", False),
        (S3_TARGET, "DataFormat", "avro"),
        (S3_TARGET, "DatePartitionTimezone", "Berlin"),
        (S3_TARGET, "MaxFileSize", 0),
        (S3_TARGET, "CdcMinFileSize", "32000"),
        (POSTGRES_SOURCE, "PluginName", "pglogical"),
        (POSTGRES_SOURCE, "MapBooleanAsBoolean", True),
        (TASK_SETTINGS, "TargetMetadata.FullLobMode", True),
        (TASK_SETTINGS, "FullLoadSettings.TargetTablePrepMode", "DROP_AND_CREATE"),
        (TASK_SETTINGS, "ChangeProcessingDdlHandlingPolicy.HandleSourceTableTruncated", True),
        (TASK_SETTINGS, "FullLoadSettings.MaxFullLoadSubTasks", 50),
    ],
)
def test_what_is_unknown_or_not_supported_is_refused_by_name(folder, file, name, value):
    change(folder / file, name, value)
    with pytest.raises(SettingsError, match=rf"{file}: {re.escape(name)} (=|is not a setting)"):
        DmsSettings.read(folder)


def test_a_setting_without_default_must_be_there(folder):
    path = folder / TASK_SETTINGS
    document = json.loads(path.read_text())
    del document["TargetMetadata"]["LobMaxSize"]
    path.write_text(json.dumps(document))
    with pytest.raises(SettingsError, match="TargetMetadata.LobMaxSize is missing"):
        DmsSettings.read(folder)


def test_a_missing_file_is_named(folder):
    (folder / S3_TARGET).unlink()
    with pytest.raises(SettingsError, match="s3_target.json is missing"):
        DmsSettings.read(folder)


def test_enumerations_are_taken_in_either_case():
    target = DmsSettings.read().with_target(DataFormat="CSV", CompressionType="gzip").target
    assert target.suffix == ".csv.gz"
