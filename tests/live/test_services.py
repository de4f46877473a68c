"""Real servers, open, with a known password, and locked: the verdict on each, and nothing is changed in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from batten.collect.host.conversation import identify
from batten.understand.services.talk import Auth, Manners, Spoken
from tests.live import services
from tests.live.services import needs
from tests.live.web import needs_nginx, needs_openssl, nginx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.live.services import Service
    from tests.live.started import Started

pytestmark = pytest.mark.process

OWN = "Zk82-kqW91"
"""A password that nobody knows."""


def asked(server: Started, *, logins: bool = True) -> Spoken:
    told = identify("127.0.0.1", server.port, Manners(logins=logins))
    assert told.spoken is not None, told.why
    return told.spoken


def who(told: Spoken) -> tuple[str, Auth, str, str | None, bool | None]:
    return told.product, told.auth, told.login, told.password, told.is_superuser


@needs("redis-server")
@pytest.mark.parametrize(
    ("options", "password", "verdict"),
    [
        ((), "", ("redis", Auth.NONE, "default", None, True)),
        (("--requirepass", "foobared"), "foobared", ("redis", Auth.DEFAULT, "default", "foobared", True)),
        (("--requirepass", OWN), OWN, ("redis", Auth.REQUIRED, "", None, None)),
        (("--user", "default", "on", "nopass", "+ping", "~x"), "", ("redis", Auth.NONE, "default", None, False)),
        (("--user", "default", "off"), "", ("redis", Auth.REQUIRED, "", None, None)),
    ],
    ids=["open", "default", "locked", "restricted", "no default user"],
)
def test_redis(tmp_path: Path, options: tuple[str, ...], password: str, verdict: tuple[object, ...]) -> None:
    with services.redis(tmp_path, *options) as server:
        before = services.in_redis(server, password)
        assert who(asked(server)) == verdict
        assert services.in_redis(server, password) == before


@needs("redis-server")
def test_redis_is_asked_only_what_reads(tmp_path: Path) -> None:
    with services.redis(tmp_path) as server:
        asked(server)
        stats = services.in_redis(server, question="INFO commandstats")
    assert set(re.findall(r"cmdstat_([a-z|]+)", stats)) <= {"ping", "info", "acl|whoami", "get"}


@needs("memcached")
def test_memcached(tmp_path: Path) -> None:
    with services.memcached(tmp_path) as server:
        told = asked(server)
        assert (told.product, told.auth) == ("memcached", Auth.NONE)
        assert told.version
        assert re.search(r"cmd_set 0\r\n.*curr_items 0\r\n", services.in_memcached(server), re.DOTALL)


@needs("mosquitto")
@pytest.mark.parametrize(("anonymous", "auth"), [(True, Auth.NONE), (False, Auth.REQUIRED)])
def test_mosquitto(anonymous: bool, auth: Auth) -> None:  # noqa: FBT001 - a parameter
    with services.folder_for() as folder, services.mosquitto(folder, anonymous=anonymous) as server:
        assert who(asked(server))[:2] == ("mosquitto", auth)
        assert not re.search(rb"Received (PUBLISH|SUBSCRIBE)", server.said())


@needs_nginx
def test_nginx(tmp_path: Path) -> None:
    with nginx(tmp_path, "", {"index.html": "hello"}) as server:
        told = asked(server)
        assert (told.product, told.auth, told.tls) == ("http", Auth.UNKNOWN, False)
        assert told.version.startswith("nginx/")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Service]:
    with services.folder_for("postgres") as folder, services.postgres(folder) as server:
        yield server


@needs("initdb", "postgres", "psql")
@pytest.mark.parametrize(
    ("auth", "password", "verdict"),
    [
        ("trust", OWN, ("postgres", Auth.NONE, "postgres", None, True)),
        ("scram-sha-256", "postgres", ("postgres", Auth.DEFAULT, "postgres", "postgres", True)),
        ("md5", "password", ("postgres", Auth.DEFAULT, "postgres", "password", True)),
        ("password", "postgres", ("postgres", Auth.DEFAULT, "postgres", "postgres", True)),
        ("scram-sha-256", OWN, ("postgres", Auth.REQUIRED, "", None, None)),
        ("reject", OWN, ("postgres", Auth.REQUIRED, "", None, None)),
    ],
    ids=["trust", "scram default", "md5 default", "cleartext default", "locked", "rejected"],
)
def test_postgres(postgres: Service, auth: str, password: str, verdict: tuple[object, ...]) -> None:
    services.let_in(postgres, auth, password)
    before = services.in_postgres(postgres)
    log = len(postgres.said())
    told = asked(postgres)
    said = postgres.said()[log:].decode()
    assert who(told) == verdict
    assert told.tls is False
    assert services.in_postgres(postgres) == before
    assert set(re.findall(r"statement: (.*)", said)) <= {"SHOW is_superuser"}
    assert said.count("password authentication failed") <= 3


@needs("initdb", "postgres", "psql")
def test_postgres_is_not_tried_where_no_login_is_wanted(postgres: Service) -> None:
    services.let_in(postgres, "scram-sha-256", "postgres")
    log = len(postgres.said())
    assert who(asked(postgres, logins=False))[:2] == ("postgres", Auth.REQUIRED)
    assert b"authentication failed" not in postgres.said()[log:]


@needs("initdb", "postgres", "psql")
@needs_openssl
def test_postgres_over_tls(postgres: Service) -> None:
    services.over_tls(postgres)
    for password, auth in (("postgres", Auth.DEFAULT), (OWN, Auth.REQUIRED)):
        services.let_in(postgres, "scram-sha-256", password)
        told = asked(postgres)
        assert (told.product, told.auth, told.tls) == ("postgres", auth, True)


@needs("mariadbd", "mariadb-install-db", "mariadb-dump")
def test_mariadb() -> None:
    with services.folder_for() as folder, services.mariadb(folder) as server:
        old = ""
        for password, verdict in (
            ("", ("mariadb", Auth.DEFAULT, "root", "", True)),
            ("root", ("mariadb", Auth.DEFAULT, "root", "root", True)),
            (OWN, ("mariadb", Auth.REQUIRED, "", None, None)),
        ):
            services.with_password(server, old, password)
            old = password
            before = services.in_mariadb(server, password)
            log = (folder / "log").stat().st_size
            told = asked(server)
            written = (folder / "log").read_text(encoding="utf-8")[log:]
            assert who(told) == verdict
            assert told.tls is False
            assert services.in_mariadb(server, password) == before
            assert set(re.findall(r"Query\t(.*)", written)) <= {"SHOW GRANTS"}
            assert len(re.findall(r"Access denied", written)) <= 3


@needs("mariadbd", "mariadb-install-db", "mariadb-dump")
@needs_openssl
def test_mariadb_that_offers_tls() -> None:
    with services.folder_for() as folder, services.mariadb(folder, tls=True) as server:
        told = asked(server)
        assert (told.auth, told.tls) == (Auth.DEFAULT, True)


@needs("rabbitmq-server", "epmd")
def test_rabbitmq() -> None:
    with services.folder_for("rabbitmq") as folder, services.rabbitmq(folder) as server:
        before = services.rabbitmqctl(server, "export_definitions", "-")
        told = asked(server)
        assert who(told) == ("rabbitmq", Auth.DEFAULT, "guest", "guest", None)
        assert told.version in before
        assert services.rabbitmqctl(server, "export_definitions", "-") == before
        services.rabbitmqctl(server, "change_password", "guest", OWN)
        assert who(asked(server))[:2] == ("rabbitmq", Auth.REQUIRED)
        assert asked(server, logins=False).auth is Auth.UNKNOWN
