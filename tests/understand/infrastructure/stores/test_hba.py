"""Which connections a line of pg_hba.conf decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.nouns import DataStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure

LINES = {
    "local all postgres peer": ["peer socket"],
    "local all all ident": ["peer socket"],
    "host all all 0.0.0.0/0 trust": ["trust any plain"],
    "host all all all trust": ["trust any plain"],
    "host all all 0.0.0.0 0.0.0.0 trust": ["trust any plain"],
    "host all all 10.0.0.0/8 trust": ["trust wide plain"],
    "host all all 192.168.7.0/24 trust": ["trust network plain"],
    "host all all 198.51.100.0/24 trust": ["trust network plain"],
    "host all all 198.51.0.0/16 trust": ["trust any plain"],
    "host all all fd00::/64 trust": ["trust network plain"],
    "host all all 2001:db8::/32 trust": ["trust any plain"],
    "host all all 10.1.2.3/32 trust": ["trust host plain"],
    "host all all 10.1.2.3 255.255.255.255 trust": ["trust host plain"],
    "host all all 127.0.0.0/8 trust": ["trust loopback plain"],
    "host all all samehost trust": ["trust loopback plain"],
    "host all all samenet trust": ["trust network plain"],
    "host all all db.example.net trust": ["trust host plain"],
    "host all all .example.net trust": ["trust network plain"],
    "hostssl all all ::/0 cert": ["cert any certificate"],
    "hostssl all all ::/0 trust clientcert=verify-full": ["trust any certificate"],
    "hostnossl all all 10.1.2.0/24 md5": ["md5 network plain"],
    "hostgssenc all all 10.1.2.0/24 gss": ["gss network"],
    'host all "app user",other 10.1.2.0/24 md5 # why': ["md5 network plain"],
    "# host all all 0.0.0.0/0 trust": [],
    "host all all 0.0.0.0/0 reject\nhost all all 10.0.0.0/8 trust": ["reject any plain"],
    "host all all 0.0.0.0/1 reject\nhost all all 128.0.0.0/1 reject\nhost all all 0.0.0.0/0 trust": [
        "reject any plain",
        "reject any plain",
    ],
    "host all all 0.0.0.0/1 reject\nhost all all 0.0.0.0/0 trust": ["reject any plain", "trust any plain"],
    "host all all 0.0.0.0/0 reject\nhost replication all 0.0.0.0/0 trust": ["reject any plain", "trust any plain"],
    'host all all 0.0.0.0/0 reject\nhost "replication" all 0.0.0.0/0 trust': ["reject any plain"],
    'host "all" all 0.0.0.0/0 reject\nhost all all 0.0.0.0/0 trust': ["reject any plain", "trust any plain"],
    "host shop all 0.0.0.0/0 reject\nhost all all 0.0.0.0/0 trust": ["reject any plain", "trust any plain"],
    "host all bob 0.0.0.0/0 reject\nhost all bob 10.0.0.0/8 trust": ["reject any plain"],
    "hostssl all all 0.0.0.0/0 reject\nhost all all 0.0.0.0/0 trust": ["reject any", "trust any plain"],
    "hostnossl all all 0.0.0.0/0 reject\nhost all all 0.0.0.0/0 trust": ["reject any plain", "trust any"],
    "host all all all reject\nhost all all db.example.net trust": ["reject any plain"],
    "host all all db.example.net md5\nhost all all db.example.net trust": ["md5 host plain"],
    "local all all md5\nlocal all postgres trust": ["md5 socket"],
    "local all postgres peer\nlocal all all trust": ["peer socket", "trust socket"],
    "local all all \\\n  peer": ["peer socket"],
    "host all all 0.0.0.0/0 trust\nhost all all ::/0 trust": ["trust any plain", "trust any plain"],
}


def shown(store: DataStore) -> list[str]:
    return [
        " ".join(
            (one.method, one.width, *["plain"] * (one.is_plain), *["certificate"] * one.demands_certificate),
        )
        for one in store.entrances
    ]


@pytest.mark.parametrize("text", LINES)
def test_the_first_line_that_fits_decides(parts: Callable[..., list[DataStore]], text: str) -> None:
    found = parts({"pg_hba.conf": text + "\n"}, DataStore)
    assert [line for store in found for line in shown(store)] == LINES[text]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("host all all 10.0.0.0/33 trust", "10.0.0.0/33 is no network"),
        ("host all all 10.0.0.0 trust", "10.0.0.0 trust is no network"),
        ("host all all 10.0.0.0 255.0.255.0 trust", "255.0.255.0 is no mask"),
        ("host all all", "it ends too early"),
        ("host all all 10.0.0.0/8", "it ends before the method"),
        ("host all all 10.0.0.0/8 krb5", "krb5 is no method"),
        ("hosts all all 10.0.0.0/8 trust", "hosts is no kind of connection"),
        ("include gone.conf", "gone.conf, which is not in the repository"),
    ],
)
def test_a_line_that_postgresql_does_not_take_is_a_doubt(
    parts: Callable[..., list[DataStore]], doubts: list[Unsure], line: str, why: str
) -> None:
    (store,) = parts({"pg_hba.conf": f"{line}\nhost all all ::1/128 md5\n"}, DataStore)
    assert shown(store) == ["md5 loopback plain"]
    assert [doubt.why.endswith(why) for doubt in doubts] == [True]
    assert doubts[0].at is not None
    assert doubts[0].at.line == 1


def test_files_that_it_names(parts: Callable[..., list[DataStore]]) -> None:
    files = {
        "db/pg_hba.conf": "host all @admins 10.1.2.3/32 md5\ninclude_dir more\ninclude_if_exists gone.conf\n",
        "db/admins": "ann, bob\ncid\n",
        "db/more/10.conf": "include ../pg_hba.conf\nhost all all 10.1.2.4/32 trust\n",
    }
    (store,) = parts(files, DataStore)
    assert store.entrances[0].users == ("ann", "bob", "cid")
    assert [str(one.at) for one in store.entrances] == ["db/pg_hba.conf:1", "db/more/10.conf:2"]


def test_a_server_without_tls_has_no_hostssl(parts: Callable[..., list[DataStore]]) -> None:
    files = {"pg_hba.conf": "hostssl all all all trust\nhost all all all reject\n", "postgresql.conf": "ssl = off\n"}
    (store,) = parts(files, DataStore)
    assert shown(store) == ["reject any plain"]
    assert store.is_open is False


COMPOSE = """\
services:
  db:
    image: postgres:16.4
    command: postgres -c hba_file=/etc/pg/pg_hba.conf -c ssl=on
    environment: {POSTGRES_HOST_AUTH_METHOD: trust, POSTGRES_PASSWORD: Vq7nN2hX9sT4wK8bR3mZ}
    volumes: [./pg:/etc/pg:ro]
"""


def test_the_file_that_the_command_names_decides(parts: Callable[..., list[DataStore]]) -> None:
    files = {"compose.yaml": COMPOSE, "pg/pg_hba.conf": "hostssl all all samenet scram-sha-256\n"}
    (store,) = parts(files, DataStore)
    assert (store.name, store.version, shown(store)) == ("db", 16, ["scram-sha-256 network"])
    assert store.is_open is False
    assert "" not in [login.password for login in store.logins]


def test_the_image_appends_a_line(parts: Callable[..., list[DataStore]]) -> None:
    text = COMPOSE.replace("-c hba_file=/etc/pg/pg_hba.conf ", "").replace("trust", "md5")
    (store,) = parts({"compose.yaml": text}, DataStore)
    assert shown(store) == ["md5 any plain"]
