"""Who is let in by servers other than PostgreSQL, as their configuration says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import Confidence
from batten.understand.infrastructure.nouns import DataStore
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure

    Stores = Callable[..., list[DataStore]]

# As Redis 7.0.15 answers PING from another address of its machine.
REDIS = [
    ("", False),
    ("bind 0.0.0.0\nprotected-mode no", True),
    ("BIND 0.0.0.0\nPROTECTED-MODE NO", True),
    ("bind 0.0.0.0\nrequirepass x", False),
    ("bind *\nprotected-mode no\nrequirepass x\nrequirepass ''", True),
    ("protected-mode no\nuser default off", False),
    ("protected-mode no\nrequirepass x\nuser default on nopass ~* +@all", True),
    ("protected-mode no\nuser default on nopass ~* +@all\nrequirepass x", True),
    ("protected-mode no\nuser default on ~* +@all", False),
    ("protected-mode no\nuser default on nopass resetpass +@all", False),
    ("protected-mode no\nuser default on nopass >secret +@all", False),
    ("protected-mode no\nrequirepass 'ab c'", False),
    ("protected-mode no\nbind 127.0.0.1 -::1", False),
    ("protected-mode no\nport 0", False),
    ("protected-mode no\nport 0\ntls-port 6379", True),
    ("bind 0.0.0.0", None),  # before Redis 7 an explicit bind ends protected mode
    ("sentinel monitor m 10.0.0.5 6379 2", True),
    ("sentinel monitor m 10.0.0.5 6379 2\nprotected-mode yes", False),
    ("protected-mode no\naclfile users.acl", True),
    ("protected-mode no\naclfile gone.acl", None),
    ("protected-mode no\nrequirepass ${PASSWORD}", False),
    ("protected-mode {{ mode }}", None),
]


@pytest.mark.parametrize(("text", "is_open"), REDIS)
def test_redis(parts: Stores, text: str, *, is_open: bool | None) -> None:
    files = {"redis.conf": f"port 6379\n{text}\n", "users.acl": "user app on >p ~* +@all\n"}
    (store,) = parts(files, DataStore)
    assert store.is_open is is_open


def test_redis_points_at_the_line_to_mend(parts: Stores) -> None:
    files = {"redis.conf": "include common.conf\nbind 0.0.0.0\n", "common.conf": "protected-mode no\n"}
    (store,) = parts(files, DataStore)
    assert str(store.open_at) == "common.conf:1"
    assert store.reach is Reach.WORLD


@pytest.mark.parametrize(
    ("command", "is_open"),
    [
        ("redis-server /etc/redis.conf", True),
        ("redis-server /etc/redis.conf --requirepass x", False),
        ("redis-server --requirepass x --save 60 1", False),
        ("sh -c 'redis-server /etc/redis.conf --protected-mode yes'", True),
        ("redis-server /gone.conf", None),
        ("redis-server /etc/redis.conf --aclfile /gone.acl", None),
    ],
)
def test_redis_in_a_container(parts: Stores, command: str, *, is_open: bool | None) -> None:
    compose = (
        f"services:\n  c:\n    image: redis:6\n    command: {command}\n    volumes: ['./r.conf:/etc/redis.conf']\n"
    )
    (store,) = parts({"compose.yaml": compose, "r.conf": "maxmemory 1gb\nbind 0.0.0.0\n"}, DataStore)
    assert store.is_open is is_open


# As Mosquitto 2.0.11 answers a client without a name from another address of its machine.
MOSQUITTO = [
    ("persistence true", False),
    ("allow_anonymous true", False),
    ("listener 1883", False),
    ("listener 1883\nallow_anonymous true", True),
    ("allow_anonymous true\nlistener 1883", True),
    ("port 1883", False),
    ("port 1883\nallow_anonymous true", True),
    ("bind_address 10.9.9.1\nallow_anonymous true", True),
    ("listener 1883\nallow_anonymous true\npassword_file /pw", True),
    ("per_listener_settings true\nlistener 1883\nallow_anonymous true", True),
    ("per_listener_settings true\nallow_anonymous true\nlistener 1883", False),
    ("listener 1883\nallow_anonymous true\nallow_anonymous false", False),
    ("listener 1883 10.9.9.1\nallow_anonymous 1", True),
    ("listener 1883 localhost\nallow_anonymous true", False),
    ("listener 1883\nallow_anonymous true # yes", True),
    ("listener 8883\nrequire_certificate true\nallow_anonymous true", False),
    ("include_dir conf.d", True),
]


@pytest.mark.parametrize(("text", "is_open"), MOSQUITTO)
def test_mosquitto(parts: Stores, text: str, *, is_open: bool) -> None:
    files = {"mosquitto.conf": f"log_type all\n{text}\n", "conf.d/a.conf": "listener 1883\nallow_anonymous true\n"}
    (store,) = parts(files, DataStore)
    assert store.is_open is is_open


def test_mosquitto_1_lets_everyone_in(parts: Stores) -> None:
    compose = (
        "services:\n  mq:\n    image: eclipse-mosquitto:1.6\n"
        "    volumes: ['./mosquitto.conf:/mosquitto/config/mosquitto.conf']\n"
    )
    (store,) = parts({"compose.yaml": compose, "mosquitto.conf": "listener 1883\n"}, DataStore)
    assert store.is_open is True


EMPTY = "<password></password>"
END = "</default></users></clickhouse>"
OTHERS = [
    ("mongod.conf", "net:\n  bindIp: 0.0.0.0\n", True),
    ("mongod.conf", "net:\n  bindIpAll: true\nsecurity:\n  authorization: disabled\n", True),
    ("mongod.conf", "net:\n  bindIpAll: true\nsecurity:\n  authorization: enabled\n", False),
    ("mongod.conf", "net:\n  bindIpAll: true\nsecurity:\n  keyFile: /k\n", False),
    ("mongod.conf", "net:\n  bindIpAll: true\nsecurity:\n  authorization: ${MODE}\n", None),
    ("mongod.conf", "net:\n  bindIp: [127.0.0.1, ::1]\n", False),
    ("mongod.conf", "storage:\n  dbPath: /db\n", False),
    ("mongod.conf", "# old\nbind_ip = 0.0.0.0\nauth = true\n", False),
    ("mongod.conf", "bind_ip = 0.0.0.0\n", True),
    ("memcached.conf", "-m 64\n-l 0.0.0.0\n", True),
    ("memcached.conf", "-m 64\n", True),
    ("memcached.conf", "-l 127.0.0.1,::1\n", False),
    ("memcached.conf", "-l 0.0.0.0\n-S\n", False),
    ("memcached.conf", "-s /run/memcached.sock\n", False),
    ("elasticsearch.yml", "xpack.security.enabled: false\nnetwork.host: 0.0.0.0\n", True),
    ("elasticsearch.yml", "xpack:\n  security:\n    enabled: false\nnetwork:\n  host: [_site_]\n", True),
    ("elasticsearch.yml", "xpack.security.enabled: false\n", False),
    ("elasticsearch.yml", "network.host: 0.0.0.0\n", None),
    ("opensearch.yml", "plugins.security.disabled: true\nnetwork.host: 0.0.0.0\n", True),
    ("opensearch.yml", "plugins.security.disabled: false\nnetwork.host: 0.0.0.0\n", False),
    ("nats.conf", "port: 4222\n", True),
    ("nats.conf", "listen: 127.0.0.1:4222\n", False),
    ("nats.conf", "port: 4222\nauthorization {\n  user: a\n}\n", False),
    ("nats.conf", "port: 4222\ncluster {\n  authorization {\n    user: a\n  }\n}\n", True),
    ("nats.conf", "port: 4222\naccounts: { A: {} }\n", False),
    ("pgbouncer.ini", "[pgbouncer]\nlisten_addr = *\nauth_type = trust\n", True),
    ("pgbouncer.ini", "[pgbouncer]\nauth_type = any\n", False),
    ("pgbouncer.ini", "[databases]\nauth_type = any\n", None),
    ("clickhouse/users.xml", "<clickhouse><users><default><password/></default></users></clickhouse>", True),
    (
        "users.xml",
        f"<clickhouse><users><default>{EMPTY}<networks><ip>::1</ip><ip>127.0.0.1</ip></networks>{END}",
        False,
    ),
    (
        "users.xml",
        f"<clickhouse><users><default>{EMPTY}<password_sha256_hex>ab</password_sha256_hex>{END}",
        False,
    ),
    ("users.xml", "<clickhouse><users><default><password from_env='P'/></default></users></clickhouse>", False),
    ("users.xml", "<clickhouse><users><a><password>x</password></a></users></clickhouse>", None),
]


@pytest.mark.parametrize(("path", "text", "is_open"), OTHERS)
def test_others(parts: Stores, path: str, text: str, *, is_open: bool | None) -> None:
    (store,) = parts({path: text}, DataStore)
    assert store.is_open is is_open


@pytest.mark.parametrize(
    ("files", "logins"),
    [
        ({"rabbitmq.conf": "default_user = a\ndefault_pass = b\n"}, [("a", "b")]),
        ({"rabbitmq.conf": "default_user = a\ndefault_pass = $(P)\n"}, [("a", None)]),
        ({"rabbitmq.conf": "default_user = a\n"}, []),
        (
            {
                # The hash is that of the manual's page on passwords, of `test12`.
                "definitions.json": '{"users": [{"name": "u",\n "password_hash": '
                '"kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"}, 3]}',
            },
            [("u", None)],
        ),
        (
            {
                "definitions.json": '{"users": [{"name": "guest", "tags": ["administrator"], "password_hash": '
                '"rQAB7J7fZE3tFxjUJMzKSbA54GLYeOgWH/A+o6+ALdETJeRe"}]}'
            },
            [("guest", "guest")],
        ),
        ({"definitions.json": '{"users": [{"name": "a", "password": "b"}]}'}, [("a", "b")]),
        ({"redis.conf": "requirepass abc\nuser app on >x #00 ~*\n"}, [("default", "abc"), ("app", "x")]),
        ({"my.cnf": "[client]\nuser=root\npassword='p w'\n"}, [("root", "p w")]),
        (
            {
                "pgbouncer.ini": "[pgbouncer]\nauth_file = userlist.txt\n",
                "userlist.txt": '"a" "b"\n"c" "md5900150983cd24fb0d6963f7d28e17f72"\n"d" "SCRAM-SHA-256$"\n;\n"e" ""\n',
            },
            [("a", "b")],
        ),
        (
            {"users.xml": "<yandex><users><a><password>x</password></a></users></yandex>"},
            [("a", "x")],
        ),
    ],
)
def test_logins(parts: Stores, files: dict[str, str], logins: list[tuple[str, str | None]]) -> None:
    (store,) = parts(files, DataStore)
    assert [(login.user, login.password) for login in store.logins] == logins


BROKEN = {
    "definitions.json": "{",
    "users.xml": "<clickhouse><users>",
    "clickhouse/users.xml": '<!DOCTYPE x [<!ENTITY a "b">]>\n<clickhouse>&a;</clickhouse>',
}


def test_a_broken_file_is_a_doubt(parts: Stores, doubts: list[Unsure]) -> None:
    parts(BROKEN, DataStore)
    assert {doubt.what for doubt in doubts} == set(BROKEN)


ODD = [
    "",
    "\ufeffbind 0.0.0.0\r\n",
    "{{- if .Values.x }}\nbind {{ .Values.bind }}\n{{- end }}\n",
    "include redis.conf\nport 1\n",
    "prot \x00\x01\n",
    "[program:x]\nport 1\n",
]


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize(
    "path",
    ["redis.conf", "pg_hba.conf", "postgresql.conf", "my.cnf", "mongod.conf", "mosquitto.conf", "rabbitmq.conf",
     "memcached.conf", "elasticsearch.yml", "pgbouncer.ini", "nats.conf", "users.xml", "init.sql"],
)  # fmt: skip
def test_odd_files_break_nothing(parts: Stores, path: str, text: str) -> None:
    assert all(not store.is_open for store in parts({path: text}, DataStore))


def test_files_that_only_development_uses_say_nothing(parts: Stores) -> None:
    text = "bind 0.0.0.0\nprotected-mode no\n"
    dev = "services:\n  c:\n    image: redis:8\n    volumes: ['./redis.conf:/redis.conf']\n"
    assert parts({"tests/redis.conf": text, "redis.example.conf": text}, DataStore) == []
    assert parts({"docker-compose.dev.yml": dev, "redis.conf": text}, DataStore) == []


def test_a_file_whose_mount_is_commented_out_says_nothing(parts: Stores) -> None:
    compose = (
        "services:\n  c:\n    image: redis:8\n    volumes:\n      # - ./redis.conf:/redis.conf\n      - data:/data\n"
    )
    (store,) = parts({"compose.yaml": compose, "redis.conf": "requirepass x\n"}, DataStore)
    assert store.name == "c"


def test_how_sure_it_is_that_a_host_reads_a_file(parts: Stores) -> None:
    (store,) = parts({"redis.conf": "requirepass x\n"}, DataStore)
    assert store.confidence is Confidence.LIKELY
    compose = "services:\n  c:\n    image: redis:8\n"
    stores = parts({"compose.yaml": compose, "redis.conf": "requirepass x\n"}, DataStore)
    assert {one.name: one.confidence for one in stores} == {
        "c": Confidence.CERTAIN,
        "redis.conf": Confidence.POSSIBLE,
    }


def test_a_file_that_another_image_holds_is_in_a_container(parts: Stores) -> None:
    text = "bind 0.0.0.0\nprotected-mode no\n"
    compose = "services:\n  c:\n    image: shop/cache:3\n    volumes: ['./redis.conf:/redis.conf']\n"
    (store,) = [
        one for one in parts({"compose.yaml": compose, "redis.conf": text}, DataStore) if one.product == "redis"
    ]
    assert (store.contained, store.reach) == (True, Reach.INTERNAL)
    (store,) = parts({"Dockerfile": "FROM redis:8\nCOPY redis.conf /r.conf\n", "redis.conf": text}, DataStore)
    assert (store.contained, store.reach) == (True, Reach.INTERNAL)
