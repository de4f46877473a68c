"""What runs in a container, by the name of its image; the port it listens on when nothing else is said."""

from __future__ import annotations

from typing import NamedTuple

from batten.understand.infrastructure.nouns import Role


class Product(NamedTuple):
    """A well-known piece of software."""

    name: str
    role: Role
    ports: tuple[int, ...] = ()
    """Those it listens on by default."""


_ROWS: tuple[tuple[str, Role, tuple[int, ...], str], ...] = (
    # product, role, ports, last parts of the names of its images
    (
        "postgres",
        Role.DATABASE,
        (5432,),
        "postgres postgresql postgis pgvector timescaledb timescaledb-ha pgautoupgrade",
    ),
    ("mysql", Role.DATABASE, (3306,), "mysql mysql-server percona percona-server"),
    ("mariadb", Role.DATABASE, (3306,), "mariadb"),
    ("mongo", Role.DATABASE, (27017,), "mongo mongodb mongodb-community-server percona-server-mongodb"),
    ("mssql", Role.DATABASE, (1433,), "mssql mssql-server server azure-sql-edge"),
    ("clickhouse", Role.DATABASE, (8123, 9000), "clickhouse clickhouse-server"),
    ("influxdb", Role.DATABASE, (8086,), "influxdb"),
    ("cassandra", Role.DATABASE, (9042,), "cassandra scylla"),
    ("couchdb", Role.DATABASE, (5984,), "couchdb"),
    ("neo4j", Role.DATABASE, (7474, 7687), "neo4j"),
    ("cockroach", Role.DATABASE, (26257, 8080), "cockroach"),
    ("surrealdb", Role.DATABASE, (8000,), "surrealdb"),
    ("arangodb", Role.DATABASE, (8529,), "arangodb"),
    ("pgbouncer", Role.DATABASE, (5432, 6432), "pgbouncer"),
    ("redis", Role.CACHE, (6379,), "redis redis-stack redis-stack-server valkey keydb dragonfly"),
    ("memcached", Role.CACHE, (11211,), "memcached"),
    ("rabbitmq", Role.BROKER, (5672, 15672), "rabbitmq"),
    ("kafka", Role.BROKER, (9092,), "kafka cp-kafka redpanda"),
    ("zookeeper", Role.BROKER, (2181,), "zookeeper cp-zookeeper"),
    ("nats", Role.BROKER, (4222, 8222), "nats nats-streaming"),
    ("mosquitto", Role.BROKER, (1883,), "eclipse-mosquitto mosquitto emqx"),
    ("elasticsearch", Role.SEARCH, (9200, 9300), "elasticsearch elasticsearch-oss"),
    ("opensearch", Role.SEARCH, (9200, 9600), "opensearch"),
    ("solr", Role.SEARCH, (8983,), "solr"),
    ("meilisearch", Role.SEARCH, (7700,), "meilisearch"),
    ("qdrant", Role.SEARCH, (6333, 6334), "qdrant"),
    ("weaviate", Role.SEARCH, (8080, 50051), "weaviate"),
    ("chroma", Role.SEARCH, (8000,), "chroma"),
    ("typesense", Role.SEARCH, (8108,), "typesense"),
    ("minio", Role.STORAGE, (9000, 9001), "minio"),
    ("etcd", Role.STORAGE, (2379, 2380), "etcd"),
    ("consul", Role.STORAGE, (8500,), "consul"),
    ("vault", Role.STORAGE, (8200,), "vault"),
    ("registry", Role.STORAGE, (5000,), "registry"),
    ("nginx", Role.PROXY, (80, 443), "nginx nginx-unprivileged openresty nginx-proxy nginx-proxy-manager swag"),
    ("httpd", Role.PROXY, (80, 443), "httpd apache"),
    ("caddy", Role.PROXY, (80, 443), "caddy caddy-docker-proxy"),
    ("traefik", Role.PROXY, (80, 443, 8080), "traefik"),
    ("haproxy", Role.PROXY, (80, 443), "haproxy"),
    ("envoy", Role.PROXY, (80, 443, 10000), "envoy"),
    ("kong", Role.PROXY, (8000, 8443), "kong"),
    ("varnish", Role.PROXY, (80,), "varnish"),
    ("adminer", Role.ADMIN, (8080,), "adminer"),
    ("pgadmin", Role.ADMIN, (80, 443), "pgadmin4"),
    ("phpmyadmin", Role.ADMIN, (80,), "phpmyadmin"),
    ("mongo-express", Role.ADMIN, (8081,), "mongo-express"),
    ("redis-commander", Role.ADMIN, (8081,), "redis-commander"),
    ("redisinsight", Role.ADMIN, (5540, 8001), "redisinsight"),
    ("flower", Role.ADMIN, (5555,), "flower"),
    ("portainer", Role.ADMIN, (9000, 9443), "portainer portainer-ce portainer-ee"),
    ("kibana", Role.ADMIN, (5601,), "kibana"),
    ("opensearch-dashboards", Role.ADMIN, (5601,), "opensearch-dashboards"),
    ("grafana", Role.ADMIN, (3000,), "grafana grafana-oss grafana-enterprise"),
    ("prometheus", Role.ADMIN, (9090,), "prometheus"),
    ("alertmanager", Role.ADMIN, (9093,), "alertmanager"),
    ("jupyter", Role.ADMIN, (8888,), "base-notebook minimal-notebook scipy-notebook datascience-notebook jupyterhub"),
    ("mailhog", Role.ADMIN, (8025, 1025), "mailhog mailpit maildev mailcatcher"),
    ("dozzle", Role.ADMIN, (8080,), "dozzle"),
    ("cadvisor", Role.ADMIN, (8080,), "cadvisor"),
    ("jaeger", Role.ADMIN, (16686,), "all-in-one jaeger"),
    ("kafka-ui", Role.ADMIN, (8080,), "kafka-ui akhq cmak kowl console"),
    ("pgweb", Role.ADMIN, (8081,), "pgweb"),
    ("sqlite-web", Role.ADMIN, (8080,), "sqlite-web sqlite_web"),
    ("rq-dashboard", Role.ADMIN, (9181,), "rq-dashboard"),
    ("code-server", Role.ADMIN, (8080, 8443), "code-server"),
    ("filebrowser", Role.ADMIN, (80, 8080), "filebrowser"),
    ("netdata", Role.ADMIN, (19999,), "netdata"),
    ("airflow", Role.ADMIN, (8080,), "airflow"),
    ("selenium", Role.ADMIN, (4444,), "standalone-chrome standalone-firefox selenium-hub hub"),
)  # fmt: skip

PRODUCTS: dict[str, Product] = {name: Product(name, role, ports) for name, role, ports, _ in _ROWS}
"""Products by their names here."""
_BY_IMAGE = {word: PRODUCTS[name] for name, _, _, words in _ROWS for word in words.split()}
_BY_PORT = {
    5432: "postgres", 3306: "mysql", 27017: "mongo", 1433: "mssql", 9042: "cassandra", 6379: "redis",
    11211: "memcached", 5672: "rabbitmq", 9200: "elasticsearch",
}  # fmt: skip
"""Ports that one product is known by, or its kin."""
_VAGUE = frozenset("console hub jaeger registry server".split())
"""Last parts that say too little without the part before them."""
_BEFORE = {
    "console": "redpandadata",
    "hub": "selenium",
    "jaeger": "jaegertracing",
    "registry": "library",
    "server": "mssql",
}


def product_of(image: str) -> Product | None:
    """Return what an image runs, by its name without registry, tag and digest; None where that is not known."""
    path = image.split("@", 1)[0].split("/")
    name = path[-1].split(":")[0].lower()
    before = path[-2] if len(path) > 1 and path[-2] != "docker.io" else "library"
    if name in _VAGUE and before != _BEFORE[name]:
        return None
    return _BY_IMAGE.get(name)


def product_at(port: int | None) -> Product | None:
    """Return what a port in a container is known for, where the image does not tell."""
    name = _BY_PORT.get(port or 0)
    return PRODUCTS[name] if name is not None else None
