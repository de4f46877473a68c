"""Databases that a cloud runs: who reaches them from outside, and what they are ordered without."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batten.understand.infrastructure.cloud.cells import Order, once
from batten.understand.infrastructure.cloud.networks import is_wide
from batten.understand.infrastructure.cloud.nouns import Door, Gap, ManagedDatabase, Opening
from batten.understand.infrastructure.cloud.policies import public_statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from batten.understand.infrastructure.cloud.cells import Cell, Resource
    from batten.understand.infrastructure.ground import Ground


class _Kind(NamedTuple):
    """What one kind of resource says of its exposure."""

    product: str
    public: tuple[str, ...] = ()
    """The flag that gives it a public address."""
    groups: tuple[str, ...] = ("vpc_security_group_ids",)
    endpoint: tuple[str, ...] = ()
    """The flag that gives it an endpoint whose firewall decides (Azure); on by default."""
    encrypted: tuple[str, ...] = ()
    """The flag that encrypts what it keeps; off by default."""
    tls: tuple[str, ...] = ()
    """The flag that makes clients use TLS; off by default."""
    more: Callable[[Resource, Order], Iterable[Door | Gap]] | None = None


def read(ground: Ground) -> Iterator[ManagedDatabase]:
    """Yield the managed databases of each order."""
    opened = frozenset(one.name for one in ground.of(Opening) if one.is_wide)
    yield from once(
        _database(one, _KINDS[one.kind], order, opened)
        for order in ground.of(Order)
        for one in order.resources
        if one.kind in _KINDS and not one.data
    )


def _database(one: Resource, kind: _Kind, order: Order, opened: frozenset[str]) -> ManagedDatabase:
    found = [*_doors(one, kind, order, opened), *_gaps(one, kind)]
    found += kind.more(one, order) if kind.more is not None else ()
    doors = tuple(part for part in found if isinstance(part, Door))
    gaps = tuple(part for part in found if isinstance(part, Gap))
    unknown = [name for name in kind.public if one.get(name).is_unknown]
    unsure = f"whether it has a public address is not told: {unknown[0]}" if unknown else ""
    return ManagedDatabase(one.name, kind.product, one.at, doors, gaps, unsure)


def _doors(one: Resource, kind: _Kind, order: Order, opened: frozenset[str]) -> Iterator[Door]:
    for name in kind.public:
        cell = one.get(name)
        if cell.flag:
            contained = _contained(one, kind, order, opened)
            yield Door("public address", f"{name} is true", cell.at, cell.confidence, cell.came, contained)
    if kind.endpoint and ((cell := one.first(*kind.endpoint)).flag or not cell.is_given):
        if any(one.get(name).is_given for name in ("delegated_subnet_id", "subnet_id")):
            return
        how = "public endpoint" if cell.is_given else "endpoint by default"
        says = f"{kind.endpoint[0]} is {'true' if cell.is_given else 'not set, which is true'}"
        yield Door(how, says, cell.at, cell.confidence, cell.came)


def _contained(one: Resource, kind: _Kind, order: Order, opened: frozenset[str]) -> bool:
    """Return whether the security groups of a database are all in the order, and none lets the internet in."""
    cells = [cell for name in kind.groups for cell in one.get(name).each()]
    kinds = frozenset(("aws_security_group", "aws_default_security_group"))
    found = [order.meant(cell, kinds) for cell in cells]
    if not found or not all(found):
        return False
    addresses = {group.address for groups in found for group in groups}
    names = {group.name for groups in found for group in groups}
    if names & opened:
        return False
    rules = order.of("aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
    return not any(rule.name in opened for rule in rules if addresses & set(rule.get("security_group_id").mentions))


def _gaps(one: Resource, kind: _Kind) -> Iterator[Gap]:
    # A copy is as its source is; Aurora Serverless v1 always encrypts.
    is_decided = any(one.get(name).is_given for name in _AS_THE_SOURCE)
    if one.get("engine_mode").text == "serverless":
        return
    for what, names, says in (
        ("encryption", kind.encrypted, "what it keeps is not encrypted"),
        ("TLS", kind.tls, "clients may talk to it without TLS"),
    ):
        cell = one.first(*names) if names else None
        if cell is None or not _is_off(cell) or (not cell.is_given and is_decided):
            continue
        how = f"{names[0]} is {'false' if cell.is_given else 'not set'}"
        yield Gap(what, f"{says}: {how}", cell.at, cell.is_given)


def _is_off(cell: Cell) -> bool:
    """Return whether a switch is off, or nobody turns it on."""
    return cell.flag is False if cell.is_given else True


def _wide(cells: Iterable[Cell], says: str) -> Iterator[Door]:
    for cell in cells:
        if cell.text is not None and is_wide(cell.text):
            yield Door("any network", f"{says} {cell.text}", cell.at, cell.confidence, cell.came)


def _cloud_sql(one: Resource, _order: Order) -> Iterator[Door | Gap]:
    network = one.get("settings", "ip_configuration")
    allowed = [entry.first("value", "cidr") for entry in network.get("authorized_networks").each()]
    yield from _wide(allowed, "it lets in")
    mode, flag = network.get("ssl_mode"), network.get("require_ssl")
    if mode.text == "ALLOW_UNENCRYPTED_AND_ENCRYPTED" or (flag.flag is False and not mode.is_given):
        told = mode if mode.is_given else flag
        yield Gap("TLS", "clients may talk to it without TLS", told.at, explicit=True)
    elif not mode.is_given and not flag.is_given and not one.get("replica_configuration").is_given:
        yield Gap("TLS", "clients may talk to it without TLS: ssl_mode is not set", network.at, explicit=False)


def _search(one: Resource, order: Order) -> Iterator[Door | Gap]:
    """Read a search domain: outside a VPC its policy alone decides."""
    if not one.first("vpc_options").is_given:
        policy = one.first("access_policies", "access_policy")
        for statement in public_statements(policy, order) if policy.is_given else ():
            yield Door("policy", "its policy lets everyone in", statement.at, statement.confidence, statement.evidence)
    yield from _flag(one, ("domain_endpoint_options", "enforce_https"), "TLS", "clients may talk to it without TLS")
    yield from _flag(one, ("encrypt_at_rest", "enabled"), "encryption", "what it keeps is not encrypted")


def _flag(one: Resource, names: tuple[str, ...], what: str, says: str) -> Iterator[Gap]:
    cell = one.get(*names)
    if _is_off(cell):
        yield Gap(what, f"{says}: {names[-1]} is {'false' if cell.is_given else 'not set'}", cell.at, cell.is_given)


def _firewall(one: Resource, _order: Order) -> Iterator[Door]:
    """Read a firewall rule of an Azure database: a range of addresses."""
    low, high = one.first("start_ip_address", "start_ip"), one.first("end_ip_address", "end_ip")
    if low.text == "0.0.0.0" and high.text == "0.0.0.0":  # noqa: S104 - no address to bind: Azure's word for "all of Azure"
        says = "it lets in every customer of Azure (0.0.0.0 to 0.0.0.0)"
        yield Door("cloud tenants", says, low.at, low.confidence, low.came)
    elif low.text and high.text and _spans(low.text, high.text):
        yield Door("any network", f"it lets in {low.text} to {high.text}", low.at, low.confidence, low.came)


def _spans(low: str, high: str) -> bool:
    """Return whether a range holds more than any one owner's addresses."""
    first, last = (part.split(".")[0] for part in (low, high))
    return first.isdecimal() and last.isdecimal() and int(last[:3]) - int(first[:3]) >= 2  # noqa: PLR2004 - more than one /8


def _redis(one: Resource, order: Order) -> Iterator[Door | Gap]:
    yield from _minimum("minimum_tls_version")(one, order)
    cell = one.first("non_ssl_port_enabled", "enable_non_ssl_port")
    if cell.flag:
        yield Gap("TLS", "clients may talk to it without TLS: the port without TLS is on", cell.at, explicit=True)


def _minimum(*names: str) -> Callable[[Resource, Order], Iterator[Gap]]:
    def found(one: Resource, _order: Order) -> Iterator[Gap]:
        cell = one.first(*names)
        version = (cell.text or "").upper().replace("_", ".").removeprefix("TLS")
        if version in ("1.0", "1.1", "10", "11", "TLSENFORCEMENTDISABLED", "DISABLED", "ENFORCEMENTDISABLED"):
            yield Gap("TLS", f"clients may use an old TLS: {names[0]} is {cell.text}", cell.at, explicit=True)

    return found


def _memorystore(one: Resource, _order: Order) -> Iterator[Gap]:
    if _is_off(cell := one.get("auth_enabled")):
        yield Gap(
            "password", f"it asks for no password: auth_enabled is {cell.text or 'not set'}", cell.at, cell.is_given
        )
    cell = one.get("transit_encryption_mode")
    if cell.text != "SERVER_AUTHENTICATION" and not cell.is_unknown:
        yield Gap("TLS", "clients talk to it without TLS", cell.at, cell.is_given)


def _elasticache(one: Resource, _order: Order) -> Iterator[Gap]:
    cell = one.get("auth_token")
    if not cell.is_given and not one.get("user_group_ids").is_given:
        yield Gap("password", "it asks for no password: auth_token is not set", one.at, explicit=False)


def _dataset(one: Resource, _order: Order) -> Iterator[Door]:
    for access in one.get("access").each():
        cell = access.get("special_group")
        member = access.get("iam_member")
        if cell.text == "allAuthenticatedUsers" or member.text in _EVERYONE:
            told = cell if cell.is_given else member
            yield Door("policy", "every Google account may read it", told.at, told.confidence, told.came)


def _member(one: Resource, _order: Order) -> Iterator[Door]:
    for cell in (*one.get("member").each(), *one.get("members").each()):
        if cell.text in _EVERYONE:
            yield Door("policy", f"its role is given to {cell.text}", cell.at, cell.confidence, cell.came)


def _classic(one: Resource, _order: Order) -> Iterator[Door]:
    yield from _wide((entry.first("cidr", "cidrip", "cidr_ip") for entry in one.get("ingress").each()), "it lets in")
    yield from _wide((one.first("cidrip", "cidr"),), "it lets in")


def _cosmos(one: Resource, _order: Order) -> Iterator[Door]:
    for cell in one.get("ip_range_filter").each():
        wide = [part for part in (cell.text or "").split(",") if "/" in part and is_wide(part)]
        if wide:
            yield Door("any network", f"it lets in {wide[0]}", cell.at, cell.confidence, cell.came)


def _configuration(one: Resource, _order: Order) -> Iterator[Gap]:
    cell = one.get("value")
    if one.get("name").text == "require_secure_transport" and (cell.text or "").lower() in ("off", "false"):
        yield Gap("TLS", "clients may talk to it without TLS: require_secure_transport is off", cell.at, explicit=True)


def _memorydb(one: Resource, _order: Order) -> Iterator[Gap]:
    cell = one.get("tls_enabled")
    if cell.flag is False:
        yield Gap("TLS", "clients talk to it without TLS: tls_enabled is false", cell.at, explicit=True)


def _parameters(one: Resource, _order: Order) -> Iterator[Gap]:
    """Read a group of parameters: PostgreSQL's, MySQL's and Redshift's own switch for TLS."""
    for parameter in one.get("parameter").each():
        name, cell = parameter.get("name").text, parameter.get("value")
        if name in _SWITCHES and (cell.text or "").lower() in ("0", "off", "false"):
            yield Gap("TLS", f"clients may talk to it without TLS: {name} is {cell.text}", cell.at, explicit=True)


def _kafka(one: Resource, _order: Order) -> Iterator[Door | Gap]:
    cell = one.get("encryption_info", "encryption_in_transit", "client_broker")
    if cell.text in ("PLAINTEXT", "TLS_PLAINTEXT"):
        yield Gap("TLS", f"clients may talk to it without TLS: client_broker is {cell.text}", cell.at, explicit=True)
    cell = one.get("broker_node_group_info", "connectivity_info", "public_access", "type")
    if cell.text == "SERVICE_PROVIDED_EIPS":
        yield Door("public address", "its brokers have public addresses", cell.at, cell.confidence, cell.came)


def _policy(one: Resource, order: Order) -> Iterator[Door]:
    owner = order.meant(one.get("domain_name"), frozenset(("aws_elasticsearch_domain", "aws_opensearch_domain")))
    if not any(domain.get("vpc_options").is_given for domain in owner):
        for statement in public_statements(one.get("access_policies"), order):
            yield Door("policy", "its policy lets everyone in", statement.at, statement.confidence, statement.evidence)


def _one_access(one: Resource, _order: Order) -> Iterator[Door]:
    cell = one.get("special_group")
    if cell.text == "allAuthenticatedUsers":
        yield Door("policy", "every Google account may read it", cell.at, cell.confidence, cell.came)


_AS_THE_SOURCE = (
    "source_db_cluster_identifier",
    "replicate_source_db",
    "snapshot_identifier",
    "replication_source_identifier",
)
_SWITCHES = frozenset(("rds.force_ssl", "require_secure_transport", "require_ssl"))
_EVERYONE = frozenset(("allUsers", "allAuthenticatedUsers"))
_OFFERED = ("public_network_access_enabled",)
_KINDS: dict[str, _Kind] = {
    "aws_db_instance": _Kind("RDS database", ("publicly_accessible",), encrypted=("storage_encrypted",)),
    "aws_rds_cluster": _Kind("Aurora cluster", ("publicly_accessible",), encrypted=("storage_encrypted",)),
    "aws_rds_global_cluster": _Kind("Aurora cluster", encrypted=("storage_encrypted",)),
    "aws_memorydb_cluster": _Kind("MemoryDB cluster", more=_memorydb),
    "aws_rds_cluster_instance": _Kind("Aurora instance", ("publicly_accessible",)),
    "aws_docdb_cluster": _Kind("DocumentDB cluster", encrypted=("storage_encrypted",)),
    "aws_neptune_cluster": _Kind("Neptune cluster", encrypted=("storage_encrypted",)),
    "aws_neptune_cluster_instance": _Kind("Neptune instance", ("publicly_accessible",)),
    "aws_redshift_cluster": _Kind("Redshift cluster", ("publicly_accessible",), encrypted=("encrypted",)),
    "aws_redshiftserverless_workgroup": _Kind("Redshift workgroup", ("publicly_accessible",), ("security_group_ids",)),
    "aws_dms_replication_instance": _Kind("replication instance", ("publicly_accessible",)),
    "aws_lightsail_database": _Kind("Lightsail database", ("publicly_accessible",)),
    "aws_mq_broker": _Kind("message broker", ("publicly_accessible",), ("security_groups",)),
    "aws_db_parameter_group": _Kind("RDS database", more=_parameters),
    "aws_rds_cluster_parameter_group": _Kind("Aurora cluster", more=_parameters),
    "aws_redshift_parameter_group": _Kind("Redshift cluster", more=_parameters),
    "aws_db_security_group": _Kind("RDS database", more=_classic),
    "aws_redshift_security_group": _Kind("Redshift cluster", more=_classic),
    "aws_elasticsearch_domain": _Kind("Elasticsearch domain", more=_search),
    "aws_opensearch_domain": _Kind("OpenSearch domain", more=_search),
    "aws_elasticsearch_domain_policy": _Kind("Elasticsearch domain", more=_policy),
    "aws_opensearch_domain_policy": _Kind("OpenSearch domain", more=_policy),
    "aws_elasticache_replication_group": _Kind(
        "ElastiCache group",
        encrypted=("at_rest_encryption_enabled",),
        tls=("transit_encryption_enabled",),
        more=_elasticache,
    ),
    "aws_msk_cluster": _Kind("Kafka cluster", more=_kafka),
    "google_sql_database_instance": _Kind("Cloud SQL instance", more=_cloud_sql),
    "google_redis_instance": _Kind("Memorystore instance", more=_memorystore),
    "google_bigquery_dataset": _Kind("BigQuery dataset", more=_dataset),
    "google_bigquery_dataset_access": _Kind("BigQuery dataset", more=_one_access),
    "google_bigquery_dataset_iam_member": _Kind("BigQuery dataset", more=_member),
    "google_bigquery_dataset_iam_binding": _Kind("BigQuery dataset", more=_member),
    "google_bigquery_table_iam_member": _Kind("BigQuery table", more=_member),
    "google_bigquery_table_iam_binding": _Kind("BigQuery table", more=_member),
    **{
        f"azurerm_{name}_server": _Kind(f"Azure {product} server", endpoint=_OFFERED, tls=tls, more=more)
        for name, product, tls, more in (
            ("postgresql", "PostgreSQL", ("ssl_enforcement_enabled",), _minimum("ssl_minimal_tls_version_enforced")),
            ("mysql", "MySQL", ("ssl_enforcement_enabled",), _minimum("ssl_minimal_tls_version_enforced")),
            ("mariadb", "MariaDB", ("ssl_enforcement_enabled",), _minimum("ssl_minimal_tls_version_enforced")),
            ("mssql", "SQL", (), _minimum("minimum_tls_version")),
            ("sql", "SQL", (), None),
            ("postgresql_flexible", "PostgreSQL", (), None),
            ("mysql_flexible", "MySQL", (), None),
        )
    },
    **{
        f"azurerm_{name}_firewall_rule": _Kind(f"Azure {product}", more=_firewall)
        for name, product in (
            ("postgresql", "PostgreSQL server"), ("postgresql_flexible_server", "PostgreSQL server"),
            ("mysql", "MySQL server"), ("mysql_flexible_server", "MySQL server"), ("mariadb", "MariaDB server"),
            ("mssql", "SQL server"), ("sql", "SQL server"), ("redis", "Cache for Redis"), ("synapse", "Synapse"),
        )
    },
    "azurerm_postgresql_flexible_server_configuration": _Kind("Azure PostgreSQL server", more=_configuration),
    "azurerm_mysql_flexible_server_configuration": _Kind("Azure MySQL server", more=_configuration),
    "azurerm_redis_cache": _Kind("Azure Cache for Redis", endpoint=_OFFERED, more=_redis),
    "azurerm_cosmosdb_account": _Kind("Azure Cosmos DB account", endpoint=_OFFERED, more=_cosmos),
}  # fmt: skip
