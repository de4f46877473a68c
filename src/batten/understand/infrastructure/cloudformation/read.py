"""Reads CloudFormation templates; their kinds of resources are given the names that Terraform has for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from batten.model import Location
from batten.understand.deploy.yamltree import Table, documents, entries, text_of
from batten.understand.infrastructure.cloud.cells import Cell, Order, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.deploy.yamltree import Node
    from batten.understand.infrastructure.cloudformation.values import Template
    from batten.understand.infrastructure.ground import Ground

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_AS_WRITTEN = frozenset(("PolicyDocument", "AccessPolicies", "Variables", "UserData"))
"""Properties below which nothing is renamed."""


class _Kind(NamedTuple):
    """What Terraform calls a kind of resource, and the properties whose names differ by more than their form."""

    name: str
    renamed: Mapping[str, str] = {}
    on: str = ""
    """A property that is on where nobody says otherwise, and not in Terraform."""


_SECRETS = {"master_user_password": "password", "master_username": "username"}
_KINDS: dict[str, _Kind] = {
    "AWS::S3::Bucket": _Kind("aws_s3_bucket", {"bucket_name": "bucket", "access_control": "acl"}),
    "AWS::S3::BucketPolicy": _Kind("aws_s3_bucket_policy", {"policy_document": "policy"}),
    "AWS::EC2::SecurityGroup": _Kind("aws_security_group", {"security_group_ingress": "ingress"}),
    "AWS::EC2::SecurityGroupIngress": _Kind("aws_vpc_security_group_ingress_rule", {"group_id": "security_group_id"}),
    "AWS::EC2::NetworkAclEntry": _Kind("aws_network_acl_rule"),
    "AWS::EC2::Instance": _Kind("aws_instance"),
    "AWS::EC2::LaunchTemplate": _Kind("aws_launch_template"),
    "AWS::AutoScaling::LaunchConfiguration": _Kind("aws_launch_configuration"),
    "AWS::RDS::DBInstance": _Kind("aws_db_instance", {**_SECRETS, "vpc_security_groups": "vpc_security_group_ids"}),
    "AWS::RDS::DBCluster": _Kind("aws_rds_cluster", _SECRETS),
    "AWS::RDS::DBSecurityGroup": _Kind("aws_db_security_group", {"db_security_group_ingress": "ingress"}),
    "AWS::RDS::DBSecurityGroupIngress": _Kind("aws_db_security_group"),
    "AWS::DocDB::DBCluster": _Kind("aws_docdb_cluster", _SECRETS),
    "AWS::Neptune::DBCluster": _Kind("aws_neptune_cluster"),
    "AWS::Redshift::Cluster": _Kind("aws_redshift_cluster", _SECRETS),
    "AWS::RedshiftServerless::Workgroup": _Kind("aws_redshiftserverless_workgroup"),
    "AWS::ElastiCache::ReplicationGroup": _Kind("aws_elasticache_replication_group"),
    "AWS::DMS::ReplicationInstance": _Kind("aws_dms_replication_instance", on="publicly_accessible"),
    "AWS::AmazonMQ::Broker": _Kind("aws_mq_broker"),
    "AWS::MSK::Cluster": _Kind("aws_msk_cluster"),
    "AWS::Elasticsearch::Domain": _Kind("aws_elasticsearch_domain", {"encryption_at_rest_options": "encrypt_at_rest"}),
    "AWS::OpenSearchService::Domain": _Kind("aws_opensearch_domain", {"encryption_at_rest_options": "encrypt_at_rest"}),
    "AWS::Lambda::Function": _Kind("aws_lambda_function"),
    "AWS::Serverless::Function": _Kind("aws_lambda_function"),
    "AWS::ECS::TaskDefinition": _Kind("aws_ecs_task_definition"),
    "AWS::DMS::Endpoint": _Kind("aws_dms_endpoint"),
}


def read(ground: Ground) -> Iterator[Order]:
    """Yield what each template orders; what the code of a CDK app does is only told to be there."""
    for path in ground.files.get("cdk", ()):
        why = "what a CDK app orders is only known when it is synthesised: audit the template that it gives"
        ground.reading.unsure(path, why, Location(file=path))
    for path in ground.files.get("cloudformation", ()):
        text = ground.reading.sources.read(path)
        if text is None or "AWS::" not in text:
            continue
        for document in documents(ground.reading, path):
            yield from _order(ground, path, document)


def _order(ground: Ground, path: str, document: Node) -> Iterator[Order]:
    from batten.understand.infrastructure.cloudformation.values import Template  # noqa: PLC0415 - only for a template

    whole = entries(document)
    if "Resources" not in whole and "resources" in whole:  # the Serverless Framework
        whole = entries(whole["resources"][1])
    resources = entries(whole.get("Resources", (None, None))[1])
    template = Template(path, entries(whole.get("Parameters", (None, None))[1]), whole.get("Mappings", (None, None))[1])
    found = []
    for name, (key, node) in resources.items():
        kind = text_of(entries(node).get("Type", (None, None))[1]) if isinstance(node, Table) else None
        if kind is not None and kind.startswith("AWS::"):
            found.append(_resource(template, name, key.line, kind, entries(node).get("Properties", (None, None))[1]))
    for name, (key, node) in template.parameters.items():
        told = entries(node)
        if "Default" in told and text_of(told.get("NoEcho", (None, None))[1]) in ("true", "True", "TRUE"):
            at = template.at(told["Default"][0].line)
            body = {"default": template.value(told["Default"][1], at.line), "no_echo": Cell("true", at)}
            found.append(Resource("variable", name, f"parameter.{name}", template.at(key.line), Cell(body, at)))
    if template.is_spent:
        ground.reading.unsure(path, "too large a template to follow to its end", Location(file=path))
    if found:
        yield Order(path, "cloudformation", tuple(found))


def _resource(template: Template, name: str, line: int, kind: str, properties: Node | None) -> Resource:
    at = template.at(line)
    body = template.value(properties, line) if isinstance(properties, Table) else Cell({}, at)
    known = _KINDS.get(kind)
    if known is None:
        return Resource(kind, name, name, at, body)
    body = _renamed(body, known.renamed)
    if known.on and not body.get(known.on).is_given:
        body = Cell({**_held(body), known.on: Cell(value=True, at=at)}, body.at)
    given = known.name
    if given == "aws_db_instance" and body.get("db_cluster_identifier").is_given:
        given = "aws_rds_cluster_instance"
    if given == "aws_network_acl_rule":
        ports = {"from_port": body.get("port_range", "from"), "to_port": body.get("port_range", "to")}
        body = Cell({**_held(body), **ports}, body.at)
    return Resource(given, name, name, at, body)


def _renamed(cell: Cell, renamed: Mapping[str, str] | None = None) -> Cell:
    """Return the value with its properties named as Terraform names its own."""
    if isinstance(cell.value, tuple):
        return Cell(tuple(_renamed(item) for item in cell.value), cell.at, cell.came, cell.default)
    if not isinstance(cell.value, dict):
        return cell
    found: dict[str, Cell] = {}
    for name, held in cell.value.items():
        plain = _WORD.sub("_", name).lower()
        found[(renamed or {}).get(plain, plain)] = held if name in _AS_WRITTEN else _renamed(held)
    return Cell(found, cell.at, cell.came, cell.default)


def _held(cell: Cell) -> dict[str, Cell]:
    return cell.value if isinstance(cell.value, dict) else {}
