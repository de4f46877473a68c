"""Who may use a cache, a broker, a search engine or an object store, as its image is told.

Official images: redis 8 (built with protected mode off: `docker-library/redis` Dockerfile), memcached 1.6,
rabbitmq 4 (`10-defaults.conf` lets guest in from everywhere), elasticsearch 8 (security is on; off by default
before it: Elasticsearch 7.17 docs, `xpack.security.enabled`), opensearch 2.12 (an initial password is asked for
since), minio (RELEASE.2024: `minioadmin`), etcd 3.5, kafka 3.9, nats 2, solr 9, meilisearch 1, qdrant 1, registry 2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.access.told import UNKNOWN, Access
from batten.understand.infrastructure.nouns import Login

if TYPE_CHECKING:
    from batten.understand.infrastructure.access.told import Told

_ELSEWHERE = "further variables come from a file that is not in the repository"
_CONFIGURED = "its configuration file decides"
_SCRIPT = "it is started by a script of its own"


def redis(told: Told) -> Access:
    """Redis and its kin: no password unless the command, the configuration or Bitnami's variables say one."""
    word = told.option("--requirepass")
    variable = told.env(*_REDIS_VARIABLES)
    if word is not None and word.text != "":
        return _logged_in(told.worded("default", word, is_superuser=True))
    if word is not None:
        login = Login("default", "", word.at, is_superuser=True, default=word.default)
        return Access((login,), is_open=True, at=word.at, because="has an empty password", default=word.default)
    if variable is not None and variable.name.endswith(("ARGS", "FLAGS")):
        return _redis_arguments(told)
    if told.vendor in ("bitnami", "bitnamicharts") or (variable is not None and variable.name.startswith("DFLY")):
        return _bitnami(told, "default", *_REDIS_VARIABLES)
    if told.has("--aclfile", "--user") is not None:
        return UNKNOWN
    mode = told.option("--protected-mode")
    if mode is not None and mode.text == "yes":
        return Access(is_open=False)
    return _bare(told, _REDIS_PROGRAMS, "asks for no password: its command has no --requirepass")


_REDIS_PROGRAMS = ("redis-server", "redis-stack-server", "valkey-server", "keydb-server", "dragonfly", "redis-sentinel")
_REDIS_VARIABLES = ("REDIS_PASSWORD", "VALKEY_PASSWORD", "DFLY_requirepass", "REDIS_ARGS", "VALKEY_EXTRA_FLAGS")


def _redis_arguments(told: Told) -> Access:
    """`REDIS_ARGS` of redis-stack and `VALKEY_EXTRA_FLAGS` of valkey hold options."""
    variable = told.env("REDIS_ARGS", "VALKEY_EXTRA_FLAGS")
    if variable is None or variable.value is None:
        return UNKNOWN
    match = re.search(r"--requirepass[ =]+[\"']?([^\s\"']+)", variable.value)
    if match is None:
        return _bare(told, _REDIS_PROGRAMS, "asks for no password: its options have no --requirepass")
    password = None if "$" in match[1] else match[1]
    return _logged_in(Login("default", password, variable.at, is_superuser=True, default=variable.default))


def memcached(told: Told) -> Access:
    """Memcached knows no login, but for SASL and a file of passwords."""
    if told.has("-S", "--enable-sasl", "-Y", "--auth-file") is not None:
        return Access(is_open=False)
    return _bare(told, ("memcached",), "knows no login")


def rabbitmq(told: Told) -> Access:
    """RabbitMQ: `guest` and `guest` from everywhere unless another user is given."""
    is_bitnami = told.vendor == "bitnami"
    user = told.text("RABBITMQ_DEFAULT_USER", "RABBITMQ_USERNAME") or ("user" if is_bitnami else "guest")
    own = told.login(user, "RABBITMQ_DEFAULT_PASS", "RABBITMQ_PASSWORD", is_superuser=True)
    if own is not None:
        return _logged_in(own)
    if not told.is_whole or told.configured() or told.is_given("/etc/rabbitmq", "/bitnami"):
        return Access(unsure=_CONFIGURED)
    return _logged_in(Login(user, "bitnami" if is_bitnami else "guest", told.at, is_superuser=True))


def elasticsearch(told: Told) -> Access:
    """Elasticsearch: security is on since 8, off before it and in Bitnami's image."""
    security = told.env("xpack.security.enabled", "XPACK_SECURITY_ENABLED", "ES_SETTING_XPACK_SECURITY_ENABLED")
    off_by_default = "-oss" in told.image or told.is_before(8)
    name = "xpack.security.enabled"
    if told.vendor == "bitnami":
        security = told.env("ELASTICSEARCH_ENABLE_SECURITY")
        name, off_by_default = "ELASTICSEARCH_ENABLE_SECURITY", True
    option = told.option("-Expack.security.enabled")
    if option is not None and option.text == "false":
        return Access(is_open=True, at=option.at, because=f"asks for no login ({name} is false)")
    if security is not None and security.value is not None and security.value.lower() in ("false", "no"):
        because = f"asks for no login ({name} is {security.value})"
        return Access(is_open=True, at=security.at, because=because, default=security.default)
    is_on = security is not None or option is not None
    if off_by_default and not is_on:
        return _bare(told, (), f"asks for no login ({name} is off by default)", "elasticsearch.yml")
    own = told.login("elastic", "ELASTIC_PASSWORD", "ELASTICSEARCH_PASSWORD", is_superuser=True)
    return _logged_in(own) if own is not None and own.password != "" else UNKNOWN


def opensearch(told: Told) -> Access:
    """OpenSearch: security is on; `admin` and `admin` before 2.12."""
    off = told.env("plugins.security.disabled", "DISABLE_SECURITY_PLUGIN")
    if off is not None and (off.value or "").lower() in ("true", "1", "yes"):
        because = f"asks for no login ({off.name} is {off.value})"
        return Access(is_open=True, at=off.at, because=because, default=off.default)
    own = told.login("admin", "OPENSEARCH_INITIAL_ADMIN_PASSWORD", "OPENSEARCH_PASSWORD", is_superuser=True)
    if own is not None:
        return _logged_in(own)
    if (
        told.is_before(2, 12)
        and told.vendor != "bitnami"
        and told.is_whole
        and not told.is_given("/usr/share/opensearch/config")
    ):
        return _logged_in(Login("admin", "admin", told.at, is_superuser=True))
    return UNKNOWN


def solr(told: Told) -> Access:
    """Solr asks for no login until a `security.json` says so."""
    if told.env("SOLR_AUTH_TYPE", "SOLR_AUTHENTICATION_OPTS", "SOLR_ENABLE_AUTHENTICATION", "SOLR_ADMIN_PASSWORD"):
        return UNKNOWN
    return _bare(told, ("solr", "solr-precreate", "solr-foreground"), "asks for no login", "security.json")


def meilisearch(told: Told) -> Access:
    """Meilisearch: a master key, or everybody may do everything; in production it asks for one."""
    word = told.option("--master-key")
    if word is not None and word.text:
        return _logged_in(told.worded("", word, is_superuser=True))
    key = told.login("", "MEILI_MASTER_KEY", is_superuser=True)
    if key is not None and key.password != "":
        return _logged_in(key)
    environment = told.env("MEILI_ENV")
    if (environment is not None and environment.value != "development") or told.option("--env"):
        return UNKNOWN
    return _bare(told, ("meilisearch",), "has no master key")


def qdrant(told: Told) -> Access:
    """Qdrant: an API key, or everybody may do everything."""
    key = told.login("", "QDRANT__SERVICE__API_KEY", is_superuser=True)
    if key is not None and key.password != "":
        return _logged_in(key)
    if told.env("QDRANT__SERVICE__READ_ONLY_API_KEY", "QDRANT__SERVICE__JWT_RBAC") is not None:
        return UNKNOWN
    return _bare(told, ("qdrant", "entrypoint.sh"), "has no API key (QDRANT__SERVICE__API_KEY)", "/qdrant/config")


def weaviate(told: Told) -> Access:
    """Weaviate: everybody is let in where anonymous access is on."""
    anonymous = told.env("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED")
    if anonymous is not None and told.is_yes("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED"):
        because = "lets everybody in (AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED)"
        return Access(is_open=True, at=anonymous.at, because=because, default=anonymous.default)
    return UNKNOWN


def chroma(told: Told) -> Access:
    """Chroma: no login unless a provider of it is named."""
    names = [name for name in told.container.env if name.startswith(("CHROMA_SERVER_AUTH", "CHROMA_AUTH"))]
    return UNKNOWN if names else _bare(told, ("chroma", "run", "uvicorn"), "asks for no login")


def typesense(told: Told) -> Access:
    """Typesense: an API key, always."""
    word = told.option("--api-key", "-a")
    if word is not None:
        return _logged_in(told.worded("", word, is_superuser=True))
    key = told.login("", "TYPESENSE_API_KEY", is_superuser=True)
    return _logged_in(key) if key is not None else UNKNOWN


def minio(told: Told) -> Access:
    """MinIO: `minioadmin` and `minioadmin` unless another root user is given."""
    is_bitnami = told.vendor == "bitnami"
    user = told.text("MINIO_ROOT_USER", "MINIO_ACCESS_KEY") or ("minio" if is_bitnami else "minioadmin")
    own = told.login(user, "MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY", is_superuser=True)
    if own is not None and own.password != "":
        return _logged_in(own)
    if not told.is_whole or told.env("MINIO_CONFIG_ENV_FILE", "MINIO_ROOT_USER_FILE"):
        return Access(unsure=_ELSEWHERE)
    return _logged_in(Login(user, "miniosecret" if is_bitnami else "minioadmin", told.at, is_superuser=True))


def etcd(told: Told) -> Access:
    """etcd: no login unless certificates of clients are asked for, or Bitnami's image is given a root password."""
    root = told.login("root", "ETCD_ROOT_PASSWORD", is_superuser=True)
    if root is not None and root.password != "":
        return _logged_in(root)
    if told.has("--client-cert-auth", "--trusted-ca-file") or told.env("ETCD_CLIENT_CERT_AUTH", "ETCD_TRUSTED_CA_FILE"):
        return Access(is_open=False)
    if told.vendor == "bitnami" and not told.is_yes("ALLOW_NONE_AUTHENTICATION"):
        return UNKNOWN
    return _bare(told, ("etcd",), "asks for no login")


def kafka(told: Told) -> Access:
    """Kafka: no login on listeners of the kind PLAINTEXT."""
    names = [name for name in told.container.env if "LISTENER" in name or "SASL" in name or "SECURITY" in name]
    values = [told.container.env[name].value for name in names]
    said = " ".join([*names, *(value or "?" for value in values), *(word.text for word in told.words)]).upper()
    if any(word in said for word in ("SASL", "SSL", "?")):
        return UNKNOWN
    return _bare(told, _KAFKA_PROGRAMS, "asks for no login: its listeners are PLAINTEXT", "/etc/kafka")


_KAFKA_PROGRAMS = ("kafka-server-start.sh", "run", "redpanda", "start")


def zookeeper(told: Told) -> Access:
    """ZooKeeper: everybody may read and write, unless SASL is asked for."""
    said = " ".join([*told.container.env, *(word.text for word in told.words)]).upper()
    if "SASL" in said or "ZOO_ENABLE_AUTH" in said:
        return UNKNOWN
    if told.vendor == "bitnami" and not told.is_yes("ALLOW_ANONYMOUS_LOGIN"):
        return UNKNOWN
    return _bare(told, ("zkServer.sh", "run"), "asks for no login")


def nats(told: Told) -> Access:
    """NATS: no login unless the command or its configuration names one."""
    password, token = told.option("--pass", "-pass"), told.option("--auth", "-auth")
    if password is not None or token is not None:
        user = told.option("--user", "-user")
        named = password or token
        return _logged_in(told.worded(user.text if user else "", named)) if named is not None else UNKNOWN
    if told.has("-c", "--config", "-config", "--tlsverify"):
        return Access(unsure=_CONFIGURED)
    return _bare(told, ("nats-server", "nats-streaming-server"), "asks for no login")


def consul(told: Told) -> Access:
    """Consul: the agent's API lets everybody in unless access lists deny by default."""
    said = " ".join([*(v.value or "" for v in told.container.env.values()), *(word.text for word in told.words)])
    if "acl" in said.lower() or told.has("-config-file", "-config-dir"):
        return UNKNOWN
    return _bare(
        told, ("consul", "agent", "docker-entrypoint.sh"), "asks for no login: no access list is on", "/consul/config"
    )


def vault(told: Told) -> Access:
    """Vault: in development mode its root token is given."""
    word = told.option("-dev-root-token-id", "--dev-root-token-id")
    if word is not None:
        return _logged_in(told.worded("root", word, is_superuser=True))
    token = told.login("root", "VAULT_DEV_ROOT_TOKEN_ID", is_superuser=True)
    return _logged_in(token) if token is not None else UNKNOWN


def registry(told: Told) -> Access:
    """A registry of images: everybody may push and pull unless a kind of login is named."""
    if any(name.startswith("REGISTRY_AUTH") for name in told.container.env):
        return Access(is_open=False)
    return _bare(told, ("registry", "serve"), "lets everybody push images", "/etc/")


# What they share


def _logged_in(login: Login) -> Access:
    return Access((login,), is_open=False if login.password != "" else None)


def _bitnami(told: Told, user: str, *names: str) -> Access:
    """Bitnami's images ask for a password unless an empty one is allowed."""
    own = told.login(user, *names, is_superuser=True)
    if own is not None and own.password != "":
        return _logged_in(own)
    empty = told.env("ALLOW_EMPTY_PASSWORD")
    if empty is None or not told.is_yes("ALLOW_EMPTY_PASSWORD"):
        return UNKNOWN
    login = Login(user, "", empty.at, is_superuser=True, default=empty.default)
    because = "takes an empty password (ALLOW_EMPTY_PASSWORD)"
    return Access((login,), is_open=True, at=empty.at, because=because, default=empty.default)


def _bare(told: Told, programs: tuple[str, ...], because: str, config: str = "") -> Access:
    """Return the access of a program that lets everybody in where nothing tells it otherwise."""
    if told.configured() or (config and told.is_given(config)):
        return Access(unsure=_CONFIGURED)
    if told.starts(*programs) is None and programs:
        return Access(unsure=_SCRIPT)
    if not told.is_whole:
        return Access(unsure=_ELSEWHERE)
    return Access(is_open=True, at=told.at, because=because)
