"""The extension of moto, asked through boto3, without a server."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from lakehouse.homes.rehearsal.identity.principals import ROOT_KEY
from lakehouse.homes.rehearsal.services import install

pytestmark = pytest.mark.slow

REGION = "eu-central-1"
ROLE = "arn:aws:iam::123456789012:role/ann"
ANN = {"DataLakePrincipalIdentifier": ROLE}
ROWS = {"TableCatalogId": "123456789012", "DatabaseName": "gold", "TableName": "t", "Name": "f"}


@pytest.fixture(autouse=True)
def aws():
    from moto import mock_aws

    install()
    with mock_aws():
        yield


def client(service):
    """Signed by the account's root; moto would sign with a key of its own."""
    return boto3.client(
        service, region_name=REGION, aws_access_key_id=ROOT_KEY, aws_secret_access_key="any"
    )


@pytest.fixture
def gold_table():
    client("glue").create_database(DatabaseInput={"Name": "gold"})
    client("glue").create_table(DatabaseName="gold", TableInput={"Name": "t"})


@pytest.fixture
def row_filter(gold_table):
    rule = {"RowFilter": {"FilterExpression": "tenant_id = 'a'"}, "ColumnNames": ["tenant_id"]}
    client("lakeformation").create_data_cells_filter(TableData={**ROWS, **rule})


def dms_task():
    dms, ec2 = client("dms"), client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}"
        )["Subnet"]["SubnetId"]
        for n, zone in enumerate("ab")
    ]
    group = dms.create_replication_subnet_group(
        ReplicationSubnetGroupIdentifier="g",
        ReplicationSubnetGroupDescription="g",
        SubnetIds=subnets,
    )["ReplicationSubnetGroup"]
    task = dms.create_replication_task(
        ReplicationTaskIdentifier="t",
        SourceEndpointArn="arn:a",
        TargetEndpointArn="arn:b",
        ReplicationInstanceArn="arn:c",
        MigrationType="full-load-and-cdc",
        TableMappings="{}",
    )["ReplicationTask"]
    return dms, task["ReplicationTaskArn"], group, subnets


def test_a_subnet_group_shows_its_own_subnets():
    _, _, group, subnets = dms_task()
    assert [s["SubnetIdentifier"] for s in group["Subnets"]] == subnets


def test_a_running_task_cannot_be_changed_and_a_stopped_one_can():
    dms, arn, *_ = dms_task()
    dms.start_replication_task(ReplicationTaskArn=arn, StartReplicationTaskType="start-replication")
    with pytest.raises(ClientError, match="must be stopped"):
        dms.modify_replication_task(ReplicationTaskArn=arn, TableMappings='{"rules": []}')
    dms.stop_replication_task(ReplicationTaskArn=arn)
    dms.modify_replication_task(ReplicationTaskArn=arn, TableMappings='{"rules": []}')
    task = dms.describe_replication_tasks()["ReplicationTasks"][0]
    assert task["TableMappings"] == '{"rules": []}'


def test_changing_an_endpoint_keeps_the_settings_that_are_not_named():
    dms = client("dms")
    made = dms.create_endpoint(
        EndpointIdentifier="e",
        EndpointType="target",
        EngineName="s3",
        S3Settings={"BucketName": "b", "CompressionType": "gzip"},
    )["Endpoint"]["EndpointArn"]
    changed = dms.modify_endpoint(EndpointArn=made, S3Settings={"CompressionType": "none"})
    assert changed["Endpoint"]["S3Settings"]["BucketName"] == "b"
    assert changed["Endpoint"]["S3Settings"]["CompressionType"] == "none"


def test_an_event_subscription_is_kept_until_it_is_deleted():
    dms = client("dms")
    dms.create_event_subscription(SubscriptionName="s", SnsTopicArn="arn:topic")
    dms.delete_event_subscription(SubscriptionName="s")
    with pytest.raises(ClientError, match="not found"):
        dms.describe_event_subscriptions(SubscriptionName="s")


@pytest.mark.parametrize("kind", ["Table", "TableWithColumns"])
def test_a_grant_on_a_table_that_does_not_exist_is_refused(kind):
    table = {"DatabaseName": "gold", "Name": "absent"}
    if kind == "TableWithColumns":
        table["ColumnNames"] = ["a"]
    with pytest.raises(ClientError, match=r"gold\.absent not found"):
        client("lakeformation").grant_permissions(
            Principal=ANN, Resource={kind: table}, Permissions=["SELECT"]
        )


def test_a_filter_on_a_table_that_does_not_exist_is_refused():
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        client("lakeformation").create_data_cells_filter(TableData=ROWS)


def test_what_is_granted_is_listed_until_it_is_revoked(row_filter):
    lake, resource = client("lakeformation"), {"DataCellsFilter": ROWS}
    lake.grant_permissions(Principal=ANN, Resource=resource, Permissions=["SELECT"])
    listed = lake.list_permissions(Principal=ANN)["PrincipalResourcePermissions"]
    assert [(g["Resource"], g["Permissions"]) for g in listed] == [(resource, ["SELECT"])]
    lake.revoke_permissions(Principal=ANN, Resource=resource, Permissions=["SELECT"])
    with pytest.raises(ClientError, match="No permissions revoked"):
        lake.revoke_permissions(Principal=ANN, Resource=resource, Permissions=["SELECT"])


def test_a_wildcard_grant_is_shown_as_all_tables(gold_table):
    lake = client("lakeformation")
    everything = {"Table": {"DatabaseName": "gold", "TableWildcard": {}}}
    lake.grant_permissions(Principal=ANN, Resource=everything, Permissions=["SELECT"])
    shown = lake.list_permissions(Resource=everything)["PrincipalResourcePermissions"][0]
    assert shown["Resource"]["Table"]["Name"] == "ALL_TABLES"


def test_opt_ins_are_listed_by_principal(gold_table):
    lake = client("lakeformation")
    database = {"Database": {"Name": "gold"}}
    bob = {"DataLakePrincipalIdentifier": f"{ROLE}-bob"}
    for who in (ANN, bob):
        lake.create_lake_formation_opt_in(Principal=who, Resource=database)
    found = lake.list_lake_formation_opt_ins(Principal=bob)["LakeFormationOptInsInfoList"]
    assert [o["Principal"] for o in found] == [bob]


def test_nothing_outlives_a_reset(row_filter):
    from moto.core.base_backend import BackendDict

    BackendDict.reset()
    assert client("lakeformation").list_data_cells_filter()["DataCellsFilters"] == []


def test_a_location_remembers_hybrid_access():
    lake = client("lakeformation")
    lake.register_resource(ResourceArn="arn:aws:s3:::b", RoleArn=ROLE, HybridAccessEnabled=True)
    shown = lake.describe_resource(ResourceArn="arn:aws:s3:::b")["ResourceInfo"]
    assert shown["HybridAccessEnabled"] is True


def bucket_with(statement):
    s3 = client("s3")
    s3.create_bucket(Bucket="some-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    document = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::some-bucket/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [{**document, **statement}]}
    s3.put_bucket_policy(Bucket="some-bucket", Policy=json.dumps(policy))
    return s3


def test_a_bucket_that_demands_tls_stays_usable():
    s3 = bucket_with({"Condition": {"Bool": {"aws:SecureTransport": "false"}}})
    s3.put_object(Bucket="some-bucket", Key="k", Body=b"x")
    assert s3.get_object(Bucket="some-bucket", Key="k")["Body"].read() == b"x"


def test_any_other_deny_is_obeyed():
    s3 = bucket_with({})
    with pytest.raises(ClientError, match="Denied|403|Forbidden"):
        s3.put_object(Bucket="some-bucket", Key="k", Body=b"x")


def test_changing_a_workgroup_keeps_what_is_not_named():
    athena = client("athena")
    results = {"ResultConfiguration": {"OutputLocation": "s3://b/w/"}}
    athena.create_work_group(
        Name="w", Configuration={**results, "BytesScannedCutoffPerQuery": 10485760}
    )
    athena.update_work_group(
        WorkGroup="w", ConfigurationUpdates={"RemoveBytesScannedCutoffPerQuery": True}
    )
    shown = athena.get_work_group(WorkGroup="w")["WorkGroup"]["Configuration"]
    assert "BytesScannedCutoffPerQuery" not in shown
    assert shown["ResultConfiguration"]["OutputLocation"] == "s3://b/w/"


def test_a_job_can_be_moved_to_another_release():
    glue = client("glue")
    script = {"Name": "glueetl", "ScriptLocation": "s3://b/releases/1/job.py"}
    glue.create_job(Name="j", Role=ROLE, Command=script)
    newer = {**script, "ScriptLocation": "s3://b/releases/2/job.py"}
    glue.update_job(JobName="j", JobUpdate={"Role": ROLE, "Command": newer})
    assert glue.get_job(JobName="j")["Job"]["Command"]["ScriptLocation"].endswith("2/job.py")


def test_a_build_project_keeps_its_key_and_its_limit_when_something_else_changes():
    codebuild = client("codebuild")
    codebuild.create_project(
        name="dbt",
        source={"type": "S3", "location": "scripts/repository.zip"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/amazonlinux2-x86_64-standard:5.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=ROLE,
        encryptionKey="key",
        concurrentBuildLimit=1,
    )
    codebuild.update_project(name="dbt", description="Gold")
    (project,) = codebuild.batch_get_projects(names=["dbt"])["projects"]
    kept = {name: project[name] for name in ("description", "encryptionKey")}
    assert kept == {"description": "Gold", "encryptionKey": "key"}
    assert project["concurrentBuildLimit"] == 1


def test_a_definition_without_its_first_state_is_refused():
    machine = json.dumps({"StartAt": "A", "States": {"B": {"Type": "Pass", "End": True}}})
    answer = client("stepfunctions").validate_state_machine_definition(definition=machine)
    assert answer["result"] == "FAIL"


def test_a_budget_keeps_tags_and_subscribers():
    budgets = client("budgets")
    notification = {
        "NotificationType": "ACTUAL",
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": 80,
    }
    people = [{"SubscriptionType": "EMAIL", "Address": "team@example.com"}]
    limit = {"Amount": "200", "Unit": "USD"}
    budgets.create_budget(
        AccountId="123456789012",
        Budget={
            "BudgetName": "b",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": limit,
        },
        ResourceTags=[{"Key": "Project", "Value": "lakehouse"}],
    )
    budgets.create_notification(
        AccountId="123456789012", BudgetName="b", Notification=notification, Subscribers=people
    )
    told = budgets.describe_subscribers_for_notification(
        AccountId="123456789012", BudgetName="b", Notification=notification
    )
    assert told["Subscribers"] == people
    tags = budgets.list_tags_for_resource(ResourceARN="arn:aws:budgets::123456789012:budget/b")
    assert tags["ResourceTags"] == [{"Key": "Project", "Value": "lakehouse"}]


def test_an_anomaly_monitor_is_kept_until_it_is_deleted():
    ce = boto3.client("ce", region_name="us-east-1")
    monitor = {
        "MonitorName": "m",
        "MonitorType": "DIMENSIONAL",
        "MonitorDimension": "SERVICE",
    }
    arn = ce.create_anomaly_monitor(AnomalyMonitor=monitor)["MonitorArn"]
    assert [m["MonitorName"] for m in ce.get_anomaly_monitors()["AnomalyMonitors"]] == ["m"]
    ce.delete_anomaly_monitor(MonitorArn=arn)
    assert ce.get_anomaly_monitors()["AnomalyMonitors"] == []


def test_a_rule_towards_a_prefix_list_keeps_its_description():
    ec2 = client("ec2")
    group = ec2.create_security_group(GroupName="g", Description="g")["GroupId"]
    rule = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "PrefixListIds": [{"PrefixListId": "pl-1", "Description": "S3"}],
    }
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[rule])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])[
        "SecurityGroupRules"
    ]
    assert {r.get("PrefixListId"): r.get("Description") for r in rules}["pl-1"] == "S3"
