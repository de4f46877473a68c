"""What is seen of a server's TLS: versions, suites, certificate, trust; of servers old, new, odd and silent."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import ssl
import struct
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from batten.collect.http import Target, Visitor, consented, visit
from batten.collect.http.target import Origin
from batten.collect.tls.hello import EVERY, WEAK, client_hello, reply
from batten.collect.tls.probe import TlsBounds, tls_of
from batten.model import BattenError
from batten.understand.answers.http import Answer, DefectKind, Failure, FailureKind, Request
from batten.understand.answers.tls import Offer, TlsAnswer, Trust, Version, Weakness
from tests.collect.authority import DAY, NOW, Authority, served
from tests.collect.servers import Server, head, keeps, page, resets, says

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.collect.servers import Handler

pytestmark = pytest.mark.process
PATIENT = TlsBounds(handshake_s=3, all_s=10)
QUICK = TlsBounds(handshake_s=0.3, all_s=1)
OPENSSL = shutil.which("openssl")


def see(target: Target, ca_file: str = "", bounds: TlsBounds = PATIENT) -> TlsAnswer:
    begun = time.monotonic()
    found = asyncio.run(tls_of(target, bounds=bounds, ca_file=ca_file))
    assert time.monotonic() - begun < 8
    return found


def as_named(server: Server, name: str) -> Target:
    target = consented(server.url)
    return replace(target, origin=Origin("https", name, server.port))


def taken(found: TlsAnswer) -> list[str]:
    return [str(one.version) for one in found.versions if one.offer is Offer.YES]


def test_a_server_of_today(authority: Authority) -> None:
    with Server(keeps(lambda _: page()), served(authority.issue("good"))) as server:
        found = see(consented(server.url), str(authority.file))
    assert taken(found) == ["TLS 1.2", "TLS 1.3"]
    assert {one.offer for one in found.versions[:3]} == {Offer.NO}
    assert (found.trust, found.is_verified, found.names_host, found.says) == (Trust.TRUSTED, True, True, "")
    assert found.version == "TLSv1.3"
    assert found.suite.startswith("TLS_")
    assert found.certificate is not None
    assert found.certificate.subject == "CN=good"
    assert found.certificate.addresses == ("127.0.0.1",)
    assert {one.offer for one in found.weak} == {Offer.NO}
    assert found.seen_at is not None
    assert found.failure == ""


def test_a_server_of_tls_1_3_alone(authority: Authority) -> None:
    context = served(authority.issue("new"))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with Server(keeps(lambda _: page()), context) as server:
        found = see(consented(server.url), str(authority.file))
    assert taken(found) == ["TLS 1.3"]
    assert found.weak == ()
    assert found.is_verified
    assert [one.subject for one in found.chain] == ["CN=new"]


@pytest.mark.parametrize(
    ("kind", "trust"),
    [
        ({"between": (NOW - 9 * DAY, NOW - DAY)}, Trust.EXPIRED),
        ({"between": (NOW + DAY, NOW + 9 * DAY)}, Trust.NOT_YET_VALID),
        ({"by_itself": True}, Trust.SELF_SIGNED),
    ],
)
def test_certificates_that_are_not_trusted(authority: Authority, kind: dict[str, object], trust: Trust) -> None:
    file = authority.issue(trust.name, **kind)  # type: ignore[arg-type]
    with Server(keeps(lambda _: page()), served(file)) as server:
        found = see(consented(server.url), str(authority.file))
    assert (found.trust, found.is_verified, found.names_host, found.says) == (trust, False, True, trust.value)
    assert found.certificate is not None
    assert found.certificate.is_self_issued is (trust is Trust.SELF_SIGNED)


def test_an_unknown_authority(authority: Authority) -> None:
    with Server(keeps(lambda _: page()), served(authority.issue("stray"))) as server:
        found = see(consented(server.url))
    assert (found.trust, found.is_verified) == (Trust.UNKNOWN_ISSUER, False)


def test_a_certificate_of_another_name_is_trusted_and_not_verified(authority: Authority) -> None:
    with Server(keeps(lambda _: page()), served(authority.issue("other", names=("other.test",)))) as server:
        found = see(as_named(server, "shop.test"), str(authority.file))
    assert (found.trust, found.names_host, found.is_verified) == (Trust.TRUSTED, False, False)
    assert found.says == Trust.OTHER_NAME.value


def test_who_names_no_host_may_get_another_certificate(authority: Authority) -> None:
    named, fallback = served(authority.issue("named")), served(authority.issue("fallback"))

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name == "shop.test":
            connection.context = named

    fallback.sni_callback = choose
    with Server(keeps(lambda _: page()), fallback) as server:
        found = see(as_named(server, "shop.test"), str(authority.file))
    assert found.certificate is not None
    assert found.certificate.subject == "CN=named"
    assert found.without_name not in {None, "", found.certificate.sha256}


# old servers


@contextlib.contextmanager
def s_server(file: Path, *options: str) -> Iterator[Target]:
    """Serve by the command line tool of OpenSSL, which can be told to be careless."""
    if OPENSSL is None:
        pytest.skip("no openssl")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [OPENSSL, "s_server", "-accept", f"127.0.0.1:{port}", "-cert", str(file), "-quiet", "-www", *options]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as process:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                if process.poll() is not None:
                    pytest.skip("this openssl has no such option")
                time.sleep(0.02)
            yield consented(f"https://127.0.0.1:{port}")
        finally:
            process.terminate()


@pytest.mark.parametrize(("option", "version"), [("-tls1", "TLS 1.0"), ("-tls1_1", "TLS 1.1")])
def test_a_server_of_old_versions_alone(authority: Authority, option: str, version: str) -> None:
    with s_server(authority.issue("old"), option, "-cipher", "ALL:@SECLEVEL=0") as target:
        found = see(target, str(authority.file))
        answer = visit(
            lambda: Visitor([target], ca_file=str(authority.file)),
            lambda eyes: eyes.ask(Request("GET", f"{target.origin}/")),
        )
    assert taken(found) == [version]
    assert (found.trust, found.is_verified) == (Trust.TRUSTED, None)
    assert found.says != ""
    assert [one.subject for one in found.chain] == ["CN=old"]
    assert isinstance(answer, Answer)
    assert (answer.status, answer.verified) == (200, False)


def test_weak_suites_are_found_one_kind_at_a_time(authority: Authority) -> None:
    suites = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
    with s_server(authority.issue("weak"), "-no_tls1_3", "-cipher", suites) as target:
        found = see(target, str(authority.file))
    assert taken(found) == ["TLS 1.0", "TLS 1.1", "TLS 1.2"]
    offered = {one.weakness for one in found.weak if one.offer is Offer.YES}
    assert {Weakness.NULL, Weakness.ANONYMOUS} <= offered
    assert Weakness.EXPORT not in offered
    assert all(one.suite in WEAK[one.weakness] for one in found.weak if one.offer is Offer.YES)


# servers that are none, or odd


def server_hello(version: int, suite: int) -> bytes:
    body = struct.pack(">H", version) + bytes(32) + b"\0" + struct.pack(">H", suite) + b"\0"
    message = b"\x02" + len(body).to_bytes(3) + body + b"\x0e\0\0\0"
    return struct.pack(">BHH", 22, version, len(message)) + message


def chooses(version: int, suite: int) -> Handler:
    """Take any ClientHello that offers the version and the suite; refuse all others, as an old server would."""

    def handler(connection: socket.socket, _: Server) -> None:
        data = connection.recv(4096)
        if data[9:11] == struct.pack(">H", version) and struct.pack(">H", suite) in data[44:]:
            connection.sendall(server_hello(version, suite))
        else:
            connection.sendall(b"\x15\x03\x01\0\x02\x02\x28")

    return handler


@pytest.mark.parametrize(
    ("version", "suite", "weakness"),
    [
        (Version.SSL_3, 0x000A, Weakness.TRIPLE_DES),
        (Version.TLS_1_0, 0x0003, Weakness.EXPORT),
        (Version.TLS_1_0, 0x0005, Weakness.RC4),
        (Version.TLS_1_1, 0x0009, Weakness.DES),
        (Version.TLS_1_2, 0x002F, Weakness.STATIC_RSA),
    ],
)
def test_what_the_local_openssl_does_not_have(version: Version, suite: int, weakness: Weakness) -> None:
    with Server(chooses(version.value, suite)) as server:
        found = see(consented(server.url.replace("http", "https")))
    assert [one.version for one in found.versions if one.offer is Offer.YES] == [version]
    assert [(one.weakness, one.suite, one.version) for one in found.weak if one.offer is Offer.YES] == [
        (weakness, suite, version)
    ]
    assert found.chain == ()
    assert (found.trust, found.names_host, found.is_verified) == (None, None, None)


def test_an_answer_with_an_older_version_is_a_refusal() -> None:
    with Server(says_at_once(server_hello(0x0301, 0x002F))) as server:
        found = see(consented(server.url.replace("http", "https")))
    assert taken(found) == ["TLS 1.0"]
    assert found.offer(Version.TLS_1_2) is Offer.NO


def test_a_suite_that_was_not_offered_tells_nothing() -> None:
    with Server(says_at_once(server_hello(0x0303, 0xC02F))) as server:
        found = see(consented(server.url.replace("http", "https")))
    assert {one.offer for one in found.weak} == {Offer.UNKNOWN}


def test_a_closed_connection_is_a_refusal_where_another_version_is_taken() -> None:
    def handler(connection: socket.socket, _: Server) -> None:
        if connection.recv(4096)[9:11] == b"\x03\x02":
            connection.sendall(server_hello(0x0302, 0x002F))

    with Server(handler) as server:
        found = see(consented(server.url.replace("http", "https")))
    assert taken(found) == ["TLS 1.1"]
    assert found.offer(Version.TLS_1_0) is Offer.NO


def says_at_once(*parts: bytes, hold: bool = False) -> Handler:
    def handler(connection: socket.socket, server: Server) -> None:
        connection.recv(4096)
        for part in parts:
            connection.sendall(part)
        if hold:
            server.is_over.wait(5)

    return handler


@pytest.mark.parametrize(
    ("handler", "failure"),
    [
        (says_at_once(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "the port does not speak TLS"),
        (says_at_once(b"\xff" * 100_000), "the port does not speak TLS"),
        (says_at_once(), "the connection was closed before an answer"),
        (says_at_once(hold=True), "no answer in time"),
        (says_at_once(b"\x16\x03\x01\x40", hold=True), "no answer in time"),
        (says_at_once(b"\x16\x03\x01\0\x04\x02\xff\xff\xff" * 30_000), "an answer without an end"),
        (says_at_once(b"\x16\x03\x01\0\x04\x02\0\0\0"), "the port does not speak TLS"),
    ],
)
def test_ports_without_tls(handler: Handler, failure: str) -> None:
    with Server(handler) as server:
        hangs = failure == "no answer in time"
        found = see(consented(server.url.replace("http", "https")), bounds=QUICK if hangs else PATIENT)
    assert found.failure == failure
    assert taken(found) == []
    assert (found.chain, found.trust, found.is_verified) == ((), None, None)


def test_a_port_that_nobody_serves() -> None:
    with Server(says()) as server:
        pass
    assert see(consented(server.url.replace("http", "https"))).failure == "nothing listens on the port"


def test_replies_in_any_number_of_pieces_and_of_any_bytes() -> None:
    whole = server_hello(0x0303, 0xC02F)
    for size in range(len(whole)):
        assert not reply(whole[:size]).is_over
    assert reply(whole).version == 0x0303
    for at in range(len(whole)):
        for byte in (0, 1, 127, 255):
            reply(whole[:at] + bytes([byte]) + whole[at + 1 :])


def test_a_reply_in_a_record_for_each_byte() -> None:
    whole = server_hello(0x0303, 0xC02F)[5:]
    split = b"".join(b"\x16\x03\x03\0\x01" + bytes([byte]) for byte in whole)
    assert (reply(split).version, reply(split).is_over) == (0x0303, True)


def test_an_alert_ends_a_reply() -> None:
    assert reply(b"\x15\x03\x01\0\x02\x01\x70").alert == ""  # a warning
    assert reply(b"\x15\x03\x01\0\x02\x02\x46").alert == "protocol_version"
    assert reply(b"\x15\x03\x01\0\x02\x02\xfe").alert == "alert 254"


def test_a_hello_holds_what_it_is_asked_to_offer() -> None:
    assert b"shop.test" in client_hello(Version.TLS_1_2, EVERY, "shop.test")
    assert len(set(EVERY)) == len(EVERY)
    assert client_hello(Version.SSL_3, (10,), "shop.test")[-4:] == b"\0\xff\x01\0"


# pages over TLS


def asked(server: Server, ca_file: str = "") -> tuple[Answer | Failure, str]:
    async def both(eyes: Visitor) -> tuple[Answer | Failure, str]:
        found = await eyes.ask(Request("GET", f"{server.url}/"))
        return found, eyes.distrust(target.origin)

    target = consented(server.url)
    return visit(lambda: Visitor([target], ca_file=ca_file), both)


def test_a_trusted_page(authority: Authority) -> None:
    with Server(keeps(lambda _: page()), served(authority.issue("page"))) as server:
        found, why = asked(server, str(authority.file))
    assert isinstance(found, Answer)
    assert (found.body, found.verified, found.is_https, why) == (b"ok", True, True, "")


def test_a_page_with_a_bad_certificate_is_read_all_the_same(authority: Authority) -> None:
    with Server(keeps(lambda _: page()), served(authority.issue("bad", between=(NOW - 9 * DAY, NOW - DAY)))) as server:
        found, why = asked(server, str(authority.file))
        assert server.connections == 2
    assert isinstance(found, Answer)
    assert (found.body, found.verified, why) == (b"ok", False, Trust.EXPIRED.value)


def test_what_came_before_a_reset_is_not_lost(authority: Authority) -> None:
    data = b"HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 9\r\n\r\nhi"
    with Server(resets(data), served(authority.issue("reset"))) as server:
        found, _ = asked(server, str(authority.file))
    assert isinstance(found, Answer)
    assert (found.status, found.first("a"), found.body, found.cut) == (200, "1", b"hi", True)
    assert [defect.kind for defect in found.defects] == [DefectKind.SHORT_BODY]


def test_bytes_that_are_not_encrypted_end_a_connection(authority: Authority) -> None:
    def handler(connection: socket.socket, server: Server) -> None:
        head(connection, server)
        os.write(connection.fileno(), b"HTTP/1.1 200 OK\r\n\r\n")

    with Server(handler, served(authority.issue("bare"))) as server:
        found, _ = asked(server, str(authority.file))
    assert isinstance(found, Failure)
    assert (found.kind, found.says) == (FailureKind.CLOSED, "what came was TLS no more")


def test_the_address_that_answers_is_the_one_that_is_looked_at(authority: Authority) -> None:
    with Server(keeps(lambda _: page()), served(authority.issue("second"))) as server:
        target = replace(consented(server.url), addresses=("127.0.0.9", "127.0.0.1"))
        assert taken(see(target)) == ["TLS 1.2", "TLS 1.3"]


def test_https_of_a_port_that_speaks_plain_http() -> None:
    with Server(says_at_once(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        target = consented(server.url.replace("http", "https"))
        found = visit(lambda: Visitor([target]), lambda eyes: eyes.ask(Request("GET", f"{target.origin}/")))
    assert isinstance(found, Failure)
    assert (found.kind, found.says) == (FailureKind.TLS, "the port does not speak TLS")


def test_a_server_that_asks_for_a_clients_certificate(authority: Authority) -> None:
    context = served(authority.issue("mutual"))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.file)
    with Server(keeps(lambda _: page()), context) as server:
        found, _ = asked(server, str(authority.file))
    assert isinstance(found, Failure)
    assert found.says == "the server asks for a client's certificate"


def test_a_file_of_authorities_that_is_none(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("no")
    with Server(keeps(lambda _: page()), served(authority.issue("unread"))) as server:
        with pytest.raises(BattenError, match="cannot be read as certificates"):
            asked(server, str(tmp_path / "x.pem"))
        with pytest.raises(BattenError, match="cannot be read as certificates"):
            see(consented(server.url), str(tmp_path / "x.pem"))
