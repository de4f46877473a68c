"""Configurations of nginx made at random, and what nginx itself answers under them."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, NamedTuple

from batten.understand.deploy.reading import Reading
from batten.understand.nginx.answers import Answer, Asked, Ends, answer
from batten.understand.nginx.headers import sent
from batten.understand.nginx.machine import Laid, Machine
from batten.understand.nginx.scopes import Scope
from batten.understand.nginx.syntax import Text, parse
from batten.understand.sources import DictSources

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from batten.model import Unsure

FILES = {
    name: f"the file {name}"
    for name in (
        "site/index.html",
        "site/a.txt",
        "site/.env",
        "site/.git/HEAD",
        "site/static/a.css",
        "site/static/.hidden/b.css",
        "site/static/sub/index.html",
        "site/static/sub/b.css",
        "site/media/x.png",
        "site/app/settings.py",
        "other/a.txt",
        "other/a.css",
        "other/sub/b.css",
        "other/media/y.txt",
    )
}
PATHS = (
    "/", "/index.html", "/a.txt", "/.env", "/.git/HEAD", "/.git/", "/static", "/static/", "/static/a.css",
    "/static/sub",
    "/static/sub/", "/static/sub/b.css", "/static/.hidden/b.css", "/media/", "/media/x.png", "/app/settings.py",
    "/app/",
    "/nothing", "/nothing/", "/static/nothing.css", "/STATIC/a.css", "/a.css", "/sub/b.css", "/media/y.txt", "/stat",
)  # fmt: skip
_NAMES = ("/", "/static", "/static/", "/media/", "/static/sub/", "/app", "/.git", "/a.txt", "/nothing", "/media/y.txt")
_PATTERNS = (r"/\.", r"\.css$", r"^/static/(.+)$", r"\.(png|py)$", r"/sub/", r"^/(?<name>[a-z]+)\.txt$", r"/\.(?!git)")
HANDED = "handed on"


def server(random: Random, name: str, port: int, folder: str) -> str:
    """Return a server block."""
    lines = [f"listen 127.0.0.1:{port}; server_name {name};"]
    if random.random() < 0.9:
        lines.append(f"root {folder}/site;")
    lines += _body(random, folder, 0)
    if random.random() < 0.1:
        lines.append(random.choice(("rewrite ^/nothing$ /a.txt;", "rewrite ^/app/(.*)$ /static/$1 last;")))
    lines.append(f"location @named {{ {' '.join(_body(random, folder, 3))} {_end(random)} }}")
    lines += _locations(random, folder, 0)
    return f"server {{ {' '.join(lines)} }}"


def _locations(random: Random, folder: str, depth: int, below: str = "") -> list[str]:
    found: dict[str, str] = {}
    for _ in range(random.randint(0, 4 - depth)):
        if random.random() < 0.4:
            begin = f"{random.choice(('~', '~*'))} {random.choice(_PATTERNS)}"
            alias = f"alias {folder}/other/a.css;" if random.random() < 0.15 else ""
            inner: list[str] = []
        else:
            names = [one for one in _NAMES if one.startswith(below)]
            begin = f"{random.choice(('', '', '=', '^~'))} {random.choice(names or [below + 'x'])}"
            alias = f"alias {folder}/other/;" if random.random() < 0.2 else ""
            is_exact = begin.startswith("=")
            inner = _locations(random, folder, depth + 1, begin.split()[-1]) if depth < 2 and not is_exact else []
        body = [alias, *_body(random, folder, 1, rooted=bool(alias)), *inner, _end(random)]
        key = begin.split()[-1] if not begin.startswith("=") and "~" not in begin.split()[0][:1] else begin
        found[key.removeprefix("^~ ")] = f"location {begin} {{ {' '.join(body)} }}"
    return list(found.values())


def _body(random: Random, folder: str, depth: int, *, rooted: bool = False) -> list[str]:
    lines: list[str] = []
    for weight, text in (
        (0.15, f"root {folder}/other;" if depth and not rooted else ""),
        (0.2, f"autoindex {random.choice(('on', 'on', 'off'))};"),
        (0.1, f"index {random.choice(('a.txt', 'a.css index.html', 'index.html'))};"),
        (0.1, random.choice(("deny all;", "allow 127.0.0.1; deny all;", "deny 127.0.0.2;", "allow all;"))),
        (0.05, random.choice(("satisfy any;", "satisfy all;"))),
        (0.05, "internal;" if depth in (1, 2) else ""),
        (0.3, f"add_header X-{random.choice('ABC')} {depth}{random.randint(0, 9)} always;"),
        (0.15, f"add_header X-{random.choice('ABC')} {depth}{random.randint(0, 9)};"),
        (0.07, "if ($uri ~ css) { add_header X-If yes; }" if depth else 'if ($uri ~ "hidden") { return 403; }'),
        (0.05, "if (!-f $request_filename) { return 410; }"),
        (0.05, "if ($request_method = POST) { return 405; }"),
    ):
        if random.random() < weight:
            lines.append(text)
    return lines


def _end(random: Random) -> str:
    """Return what answers in a location, if anything but files does."""
    return random.choice(
        (
            *[""] * 8,
            "return 204;",
            "return 403;",
            "return 301 /a.txt;",
            f'return 200 "{HANDED}";',
            "try_files $uri $uri/ =404;",
            "try_files $uri @named;",
            "try_files $uri /index.html;",
            "proxy_pass http://handed;",
            "rewrite ^/static/(.*)$ /$1 last;",
            "rewrite ^/a /static/a.css break;",
        )
    )


class Seen(NamedTuple):
    """What came back, or what would."""

    status: int
    what: str
    headers: tuple[str, ...]


def asked_of(port: int, name: str, path: str) -> Seen:
    """Ask a server for a path, as written."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest("GET", path, skip_host=True)
        connection.putheader("Host", name)
        connection.endheaders()
        got = connection.getresponse()
        text = got.read().decode("latin-1")
        headers = tuple(sorted(f"{n}: {v}" for n, v in got.getheaders() if n.startswith("X-")))
    finally:
        connection.close()
    what = "a listing" if got.status == 200 and "<h1>Index of" in text else ""
    what = text if text.startswith("the file ") or text == HANDED else what
    return Seen(got.status, what, headers)


def expected(server_text: str, machine: Machine, name: str, path: str, folder: str) -> Seen | None:
    """Return what Batten says that comes back, None where it says that it does not know."""
    directives, problem = parse(Text(server_text, "nginx.conf"))
    assert problem is None, problem
    http = Scope("http", None, directives, None)
    (block,) = http.own
    scope = Scope("server", block, block.block or (), http)
    got = answer(scope, machine, Asked(path, "127.0.0.1", host=name, scheme="http", http_host=name))
    if got.ends is Ends.UNKNOWN:
        return None
    return Seen(got.status, _what(got, folder), tuple(sorted(f"{n}: {v}" for n, v in sent(got.scope, got.status))))


def _what(got: Answer, folder: str) -> str:
    if got.ends is Ends.FILE:
        return f"the file {got.place.removeprefix(folder).lstrip('/')}"
    if got.ends is Ends.LISTING:
        return "a listing"
    return HANDED if got.status == 200 else ""


def machine_of(folder: Path) -> Machine:
    """Return the files, as they lie in a folder."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    doubts: list[Unsure] = []
    return Machine(Reading(DictSources(FILES), doubts.append), [Laid(str(folder), ".", mounted=True)])
