"""Data stores: the containers that hold data, who may log in to them, and from where they are reached."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from batten.understand.infrastructure.access import databases, others
from batten.understand.infrastructure.access.told import UNKNOWN, Access, Told, is_inside
from batten.understand.infrastructure.nouns import Container, DataStore, Role
from batten.understand.infrastructure.products import PRODUCTS, product_at
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.infrastructure.ground import Ground
    from batten.understand.infrastructure.products import Product
    from batten.understand.stack import Published

STORES = frozenset((Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.STORAGE))
_ACCESS: dict[str, Callable[[Told], Access]] = {
    "postgres": databases.postgres, "mysql": databases.mysql, "mariadb": databases.mysql, "mongo": databases.mongo,
    "mssql": databases.mssql, "clickhouse": databases.clickhouse, "influxdb": databases.influxdb,
    "cassandra": databases.cassandra, "couchdb": databases.couchdb, "neo4j": databases.neo4j,
    "pgbouncer": databases.pgbouncer, "cockroach": databases.cockroach, "surrealdb": databases.surrealdb,
    "arangodb": databases.arangodb,
    "redis": others.redis, "memcached": others.memcached, "rabbitmq": others.rabbitmq, "kafka": others.kafka,
    "zookeeper": others.zookeeper, "nats": others.nats, "elasticsearch": others.elasticsearch,
    "opensearch": others.opensearch, "solr": others.solr, "meilisearch": others.meilisearch, "qdrant": others.qdrant,
    "weaviate": others.weaviate, "chroma": others.chroma, "typesense": others.typesense, "minio": others.minio,
    "etcd": others.etcd, "consul": others.consul, "vault": others.vault, "registry": others.registry,
}  # fmt: skip
CONFIGURED: dict[str, str] = dict.fromkeys(
    "postgres redis mysql mariadb mongo rabbitmq mosquitto memcached elasticsearch opensearch pgbouncer nats clickhouse"
    "".split(),
    "stores.servers",
)
"""By product the module below this package whose `configured(ground, store) -> DataStore` reads the configuration
files of a store and returns it with what they say; it is asked after the image's variables and options."""
_BOUND = {
    "redis": ("--bind",),
    "postgres": ("listen_addresses", "-h"),
    "mysql": ("--bind-address",),
    "mariadb": ("--bind-address",),
    "mongo": ("--bind_ip",),
    "memcached": ("-l", "--listen"),
}
"""Options that say on which address a product listens."""
_CONFIG = (".conf", ".cnf", ".yml", ".yaml", ".json", ".ini", ".xml", ".acl", ".sql", ".sh", ".toml", ".properties")


def read(ground: Ground) -> Iterator[DataStore]:
    """Yield the data stores among the containers."""
    containers = ground.of(Container)
    lenders = {container.facts["network_mode"][0] for container in containers if "network_mode" in container.facts}
    for container in containers:
        product = PRODUCTS.get(container.product)
        if product is None and container.role is Role.OTHER and f"service:{container.name}" not in lenders:
            product = next((found for port in container.published if (found := product_at(port.container))), None)
        if product is not None and product.role in STORES:
            yield _store(ground, container, product)
    yield from _behind_services(ground)


def _behind_services(ground: Ground) -> Iterator[DataStore]:
    """Yield the stores that services of Kubernetes open and whose pods are not in the repository, by their ports."""
    cluster = ground.joined.cluster if ground.joined is not None else None
    if cluster is None or all(service.kind != "Service" for service in cluster.manifests):
        return
    from batten.understand.infrastructure.kubernetes.pods import opened  # noqa: PLC0415 - few have manifests

    here = {id(service) for pod in cluster.pods for service in cluster.services_of(pod)}
    for service in cluster.manifests:
        if service.kind != "Service" or id(service) in here or service.get("spec", "selector") is None:
            continue
        for _, port in opened(service):
            product = product_at(port.host if port.container is None else port.container)
            if product is not None and product.role in STORES:
                name = service.name or "a Service"
                pod = Container(name, "kubernetes", service.at(), published=(port,), reach=Reach.WORLD)
                yield DataStore(
                    name, product.name, product.role, service.at(), Reach.WORLD, pod, (port,), evidence=service.evidence
                )
                break


def _store(ground: Ground, container: Container, product: Product) -> DataStore:
    told = Told(container, ground.reading)
    read_access = _ACCESS.get(product.name) if container.product else None
    access = read_access(told) if read_access is not None else UNKNOWN
    published = _own(container)
    reach = _reach(told, published)
    store = DataStore(
        name=container.name,
        product=product.name,
        role=product.role,
        at=container.at,
        reach=reach,
        container=container,
        published=published,
        logins=access.logins,
        is_open=access.is_open,
        open_at=access.at,
        open_because=access.because,
        evidence=container.evidence,
        config=tuple(_files(container)),
        unsure=access.unsure,
        is_default=access.default,
    )
    module = CONFIGURED.get(container.product)
    if module is not None:
        reader: Any = import_module(f"batten.understand.infrastructure.{module}")
        store = reader.configured(ground, store)
    return store


def _own(container: Container) -> tuple[Published, ...]:
    """Return the ports that lead to the store; where it shares another's network, the rest leads elsewhere."""
    mode, _ = container.facts.get("network_mode", ("", container.at))
    if not mode.startswith(("service:", "container:")):
        return container.published
    own = PRODUCTS[container.product].ports if container.product in PRODUCTS else ()
    return tuple(port for port in container.published if port.container in own)


def _reach(told: Told, published: tuple[Published, ...]) -> Reach:
    container = told.container
    inside = is_inside(told, *_BOUND.get(container.product, ()))
    if container.facts.get("network_mode", ("", None))[0] == "host":
        return Reach.LOOPBACK if inside else container.reach
    if inside or (not published and container.published):
        return Reach.INTERNAL
    return container.reach


def _files(container: Container) -> Iterator[str]:
    """Yield the files of the repository that configure it."""
    copied = list(container.stage.mounts) if container.stage is not None else []
    mounted = [(mount.target, mount.path) for mount in container.mounts if mount.path is not None]
    for target, path in (*copied, *mounted):
        if path is not None and (path.endswith(_CONFIG) or target.endswith(_CONFIG)):
            yield path
