"""What listens on a port, and how an opening to it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Finding, Fix, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.infrastructure.cloud.nouns import Opening

LOGIN = {
    20: "FTP", 21: "FTP", 22: "SSH", 23: "Telnet", 2222: "SSH", 3389: "RDP", 5900: "VNC", 5901: "VNC", 5985: "WinRM",
    5986: "WinRM", 135: "RPC", 139: "NetBIOS", 445: "SMB", 512: "rexec", 513: "rlogin", 514: "rsh", 2375: "Docker",
    2376: "Docker", 6443: "the Kubernetes API", 10250: "the kubelet", 111: "RPC", 2049: "NFS", 873: "rsync",
}  # fmt: skip
"""Ports that operate a machine or share its files."""
DATA = {
    1433: "SQL Server", 1434: "SQL Server", 1521: "Oracle", 2483: "Oracle", 2484: "Oracle", 3306: "MySQL",
    5432: "PostgreSQL", 5439: "Redshift", 6379: "Redis", 6380: "Redis", 27017: "MongoDB",
    27018: "MongoDB", 27019: "MongoDB", 11211: "memcached", 9200: "Elasticsearch", 9300: "Elasticsearch",
    5601: "Kibana", 9042: "Cassandra", 9160: "Cassandra", 7199: "Cassandra",
    5984: "CouchDB", 8086: "InfluxDB", 2379: "etcd", 2380: "etcd", 5672: "RabbitMQ", 15672: "RabbitMQ", 9092: "Kafka",
    2181: "ZooKeeper", 7474: "Neo4j", 7687: "Neo4j",
    389: "LDAP", 4505: "Salt", 4506: "Salt", 8020: "HDFS",
}  # fmt: skip
"""Ports of databases, caches, brokers and search engines."""
_OVER_UDP = frozenset((111, 389, 1434, 2049, 3389, 11211))
"""Of those the ones that answer over UDP."""
_OVER_UDP = frozenset((111, 389, 1434, 2049, 3389, 11211))
"""Of those the ones that answer over UDP."""
_WEB = frozenset((80, 443))
_MEANT = frozenset((25, 53, 465, 587, 993, 995, 500, 1194, 4500, 51820))
"""Mail, names and VPNs: who opens these most often means to."""
_NEARLY_ALL = 30_000
"""Ports of one range that are as good as all of them."""


def kind_of(opening: Opening) -> str:
    """Return which rule tells an opening: `every-port`, `remote-login`, `data-store`, `other-port`; empty for none."""
    if not opening.is_wide or opening.protocol == "icmp" or not opening.ports:
        return ""
    if any(last - first >= _NEARLY_ALL for first, last in opening.ports):
        return "every-port"
    if named(opening, LOGIN):
        return "remote-login"
    if named(opening, DATA):
        return "data-store"
    return "" if all(first == last and first in _WEB for first, last in opening.ports) else "other-port"


def named(opening: Opening, names: Mapping[int, str]) -> list[str]:
    """Return what of a table listens on the open ports, over the protocol that is open."""
    found = [port for port in names if any(first <= port <= last for first, last in opening.ports)]
    held = {f"{port} ({names[port]})" for port in found if opening.protocol != "udp" or port in _OVER_UDP}
    return sorted(held, key=lambda text: int(text.split()[0]))


def is_meant(opening: Opening) -> bool:
    """Return whether all that is open is mail, names or a VPN."""
    return all(first == last and first in _MEANT | _WEB for first, last in opening.ports)


def told(opening: Opening, what: str, severity: Severity | None = None) -> Iterator[Finding]:
    """Yield the finding for an opening."""
    yield Finding(
        opening.at,
        f"the {opening.kind} {opening.name} lets everyone ({opening.network}) reach {what}",
        opening.evidence,
        opening.confidence,
        severity,
        Fix("name the networks or security groups that need it; leave only 80 and 443 open to everyone"),
        symbol=opening.name,
        proof=f"{opening.network} {opening.ports} {opening.protocol}",
    )


def spans(opening: Opening) -> str:
    """Return the open ports as a reader writes them."""
    found = [str(first) if first == last else f"{first}–{last}" for first, last in opening.ports]
    return f"port{'s' if len(found) > 1 or '–' in found[0] else ''} {', '.join(found)}"
