"""The whole audit: what is evaluated and what is seen live become one report."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from batten.collect.host import listeners
from batten.model import BattenError, Confidence, Severity
from batten.run import AuditRequest, Request, audit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from batten.model import Finding, Report
    from batten.understand.host import Socket

APP = """\
from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = __import__("os").environ["SECRET_KEY"]


@app.get("/")
def index():
    return "<p>hello"
"""
HARDENED = """

@app.after_request
def sent(response):
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
"""
IMAGE = 'FROM python:3.13-slim\nCOPY app.py .\nUSER 1000\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n'
KEY = {"SECRET_KEY": "kf83Jd02mNx9Qw7Zr4Tv"}


def project(root: Path, **files: str) -> Path:
    for name, text in {"app__py": APP, "Dockerfile": IMAGE, **files}.items():
        (root / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return root


def audited(root: Path, **more: object) -> Report:
    return audit(AuditRequest(terms=Request(target=str(root), env=KEY), **more))  # type: ignore[arg-type]


def one(report: Report, rule: str) -> Finding:
    (found,) = [finding for finding in report.findings if finding.rule == rule]
    return found


@pytest.fixture(autouse=True)
def own_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the ports of other tests, which run beside, in peace."""
    real = listeners.listening

    def listening() -> tuple[tuple[Socket, ...], str]:
        found, _ = real()
        return tuple(one for one in found if one.process is not None and one.process.pid == os.getpid()), ""

    monkeypatch.setattr(listeners, "listening", listening)


@contextmanager
def redis(answer: bytes) -> Iterator[int]:
    """Serve something that speaks Redis on a free port of this machine."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer_all(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            while asked := connection.recv(200):
                connection.sendall(answer if asked.startswith((b"PING", b"AUTH")) else b"-ERR no\r\n")

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer_all, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield int(server.getsockname()[1])
    with suppress(OSError):
        server.shutdown(socket.SHUT_RDWR)
    server.close()


def compose(port: int) -> str:
    return f'services:\n  cache:\n    image: redis:8\n    ports: ["{port}:6379"]\n'


@pytest.mark.process
def test_the_app_is_started_and_what_is_seen_is_confirmed_at_its_line(tmp_path: Path) -> None:
    report = audited(project(tmp_path), start=True)
    assert report.layers["http"] == "evaluated"
    assert report.http[0]["requests"]
    found = one(report, "security-headers/nosniff")
    assert (found.confidence, found.at.file, found.at.line) == (Confidence.CONFIRMED, "app.py", 3)
    assert found.at.url


@pytest.mark.process
def test_what_plain_http_cannot_show_is_neither_confirmed_nor_refuted(tmp_path: Path) -> None:
    found = one(audited(project(tmp_path), start=True), "https/hsts-missing")
    assert (found.graded, found.note) == (Severity.LOW, "")


@pytest.mark.process
def test_an_app_that_does_not_start_leaves_the_report_incomplete(tmp_path: Path) -> None:
    broken = project(tmp_path, app__py=APP + "\nraise SystemExit('no database')\n")
    report = audited(broken, start=True)
    assert "could not be started" in report.layers["http"]
    assert report.gate.code in {1, 4}
    assert not report.gate.passed


def test_a_site_that_does_not_answer_leaves_the_report_incomplete(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    report = audited(project(tmp_path), urls=(f"http://127.0.0.1:{port}/",))
    assert not report.layers["http"].startswith("nothing found")
    assert not report.gate.passed


def test_a_strange_host_is_not_asked_without_a_word(tmp_path: Path) -> None:
    with pytest.raises(BattenError, match="not this machine"):
        audited(project(tmp_path), urls=("https://shop.example.com/",), resolve=("shop.example.com:192.0.2.1",))


def test_a_published_store_that_answers_without_a_password_is_one_finding_with_both_proofs(tmp_path: Path) -> None:
    with redis(b"+PONG\r\n") as port:
        root = project(tmp_path, compose__yaml=compose(port))
        report = audited(root, host="localhost", scan=False)
    found = one(report, "datastore-auth/no-password")
    assert (found.graded, found.confidence) == (Severity.CRITICAL, Confidence.CONFIRMED)
    assert (found.at.file, found.at.port) == ("compose.yaml", port)
    places = {str(seen.at) for seen in found.evidence}
    assert f"port {port}" in places
    assert any(place.startswith("compose.yaml:") for place in places)


def test_a_store_that_asks_for_a_password_refutes_what_the_files_say(tmp_path: Path) -> None:
    with redis(b"-NOAUTH Authentication required.\r\n") as port:
        root = project(tmp_path, compose__yaml=compose(port))
        report = audited(root, host="localhost", scan=False)
    found = one(report, "datastore-auth/no-password")
    assert found.graded is Severity.INFO
    assert found.note.startswith("refuted live: port")


def test_the_layers_that_were_not_asked_say_so(tmp_path: Path) -> None:
    report = audited(project(tmp_path))
    assert (report.layers["http"], report.layers["ports"]) == ("not asked", "not asked")
    assert report.layers["app"] == "evaluated"
