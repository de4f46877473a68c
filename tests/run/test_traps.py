"""Sites that answer every name: nothing that they say of a name is believed, and what cannot be judged is told."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING

import pytest

from batten.rules import all_rules
from batten.rules.samples import served, shown
from batten.run import ProbeRequest, check_answers, probe
from batten.run.live.drive import drive
from batten.run.live.memory import MemorySite
from batten.run.live.plan import part_of, plan
from batten.run.live.scene import Scene
from batten.run.request import Request
from batten.understand.exposures.known import copies, known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from batten.understand.answers.http import Chain
    from batten.understand.answers.wish import Wish

URL = "https://shop.example.com/"
OPENED = ("exposed-path", "docs-exposed", "directory-listing", "served-files", "status-page")
RULES = [rule for rule in all_rules() if rule.topic in OPENED or rule.id == "debug-mode/toolbar"]
QUOTES = (
    "<h1>Index of {path}</h1><pre>[core]\n\trepositoryformatversion = 0\nref: refs/heads/main\nSECRET_KEY=abc123def\n"
    "# HELP a b\n# TYPE a counter\nopenapi: 3.0.3\npaths:\n</pre>"
)
EVERYTHING = {
    "a page": shown("<div id=root></div>"),
    "JSON": served('{"detail": "Not Found", "path": "{path}"}', "application/json"),
    "JSON with every key": served(
        '{"openapi": "3.1.0", "paths": {}, "name": "", "path": "", "type": "", "writable": 1, "experiments": [], '
        '"content": "", "scripts": [], "version": 4, "terraform_version": "1", "dependencies": {}, "host": "", '
        '"remotePath": "", "data": {"__schema": {"queryType": {"name": "Query"}}}, "sources": ["a"], "mappings": ""}',
        "application/json",
    ),
    "a word": served("OK"),
    "an empty text": served(""),
    "the path": served("{path}"),
    "the path as a variable": served("SECRET_PATH={path}\n"),
    "a page with the path": shown("<p>no such page: {path}"),
    "documentation that quotes": shown(QUOTES),
    "a text that quotes": served(QUOTES),
    "a listing": served("<title>Index of {path}</title><h1>Index of {path}</h1><a href='a.txt'>a.txt</a>", "text/html"),
    "a login": shown('<form action="/login"><input name="username"><input type="password" name="password"></form>'),
    "a picture": served("\x89PNG\r\n", "image/png"),
    "an archive": served("PK\x03\x04", "application/zip"),
    "a database": served("SQLite format 3\x00", "application/octet-stream"),
}
WALLS = {
    "a login elsewhere": "HTTP/1.1 302 Found\nLocation: https://login.example.com/?next={path}\n\n",
    "a login": "HTTP/1.1 302 Found\nLocation: /login\n\n",
    "a firewall": served("<h1>403 Forbidden</h1>", "text/html", status="403 Forbidden"),
    "a password": served("", "text/plain", 'WWW-Authenticate: Basic realm="x"', status="401 Unauthorized"),
    "a limit": served("slow down", status="429 Too Many Requests"),
    "a pause": served("later", status="503 Service Unavailable"),
}


@pytest.mark.parametrize("answer", EVERYTHING.values(), ids=EVERYTHING)
def test_what_every_name_is_answered_proves_nothing(answer: str) -> None:
    page = shown('<a href="/item/1">rope</a><script src="/static/a.js"></script><img src="/media/a/b.png">')
    assert not check_answers({"GET *": answer, "GET /": page}, rules=RULES)


@pytest.mark.parametrize("answer", WALLS.values(), ids=WALLS)
def test_a_wall_is_no_finding_and_leaves_the_topic_unseen(answer: str) -> None:
    scene = Scene(URL)
    drive(plan(), scene, MemorySite({"GET *": answer, "GET /": shown()}))
    assert "exposed-path" in scene.unseen
    assert not check_answers({"GET *": answer, "GET /": shown()}, rules=RULES)


def test_a_firewall_that_wakes_on_the_way_is_told() -> None:
    site, asleep = MemorySite({"GET /": shown()}), count()
    awake = MemorySite({"GET *": served("blocked", status="403 Forbidden"), "GET /": shown()})

    def fetch(wishes: Sequence[Wish]) -> list[Chain]:
        return site(wishes) if next(asleep) < 3 else awake(wishes)

    scene = Scene(URL)
    drive(plan(), scene, fetch)
    (doubt,) = [doubt for doubt in scene.doubts if doubt.what == "which files are served"]
    assert "answered 403" in doubt.why
    assert "exposed-path" in scene.unseen


def test_a_slash_that_is_added_is_no_wall() -> None:
    scene = Scene(URL)
    slash = "HTTP/1.1 301 Moved Permanently\nLocation: {path}/\n\n"
    drive(plan(), scene, MemorySite({"GET *": slash, "GET /": shown()}))
    assert "exposed-path" not in scene.unseen


def test_a_page_for_names_without_an_ending_only() -> None:
    app = {"GET /docs*": shown("<div id=root>"), "GET /admin*": shown("<div id=root>"), "GET /": shown("<div id=root>")}
    assert not check_answers(app, rules=RULES)


class Answers(BaseHTTPRequestHandler):
    """Answers every name in the way of its class, with a number that no two answers share."""

    way: Callable[[str, int], tuple[int, str, str, str]]
    numbers = count()
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, kind, location, body = type(self).way(self.path, next(self.numbers))
        if self.path == "/":
            status, kind, location, body = 200, "text/html", "", "<!doctype html><title>Shop</title>"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if location:
            self.send_header("Location", location)
        data = body.encode()
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


WAYS: dict[str, Callable[[str, int], tuple[int, str, str, str]]] = {
    "a text with a changing token": lambda path, n: (200, "text/plain", "", f"{path}\nTOKEN_{n}={n * 7919:x}\n"),
    "variables with a changing token": lambda _, n: (200, "text/plain", "", f"SECRET_KEY={n * 104729:x}\n"),
    "JSON with a changing token": lambda path, n: (
        200,
        "application/json",
        "",
        f'{{"id": {n}, "path": "{path[:40]}"}}',
    ),
    "a page": lambda path, n: (200, "text/html", "", f"<!doctype html><p>{path[:200]} {n} <pre>[core]</pre>"),
    "a login": lambda path, _: (302, "text/html", f"/login?next={path[:40]}", ""),
    "a firewall": lambda _, n: (403, "text/html", "", f"<h1>Blocked</h1>{n}"),
    "a limit after ten": lambda _, n: (404 if n < 10 else 429, "text/plain", "", "no"),
}


@pytest.fixture(params=WAYS.values(), ids=list(WAYS))
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    handler = type("Handler", (Answers,), {"way": staticmethod(request.param), "numbers": count()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.process
def test_a_real_server_that_answers_every_name_shows_nothing(address: str) -> None:
    report = probe(ProbeRequest(urls=(address,), only=("paths",), active=False))
    assert not [finding for finding in report.findings if finding.topic in OPENED]


RICH = shown(
    "".join(f'<a href="/{word}/{n}?q={n}&page=1">x</a>' for n, word in enumerate("abcdefghijklmnop"))
    + '<form action="/search"><input name="q"><input name="n"></form>'
    + '<form action="/login" method="post"><input name="user"><input type="password" name="password"></form>'
    + '<a href="/help/swagger">a</a><a href="/ops/metrics">b</a>'
    + "".join(f'<script src="/static/{n}/x/shop{n}.js"></script>' for n in range(9))
)


@pytest.mark.parametrize("active", [True, False])
def test_a_rich_site_costs_no_more_than_the_budget(active: bool) -> None:  # noqa: FBT001 - pytest hands it over
    site = MemorySite({"GET /": RICH, "GET /login": RICH, "POST /login": RICH})
    sent: list[Wish] = []

    def fetch(wishes: Sequence[Wish]) -> list[Chain]:
        sent.extend(wishes)
        return site(wishes)

    scene = Scene(URL, active=active)
    drive(plan(), scene, fetch)
    assert len(sent) <= 150
    assert scene.left >= 0


def test_every_topic_of_what_is_opened_is_asked_by_the_same_part() -> None:
    assert {part_of(topic) for topic in OPENED} == {"paths"}


class Files(BaseHTTPRequestHandler):
    """Serves the files of a project, also those that nobody would guess."""

    held: dict[str, str]
    asked: list[str]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = self.held.get(self.path, "no").encode()
        self.send_response(200 if self.path in self.held else 404)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.process
def test_the_files_of_a_known_project_are_asked_exactly(tmp_path: Path) -> None:
    files = {"shop/conf/settings_live.py": "DEBUG = True\n", "orders.sqlite3": "SQLite format 3\0", "README.md": "x"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    held = {"/": "hello", **{f"/{name}": text for name, text in files.items()}}
    handler = type("Handler", (Files,), {"held": held, "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        terms = Request(target=str(tmp_path))
        url = f"http://127.0.0.1:{server.server_port}"
        report = probe(ProbeRequest(urls=(url,), only=("paths",), terms=terms, project=True))
        server.shutdown()
    found = {finding.rule: str(finding.at.url) for finding in report.findings if finding.topic == "exposed-path"}
    assert found["exposed-path/database"] == f"{url}/orders.sqlite3"
    assert found["exposed-path/source"] == f"{url}/shop/conf/settings_live.py"
    assert "/manage.py" not in handler.asked  # type: ignore[attr-defined]


def test_of_the_names_that_are_known_the_worst_come_first() -> None:
    names = [
        "static/app.css",
        "docs/example.env",
        "web/.env.sample",
        ".env",
        "a/b/c/d/e.py",
        "shop/views.py",
        "settings.py",
        "dump.sql",
        "media/report.zip",
        "backup-2026.zip",
        "db.sqlite3",
        "Dockerfile",
        "folder/",
        "x.tgz",
    ]
    told = [name for name, _ in known(names)]
    assert [name for name, _ in copies(names)] == ["settings.py.bak", "settings.py~", ".settings.py.swp"]
    assert told == [".env", "db.sqlite3", "dump.sql", "backup-2026.zip", "settings.py", "shop/views.py", "Dockerfile"]
