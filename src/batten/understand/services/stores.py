"""Conversations with caches and brokers that speak in lines or small packets."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from batten.understand.services.talk import Auth, Reconnect, Send, Spoken, line

if TYPE_CHECKING:
    from batten.understand.services.talk import Manners, Talk

REDIS_PASSWORDS = ("foobared", "redis", "password")
"""redis.conf's own example (`requirepass foobared`), and the two that tutorials use."""


def redis(manners: Manners) -> Talk:
    """Redis and its kin: `PING` is answered with PONG, or with NOAUTH where a password is required.

    Redis serialization protocol 2; `ERR` texts of Redis 7.2. INFO and ACL
    WHOAMI only read.
    """
    held = yield Send(b"PING\r\n", line)
    if held.startswith(b"-DENIED"):
        return Spoken("redis", auth=Auth.REQUIRED, says="protected mode refuses other hosts")
    if held.startswith(b"+PONG"):
        told = yield Send(b"INFO server\r\n", _info)
        found = re.search(rb"(redis|valkey)_version:([\w.]+)", told)
        who = yield Send(b"ACL WHOAMI\r\n", line)
        name = (yield Send(b"", line)) if who.startswith(b"$") and who.count(b"\n") < _BULK else who
        user = (who + name).split(b"\r\n")[1].decode("latin-1") if who.startswith(b"$") else ""
        may = not told.startswith((b"-NOPERM", b"-ERR"))
        return Spoken(
            "redis",
            found[2].decode() if found else "",
            Auth.NONE,
            user or "default",
            None,
            may,
            says="PING is answered without a password",
        )
    if not held.startswith((b"-NOAUTH", b"-WRONGPASS")):
        return None
    for password in REDIS_PASSWORDS if manners.logins else ():
        if not (yield Reconnect()):
            break
        answer = yield Send(b"AUTH " + password.encode() + b"\r\n", line)
        if answer.startswith(b"+OK"):
            said = "a password that everybody knows"
            return Spoken("redis", "", Auth.DEFAULT, "default", password, is_superuser=True, says=said)
        if b"max" in answer.lower() or not answer:
            break
    return Spoken("redis", auth=Auth.REQUIRED, says="NOAUTH")


_BULK = 2
"""Lines of a bulk string: its length and itself."""


def _info(held: bytes) -> bool:
    match = re.match(rb"\$(\d+)\r\n", held)
    return (held[:1] == b"-" and b"\n" in held) or (match is not None and len(held) >= int(match[1]) + match.end())


def memcached(manners: Manners) -> Talk:
    """Memcached: `version` is answered by a server without SASL; one with SASL closes (memcached 1.6 protocol.txt)."""
    del manners
    held = yield Send(b"version\r\n", line)
    found = re.match(rb"VERSION ([\w.-]+)", held)
    if found is None:
        return None
    told = yield Send(b"stats settings\r\n", lambda got: b"END\r\n" in got or b"ERROR" in got)
    needs = b"auth_enabled_sasl yes" in told or b"auth_enabled_ascii yes" in told
    open_ = b"STAT" in told and not needs
    auth = Auth.NONE if open_ else Auth.UNKNOWN
    return Spoken("memcached", found[1].decode(), auth, says="version and stats are answered")


def nats(manners: Manners) -> Talk:
    """NATS greets with INFO, which says whether a login is required (NATS protocol, INFO)."""
    del manners
    held = yield Send(b"", line, 0.4)
    return nats_greeting(held)


def nats_greeting(held: bytes) -> Spoken | None:
    """Return what an INFO line tells."""
    if not held.startswith(b"INFO {"):
        return None
    try:
        told = json.loads(held[5:].partition(b"\n")[0])
    except ValueError:
        return None
    if not isinstance(told, dict) or "server_id" not in told:
        return None
    needs = bool(told.get("auth_required"))
    tls = bool(told.get("tls_required") or told.get("tls_available"))
    return Spoken(
        "nats",
        str(told.get("version", "")),
        Auth.REQUIRED if needs else Auth.NONE,
        tls=tls,
        says="its greeting asks for no login" if not needs else "its greeting asks for a login",
    )


def zookeeper(manners: Manners) -> Talk:
    """ZooKeeper answers four-letter words (ZooKeeper admin guide); who may read its nodes they do not tell."""
    del manners
    held = yield Send(b"srvr", lambda got: b"\n" in got)
    if b"Zookeeper version" in held:
        found = re.search(rb"version: ([\w.]+)", held)
        return Spoken("zookeeper", found[1].decode() if found else "", says="srvr is answered")
    if b"is not executed because it is not in the whitelist" in held:
        return Spoken("zookeeper", says="srvr is not allowed")
    return None


def mqtt(manners: Manners) -> Talk:
    """MQTT: CONNECT without a user is accepted (0), or refused (4, 5) (MQTT 3.1.1 section 3.2.2.3)."""
    del manners
    name = b"batten"
    body = b"\x00\x04MQTT\x04\x02\x00\x0a" + len(name).to_bytes(2, "big") + name
    held = yield Send(b"\x10" + bytes([len(body)]) + body, lambda got: len(got) >= _CONNACK)
    if len(held) < _CONNACK or held[:2] != b"\x20\x02":
        return None
    if held[3] == 0:
        yield Send(b"\xe0\x00", wait_s=0.05)
        return Spoken("mosquitto", auth=Auth.NONE, says="CONNECT without a user is accepted")
    return Spoken("mosquitto", auth=Auth.REQUIRED, says="CONNECT without a user is refused")


_CONNACK = 4


def kafka(manners: Manners) -> Talk:
    """Kafka: ApiVersions, then Metadata, which a listener that requires SASL does not answer (Kafka protocol guide)."""
    del manners
    client = b"\x00\x06batten"
    body = b"\x00\x12\x00\x00\x00\x00\x00\x01" + client
    held = yield Send(len(body).to_bytes(4, "big") + body, _framed)
    if len(held) < _KAFKA or held[4:8] != b"\x00\x00\x00\x01" or int.from_bytes(held[:4], "big") > _LARGEST:
        return None
    body = b"\x00\x03\x00\x00\x00\x00\x00\x02" + client + b"\x00\x00\x00\x00"
    held = yield Send(len(body).to_bytes(4, "big") + body, _framed)
    answered = held[4:8] == b"\x00\x00\x00\x02"
    auth = Auth.NONE if answered else Auth.REQUIRED
    return Spoken("kafka", auth=auth, says="metadata is told to whoever asks" if answered else "metadata is not told")


_KAFKA = 10
_LARGEST = 1_000_000


def _framed(held: bytes) -> bool:
    return len(held) >= _FRAME and len(held) >= int.from_bytes(held[:4], "big") + _FRAME


_FRAME = 4


def amqp(manners: Manners) -> Talk:
    """RabbitMQ: guest/guest, which is taken from loopback only unless `loopback_users` says otherwise.

    AMQP 0-9-1 section 4.2.2; RabbitMQ 3.13 docs, Access Control.
    """
    held = yield Send(b"AMQP\x00\x00\x09\x01", _method)
    if held.startswith(b"AMQP"):
        return Spoken("amqp", says="another version of AMQP")
    if not held.startswith(b"\x01\x00\x00") or b"PLAIN" not in held:
        return Spoken("rabbitmq", says="no PLAIN login") if b"RabbitMQ" in held else None
    field = re.search(rb"\x07versionS\x00\x00\x00(.)", held, re.DOTALL)
    version = held[field.end() : field.end() + field[1][0]].decode("latin-1") if field else ""
    told = Spoken("rabbitmq", version, Auth.UNKNOWN, says="it asks for a login")
    if not manners.logins:
        return told
    response = b"\x00guest\x00guest"
    body = b"\x00\x0a\x00\x0b\x00\x00\x00\x00\x05PLAIN" + len(response).to_bytes(4, "big") + response + b"\x05en_US"
    answer = yield Send(b"\x01\x00\x00" + len(body).to_bytes(4, "big") + body + b"\xce", _method, 2.0)
    if answer[7:11] == b"\x00\x0a\x00\x1e":  # connection.tune: the login was taken
        return Spoken("rabbitmq", told.version, Auth.DEFAULT, "guest", "guest", None, says="guest/guest is taken")
    return Spoken("rabbitmq", told.version, Auth.REQUIRED, says="guest/guest is refused")


def _method(held: bytes) -> bool:
    return len(held) >= _HEAD and len(held) >= int.from_bytes(held[3:7], "big") + _HEAD + 1


_HEAD = 7
