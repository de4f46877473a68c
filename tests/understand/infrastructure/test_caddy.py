"""What a Caddy of the repository serves, lists and opens; the answers were compared with Caddy 2.6.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import Confidence
from batten.understand.infrastructure.caddy.grammar import parse, words
from batten.understand.infrastructure.web import (
    AdminDoor,
    ForwardedTrust,
    Listing,
    ServedTree,
    StatusPage,
    UncheckedUpstream,
)
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Location, Unsure

    Parts = Callable[..., list[object]]

COMPOSE = """\
services:
  caddy:
    image: caddy:2
    ports: ["80:80"]
    volumes:
      - ./Caddyfile:/etc/caddy/Caddyfile
      - .:/srv
"""


def site(*lines: str, name: str = "shop.example.com") -> str:
    return "\n".join((f"{name} {{", *lines, "}", ""))


def listed(parts: Parts, text: str) -> list[str]:
    return [str(part.at) for part in parts({"Caddyfile": text}, Listing) if isinstance(part, Listing)]


@pytest.mark.parametrize(
    ("lines", "is_listed"),
    [
        (("file_server browse",), True),
        (("file_server {", "browse", "}"), True),
        (("file_server",), False),
        (("file_server browse", "reverse_proxy web:8000"), False),
        (("route {", "file_server browse", "reverse_proxy web:8000", "}"), True),
        (("file_server browse", "reverse_proxy /api/* web:8000"), True),
        (("file_server browse", "respond hello"), False),
        (("file_server browse", "redir https://x.example.com"), False),
        (("basic_auth {", "ann x", "}", "file_server browse"), False),
        (("forward_auth auth:9000", "file_server browse"), False),
        (("handle /api/* {", "reverse_proxy web:8000", "}", "handle {", "file_server browse", "}"), True),
        (("handle {", "reverse_proxy web:8000", "}", "file_server browse"), False),
        (("handle /static/* {", "header X y", "}", "file_server browse"), True),
        (("handle_path /static/* {", "file_server browse", "}", "respond x"), True),
        (("@office remote_ip 10.0.0.0/8", "handle @office {", "file_server browse", "}"), False),
        (("@got method GET", "file_server @got browse"), True),
        (("@put method PUT", "file_server @put browse"), False),
        (("@here host shop.example.com", "file_server @here browse"), True),
        (("file_server @nowhere browse",), False),
        (("@none {", "}", "file_server @none browse"), False),
        (("@api path /api/* /x", "respond @api 404", "file_server browse"), True),
        (("@other not path /a/*", "respond @other 404", "file_server browse"), False),
        (("@other {", "not {", "path /", "}", "}", "respond @other 404", "file_server browse"), True),
        (("@other {", "not remote_ip 10.0.0.1", "}", "respond @other 403", "file_server browse"), False),
        (("@re path_regexp x ^/$", "respond @re 404", "file_server browse"), False),
        (("@re path_regexp", "respond @re 404", "file_server browse"), False),
        (("@both {", "path /", "method GET", "}", "respond @both 404", "file_server browse"), False),
        (("rewrite * /index.html", "file_server browse"), False),
        (("rewrite /old /new", "file_server browse"), True),
        (("uri strip_prefix /", "file_server browse"), True),
        (("uri replace a b", "file_server browse"), True),
        (("file_server {", "pass_thru", "browse", "}"), True),
        (("bind 127.0.0.1", "file_server browse"), False),
        (("encode gzip", "file_server browse"), True),
    ],
)
def test_whether_a_site_lists(parts: Parts, lines: tuple[str, ...], is_listed: bool) -> None:  # noqa: FBT001 - of a table
    assert bool(listed(parts, site("root * /srv/public", *lines))) is is_listed


def test_addresses(parts: Parts) -> None:
    for name, is_listed in (
        ("localhost", False), ("http://127.0.0.1:8080", False), ("[::1]:80", False), ("a.localhost", False),
        (":80", True), ("localhost, shop.example.com", True), ("a.example.com,\nb.example.com", True),
    ):  # fmt: skip
        assert bool(listed(parts, site("file_server browse", name=name))) is is_listed, name
    assert listed(parts, "shop.example.com\n\nfile_server browse\n") == ["Caddyfile:3"]
    assert listed(parts, "shop.example.com\nfile_server {\nbrowse\n}\n") == ["Caddyfile:3"]
    assert listed(parts, "localhost\nfile_server browse\n") == []
    assert listed(parts, "") == []


def test_snippets_and_imports(parts: Parts, doubts: list[Unsure]) -> None:
    snippet = "(files) {\nroot * {args[0]}\nfile_server browse\n}\n"
    assert listed(parts, snippet + site("import files /srv/x")) == ["Caddyfile:3"]
    assert listed(parts, snippet + site("respond x")) == []
    assert listed(parts, "(a) {\nimport b\n}\n(b) {\nimport a\n}\n" + site("import a")) == []
    files = {
        "caddy/Caddyfile": "import sites/*.caddy\nimport /etc/caddy/more.caddy\nimport gone.caddy\nimport none/*\n",
        "caddy/sites/a.caddy": site("file_server browse", name="a.example.com"),
        "caddy/more.caddy": site("file_server browse", name="b.example.com"),
    }
    found = [str(part.at) for part in parts(files, Listing) if isinstance(part, Listing)]
    assert found == ["caddy/sites/a.caddy:2", "caddy/more.caddy:2"]
    assert [doubt.what for doubt in doubts if "gone" in doubt.what] == ["the file gone.caddy"]


def trees(parts: Parts, *lines: str, **more: str) -> list[ServedTree]:
    files = {"compose.yaml": COMPOSE, "Caddyfile": site(*lines), ".env": "A=1\n", "app.py": "x = 1\n", **more}
    return [part for part in parts(files, ServedTree) if isinstance(part, ServedTree)]


def test_the_repository_as_root(parts: Parts) -> None:
    (tree,) = trees(parts, "root * /srv", "file_server")
    assert (tree.path, tree.root, tree.hidden) == (".", "/srv", (".git/config", ".env"))
    assert tree.sources == ("app.py", "compose.yaml")
    (own,) = trees(parts, "file_server")
    assert own.root == "/srv", "the working directory of the image"
    (inner,) = trees(parts, "file_server {", "root /srv", "}")
    assert inner.at.line == 3
    assert trees(parts, "root * {$WHERE}", "file_server") == []
    assert trees(parts, "root * /srv", "file_server /static/*", "respond x") == []
    assert trees(parts, "root * /var/www", "file_server") == []
    assert trees(parts, "root * /srv/app.py", "file_server") == []
    assert trees(parts, "root * /srv/static", "root /x/* /srv", "file_server", **{"static/a.css": ""}) == []
    (below,) = trees(parts, "handle_path /all/* {", "root * /srv", "file_server", "}", "respond x")
    assert below.url == "/all"


def test_what_is_hidden(parts: Parts) -> None:
    (tree,) = trees(parts, "root * /srv", "file_server {", "hide .* /srv/app.py", "}")
    assert (tree.hidden, tree.sources) == ((), ("compose.yaml",))
    (other,) = trees(
        parts, "root * /srv", "file_server {", "hide /srv/*.yaml /srv/a", "}", "@h path */.*", "respond @h 404"
    )
    assert (other.hidden, other.sources) == ((), ("app.py",))
    assert trees(parts, "root * /srv", "file_server {", "hide .* *.py compose.yaml", "}") == []


def test_which_file_is_used(parts: Parts) -> None:
    lists = site("root * /srv/public", "file_server browse")
    files = {"compose.yaml": COMPOSE, "Caddyfile": site("respond x"), "Caddyfile.two": lists, "host/Caddyfile": lists}
    found = [(part.at.file, part.confidence) for part in parts(files, Listing) if isinstance(part, Listing)]
    assert found == [("host/Caddyfile", Confidence.LIKELY)]
    image = {
        "Dockerfile": "FROM caddy:2\nCOPY Caddyfile /etc/caddy/Caddyfile\nCOPY . /srv\n",
        "Caddyfile": site("file_server"),
        ".env": "A=1\n",
    }
    assert len(parts(image, ServedTree)) == 1
    assert parts({**image, "Dockerfile": image["Dockerfile"].replace("caddy:2", "debian")}, ServedTree) == []


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        (":2019", True), ("0.0.0.0:2019", True), ("[::]:2019", True), ("tcp/:2019", True), ("off", False),
        ("localhost:2019", False), ("unix//run/caddy.sock", False), ("10.0.0.4:2019", False),
    ],
)  # fmt: skip
def test_the_admin_api(parts: Parts, address: str, is_open: bool) -> None:  # noqa: FBT001 - of a table
    text = f"{{\nadmin {address}\nemail a@example.com\nservers {{\nlog\n}}\n}}\n" + site("respond x")
    assert bool(parts({"Caddyfile": text}, AdminDoor)) is is_open
    held = '{"admin": {"disabled": false, "listen": "%s"}, "apps": {}}'
    assert bool(parts({"caddy.json": held % address}, AdminDoor)) is is_open


def test_from_where_the_admin_api_is_reached(parts: Parts) -> None:
    text = "{\nadmin :2019\n}\n" + site("respond x")

    def reach(compose: str) -> Reach:
        (door,) = parts({"compose.yaml": compose, "Caddyfile": text}, AdminDoor)
        assert isinstance(door, AdminDoor)
        return door.reach

    assert reach(COMPOSE) is Reach.INTERNAL
    assert reach(COMPOSE.replace('"80:80"', '"2019:2019"')) is Reach.WORLD
    assert reach(COMPOSE.replace('"80:80"', '"127.0.0.1:2019:2019"')) is Reach.LOOPBACK
    assert reach(COMPOSE.replace('ports: ["80:80"]', "network_mode: host")) is Reach.WORLD


def test_trust_and_upstreams(parts: Parts) -> None:
    text = "{\nservers {\ntrusted_proxies static 0.0.0.0/0\n}\n}\n" + site(
        "reverse_proxy https://10.0.0.4 {",
        "trusted_proxies ::/0",
        "transport http {",
        "tls_insecure_skip_verify",
        "}",
        "}",
    )
    assert [
        part.at.line for part in parts({"Caddyfile": text}, ForwardedTrust) if isinstance(part, ForwardedTrust)
    ] == [3, 8]
    assert len(parts({"Caddyfile": text}, UncheckedUpstream)) == 1
    narrow = text.replace("0.0.0.0/0", "private_ranges").replace("::/0", "10.0.0.0/8")
    assert parts({"Caddyfile": narrow}, ForwardedTrust) == []


def test_metrics(parts: Parts) -> None:
    assert parts({"Caddyfile": site("metrics /metrics")}, StatusPage)
    assert not parts({"Caddyfile": site("metrics /metrics", "basic_auth {", "a b", "}")}, StatusPage)


def test_variables(parts: Parts) -> None:
    text = "{\nservers {\ntrusted_proxies static {$PROXIES:0.0.0.0/0}\n}\n}\n" + site("respond x")
    (trust,) = parts({"Caddyfile": text}, ForwardedTrust)
    assert isinstance(trust, ForwardedTrust)
    assert trust.confidence is Confidence.LIKELY, "the machine may set it"
    said = COMPOSE.replace("    ports:", "    environment: {PROXIES: 10.0.0.0/8}\n    ports:")
    assert parts({"compose.yaml": said, "Caddyfile": text}, ForwardedTrust) == []
    wide = said.replace("10.0.0.0/8", "0.0.0.0/0")
    (sure,) = parts({"compose.yaml": wide, "Caddyfile": text.replace(":0.0.0.0/0", "")}, ForwardedTrust)
    assert isinstance(sure, ForwardedTrust)
    assert sure.confidence is Confidence.CERTAIN


# Grammar


def _told(text: str) -> tuple[list[tuple[tuple[str, ...], int | None]], list[str]]:
    why: list[str] = []

    def doubt(reason: str, at: Location) -> None:
        why.append(f"{at.line}: {reason}")

    return [(node.words, node.at.line) for node in parse(text, "a", doubt)], why


def test_words() -> None:
    text = 'respond "a \\" b" `c\nd` # note\nx <<END\n  text\n  END 200 \\\n more\n"not closed'
    assert [(word.text, word.line) for word in words(text)] == [
        ("respond", 1), ('a " b', 1), ("c\nd", 1), (None, 2), ("x", 3), ("  text\n", 3), ("200", 5), ("more", 6),
        (None, 6), ('"not', 7), ("closed", 7), (None, 7),
    ]  # fmt: skip
    assert [word.text for word in words("x <<END\nopen")] == ["x", "open", None]
    assert [word.text for word in words("a  ")] == ["a", None]


def test_blocks() -> None:
    assert _told("a {\nb\n}\n}\n")[1] == ["4: a brace closes nothing"]
    assert _told("a {\nb\n")[1] == ["1: a brace is not closed"]
    assert _told("a {\n" * 40)[1][0] == "31: it is nested too deeply"
    assert _told('a "{" "}"\n')[0] == [(("a", "{", "}"), 1)]


def test_long_lines_take_their_length() -> None:
    assert [word.text for word in words(" " * 300_000 + "a")] == ["a", None]
    assert len(words("{\n" * 1000)) == 2001


def test_a_bomb_of_snippets_ends(parts: Parts, doubts: list[Unsure]) -> None:
    bomb = "".join(f"(s{n}) {{\n" + f"import s{n + 1}\n" * 10 + "}\n" for n in range(12))
    listed(parts, bomb + "(s12) {\nfile_server browse\n}\n" + site("import s0"))
    assert [doubt.why for doubt in doubts] == ["its imports make too many lines to follow all"]


def test_a_file_that_a_command_names(parts: Parts) -> None:
    lists = site("root * /srv/public", "file_server browse")
    for command in ("caddy run --config /conf/web", "caddy run --config=/conf/web", "caddy run -c /conf/web"):
        text = f"services:\n  caddy:\n    image: caddy:2\n    command: {command}\n"
        text += "    volumes: ['./web.Caddyfile:/conf/web']\n"
        found = parts({"compose.yaml": text, "web.Caddyfile": lists, "Caddyfile": lists}, Listing)
        assert [part.at.file for part in found if isinstance(part, Listing)] == ["web.Caddyfile"]
