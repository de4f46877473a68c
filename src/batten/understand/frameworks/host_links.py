"""Links that an app sends away and builds from the Host header of the request at hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.evaluate.objects import Function
from batten.understand.evaluate.origin import locate
from batten.understand.libraries.flask_http import is_secret_part
from batten.understand.subjects import HostLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Instance

_MAIL = re.compile(r"mail|smtp", re.IGNORECASE)
_SECRET = re.compile(r"token|reset|confirm|verif|activat|invit|magic", re.IGNORECASE)
_LINK = re.compile(r"url_for\((?P<arguments>.{0,400}?)(?:\}\}|%\})", re.DOTALL)
_NAMED = re.compile(r"\b(\w+)\s*=(?!=)")
_EXTERNAL = re.compile(r"_external\s*=\s*True")
_PAGES = (".html", ".htm", ".txt", ".jinja", ".jinja2", ".j2", ".mjml")
MOST_PAGES = 2_000
WORD = "trusted_hosts"
"""What a program mentions that checks the host by hand (`Request.trusted_hosts`)."""


def host_links(machine: Interpreter, made: Instance, *, named: bool) -> tuple[HostLink, ...]:
    """Return the links of an app that hold a secret and the visitor's Host.

    `named` says that SERVER_NAME is set, or may be: `url_for` then takes it,
    `request.host_url` does not (Flask 3.1).
    """
    found: dict[Location, HostLink] = {}
    for fact in machine.record:
        at = locate(fact[3]) if fact[0] == "host link" else None
        if at is None or (named and fact[1] == "url_for"):
            continue
        carries = fact[2] if fact[1] == "url_for" else _sent(machine, at)
        if carries:
            found.setdefault(at, HostLink(fact[1], at, carries))
    if not named:
        for link in _in_pages(machine, made):
            found.setdefault(link.at, link)
    return tuple(found.values())


def _sent(machine: Interpreter, at: Location) -> str:
    """Return the secret that the function around a place mails; nothing when it does not look like it."""
    for function in machine.functions:
        node = function.node if isinstance(function, Function) and function.path == at.file else None
        if node is not None and at.line is not None and node.lineno <= at.line <= (node.end_lineno or 0):
            lines = (machine.world.sources.read(function.path) or "").splitlines()
            text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            secret = _SECRET.search(text)
            if secret and _MAIL.search(text):
                return secret[0].lower()
    return ""


def _in_pages(machine: Interpreter, made: Instance) -> Iterator[HostLink]:
    """Yield links in the app's templates: the texts of its mails are written there."""
    sources = machine.world.sources
    root = str(made.facts.get("path", "")).rpartition("/")[0]
    below = f"{root}/" if root else ""
    pages = [
        path
        for path in sources.files()
        if path.endswith(_PAGES) and path.startswith(below) and "templates/" in path and machine.world.visible(path)
    ]
    for path in pages[:MOST_PAGES]:
        text = sources.read(path) or ""
        for match in _LINK.finditer(text) if "_external" in text else ():
            names = [name for name in _NAMED.findall(match["arguments"]) if is_secret_part(name)]
            if names and _EXTERNAL.search(match["arguments"]):
                at = Location(file=path, line=text.count("\n", 0, match.start()) + 1)
                yield HostLink("url_for", at, names[0])
