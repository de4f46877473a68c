"""Batten in the place of the TLS proxy: what the app is told, and what the visitor gets."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from batten.collect.front import Front
from batten.collect.http import Fetcher, Origin, Target
from batten.run import ProbeRequest
from batten.run.live.audit import probe
from batten.understand.answers.http import Answer, Request
from batten.understand.answers.wish import Wish, get

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.process


class Echo(BaseHTTPRequestHandler):
    """Says what it was sent; sends plain HTTP on to https at `/sent-on`."""

    def do_GET(self) -> None:
        if self.path == "/sent-on" and self.headers["X-Forwarded-Proto"] == "http":
            self.send_response(301)
            self.send_header("Location", f"https://{self.headers['Host']}/sent-on")
            self.end_headers()
            return
        length = int(self.headers.get("Content-Length") or 0)
        body = json.dumps({"body": self.rfile.read(length).decode(), **self.headers}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Odd", "kept   as it was")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def app() -> Iterator[Target]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield Target(Origin("http", "shop.example", server.server_port), ("127.0.0.1",), is_loopback=True)
    server.shutdown()
    server.server_close()


def asked(app: Target, *wishes: Wish) -> list[Answer]:
    with Front(app) as front, Fetcher(front.targets, ca_file=front.ca_file) as fetch:
        return [chain.hops[-1] for chain in fetch(wishes)]


def test_the_app_is_told_how_the_visitor_came(app: Target) -> None:
    secure, plain = asked(app, get("https://shop.example/"), get("http://shop.example/"))
    assert (secure.verified, plain.verified) == (True, None)
    told = json.loads(secure.body)
    assert (told["Host"], told["X-Forwarded-Host"]) == ("shop.example", "shop.example")
    assert (told["X-Forwarded-Proto"], told["X-Forwarded-Port"]) == ("https", "443")
    assert json.loads(plain.body)["X-Forwarded-Proto"] == "http"
    assert secure.first("x-odd") == "kept   as it was"


def test_a_visitor_cannot_say_what_only_a_proxy_says(app: Target) -> None:
    (answer,) = asked(app, get("https://shop.example/", ("X-Forwarded-Proto", "http"), ("Forwarded", "for=1.2.3.4")))
    told = json.loads(answer.body)
    assert told["X-Forwarded-Proto"] == "https"
    assert "Forwarded" not in told


def test_a_body_is_handed_on(app: Target) -> None:
    (answer,) = asked(app, Wish(Request("POST", "https://shop.example/", body=b"rope=3")))
    assert json.loads(answer.body)["body"] == "rope=3"


def test_an_app_that_is_gone_closes_the_connection() -> None:
    gone = Target(Origin("http", "127.0.0.1", 9), ("127.0.0.1",), is_loopback=True)
    with Front(gone) as front, Fetcher(front.targets, ca_file=front.ca_file) as fetch:
        (chain,) = fetch([get("https://127.0.0.1/")])
    assert chain.last is None


@pytest.mark.parametrize(
    ("path", "redirection"), [("sent-on", "redirection-to-https"), ("", "redirection-not-needed-no-http")]
)
def test_both_grades_stand_in_the_report(app: Target, path: str, redirection: str) -> None:
    url = f"http://shop.example:{app.origin.port}/{path}"
    report = probe(ProbeRequest((url,), only=("headers",), as_deployed=True, resolve=("shop.example:127.0.0.1",)))
    (site,) = report.http
    behind = site["as_deployed"]
    assert site["url"] == url
    assert isinstance(behind, dict)
    assert behind["observatory"]["tests"]["redirection"] == redirection


def test_both_looks_share_one_budget(app: Target) -> None:
    url = f"http://shop.example:{app.origin.port}/"
    report = probe(ProbeRequest((url,), as_deployed=True, resolve=("shop.example:127.0.0.1",), max_requests=60))
    assert 40 < int(str(report.http[0]["requests"])) <= 60
