"""What is left once the deployment is taken down. Runs last."""
import subprocess

import boto3
import pytest
from conftest import OUTPUTS


def buckets():
    names = [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]]
    return [name for name in names if not name.startswith("cdk-")]


@pytest.fixture(scope="module")
def destroyed():
    # CloudFormation gives buckets the tags of their stack; the emulator does not.
    for name in buckets():
        tags = {"TagSet": [{"Key": "tensorgate:stage", "Value": "dev"}]}
        boto3.client("s3").put_bucket_tagging(Bucket=name, Tagging=tags)
    command = ["node", "scripts/deploy/deploy.ts", "--stage", "dev", "--destroy"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=240).stdout


def test_the_service_is_gone(destroyed):
    assert boto3.client("lambda").list_functions()["Functions"] == []
    gateway = boto3.client("apigateway")
    assert gateway.get_rest_apis()["items"] == [] and gateway.get_usage_plans()["items"] == []
    assert gateway.get_api_keys()["items"] == []
    assert boto3.client("events").list_rules()["Rules"] == []
    assert boto3.client("sqs").list_queues().get("QueueUrls", []) == []
    watch = boto3.client("cloudwatch")
    assert watch.describe_alarms()["MetricAlarms"] == [] and watch.list_dashboards()["DashboardEntries"] == []
    assert [group["logGroupName"] for group in boto3.client("logs").describe_log_groups()["logGroups"]] == []
    # The role by which API Gateway writes logs is a setting of the whole region, and stays.
    roles = [role["RoleName"] for role in boto3.client("iam").list_roles()["Roles"]]
    assert [role for role in roles if role.startswith("Tensorgate") and "ApiLoggingRole" not in role] == []
    stacks = boto3.client("cloudformation").list_stacks(StackStatusFilter=["CREATE_COMPLETE", "UPDATE_COMPLETE"])
    assert {stack["StackName"] for stack in stacks["StackSummaries"]} == {"CDKToolkit", "TensorgateDevState"}


def test_models_and_data_are_kept(destroyed, bucket):
    assert OUTPUTS["ModelBucketName"] in destroyed and OUTPUTS["DataBucketName"] in destroyed
    assert "iris-tensor/1/model.onnx" in [summary.key for summary in bucket.objects.filter(Prefix="iris-tensor/1/")]
    boto3.client("s3").head_bucket(Bucket=OUTPUTS["DataBucketName"])


def test_with_models_nothing_is_left(destroyed):
    command = ["node", "scripts/deploy/deploy.ts", "--stage", "dev", "--destroy", "--with-models"]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=240)
    assert buckets() == []
