"""Conversations over HTTP: which product answers, and whether it asks who is there. Only GET is sent."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from batten.model.data import dataclass
from batten.understand.services.talk import Auth, Reconnect, Send, Spoken, StartTls

if TYPE_CHECKING:
    from collections.abc import Generator

    from batten.understand.services.talk import Manners, Step, Talk

_SERVER = re.compile(rb"(?im)^server:[ \t]*([^\r\n]{1,60})")
_LOCKED = frozenset((401, 403))
_FOUND = 200


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    head: bytes
    body: bytes

    @property
    def data(self) -> dict[str, Any]:
        """The body as JSON, where it is an object."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def http(manners: Manners) -> Talk:
    """Return what an HTTP server tells, over TLS where it speaks that; None where it is another service."""
    del manners
    held = yield _asking("/")
    answer = _read(held)
    tls = False
    if (not held or held.startswith(_ALERT)) if answer is None else _wants_tls(answer):
        if not (yield Reconnect()) or not (yield StartTls()):
            return _named(answer, tls=False) if answer is not None else None
        tls = True
        answer = yield from _get("/")
    if answer is None:
        return None
    found = yield from _product(answer, tls=tls)
    return found or _named(answer, tls=tls)


_BAD = 400
_SPEAKS = b"HTTP/"
_ALERT = b"\x15\x03"
"""How a TLS server refuses plain words, where it does not only hang up (RFC 8446 section 5.1)."""


def _wants_tls(answer: _Answer) -> bool:
    return answer.status == _BAD and b"HTTPS" in answer.body.upper()


def _named(answer: _Answer, *, tls: bool) -> Spoken:
    server = _SERVER.search(answer.head)
    said = server[1].decode("latin-1").strip() if server else ""
    return Spoken("http", said, tls=tls, says=f"it answers {answer.status}")


def _product(answer: _Answer, *, tls: bool) -> Generator[Step, bytes, Spoken | None]:
    """Return which product answers, where its own words tell."""
    data = answer.data
    number = data.get("version", {}).get("number", "") if isinstance(data.get("version"), dict) else ""
    if "You Know, for Search" in str(data.get("tagline", "")):
        return Spoken("elasticsearch", str(number), Auth.NONE, is_superuser=True, tls=tls, says="GET / is answered")
    if str(data.get("tagline", "")).startswith("The OpenSearch Project"):
        return Spoken("opensearch", str(number), Auth.NONE, is_superuser=True, tls=tls, says="GET / is answered")
    if answer.status in _LOCKED and (b"security_exception" in answer.body or b"OpenSearch Security" in answer.body):
        product = "opensearch" if b"OpenSearch" in answer.body else "elasticsearch"
        return Spoken(product, auth=Auth.REQUIRED, tls=tls, says=f"GET / is answered {answer.status}")
    if data.get("couchdb") == "Welcome":
        return (yield from _asked("couchdb", str(data.get("version", "")), "/_all_dbs", tls=tls))
    for path, product, mark in _QUESTIONS:
        if not mark(answer):
            continue
        found = yield from _asked(product, "", path, tls=tls)
        if found is not None:
            return found
    return None


def _asked(product: str, version: str, path: str, *, tls: bool) -> Generator[Step, bytes, Spoken | None]:
    """Return a product's answer at a path that only it has, None where it is none of it."""
    if not (yield Reconnect()) or (tls and not (yield StartTls())):
        return None
    answer = yield from _get(path)
    if answer is None:
        return None
    if answer.status in _LOCKED:
        return Spoken(product, version, Auth.REQUIRED, tls=tls, says=f"GET {path} is answered {answer.status}")
    check = _CHECKS[product]
    found = check(answer)
    if answer.status == _FOUND and found is not None:
        return Spoken(product, version or found, Auth.NONE, is_superuser=True, tls=tls, says=f"GET {path} is answered")
    return None


def _docker(answer: _Answer) -> str | None:
    data = answer.data
    return str(data["Version"]) if "ApiVersion" in data and "Version" in data else None


def _etcd(answer: _Answer) -> str | None:
    data = answer.data
    return str(data["etcdserver"]) if "etcdserver" in data else None


def _jupyter(answer: _Answer) -> str | None:
    return "" if {"kernels", "last_activity", "started"} <= answer.data.keys() else None


def _consul(answer: _Answer) -> str | None:
    config = answer.data.get("Config")
    return str(config.get("Version", "")) if isinstance(config, dict) and "Datacenter" in config else None


def _couchdb(answer: _Answer) -> str | None:
    return "" if answer.body.lstrip().startswith(b"[") else None


def _rabbit(answer: _Answer) -> str | None:
    version = answer.data.get("rabbitmq_version")
    return str(version) if version else None


_CHECKS = {
    "docker": _docker,
    "etcd": _etcd,
    "jupyter": _jupyter,
    "consul": _consul,
    "couchdb": _couchdb,
    "rabbitmq-management": _rabbit,
}
_NOT_FOUND = 404


def _is_docker(answer: _Answer) -> bool:
    return answer.status == _NOT_FOUND and answer.body.strip() == b'{"message":"page not found"}'


def _is_etcd(answer: _Answer) -> bool:
    return answer.status == _NOT_FOUND and answer.body.strip() == b"404 page not found"


def _is_jupyter(answer: _Answer) -> bool:
    return b"TornadoServer" in answer.head


def _is_consul(answer: _Answer) -> bool:
    return b"/ui/" in answer.head or b"Consul Agent" in answer.body


def _is_rabbit(answer: _Answer) -> bool:
    return b"RabbitMQ Management" in answer.body


_QUESTIONS = (
    ("/version", "docker", _is_docker),
    ("/version", "etcd", _is_etcd),
    ("/api/status", "jupyter", _is_jupyter),
    ("/v1/agent/self", "consul", _is_consul),
    ("/api/overview", "rabbitmq-management", _is_rabbit),
)
"""Path, product, and what of its landing page makes the question worth asking."""


def _get(path: str) -> Generator[Step, bytes, _Answer | None]:
    return _read((yield _asking(path)))


def _asking(path: str) -> Send:
    lines = (
        f"GET {path} HTTP/1.1",
        "Host: localhost",
        "User-Agent: batten",
        "Accept: */*",
        "Connection: close",
        "",
        "",
    )
    return Send("\r\n".join(lines).encode(), _ended, 2.0)


def _read(held: bytes) -> _Answer | None:
    match = re.match(rb"HTTP/1\.[01] (\d{3})", held)
    if match is None:
        return None
    head, _, body = held.partition(b"\r\n\r\n")
    return _Answer(int(match[1]), head, _unchunked(head, body))


def _unchunked(head: bytes, body: bytes) -> bytes:
    if not re.search(rb"(?im)^transfer-encoding:[ \t]*chunked", head):
        return body
    found = b""
    while match := re.match(rb"([0-9A-Fa-f]{1,6})[^\r\n]*\r\n", body):
        size = int(match[1], 16)
        if not size:
            break
        found += body[match.end() : match.end() + size]
        body = body[match.end() + size + 2 :]
    return found


def _ended(held: bytes) -> bool:
    if len(held) >= len(_SPEAKS) and not held.startswith(_SPEAKS):
        return True  # another protocol
    head, blank, body = held.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length:[ \t]*(\d{1,7})", head)
    return bool(blank) and length is not None and len(body) >= int(length[1])
