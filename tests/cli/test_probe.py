"""`batten probe` typed at a server of the test's own on 127.0.0.1."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import batten as batten_package
from batten.model import BattenError
from tests.collect.authority import Authority, served
from tests.collect.servers import Server, keeps, page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Typed

PAGES = {
    "/": ("text/html", b"<!doctype html><title>Shop</title>"),
    "/.git/HEAD": ("text/plain", b"ref: refs/heads/main\n"),
}
SLOW = """\
import os, time

with open("pid", "w") as file:
    file.write(str(os.getpid()))


def app(environ, start_response):
    time.sleep(30)
"""
SECRET = b"SECRET_KEY=q3Lz8dWw0\n"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = PAGES.get(self.path, ("text/plain", b"no"))
        if self.path == "/.env":
            kind, body = "text/plain", SECRET
        self.send_response(200 if self.path in PAGES or self.path == "/.env" else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.process
def test_what_a_visitor_sees_shuts_the_gate(batten: Typed, address: str) -> None:
    said = batten("probe", address)
    assert said.code == 1
    assert "critical[exposed-path/git]" in said.out
    assert f"--> {address}/.env" in said.out
    assert "q3Lz8dWw0" not in said.out
    assert "Observatory F" in said.out
    assert said.err.startswith(f"probing {address}/: at most 150 requests in 40 s")


@pytest.mark.process
def test_the_report_is_data_too(batten: Typed, address: str) -> None:
    typed = (address.removeprefix("http://"), "--format", "json", "--only", "headers", "--observatory", "5")
    said = batten("probe", *typed)
    report = json.loads(said.out)
    assert (said.code, report["layers"]["http"], report["layers"]["app"]) == (0, "evaluated", "not asked")
    (site,) = report["http"]
    assert (site["url"], site["observatory"]["version"], len(site["observatory"]["tests"])) == (f"{address}/", 5, 10)
    assert site["requests"] < 10
    assert {finding["confidence"] for finding in report["findings"]} == {"confirmed"}
    assert not [finding for finding in report["findings"] if finding["topic"] == "exposed-path"]


@pytest.mark.process
def test_a_site_that_is_not_there_is_nothing_to_audit(batten: Typed) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = batten("probe", f"http://127.0.0.1:{port}")
    assert said.code == 3
    assert "the connection was refused" in " ".join(said.out.split())


@pytest.mark.process
def test_plain_http_to_a_port_that_speaks_tls_is_told_so(batten: Typed, tmp_path: Path) -> None:
    context = served(Authority(tmp_path).issue("shop"))
    with Server(keeps(lambda _: page()), context) as server:
        said = batten("probe", f"127.0.0.1:{server.port}", "--only", "headers")
    assert said.code == 3
    assert f"the port speaks TLS: try https://127.0.0.1:{server.port}/" in " ".join(said.out.split())


def silence(_: socket.socket, server: Server) -> None:
    server.is_over.wait(30)


@pytest.mark.process
@pytest.mark.parametrize("typed", [(), ("--app", "shop:app")], ids=["of a site", "of an app that it started"])
def test_an_interrupted_probe_leaves_nothing_running(typed: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SLOW, encoding="utf-8")
    with Server(silence) as silent:
        argv = [sys.executable, "-m", "batten", "probe", *(typed or (silent.url,))]
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(batten_package.__file__).parents[1])}
        with subprocess.Popen(argv, env=env, cwd=tmp_path, stderr=subprocess.PIPE, start_new_session=True) as process:
            assert process.stderr is not None
            assert process.stderr.readline().startswith(b"probing ")
            process.send_signal(signal.SIGINT)
            code = process.wait(20)
            said = process.stderr.read()
    assert code == 130
    assert b"Traceback" not in said
    if typed:
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ((), "no address given"),
        (("http://192.0.2.1/",), "nothing says that you may probe it"),
        (("ftp://127.0.0.1/",), "not the address of a site"),
        (("http://127.0.0.1:1", "--only", "headers,paht"), "there is no such part"),
        (("http://127.0.0.1:1", "--header", "Authorization"), "not a header"),
        (("http://127.0.0.1:1", "--resolve", "shop.example"), "names no address"),
    ],
)
def test_what_is_typed_wrong_is_told_before_anything_is_sent(
    batten: Typed, typed: tuple[str, ...], complaint: str
) -> None:
    said = batten("probe", *typed)
    assert (said.code, said.out) == (2, "")
    assert complaint in said.err


class Upgrading(Handler):
    """Sends whoever did not come over https there, as Flask-Talisman and Django's SECURE_SSL_REDIRECT do."""

    header = "X-Forwarded-Proto"

    def do_GET(self) -> None:
        if self.headers.get(self.header) == "https":
            super().do_GET()
            return
        self.send_response(302)
        self.send_header("Location", f"https://{self.headers['Host']}{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()


class Forgetful(Upgrading):
    """The same, without a word from the proxy."""

    header = "X-Nobody-Sends-This"


@pytest.fixture(params=[Upgrading, Forgetful])
def upgrading(request: pytest.FixtureRequest) -> Iterator[tuple[str, bool]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), request.param)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", request.param is Upgrading
    server.shutdown()
    server.server_close()


@pytest.mark.process
def test_an_app_that_sends_everybody_to_https_is_seen_as_deployed(batten: Typed, upgrading: tuple[str, bool]) -> None:
    address, is_told = upgrading
    said = batten("probe", address)
    assert said.code == 3
    assert "--as-deployed stands in for the proxy" in " ".join(said.out.split())
    said = batten("probe", address, "--as-deployed", "--format", "json")
    report = json.loads(said.out)
    if not is_told:
        assert "it does not read X-Forwarded-Proto" in report["layers"]["http"]
        return
    (site,) = report["http"]
    assert (site["url"], site["grade"]) == (f"{address}/", site["as_deployed"]["grade"])
    assert report["layers"]["http"] == "evaluated"
    found = {finding["rule"] for finding in report["findings"]}
    assert {"exposed-path/git", "https/hsts-missing"} <= found
    assert not [rule for rule in found if rule.startswith("server-tls/")]


@pytest.mark.process
def test_python_has_the_same_door(address: str) -> None:
    report = batten_package.probe(address, only=("headers",))
    assert report.http[0]["url"] == f"{address}/"
    assert {finding.layer for finding in report.findings} <= {"http"}
    with pytest.raises(BattenError, match="nothing says that you may probe it"):
        batten_package.probe("http://192.0.2.1/")
