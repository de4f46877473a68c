"""What each service's own handshake tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.services.greetings import greeting
from batten.understand.services.mongo import mongo
from batten.understand.services.mysql import mysql
from batten.understand.services.order import ALL, conversations
from batten.understand.services.postgres import postgres
from batten.understand.services.stores import amqp, kafka, memcached, mqtt, nats, redis, zookeeper
from batten.understand.services.talk import Auth, Spoken
from batten.understand.services.web import http

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.services.talk import Manners, Talk

Hold = "Callable[..., Spoken | None]"

INFO = b"$58\r\n# Server\r\nredis_version:7.2.4\r\nredis_mode:standalone\r\nos:Linux\r\n\r\n"


def test_redis_without_a_password(hold: Callable[..., Spoken]) -> None:
    told = hold(redis, b"+PONG\r\n", INFO, b"$7\r\ndefault\r\n")
    assert (told.product, told.version, told.auth, told.login, told.is_superuser) == (
        "redis", "7.2.4", Auth.NONE, "default", True,
    )  # fmt: skip


def test_redis_with_a_password_that_everybody_knows(hold: Callable[..., Spoken]) -> None:
    told = hold(redis, b"-NOAUTH Authentication required.\r\n", b"+OK\r\n")
    assert (told.auth, told.password) == (Auth.DEFAULT, "foobared")


def test_redis_with_a_password_of_its_own(hold: Callable[..., Spoken]) -> None:
    refused = b"-WRONGPASS invalid username-password pair or user is disabled.\r\n"
    assert hold(redis, b"-NOAUTH\r\n", refused, refused, refused).auth is Auth.REQUIRED


def test_no_password_is_tried_where_that_is_not_wanted(hold: Callable[..., Spoken]) -> None:
    assert hold(redis, b"-NOAUTH\r\n", b"+OK\r\n", logins=False).auth is Auth.REQUIRED
    assert hold(postgres, b"N", SCRAM, b"R\x00\x00\x00\x08\x00\x00\x00\x00", logins=False).auth is Auth.REQUIRED


def test_redis_in_protected_mode(hold: Callable[..., Spoken]) -> None:
    assert hold(redis, b"-DENIED Redis is running in protected mode").auth is Auth.REQUIRED


@pytest.mark.parametrize(
    ("settings", "auth"),
    [
        (b"STAT maxbytes 67108864\r\nSTAT auth_enabled_sasl no\r\nEND\r\n", Auth.NONE),
        (b"STAT auth_enabled_sasl yes\r\nEND\r\n", Auth.UNKNOWN),
        (b"CLIENT_ERROR unauthenticated\r\n", Auth.UNKNOWN),
    ],
)
def test_memcached(hold: Callable[..., Spoken], settings: bytes, auth: Auth) -> None:
    told = hold(memcached, b"VERSION 1.6.18\r\n", settings)
    assert (told.version, told.auth) == ("1.6.18", auth)


@pytest.mark.parametrize(("code", "auth"), [(0, Auth.NONE), (4, Auth.REQUIRED), (5, Auth.REQUIRED)])
def test_mqtt(hold: Callable[..., Spoken], code: int, auth: Auth) -> None:
    assert hold(mqtt, b"\x20\x02\x00" + bytes([code])).auth is auth


def test_nats(hold: Callable[..., Spoken]) -> None:
    told = hold(nats, b'INFO {"server_id":"X","version":"2.10.1","auth_required":true,"tls_available":true}\r\n')
    assert (told.version, told.auth, told.tls) == ("2.10.1", Auth.REQUIRED, True)
    assert hold(greeting, b'INFO {"server_id":"X","version":"2.10.1"}\r\n').auth is Auth.NONE


def test_zookeeper(hold: Callable[..., Spoken]) -> None:
    assert hold(zookeeper, b"Zookeeper version: 3.9.1-abc, built on 2023\n").version == "3.9.1"
    assert hold(zookeeper, b"srvr is not executed because it is not in the whitelist.\n").auth is Auth.UNKNOWN


def test_kafka(hold: Callable[..., Spoken]) -> None:
    versions = b"\x00\x00\x00\x06\x00\x00\x00\x01\x00\x00"
    metadata = b"\x00\x00\x00\x06\x00\x00\x00\x02\x00\x00"
    assert hold(kafka, versions, metadata).auth is Auth.NONE
    assert hold(kafka, versions, b"").auth is Auth.REQUIRED


START = b"\x01\x00\x00\x00\x00\x00\x2f\x00\x0a\x00\x0a...RabbitMQ"
START += b"\x07versionS\x00\x00\x00\x063.10.8\x00\x00\x00\x0ePLAIN AMQPLAIN\xce"
TUNE = b"\x01\x00\x00\x00\x00\x00\x0c\x00\x0a\x00\x1e" + bytes(8) + b"\xce"


def test_rabbitmq(hold: Callable[..., Spoken]) -> None:
    assert (hold(amqp, START, TUNE).auth, hold(amqp, START, TUNE).version) == (Auth.DEFAULT, "3.10.8")
    assert hold(amqp, START, b"").auth is Auth.REQUIRED
    assert hold(amqp, START, logins=False).auth is Auth.UNKNOWN


SCRAM = b"R\x00\x00\x00\x17\x00\x00\x00\x0aSCRAM-SHA-256\x00\x00"
LET_IN = b"R\x00\x00\x00\x08\x00\x00\x00\x00S\x00\x00\x00\x17server_version\x0017.5\x00Z\x00\x00\x00\x05I"
IS_SUPERUSER = b"T\x00...D\x00\x00\x00\x0c\x00\x01\x00\x00\x00\x02onC\x00\x00\x00\x09SHOW\x00Z\x00\x00\x00\x05I"


def test_postgres_that_trusts_everyone(hold: Callable[..., Spoken]) -> None:
    told = hold(postgres, b"N", LET_IN, IS_SUPERUSER)
    assert (told.version, told.auth, told.login, told.is_superuser, told.tls) == (
        "17.5", Auth.NONE, "postgres", True, False,
    )  # fmt: skip


def test_postgres_that_refuses(hold: Callable[..., Spoken]) -> None:
    refused = b"E\x00\x00\x00\x30SFATAL\x00C28000\x00Mno pg_hba.conf entry for host\x00\x00"
    told = hold(postgres, b"N", refused)
    assert (told.auth, told.says) == (Auth.REQUIRED, "no pg_hba.conf entry for host")


@pytest.mark.parametrize(
    ("code", "text", "auth"),
    [
        (b"28P01", b"password authentication failed", Auth.REQUIRED),
        (b"53300", b"sorry, too many clients already", Auth.UNKNOWN),
        (b"3D000", b"database postgres does not exist", Auth.UNKNOWN),
        (b"08P01", b"bouncer config error", Auth.UNKNOWN),
    ],
)
def test_only_a_refusal_of_the_login_tells_that_postgres_is_locked(
    hold: Callable[..., Spoken], code: bytes, text: bytes, auth: Auth
) -> None:
    body = b"SFATAL\x00C" + code + b"\x00M" + text + b"\x00\x00"
    refused = b"E" + (len(body) + 4).to_bytes(4, "big") + body
    assert hold(postgres, b"N", refused, logins=False).auth is auth


def test_postgres_with_tls_that_fails(hold: Callable[..., Spoken]) -> None:
    assert hold(postgres, b"S", tls=False).tls is True


def test_mysql_greeting_and_an_empty_password(hold: Callable[..., Spoken]) -> None:
    body = (
        b"\x0a5.5.5-10.11.6-MariaDB\x00" + b"\x01\x00\x00\x00" + b"12345678\x00" + b"\xff\xff" + b"\x2d" + b"\x02\x00"
        + b"\xff\x81" + b"\x15" + bytes(10) + b"123456789012\x00" + b"mysql_native_password\x00"
    )  # fmt: skip
    greeted = len(body).to_bytes(3, "little") + b"\x00" + body
    grants = b"\x01\x00\x00\x01\x01...GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost`"
    told = hold(mysql, greeted, b"\x07\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00", grants)
    assert (told.product, told.version, told.auth, told.login, told.is_superuser, told.tls) == (
        "mariadb", "10.11.6", Auth.DEFAULT, "root", True, True,
    )  # fmt: skip
    denied = b"\x20\x00\x00\x02\xff\x15\x04#28000Access denied"
    assert hold(mysql, greeted, denied, greeted, denied, greeted, denied).auth is Auth.REQUIRED
    blocked = b"\x20\x00\x00\x02\xff\x69\x04#HY000Host is blocked because of many connection errors"
    assert hold(mysql, greeted, blocked).auth is Auth.UNKNOWN


def test_mongo(hold: Callable[..., Spoken]) -> None:
    def message(body: bytes) -> bytes:
        return (len(body) + 16).to_bytes(4, "little") + bytes(8) + b"\xdd\x07\x00\x00" + body

    hello, built = message(b"maxWireVersion"), message(b"\x02version\x00\x06\x00\x00\x007.0.5\x00")
    assert hold(mongo, hello, built, message(b"\x04databases\x00")).auth is Auth.NONE
    locked = message(b"\x10code\x00\x0d\x00\x00\x00")
    assert hold(mongo, hello, built, locked).auth is Auth.REQUIRED


def page(body: bytes, status: bytes = b"200 OK", *headers: bytes) -> bytes:
    head = b"\r\n".join((b"HTTP/1.1 " + status, *headers, b"Content-Length: " + str(len(body)).encode()))
    return head + b"\r\n\r\n" + body


NO_PAGE = page(b'{"message":"page not found"}', b"404 x")
TORNADO = page(b"", b"302 x", b"Server: TornadoServer/6.4")


@pytest.mark.parametrize(
    ("answers", "product", "auth"),
    [
        ([page(b'{"version":{"number":"8.1"},"tagline":"You Know, for Search"}')], "elasticsearch", Auth.NONE),
        ([page(b'{"error":{"type":"security_exception"}}', b"401 x")], "elasticsearch", Auth.REQUIRED),
        ([NO_PAGE, page(b'{"ApiVersion":"1.45","Version":"26.1"}')], "docker", Auth.NONE),
        ([page(b"404 page not found\n", b"404 x"), page(b'{"etcdserver":"3.5.9"}')], "etcd", Auth.NONE),
        ([page(b"404 page not found\n", b"404 x"), page(b"404 page not found\n", b"404 x")], "http", Auth.UNKNOWN),
        ([TORNADO, page(b'{"kernels":1,"last_activity":"","started":""}')], "jupyter", Auth.NONE),
        ([TORNADO, page(b"", b"403 x")], "jupyter", Auth.REQUIRED),
        ([page(b"<p>hello", b"200 OK", b"Server: nginx/1.28.0")], "http", Auth.UNKNOWN),
        ([page(b"<title>RabbitMQ Management"), page(b"", b"401 x")], "rabbitmq-management", Auth.REQUIRED),
        ([page(b'{"couchdb":"Welcome","version":"3.3"}'), page(b'["_users"]')], "couchdb", Auth.NONE),
    ],
)  # fmt: skip
def test_what_answers_http(hold: Callable[..., Spoken], answers: list[bytes], product: str, auth: Auth) -> None:
    told = hold(http, *answers)
    assert (told.product, told.auth) == (product, auth)


def test_http_over_tls(hold: Callable[..., Spoken]) -> None:
    told = hold(http, page(b"The plain HTTP request was sent to HTTPS port", b"400 x"), page(b"hello"), tls=True)
    assert (told.product, told.tls) == ("http", True)


def test_tls_is_tried_where_plain_words_are_refused_and_nowhere_else(hold: Callable[..., Spoken | None]) -> None:
    for refusal in (b"", b"\x15\x03\x01\x00\x02\x02\x46"):
        told = hold(http, refusal, page(b"hello"), tls=True)
        assert told is not None
        assert told.tls is True
    assert hold(http, b"-ERR unknown command\r\n", page(b"hello"), tls=True) is None


@pytest.mark.parametrize(
    ("greets", "product"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "ssh"),
        (b"RFB 003.008\n", "vnc"),
        (b"* OK Dovecot ready.\r\n", "imap"),
        (b"@RSYNCD: 31.0\n", "rsync"),
        (b'Content-Length: 116\r\n\r\n{"seq": 1, "type": "event", "body": {"packageName": "debugpy"}}', "debugpy"),
    ],
)
def test_services_that_speak_first(hold: Callable[..., Spoken], greets: bytes, product: str) -> None:
    assert hold(greeting, greets).product == product


def test_ftp_and_smtp_both_greet_with_220(hold: Callable[..., Spoken]) -> None:
    assert hold(greeting, b"220 mail ESMTP\r\n", b"250-mail\r\n250 STARTTLS\r\n").product == "smtp"
    ftp = (b"220 vsFTPd\r\n", b"530 Please login\r\n", b"220 vsFTPd\r\n", b"331 password?\r\n")
    told = hold(greeting, *ftp, b"230 Login successful\r\n")
    assert (told.product, told.auth, told.login) == ("ftp", Auth.NONE, "anonymous")
    assert hold(greeting, *ftp, b"530 Login incorrect\r\n").auth is Auth.REQUIRED
    assert hold(greeting, *ftp, logins=False).auth is Auth.UNKNOWN


NOISE = [
    b"",
    b"\x00" * 64,
    b"\xff" * 64,
    b"HTTP/1.1 200",
    b"R\x00\x00",
    b"220",
    b"{}",
    bytes(range(256)) * 4,
    b"INFO {",
]


@pytest.mark.parametrize("talk", [*ALL, mysql, nats], ids=lambda one: one.__name__)
@pytest.mark.parametrize("noise", NOISE, ids=repr)
def test_noise_is_nothing_and_ends(
    hold: Callable[..., Spoken | None], talk: Callable[[Manners], Talk], noise: bytes
) -> None:
    for answers in ([noise], [noise] * 30):
        try:
            told = hold(talk, *answers, tls=True)
        except (ValueError, IndexError):
            continue  # the wire takes that for nothing
        assert told is None or told.auth not in {Auth.NONE, Auth.DEFAULT}


def test_a_number_is_a_hint_and_no_proof() -> None:
    assert conversations(6379)[0] is redis
    assert set(conversations(6379)) == set(ALL)
    assert conversations(40_001) == ALL
