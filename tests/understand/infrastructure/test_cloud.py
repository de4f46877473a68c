"""What is ordered from a cloud, in Terraform and CloudFormation: buckets, openings, databases, secrets."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from batten.understand.infrastructure.cloud.networks import is_wide
from batten.understand.infrastructure.cloud.nouns import Bucket, CloudSecret, ManagedDatabase, Opening, StateFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure

    Parts = Callable[..., list[object]]


def block(kind: str, text: str, name: str = "x") -> str:
    return f'resource "{kind}" "{name}" {{\n  {text}\n}}\n'


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("0.0.0.0/0", True),
        ("::/0", True),
        ("0.0.0.0/1", True),
        ("127.0.0.0/2", True),
        ("2000::/3", True),
        ("8.0.0.0/7", True),
        ("Internet", True),
        ("*", True),
        ("10.0.0.0/8", False),
        ("17.0.0.0/8", False),
        ("203.0.113.0/24", False),
        ("fc00::/7", False),
        ("2001:db8::/32", False),
        ("", False),
        ("a/0", False),
        ("1.2.3.4", False),
        ("1.2.3.4/33", False),
        ("VirtualNetwork", False),
    ],
)
def test_networks(network: str, expected: object) -> None:
    assert is_wide(network) is expected


POLICY = '{"Statement": [{"Effect": "Allow", "Principal": PRINCIPAL, "Action": "s3:GetObject" CONDITION}]}'


@pytest.mark.parametrize(
    ("principal", "condition", "expected"),
    [
        ('"*"', "", True),
        ('{"AWS": "*"}', "", True),
        ('{"AWS": ["*"]}', "", True),
        ('{"AWS": "arn:aws:iam::111122223333:root"}', "", False),
        ('{"Service": "cloudfront.amazonaws.com"}', "", False),
        ('{"CanonicalUser": "1a2b"}', "", False),
        ('"*"', ', "Condition": {"Bool": {"aws:SecureTransport": "true"}}', True),
        ('"*"', ', "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}', False),
        ('"*"', ', "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}', True),
        ('"*"', ', "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}', True),
        ('"*"', ', "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1a2b"}}', False),
        ('"*"', ', "Condition": {"ArnLike": {"aws:SourceArn": "*"}}', True),
        ('"*"', ', "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*"}}', True),
        ('"*"', ', "Condition": {"StringEquals": {"some:key": "x"}}', False),
        ('"*"', ', "Condition": "x"', False),
    ],
)
def test_policies(parts: Parts, principal: str, condition: str, expected: object) -> None:
    text = POLICY.replace("PRINCIPAL", principal).replace("CONDITION", condition)
    (bucket,) = parts({"main.tf": block("aws_s3_bucket", f'bucket = "b"\n  policy = <<E\n{text}\nE')}, Bucket)
    assert isinstance(bucket, Bucket)
    assert bool(bucket.grants) is expected
    template = f"Resources: {{B: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: b, PolicyDocument: {text}}}}}}}\n"
    found = parts({"template.yaml": template}, Bucket)
    assert any(one.grants for one in found if isinstance(one, Bucket)) is expected


DOCUMENT = """\
data "aws_iam_policy_document" "a" {
  source_policy_documents = [data.aws_iam_policy_document.b.json]
}
data "aws_iam_policy_document" "b" {
  statement {
    actions = ["s3:PutObject"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    CONDITION
  }
}
resource "aws_s3_bucket_policy" "p" {
  bucket = "b"
  policy = data.aws_iam_policy_document.a.json
}
"""
CONDITION = (
    'condition {\n      test = "StringEquals"\n      variable = "aws:SourceVpce"\n      values = ["vpce-1"]\n    }'
)


def test_documents_that_take_others(parts: Parts) -> None:
    (bucket,) = parts({"main.tf": DOCUMENT.replace("CONDITION", "")}, Bucket)
    assert isinstance(bucket, Bucket)
    assert [(grant.may, grant.at.line) for grant in bucket.grants] == [("write", 9)]
    (bucket,) = parts({"main.tf": DOCUMENT.replace("CONDITION", CONDITION)}, Bucket)
    assert isinstance(bucket, Bucket)
    assert not bucket.grants


CASES = tomllib.loads(Path(__file__).with_name("cloud.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["bucket"], ids=str)
def test_buckets(parts: Parts, case: dict[str, Any]) -> None:
    (bucket,) = (one for one in parts({"main.tf": case["order"]}, Bucket) if isinstance(one, Bucket))
    told = [[grant.may, "unknown" if grant.blocked is None else grant.blocked] for grant in bucket.grants]
    assert told == case["grants"]
    assert bucket.website is case["website"]


@pytest.mark.parametrize("case", CASES["opening"], ids=str)
def test_openings(parts: Parts, case: dict[str, Any]) -> None:
    found = [one for one in parts({"main.tf": case["order"]}, Opening) if isinstance(one, Opening)]
    assert [[list(span) for span in one.ports] for one in found if one.is_wide] == case["ports"]


@pytest.mark.parametrize("case", CASES["database"], ids=str)
def test_databases(parts: Parts, case: dict[str, Any]) -> None:
    found = parts({"main.tf": case["order"]}, ManagedDatabase)
    (database,) = (one for one in found if isinstance(one, ManagedDatabase))
    assert [[door.how, door.contained] for door in database.doors] == case["doors"]
    assert [gap.what for gap in database.gaps] == case["gaps"]


def test_a_value_that_is_not_known_is_told(parts: Parts) -> None:
    text = 'variable "public" {}\n' + block(
        "aws_db_instance", "publicly_accessible = var.public\n  storage_encrypted = true"
    )
    (database,) = (one for one in parts({"main.tf": text}, ManagedDatabase) if isinstance(one, ManagedDatabase))
    assert not database.doors
    assert database.unsure


TEMPLATE = """\
Parameters:
  Networks: {Type: CommaDelimitedList, Default: "10.0.0.0/8, 0.0.0.0/0"}
  Password: {Type: String, NoEcho: true, Default: hunter2-Vq7n}
  Free: {Type: String}
Mappings:
  Ports: {prod: {db: 5432}}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: !FindInMap [Ports, prod, db], ToPort: 5432, CidrIp: !Select [1, !Ref Networks]}
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Free}
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: {"Fn::Join": ["/", ["0.0.0.0", "0"]]}}
        - !If [IsOpen, {IpProtocol: "-1", CidrIp: 0.0.0.0/0}, !Ref AWS::NoValue]
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Sub "${Free}/0"}
        - {IpProtocol: tcp, FromPort: 7, ToPort: 7, CidrIp: !Sub ["${A}/0", {A: 0.0.0.0}]}
        - {IpProtocol: tcp, FromPort: 8, ToPort: 8, CidrIp: !Select [0, !Split [";", "0.0.0.0/0;x"]]}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicRead
      PublicAccessBlockConfiguration: {BlockPublicAcls: false}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {PubliclyAccessible: yes, StorageEncrypted: "true", MasterUserPassword: !Ref Password}
  Replication: {Type: AWS::DMS::ReplicationInstance, Properties: {}}
  Entry:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {RuleAction: allow, Protocol: 6, CidrBlock: 0.0.0.0/0, PortRange: {From: 22, To: 22}}
  Other: {Type: AWS::SNS::Topic}
  Broken: x
"""


@pytest.mark.parametrize("path", ["template.yaml", "infra/stack.yml"])
def test_a_template_of_cloudformation(parts: Parts, path: str) -> None:
    found = parts({path: TEMPLATE})
    openings = [one for one in found if isinstance(one, Opening) and one.is_wide]
    assert [(one.at.line, one.ports) for one in openings] == [
        (12, ((5432, 5432),)),
        (14, ((22, 22),)),
        (17, ((7, 7),)),
        (18, ((8, 8),)),
        (30, ((22, 22),)),
    ]
    (bucket,) = (one for one in found if isinstance(one, Bucket))
    assert [(grant.at.line, grant.blocked) for grant in bucket.grants] == [(22, False)]
    databases = {one.name: [door.at.line for door in one.doors] for one in found if isinstance(one, ManagedDatabase)}
    assert databases == {"Database": [26], "Replication": [27]}
    assert {one.at.line for one in found if isinstance(one, CloudSecret)} == {3}


def test_the_serverless_framework(parts: Parts) -> None:
    text = "resources:\n  Resources:\n    B: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead}}\n"
    (bucket,) = (one for one in parts({"serverless.yml": text}, Bucket) if isinstance(one, Bucket))
    assert bucket.grants
    assert not parts({"notes.yml": "a: AWS::S3\n"}, Bucket)
    assert not parts({"examples/template.yaml": text}, Bucket)


def test_a_template_of_many_aliases_ends_soon(parts: Parts, doubts: list[Unsure]) -> None:
    rows = "".join(f"  a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
    text = f"x:\n  a0: &a0 [1]\n{rows}Resources:\n  A: {{Type: AWS::S3::Bucket, Properties: {{Tags: *a29}}}}\n"
    parts({"template.yaml": text})
    assert any("too large" in doubt.why for doubt in doubts)


@pytest.mark.parametrize("case", CASES["secret"], ids=str)
def test_secrets(parts: Parts, case: dict[str, Any]) -> None:
    found = [one for one in parts({"main.tf": case["order"]}, CloudSecret) if isinstance(one, CloudSecret)]
    assert [one.name for one in found] == case["names"]


def test_states(parts: Parts, doubts: list[Unsure]) -> None:
    made = '{"type": "t", "name": "n", "instances": [{"attributes": {"password": "x"}}, 1]}'
    text = f'{{"terraform_version": "1", "resources": [{made}, 2]}}'
    (state,) = (one for one in parts({"a.tfstate": text}, StateFile) if isinstance(one, StateFile))
    assert (state.resources, state.secrets) == (2, ("t.n password",))
    assert not parts({"a.tfstate": "{"}, StateFile)
    assert [doubt.what for doubt in doubts] == ["a.tfstate"]


def test_what_is_not_read_is_told(parts: Parts, doubts: list[Unsure]) -> None:
    assert not parts({"cdk.json": "{}", "main.tf.json": "{}"})
    assert sorted(doubt.what for doubt in doubts if doubt.layer == "cloud") == ["cdk.json", "main.tf.json"]
