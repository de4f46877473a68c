"""The effective settings of servers, by their files and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.stores.nouns import StoreServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure

    Servers = Callable[..., list[StoreServer]]

# As MariaDB 10.11 says of the same files: `mariadbd --defaults-file=my.cnf --verbose --help`.
MYSQL = [
    ("[mysqld]\nlocal_infile = 1\nbind-address=0.0.0.0   # c", {"local_infile": "1", "bind_address": "0.0.0.0"}),
    ("[mysqld]\nbind-address = 0.0.0.0\nbind-address = 127.0.0.1", {"bind_address": "127.0.0.1"}),
    ("[mysqld]\nskip-grant-tables\nskip_networking=0", {"skip_grant_tables": "", "skip_networking": "0"}),
    ("[mysqld]\nskip-grant-tables=OFF", {"skip_grant_tables": "OFF"}),
    ("[mysqld]\nloose-local-infile=ON", {"local_infile": "ON"}),
    ("[mysqld]\ndisable-local-infile", {"local_infile": "0"}),
    ("[mysqld]\nskip-local-infile", {"local_infile": "0"}),
    ("[server]\nlocal-infile=1\n[client]\nskip-grant-tables\n[mysqld]", {"local_infile": "1"}),
    ("[MYSQLD]\nLOCAL_INFILE=0", {"local_infile": "0"}),
    ("[mysqld]\nbind-address='*'\nsecure-file-priv=''", {"bind_address": "*", "secure_file_priv": ""}),
    ("[mysqld]\n;bind-address=3.3.3.3\nbind-address = 4.4.4.4", {"bind_address": "4.4.4.4"}),
    ("[mariadb]\nlocal-infile=0\n[mysqld-8.0]\nuser=mysql", {"user": "mysql"}),
]


@pytest.mark.parametrize(("text", "settings"), MYSQL)
def test_option_files(parts: Servers, text: str, settings: dict[str, str]) -> None:
    (server,) = parts({"my.cnf": text + "\n"}, StoreServer)
    assert {name: one.value for name, one in server.settings.items()} == settings


def test_mariadb_reads_groups_of_its_own(parts: Servers) -> None:
    (server,) = parts({"mariadb/50-server.cnf": "[mariadb]\nlocal-infile=0\n[mariadbd-10.11]\nport=1\n"}, StoreServer)
    assert (server.product, set(server.settings)) == ("mariadb", {"local_infile", "port"})


def test_included_option_files(parts: Servers, doubts: list[Unsure]) -> None:
    files = {
        "etc/my.cnf": "[mysqld]\nbind-address=1.1.1.1\n!includedir conf.d/\nport=1\n!include gone.cnf\n",
        "etc/conf.d/a.cnf": "[client]\nport=2\n[mysqld]\nbind-address=2.2.2.2\n",
    }
    (server,) = parts(files, StoreServer)
    assert {name: one.value for name, one in server.settings.items()} == {"bind_address": "2.2.2.2", "port": "1"}
    assert [doubt.why for doubt in doubts] == ["it includes gone.cnf, which is not in the repository"]


def test_the_command_wins_over_mysql_files(parts: Servers) -> None:
    compose = (
        "services:\n  db:\n    image: mysql:8.4\n    command: --local-infile=0 --skip-grant-tables\n"
        "    volumes: ['./my.cnf:/etc/mysql/conf.d/my.cnf']\n"
    )
    (server,) = parts({"compose.yaml": compose, "my.cnf": "[mysqld]\nlocal_infile=1\n"}, StoreServer)
    assert server.settings["local_infile"].value == "0"
    assert server.is_open
    assert server.listen is not None
    assert server.listen.is_local, "MySQL 8 takes no connection from outside then"


POSTGRES = [
    ("listen_addresses = '*'  # all", {"listen_addresses": "*"}),
    ("LISTEN_ADDRESSES '10.1.2.3'", {"listen_addresses": "10.1.2.3"}),
    ("shared_preload_libraries = 'it''s'", {"shared_preload_libraries": "it's"}),
    ("ssl = on\nssl = off", {"ssl": "off"}),
    ("port=5433", {"port": "5433"}),
    ("auto_explain.log_min_duration = 5s", {"auto_explain.log_min_duration": "5s"}),
]


@pytest.mark.parametrize(("text", "settings"), POSTGRES)
def test_postgresql_conf(parts: Servers, text: str, settings: dict[str, str]) -> None:
    (server,) = parts({"postgresql.conf": text + "\n"}, StoreServer)
    assert {name: one.value for name, one in server.settings.items()} == settings


def test_postgresql_files_of_files(parts: Servers, doubts: list[Unsure]) -> None:
    files = {
        "pg/postgresql.conf": "ssl = on\ninclude_dir 'conf.d'\ninclude_if_exists 'gone'\ninclude 'lost'\nport = = 1\n",
        "pg/conf.d/b.conf": "ssl = off\n",
        "pg/conf.d/a.conf": "port = 1\nssl = on\n",
        "pg/postgresql.auto.conf": "port = '2'\n",
    }
    (server,) = parts(files, StoreServer)
    assert {name: one.value for name, one in server.settings.items()} == {"ssl": "off", "port": "2"}
    assert len(doubts) == 2


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        ("postgres -c ssl=on -c listen_addresses='*'", {"ssl": "on", "listen_addresses": "*"}),
        ("postgres -cssl=on --listen-addresses=localhost", {"ssl": "on", "listen_addresses": "localhost"}),
        ("-c ssl=off", {"ssl": "off"}),
        ("postgres -i -l", {"listen_addresses": "*", "ssl": "on"}),
        ("sh -c 'chmod 0700 /x && exec postgres -c ssl=on; true'", {"ssl": "on"}),
        ("postgres -c config_file=/etc/pg.conf -c port=3", {"config_file": "/etc/pg.conf", "port": "3", "ssl": "on"}),
    ],
)
def test_postgres_flags(parts: Servers, command: str, settings: dict[str, str]) -> None:
    compose = (
        f"services:\n  db:\n    image: postgres:17\n    command: {command}\n    volumes: ['./pg.conf:/etc/pg.conf']\n"
    )
    (server,) = parts({"compose.yaml": compose, "pg.conf": "ssl = on\nport = 1\n"}, StoreServer)
    assert {name: one.value for name, one in server.settings.items()} == settings


def test_a_file_that_the_image_does_not_read_says_nothing(parts: Servers) -> None:
    compose = (
        "services:\n  db:\n    image: postgres:17\n    volumes: ['./postgresql.conf:/etc/postgresql/postgresql.conf']\n"
    )
    servers = parts({"compose.yaml": compose, "postgresql.conf": "ssl = on\n"}, StoreServer)
    assert [dict(server.settings) for server in servers if server.container is not None] == [{}]
