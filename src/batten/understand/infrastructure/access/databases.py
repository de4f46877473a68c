"""Who may log in to a database, as its image is told.

docker-library: postgres 17 and mysql 8.4 `docker-entrypoint.sh`, mariadb 11 likewise, mongo 8
`docker-entrypoint.sh`, neo4j 5, couchdb 3, clickhouse 25 and influxdb 2.7 `entrypoint.sh`; Bitnami's
images of 2024; `mcr.microsoft.com/mssql/server` 2022, `MSSQL_SA_PASSWORD`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.access.told import UNKNOWN, Access
from batten.understand.infrastructure.nouns import Login

if TYPE_CHECKING:
    from batten.understand.infrastructure.access.told import Told
    from batten.understand.stack import Variable

_ELSEWHERE = "further variables come from a file that is not in the repository"


def _empty(user: str, variable: Variable, because: str) -> Access:
    """Return the access of a store whose account has an empty password, as a variable says."""
    login = Login(user, "", variable.at, is_superuser=True, default=variable.default)
    return Access((login,), is_open=True, at=variable.at, because=because, default=variable.default)


def _with(*logins: Login | None) -> Access:
    held = tuple(login for login in logins if login is not None)
    return Access(held, is_open=False if held else None)


def postgres(told: Told) -> Access:
    """PostgreSQL: the image refuses to start without a password, unless `trust` is asked for."""
    method = told.env("POSTGRES_HOST_AUTH_METHOD")
    user = told.text("POSTGRES_USER", "POSTGRESQL_USERNAME", "POSTGRESQL_USER", "POSTGRES_USERNAME") or "postgres"
    if method is not None and method.value == "trust":
        return _empty(user, method, "trusts whoever connects (POSTGRES_HOST_AUTH_METHOD)")
    empty = told.env("ALLOW_EMPTY_PASSWORD")
    own = told.login(
        user,
        "POSTGRES_PASSWORD",
        "POSTGRESQL_PASSWORD",
        is_superuser=told.vendor != "bitnami" or user == "postgres",
    )
    if own is None and empty is not None and told.is_yes("ALLOW_EMPTY_PASSWORD"):
        return _empty(user, empty, "takes an empty password (ALLOW_EMPTY_PASSWORD)")
    if own is not None and own.password == "":
        own = None  # it does not start
    admin = told.login("postgres", "POSTGRESQL_POSTGRES_PASSWORD", "POSTGRES_POSTGRES_PASSWORD", is_superuser=True)
    return _with(own, admin)


def mysql(told: Told) -> Access:
    """MySQL, MariaDB, Percona: root is reachable from everywhere (`MYSQL_ROOT_HOST`), with the password given."""
    if told.has("--skip-grant-tables") is not None:
        word = told.has("--skip-grant-tables")
        return Access(is_open=True, at=word.at if word else None, because="checks no account (--skip-grant-tables)")
    names = ("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "ALLOW_EMPTY_PASSWORD")
    root = told.login("root", "MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD", is_superuser=True)
    if root is None or root.password == "":
        for name in names:
            variable = told.env(name)
            if variable is not None and variable.value and variable.value.lower() not in ("no", "0", "false"):
                return _empty("root", variable, f"lets root in without a password ({name})")
        root = None
    user = told.text("MARIADB_USER", "MYSQL_USER") or ""
    own = told.login(user, "MARIADB_PASSWORD", "MYSQL_PASSWORD", is_superuser=False) if user else None
    return _with(root, own if own is not None and own.password != "" else None)


def mongo(told: Told) -> Access:
    """MongoDB: it asks for no login until a root user is given or `--auth` is."""
    empty = told.env("ALLOW_EMPTY_PASSWORD")
    user = told.text("MONGO_INITDB_ROOT_USERNAME", "MONGODB_ROOT_USER", "MONGODB_ROOT_USERNAME") or "root"
    root = told.login(user, "MONGO_INITDB_ROOT_PASSWORD", "MONGODB_ROOT_PASSWORD", is_superuser=True)
    own = told.login(told.text("MONGODB_USERNAME") or "", "MONGODB_PASSWORD", is_superuser=False)
    if root is not None and root.password != "":
        return _with(root, own)
    if told.vendor == "bitnami":
        if empty is not None and told.is_yes("ALLOW_EMPTY_PASSWORD"):
            return _empty(user, empty, "takes an empty password (ALLOW_EMPTY_PASSWORD)")
        return _with(own)
    if told.has("--auth", "--keyFile", "--clusterAuthMode") is not None:
        return Access(is_open=False)
    if told.starts("mongod", "mongo") is None or told.has("--config", "-f") or told.vendor:
        return Access(unsure="its command or its configuration decides")
    if not told.is_whole:
        return Access(unsure=_ELSEWHERE)
    return Access(is_open=True, at=told.at, because="has no root user, and then MongoDB asks for no login")


def mssql(told: Told) -> Access:
    """SQL Server: `sa` with the password given; it refuses to start without one."""
    sa = told.login("sa", "MSSQL_SA_PASSWORD", "SA_PASSWORD", is_superuser=True)
    return _with(sa if sa is not None and sa.password != "" else None)


def couchdb(told: Told) -> Access:
    """CouchDB: 3 refuses to start without an admin, before it everybody was one."""
    admin = told.login(told.text("COUCHDB_USER") or "admin", "COUCHDB_PASSWORD", is_superuser=True)
    if admin is not None and admin.password != "":
        return _with(admin)
    if told.is_before(3) and told.is_whole:
        return Access(is_open=True, at=told.at, because="has no admin, and then everybody is one before CouchDB 3")
    return UNKNOWN


def neo4j(told: Told) -> Access:
    """Neo4j: `NEO4J_AUTH` is `user/password` or `none`; without it the first to log in sets the password."""
    auth = told.env("NEO4J_AUTH")
    if auth is None:
        if not told.is_whole or told.env("NEO4J_AUTH_FILE", "NEO4J_AUTH_PATH") is not None:
            return Access(unsure=_ELSEWHERE)
        return _with(Login("neo4j", "neo4j", told.at, is_superuser=True))
    if auth.value is None:
        return _with(told.made("neo4j", auth, is_superuser=True))
    if auth.value.lower() == "none":
        return _empty("neo4j", auth, "asks for no login (NEO4J_AUTH)")
    user, slash, password = auth.value.partition("/")
    password = password.removesuffix("/true")
    return _with(Login(user, password, auth.at, is_superuser=True, default=auth.default)) if slash else UNKNOWN


def influxdb(told: Told) -> Access:
    """InfluxDB: 1 asks for no login unless told to, 2 has the admin that its set-up gives."""
    if told.is_before(2) or told.env("INFLUXDB_HTTP_AUTH_ENABLED") is not None:
        logins = (
            told.login(told.text("INFLUXDB_ADMIN_USER") or "admin", "INFLUXDB_ADMIN_PASSWORD", is_superuser=True),
            told.login(told.text("INFLUXDB_USER") or "", "INFLUXDB_USER_PASSWORD", is_superuser=False),
        )
        switch = told.env("INFLUXDB_HTTP_AUTH_ENABLED")
        if told.is_yes("INFLUXDB_HTTP_AUTH_ENABLED"):
            return _with(*logins)
        if (switch is not None and switch.value is None) or not told.is_whole or told.configured():
            return Access(unsure=_ELSEWHERE)
        because = "asks for no login (INFLUXDB_HTTP_AUTH_ENABLED is off)"
        return Access(is_open=True, at=switch.at if switch is not None else told.at, because=because)
    user = told.text("DOCKER_INFLUXDB_INIT_USERNAME", "INFLUXDB_ADMIN_USER") or "admin"
    return _with(
        told.login(user, "DOCKER_INFLUXDB_INIT_PASSWORD", "INFLUXDB_ADMIN_USER_PASSWORD", is_superuser=True),
        told.login("", "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN", "INFLUXDB_ADMIN_USER_TOKEN", is_superuser=True),
    )


def cassandra(told: Told) -> Access:
    """Cassandra, Scylla: the image's own configuration takes any login; Bitnami's asks for `cassandra`."""
    if told.vendor == "bitnami":
        user = told.text("CASSANDRA_USER") or "cassandra"
        own = told.login(user, "CASSANDRA_PASSWORD", is_superuser=True)
        return _with(own or (Login(user, "cassandra", told.at, is_superuser=True) if told.is_whole else None))
    authenticator = told.option("--authenticator")
    if authenticator is not None and "AllowAll" not in authenticator.text:
        return Access(is_open=False)
    if told.container.stage is not None or told.starts("cassandra", "scylla") is None or _is_mounted(told, "cassandra"):
        return Access(unsure="its configuration decides")
    return Access(is_open=True, at=told.at, because="takes any login (AllowAllAuthenticator)")


def _is_mounted(told: Told, *words: str) -> bool:
    """Return whether a file that may configure it is put into it."""
    return any(
        mount.target.startswith("/etc/") or any(f"{word}.y" in mount.target for word in words)
        for mount in told.container.mounts
    )


def clickhouse(told: Told) -> Access:
    """ClickHouse: `default` without a password, which newer images keep off the network unless told otherwise."""
    user = told.text("CLICKHOUSE_USER", "CLICKHOUSE_ADMIN_USER") or "default"
    variable = told.env("CLICKHOUSE_PASSWORD", "CLICKHOUSE_ADMIN_PASSWORD")
    if variable is not None and variable.value == "":
        return _empty(user, variable, f"lets {user} in without a password (CLICKHOUSE_PASSWORD)")
    own = told.login(user, "CLICKHOUSE_PASSWORD", "CLICKHOUSE_ADMIN_PASSWORD")
    if own is not None:
        return _with(own)
    skipped = told.env("CLICKHOUSE_SKIP_USER_SETUP")
    if skipped is not None and told.is_yes("CLICKHOUSE_SKIP_USER_SETUP"):
        return _empty(user, skipped, "lets default in without a password (CLICKHOUSE_SKIP_USER_SETUP)")
    if told.is_before(24) and told.is_whole and not _is_mounted(told) and told.container.stage is None:
        return Access(is_open=True, at=told.at, because="lets default in without a password before version 24")
    return UNKNOWN


def cockroach(told: Told) -> Access:
    """CockroachDB: `--insecure` and `start-single-node --insecure` let everybody in as root."""
    word = told.has("--insecure")
    return UNKNOWN if word is None else Access(is_open=True, at=word.at, because="is started with --insecure")


def surrealdb(told: Told) -> Access:
    """SurrealDB: `--user` and `--pass`; `--unauthenticated` lets everybody in."""
    word = told.has("--unauthenticated")
    if word is not None:
        return Access(is_open=True, at=word.at, because="is started with --unauthenticated")
    user, password = told.option("--user", "-u"), told.option("--pass", "-p")
    if password is not None:
        return _with(told.worded(user.text if user is not None else "root", password, is_superuser=True))
    return _with(told.login(told.text("SURREAL_USER") or "root", "SURREAL_PASS", is_superuser=True))


def arangodb(told: Told) -> Access:
    """ArangoDB: a root password, or `ARANGO_NO_AUTH`."""
    off = told.env("ARANGO_NO_AUTH")
    if off is not None and told.is_yes("ARANGO_NO_AUTH"):
        return _empty("root", off, "asks for no login (ARANGO_NO_AUTH)")
    root = told.login("root", "ARANGO_ROOT_PASSWORD", is_superuser=True)
    return _with(root if root is not None and root.password != "" else None)


def pgbouncer(told: Told) -> Access:
    """PgBouncer: `AUTH_TYPE` any or trust lets everybody in."""
    kind = told.env("AUTH_TYPE", "PGBOUNCER_AUTH_TYPE")
    if kind is not None and kind.value in ("any", "trust"):
        because = f"asks for no password ({kind.name} is {kind.value})"
        return Access(is_open=True, at=kind.at, because=because, default=kind.default)
    return UNKNOWN
