"""Modules of the registry that order what a resource orders, under names of their own.

terraform-aws-modules: rds 6, rds-aurora 9, security-group 5, s3-bucket 4.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.understand.infrastructure.cloud.cells import Cell, Unknown

if TYPE_CHECKING:
    from batten.understand.infrastructure.cloud.cells import Resource

_SOURCE = re.compile(r"(?:[\w.-]+/)?terraform-aws-modules/([\w-]+)/aws(?://modules/([\w-]+))?")
_PORTS = {
    # rules of the security-group module by name: protocol, first port, last port
    "all-all": ("-1", 0, 0),
    "all-tcp": ("tcp", 0, 65535),
    "all-udp": ("udp", 0, 65535),
    "all-icmp": ("icmp", -1, -1),
    "ssh-tcp": ("tcp", 22, 22),
    "rdp-tcp": ("tcp", 3389, 3389),
    "http-80-tcp": ("tcp", 80, 80),
    "http-8080-tcp": ("tcp", 8080, 8080),
    "https-443-tcp": ("tcp", 443, 443),
    "https-8443-tcp": ("tcp", 8443, 8443),
    "postgresql-tcp": ("tcp", 5432, 5432),
    "mysql-tcp": ("tcp", 3306, 3306),
    "mssql-tcp": ("tcp", 1433, 1433),
    "oracle-db-tcp": ("tcp", 1521, 1521),
    "redis-tcp": ("tcp", 6379, 6379),
    "memcached-tcp": ("tcp", 11211, 11211),
    "mongodb-27017-tcp": ("tcp", 27017, 27017),
    "elasticsearch-rest-tcp": ("tcp", 9200, 9200),
    "rabbitmq-5672-tcp": ("tcp", 5672, 5672),
    "redshift-tcp": ("tcp", 5439, 5439),
    "nfs-tcp": ("tcp", 2049, 2049),
}
_SUBMODULES = {
    "ssh": "ssh-tcp",
    "rdp": "rdp-tcp",
    "postgresql": "postgresql-tcp",
    "mysql": "mysql-tcp",
    "mssql": "mssql-tcp",
    "redis": "redis-tcp",
    "memcached": "memcached-tcp",
    "mongodb": "mongodb-27017-tcp",
    "redshift": "redshift-tcp",
    "nfs": "nfs-tcp",
    "http-80": "http-80-tcp",
    "http-8080": "http-8080-tcp",
    "https-443": "https-443-tcp",
    "elasticsearch": "elasticsearch-rest-tcp",
}
"""Modules below it that let one rule in by themselves."""


def as_resource(module: Resource) -> Resource:
    """Return a module of the registry as the resource that it stands for; any other as it is."""
    match = _SOURCE.fullmatch(module.get("source").text or "")
    body = module.body.value
    if match is None or not isinstance(body, dict):
        return module
    given = dict(body)
    if match[1] == "security-group":
        given["ingress"] = Cell(tuple(_ingress(module, match[2] or "")), module.at)
        return replace(module, kind="aws_security_group", body=Cell(given, module.at))
    kind = {"rds": "aws_db_instance", "rds-aurora": "aws_rds_cluster"}.get(match[1])
    if kind is None or match[2]:
        return module
    given.setdefault("storage_encrypted", Cell(value=True, at=module.at))
    if "master_password" in given:
        given["password"] = given["master_password"]
    return replace(module, kind=kind, body=Cell(given, module.at))


def _ingress(module: Resource, submodule: str) -> list[Cell]:
    """Return the rules that the security-group module makes, as blocks of the resource."""
    found = []
    rules = list(module.get("ingress_rules").each())
    if submodule in _SUBMODULES:
        rules.append(Cell(_SUBMODULES[submodule], module.at))
    for rule in rules:
        networks = {
            "cidr_blocks": module.get("ingress_cidr_blocks"),
            "ipv6_cidr_blocks": module.get("ingress_ipv6_cidr_blocks"),
        }
        found.append(_named(rule, networks))
    for name in ("cidr_blocks", "ipv6_cidr_blocks"):
        for rule in module.get(f"ingress_with_{name}").each():
            networks = {name: _parted(rule.get(name))}
            if rule.get("rule").is_given:
                found.append(_named(rule.get("rule"), networks))
            else:
                given = {key: rule.get(key) for key in ("from_port", "to_port", "protocol")}
                found.append(Cell({**given, **networks}, rule.at))
    return found


def _named(rule: Cell, networks: dict[str, Cell]) -> Cell:
    unknown = Cell(Unknown(), rule.at)
    protocol, first, last = _PORTS.get(rule.text or "", (None, 0, 0))
    if protocol is None:
        return Cell({"from_port": unknown, "to_port": unknown, "protocol": unknown, **networks}, rule.at)
    ports = {"from_port": Cell(first, rule.at), "to_port": Cell(last, rule.at), "protocol": Cell(protocol, rule.at)}
    return Cell({**ports, **networks}, rule.at)


def _parted(networks: Cell) -> Cell:
    """Return networks that are told as one text, as a list."""
    if networks.text is None:
        return networks
    return replace(networks, value=tuple(replace(networks, value=part.strip()) for part in networks.text.split(",")))
