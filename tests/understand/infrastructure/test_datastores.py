"""Who is let in to a data store, as its image is told; public facts are cited in the readers."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.datastores import CONFIGURED
from batten.understand.infrastructure.nouns import DataStore, Role
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

    Parts = Callable[..., list[DataStore]]

OPEN = "open"


def project(image: str, *lines: str) -> dict[str, str]:
    """Return a compose project of one store, with further lines of its service."""
    text = "".join(textwrap.indent(textwrap.dedent(line), "    ") + "\n" for line in lines)
    return {"compose.yaml": f"services:\n  store:\n    image: {image}\n{text}"}


def env(**names: str) -> str:
    """Return an `environment` of these variables."""
    return "environment:\n" + "\n".join(f"  {name.replace('__dot__', '.')}: {value}" for name, value in names.items())


def told(store: DataStore) -> object:
    """Return who is let in, shortly: `open`, users with passwords, or None."""
    if store.logins:
        return [(login.user, login.password) for login in store.logins]
    return OPEN if store.is_open else "shut" if store.is_open is False else None


@pytest.mark.parametrize(
    ("image", "lines", "expected"),
    [
        # PostgreSQL
        ("postgres:17", [env(POSTGRES_PASSWORD="x1")], [("postgres", "x1")]),
        ("postgres:17", [env(POSTGRES_USER="shop", POSTGRES_PASSWORD="x1")], [("shop", "x1")]),
        ("postgres:17", [env(POSTGRES_PASSWORD="${PASSWORD:?}")], [("postgres", None)]),
        ("postgres:17", [env(POSTGRES_PASSWORD="${PASSWORD:-}")], None),
        ("postgres:17", [env(POSTGRES_HOST_AUTH_METHOD="trust")], [("postgres", "")]),
        ("postgres:17", [env(POSTGRES_HOST_AUTH_METHOD="scram-sha-256")], None),
        ("postgres:17", [env(POSTGRES_PASSWORD_FILE="/run/secrets/pw")], [("postgres", None)]),
        ("postgres:17", [], None),
        ("bitnami/postgresql:17", [env(ALLOW_EMPTY_PASSWORD="yes")], [("postgres", "")]),
        ("bitnami/postgresql:17", [env(ALLOW_EMPTY_PASSWORD="no")], None),
        (
            "bitnami/postgresql:17",
            [env(POSTGRESQL_USERNAME="shop", POSTGRESQL_PASSWORD="a", POSTGRESQL_POSTGRES_PASSWORD="b")],
            [("shop", "a"), ("postgres", "b")],
        ),
        # MySQL and MariaDB
        ("mysql:8", [env(MYSQL_ROOT_PASSWORD="r")], [("root", "r")]),
        (
            "mysql:8",
            [env(MYSQL_ROOT_PASSWORD="r", MYSQL_USER="shop", MYSQL_PASSWORD="s")],
            [("root", "r"), ("shop", "s")],
        ),
        ("mysql:8", [env(MYSQL_USER="shop", MYSQL_RANDOM_ROOT_PASSWORD="1")], None),
        ("mysql:8", [env(MYSQL_ALLOW_EMPTY_PASSWORD="yes")], [("root", "")]),
        ("mysql:8", [env(MYSQL_ALLOW_EMPTY_PASSWORD="${EMPTY:?}")], None),
        ("mysql:8", [env(MYSQL_ROOT_PASSWORD='""', MYSQL_ALLOW_EMPTY_PASSWORD='""')], None),
        ("mysql:8", ["command: --skip-grant-tables"], OPEN),
        ("mariadb:11", [env(MARIADB_ALLOW_EMPTY_ROOT_PASSWORD="1")], [("root", "")]),
        # MongoDB
        ("mongo:8", [], OPEN),
        ("mongo", ["command: mongod --bind_ip_all"], OPEN),
        ("mongo", ["command: --wiredTigerCacheSizeGB 1"], OPEN),
        ("mongo", ["command: [--auth]"], "shut"),
        ("mongo", ["command: mongod --config /etc/mongod.conf"], None),
        ("mongo", ["entrypoint: /start.sh"], None),
        ("mongo", ["env_file: ./gone.env"], None),
        (
            "mongo",
            [env(MONGO_INITDB_ROOT_USERNAME="root", MONGO_INITDB_ROOT_PASSWORD="example")],
            [("root", "example")],
        ),
        ("bitnami/mongodb", [], None),
        ("bitnami/mongodb", [env(ALLOW_EMPTY_PASSWORD="yes")], [("root", "")]),
        ("bitnami/mongodb", [env(MONGODB_USERNAME="shop", MONGODB_PASSWORD="p")], [("shop", "p")]),
        # Others that hold tables and documents
        ("mcr.microsoft.com/mssql/server:2022-latest", [env(SA_PASSWORD="P@ssw0rd")], [("sa", "P@ssw0rd")]),
        ("mcr.microsoft.com/azure-sql-edge", [env(MSSQL_SA_PASSWORD="P@ssw0rd")], [("sa", "P@ssw0rd")]),
        ("couchdb:3", [env(COUCHDB_USER="a", COUCHDB_PASSWORD="b")], [("a", "b")]),
        ("couchdb:2.3", [], OPEN),
        ("couchdb:3", [], None),
        ("neo4j:5", [env(NEO4J_AUTH="none")], [("neo4j", "")]),
        ("neo4j:5", [env(NEO4J_AUTH="neo4j/password")], [("neo4j", "password")]),
        ("neo4j:5", [env(NEO4J_AUTH="${AUTH:?}")], [("neo4j", None)]),
        ("neo4j:5", [env(NEO4J_AUTH="true")], None),
        ("neo4j:5", [], [("neo4j", "neo4j")]),
        ("neo4j:5", [env(NEO4J_AUTH_FILE="/run/secrets/auth")], None),
        ("influxdb:1.8", [], OPEN),
        ("influxdb:1.8", ["command: -config /etc/influxdb.conf"], None),
        ("influxdb:1.8", [env(INFLUXDB_HTTP_AUTH_ENABLED="false")], OPEN),
        ("influxdb:1.8", [env(INFLUXDB_HTTP_AUTH_ENABLED="${AUTH:?}")], None),
        ("influxdb:1.8", [env(INFLUXDB_HTTP_AUTH_ENABLED="true", INFLUXDB_ADMIN_PASSWORD="a")], [("admin", "a")]),
        ("influxdb:2", [env(DOCKER_INFLUXDB_INIT_PASSWORD="a")], [("admin", "a")]),
        ("influxdb:2", [], None),
        ("cassandra:5", [], OPEN),
        ("cassandra:5", ["volumes: [./cassandra.yaml:/etc/cassandra/cassandra.yaml]"], None),
        ("scylladb/scylla", ["command: --authenticator PasswordAuthenticator"], "shut"),
        ("bitnami/cassandra", [], [("cassandra", "cassandra")]),
        ("bitnami/cassandra", [env(CASSANDRA_PASSWORD="p")], [("cassandra", "p")]),
        ("bitnami/cassandra", ["env_file: ./gone.env"], None),
        ("clickhouse/clickhouse-server:23.8", [], OPEN),
        ("clickhouse/clickhouse-server:25.3", [], None),
        ("clickhouse/clickhouse-server", [env(CLICKHOUSE_PASSWORD='""')], [("default", "")]),
        ("clickhouse/clickhouse-server", [env(CLICKHOUSE_PASSWORD="c")], [("default", "c")]),
        ("clickhouse/clickhouse-server", [env(CLICKHOUSE_SKIP_USER_SETUP="1")], [("default", "")]),
        ("cockroachdb/cockroach", ["command: start-single-node --insecure"], OPEN),
        ("cockroachdb/cockroach", ["command: start-single-node --certs-dir=/certs"], None),
        ("surrealdb/surrealdb", ["command: start --unauthenticated"], OPEN),
        ("surrealdb/surrealdb", ["command: start --user root --pass root"], [("root", "root")]),
        ("surrealdb/surrealdb", ["command: start --pass root"], [("root", "root")]),
        ("surrealdb/surrealdb", [env(SURREAL_PASS="s")], [("root", "s")]),
        ("arangodb:3", [env(ARANGO_NO_AUTH="1")], [("root", "")]),
        ("arangodb:3", [env(ARANGO_ROOT_PASSWORD="a")], [("root", "a")]),
        ("arangodb:3", [], None),
        ("edoburu/pgbouncer", [env(AUTH_TYPE="any")], OPEN),
        ("edoburu/pgbouncer", [env(AUTH_TYPE="scram-sha-256")], None),
        ("percona", [env(MYSQL_ROOT_PASSWORD="r")], [("root", "r")]),
    ],
)
def test_databases(parts: Parts, image: str, lines: list[str], expected: object) -> None:
    (store,) = parts(project(image, *lines), DataStore)
    assert told(store) == expected
    assert store.open_because if expected == OPEN else True


REDIS = "environment: {REDIS_PASSWORD: r3}"


@pytest.mark.parametrize(
    ("image", "lines", "expected"),
    [
        # Redis and its kin
        ("redis:8", [], OPEN),
        ("redis:8", ["command: redis-server --appendonly yes"], OPEN),
        ("redis:8", ["command: redis-server --requirepass r1"], [("default", "r1")]),
        ("redis:8", ["command: [redis-server, --requirepass=r1]"], [("default", "r1")]),
        ("redis:8", ["command: ['redis-server', '--requirepass', '${REDIS:-}']"], [("default", "")]),
        ("redis:8", ["command: redis-server --requirepass ${REDIS:?}"], [("default", None)]),
        ("redis:8", ["command: redis-server --requirepass ${REDIS:-r2}"], [("default", "r2")]),
        ("redis:8", ["command: redis-server --requirepass"], OPEN),
        ("redis:8", [REDIS], OPEN),
        ("redis:8", [REDIS, "command: sh -c 'exec redis-server --requirepass $$REDIS_PASSWORD'"], [("default", "r3")]),
        ("redis:8", [REDIS, "command: ['redis-server --requirepass $${REDIS_PASSWORD}']"], [("default", "r3")]),
        ("redis:8", ["command: sh -c 'redis-server --requirepass $$ELSEWHERE'"], [("default", None)]),
        ("redis:8", ["command: sh -c 'redis-server --requirepass $${GIVEN:-r4}'"], [("default", "r4")]),
        ("redis:8", ["command: sh -c"], None),
        ("redis:8", ["""command: ["sh", "-c", "redis-server --requirepass it's"]"""], [("default", "it's")]),
        ("redis:8", ["command: redis-server /etc/redis.conf"], None),
        ("redis:8", ["command: redis-server --aclfile /data/users.acl"], None),
        ("redis:8", ["command: redis-server --protected-mode yes"], "shut"),
        ("redis:8", ["command: /start"], None),
        ("redis/redis-stack", [env(REDIS_ARGS='"--requirepass r5"')], [("default", "r5")]),
        ("redis/redis-stack", [env(REDIS_ARGS='"--save 60 1"')], OPEN),
        ("redis/redis-stack", [env(REDIS_ARGS="${ARGS:?}")], None),
        ("valkey/valkey:8", [env(VALKEY_EXTRA_FLAGS='"--requirepass $PW"')], None),
        ("bitnami/redis", [REDIS], [("default", "r3")]),
        ("bitnamilegacy/redis", [env(ALLOW_EMPTY_PASSWORD="yes")], [("default", "")]),
        ("bitnami/redis", [], None),
        ("dragonflydb/dragonfly", [env(DFLY_requirepass="d")], [("default", "d")]),
        # Brokers
        ("memcached:1.6", [], OPEN),
        ("memcached:1.6", ["command: memcached -S"], "shut"),
        ("rabbitmq:4", [], [("guest", "guest")]),
        ("rabbitmq:4-management", [env(RABBITMQ_DEFAULT_USER="shop")], [("shop", "guest")]),
        ("rabbitmq:4", [env(RABBITMQ_DEFAULT_USER="shop", RABBITMQ_DEFAULT_PASS="p")], [("shop", "p")]),
        ("rabbitmq:4", ["volumes: [./r.conf:/etc/rabbitmq/rabbitmq.conf]"], None),
        ("rabbitmq:4", ["env_file: gone.env"], None),
        ("bitnami/rabbitmq", [], [("user", "bitnami")]),
        ("apache/kafka", [], OPEN),
        ("confluentinc/cp-kafka", [env(KAFKA_ADVERTISED_LISTENERS="PLAINTEXT://kafka:9092")], OPEN),
        ("confluentinc/cp-kafka", [env(KAFKA_ADVERTISED_LISTENERS="SASL_SSL://kafka:9092")], None),
        ("confluentinc/cp-kafka", [env(KAFKA_LISTENERS="${LISTENERS:?}")], None),
        ("zookeeper:3", [], OPEN),
        ("zookeeper:3", [env(ZOO_ENABLE_AUTH="yes")], None),
        ("bitnami/zookeeper", [], None),
        ("bitnami/zookeeper", [env(ALLOW_ANONYMOUS_LOGIN="yes")], OPEN),
        ("nats:2", [], OPEN),
        ("nats:2", ["command: --user shop --pass n"], [("shop", "n")]),
        ("nats:2", ["command: --auth n"], [("", "n")]),
        ("nats:2", ["command: -c /nats/server"], None),
        # Search
        ("docker.elastic.co/elasticsearch/elasticsearch:8.15.0", [], None),
        ("elasticsearch:8.15.0", [env(xpack__dot__security__dot__enabled='"false"')], OPEN),
        ("elasticsearch:8.15.0", ["environment: ['xpack.security.enabled=${SEC:-false}']"], OPEN),
        ("elasticsearch:8.15.0", [env(ELASTIC_PASSWORD="e")], [("elastic", "e")]),
        ("elasticsearch:7.17.9", [], OPEN),
        ("elasticsearch:7.17.9", ["command: elasticsearch -Expack.security.enabled=false"], OPEN),
        ("elasticsearch:7.17.9", ["environment: ['xpack.security.enabled=true']"], None),
        ("elasticsearch:7.17.9", ["volumes: [./e.yml:/usr/share/elasticsearch/config/elasticsearch.yml]"], None),
        ("docker.elastic.co/elasticsearch/elasticsearch-oss:${V}", [], OPEN),
        ("bitnami/elasticsearch", [], OPEN),
        ("opensearchproject/opensearch:2", [env(DISABLE_SECURITY_PLUGIN='"true"')], OPEN),
        ("opensearchproject/opensearch:2.11.0", [], [("admin", "admin")]),
        ("opensearchproject/opensearch:2.15.0", [], None),
        ("opensearchproject/opensearch:2.15.0", [env(OPENSEARCH_INITIAL_ADMIN_PASSWORD="o")], [("admin", "o")]),
        ("solr:9", [], OPEN),
        ("solr:9", [env(SOLR_AUTH_TYPE="basic")], None),
        ("getmeili/meilisearch:v1.9", [], OPEN),
        ("getmeili/meilisearch:v1.9", [env(MEILI_ENV="production")], None),
        ("getmeili/meilisearch:v1.9", [env(MEILI_MASTER_KEY="m")], [("", "m")]),
        ("getmeili/meilisearch:v1.9", ["command: meilisearch --master-key=m"], [("", "m")]),
        ("qdrant/qdrant", [], OPEN),
        ("qdrant/qdrant", [env(QDRANT__SERVICE__API_KEY="q")], [("", "q")]),
        ("qdrant/qdrant", [env(QDRANT__SERVICE__READ_ONLY_API_KEY="q")], None),
        ("semitechnologies/weaviate", [env(AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED="'true'")], OPEN),
        ("semitechnologies/weaviate", [], None),
        ("chromadb/chroma", [], OPEN),
        ("chromadb/chroma", [env(CHROMA_SERVER_AUTHN_PROVIDER="basic")], None),
        ("typesense/typesense", ["command: --data-dir /data --api-key=xyz"], [("", "xyz")]),
        ("typesense/typesense", [env(TYPESENSE_API_KEY="t")], [("", "t")]),
        ("typesense/typesense", [], None),
        # Stores of objects, keys and images
        ("minio/minio", [], [("minioadmin", "minioadmin")]),
        ("minio/minio", [env(MINIO_ROOT_USER="a", MINIO_ROOT_PASSWORD="b")], [("a", "b")]),
        ("minio/minio", ["env_file: gone.env"], None),
        ("bitnami/minio", [], [("minio", "miniosecret")]),
        ("quay.io/coreos/etcd:v3.5", [], OPEN),
        ("quay.io/coreos/etcd:v3.5", ["command: etcd --client-cert-auth"], "shut"),
        ("bitnami/etcd", [], None),
        ("bitnami/etcd", [env(ALLOW_NONE_AUTHENTICATION="yes")], OPEN),
        ("bitnami/etcd", [env(ETCD_ROOT_PASSWORD="e")], [("root", "e")]),
        ("hashicorp/consul", ["command: agent -server -ui"], OPEN),
        ("hashicorp/consul", ["command: agent -server -config-file=/c/acl.hcl"], None),
        ("hashicorp/vault", [env(VAULT_DEV_ROOT_TOKEN_ID="root")], [("root", "root")]),
        ("hashicorp/vault", ["command: server -dev -dev-root-token-id=root"], [("root", "root")]),
        ("hashicorp/vault", [], None),
        ("registry:2", [], OPEN),
        ("registry:2", [env(REGISTRY_AUTH="htpasswd")], "shut"),
        ("registry:2", ["env_file: gone.env"], None),
    ],
)
def test_others(parts: Parts, image: str, lines: list[str], expected: object) -> None:
    (store,) = parts(project(image, *lines), DataStore)
    assert told(store) == expected
    assert store.open_because if expected == OPEN else True


def test_a_store_without_a_reader_of_its_own(parts: Parts) -> None:
    (store,) = parts(project("eclipse-mosquitto:2"), DataStore)
    assert (store.product, store.role, store.is_open) == ("mosquitto", Role.BROKER, None)


def test_a_password_in_a_committed_file(parts: Parts) -> None:
    files = {
        "compose.yaml": """\
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/password
    secrets: [password]
secrets:
  password:
    file: ./secrets/password.txt
""",
        "secrets/password.txt": "postgres\n",
    }
    (store,) = parts(files, DataStore)
    (login,) = store.logins
    assert (login.password, login.at.file) == ("postgres", "secrets/password.txt")

    (store,) = parts({**files, "secrets/password.txt": "x" * 5_000}, DataStore)
    assert [(login.password, login.at.file) for login in store.logins] == [(None, "compose.yaml")]


def test_what_configuration_files_say(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = ModuleType("reader")
    reader.configured = lambda _, store: replace(store, is_open=False)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "batten.understand.infrastructure.reader", reader)
    monkeypatch.setitem(CONFIGURED, "redis", "reader")
    (store,) = parts(project("redis:8"), DataStore)
    assert store.is_open is False


@pytest.mark.parametrize(
    ("image", "lines", "expected"),
    [
        ("redis:8", ["ports: ['6379:6379']"], Reach.WORLD),
        ("redis:8", ["ports: ['127.0.0.1:6379:6379']"], Reach.LOOPBACK),
        ("redis:8", ["expose: [6379]"], Reach.INTERNAL),
        ("redis:8", ["ports: ['6379:6379']", "command: redis-server --bind 127.0.0.1"], Reach.INTERNAL),
        ("redis:8", ["network_mode: host"], Reach.WORLD),
        ("redis:8", ["network_mode: host", "command: redis-server --bind 127.0.0.1 ::1"], Reach.LOOPBACK),
        ("redis:8", ["network_mode: host", "command: redis-server --bind '127.0.0.1 10.0.0.4'"], Reach.WORLD),
        ("redis:8", ["ports: ['${ADDRESS:?}:6379:6379']"], Reach.UNKNOWN),
    ],
)
def test_from_where_it_is_reached(parts: Parts, image: str, lines: list[str], expected: Reach) -> None:
    (store,) = parts(project(image, *lines), DataStore)
    assert store.reach is expected


def test_ports_of_a_shared_network(parts: Parts) -> None:
    text = """\
services:
  vpn:
    image: qmcgaw/gluetun
    ports: ["6379:6379", "8888:8888"]
  cache:
    image: redis:8
    network_mode: service:vpn
  queue:
    image: rabbitmq:4
    network_mode: service:vpn
"""
    cache, queue = parts({"compose.yaml": text}, DataStore)
    assert ([p.container for p in cache.published], cache.reach) == ([6379], Reach.WORLD)
    assert (queue.published, queue.reach) == ((), Reach.INTERNAL)


def test_files_that_configure_it(parts: Parts) -> None:
    files = {
        "compose.yaml": """\
services:
  db:
    image: postgres:17
    volumes:
      - data:/var/lib/postgresql/data
      - ./init.sql:/docker-entrypoint-initdb.d/init.sql
      - ./none.conf:/etc/none.conf
  cache:
    build: cache
""",
        "init.sql": "",
        "cache/Dockerfile": """\
FROM redis:8
COPY redis.conf /etc/redis.conf
CMD ["redis-server", "/etc/redis.conf"]
""",
        "cache/redis.conf": "requirepass x\n",
    }
    db, cache = parts(files, DataStore)
    assert (db.config, cache.config) == (("init.sql",), ("cache/redis.conf",))
    assert (cache.product, cache.is_open, cache.logins[0].at.file) == ("redis", False, "cache/redis.conf")
