"""Puts Apache's files together: which belong to one server, what they include, which conditions hold."""

from __future__ import annotations

import posixpath
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING

from batten.model import Confidence, Location
from batten.model.data import dataclass
from batten.understand.infrastructure.apache.grammar import Directive, parse
from batten.understand.infrastructure.machines import Machine, host, machines
from batten.understand.infrastructure.patterns import wild

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.model import Evidence
    from batten.understand.infrastructure.ground import Ground

_TELLING = re.compile(
    r"^[ \t]*(?:<(?:VirtualHost|Directory|DirectoryMatch|Location|FilesMatch|Files|IfModule|Proxy|LocationMatch)\b"
    r"|(?:DocumentRoot|ServerRoot|ServerTokens|ServerSignature|TraceEnable|WSGI\w+|LoadModule|SSLProtocol|RewriteEngine"
    r"|ProxyPass|ProxyRequests|AllowOverride|SSLCipherSuite|RemoteIPHeader|Header\s+(?:always|set|append|unset|edit))\s)",
    re.IGNORECASE | re.MULTILINE,
)
_XML = re.compile(r"^[ \t]*<([A-Za-z_]+)>[^<>\n]*</\1>", re.MULTILINE)
"""What other programs write whose blocks look alike: an element on one line."""
_PLACE = re.compile(r"/(?:etc/(?:apache2|httpd)|usr/local/apache2|opt/(?:bitnami/apache2?|rh/httpd\w*/\S+))/")
"""Where Debian, Red Hat, the image httpd and Bitnami have an Apache's files."""
_SHARED = re.compile(
    r"(?:sites|conf|mods)-(?:available|enabled)|conf\.(?:modules\.)?d|vhosts?(?:\.d)?|extra", re.IGNORECASE
)
_MAIN = re.compile(r"(?:apache2?|httpd)\.conf", re.IGNORECASE)
_MOST_INCLUDED = 200
_DEEPEST = 10
_VERSION = (2, 4, 66)
"""What `<IfVersion>` is compared with: a current httpd."""
_COMPARE = {
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


@dataclass(frozen=True, slots=True)
class Installation:
    """One Apache: its directives in the order in which it reads them, and the machine it runs on."""

    machine: Machine
    directives: tuple[Directive, ...]
    main: Location | None = None
    """The first line of its main file, where that is in the repository."""
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether what it does not say is the server's default; else a main file elsewhere may say it."""
        return self.main is not None


@dataclass(slots=True)
class _Reader:
    """Reads the files of one server."""

    ground: Ground
    machine: Machine
    defined: dict[str, str | None] = field(default_factory=dict)
    """What `Define` defined, with its value."""
    used: set[str] = field(default_factory=set)
    root: str = "/etc/apache2"

    def read(self, path: str, depth: int = 0) -> tuple[Directive, ...]:
        """Return the directives of a file with what it includes in place."""
        if path in self.used and depth:
            return ()
        self.used.add(path)
        text = self.ground.reading.text(path)
        told = self.ground.reading.unsure
        raw = parse(text or "", path, lambda why, at: told(path, why, at))
        return tuple(self._filled(raw, depth))

    def _filled(self, raw: Iterable[Directive], depth: int) -> Iterator[Directive]:
        for one in raw:
            directive = replace(one, args=tuple(self._text(arg) for arg in one.args))
            name = directive.name
            if name == "define" and directive.args:
                self.defined[directive.args[0]] = directive.args[1] if len(directive.args) > 1 else None
            elif name == "undefine":
                self.defined.pop(directive.text, None)
            elif name == "serverroot" and directive.args:
                self.root = directive.args[0]
            if name in ("include", "includeoptional"):
                yield from self._included(directive, depth)
            elif directive.inside is None:
                yield directive
            elif name in _CONDITIONS:
                yield from self._filled(directive.inside, depth) if self._holds(directive) else ()
            else:
                yield replace(directive, inside=tuple(self._filled(directive.inside, depth)))

    def _text(self, text: str) -> str:
        if "${" not in text:
            return text
        return re.sub(r"\$\{(\w+)\}", lambda match: self.defined.get(match[1]) or match[0], text)

    def _holds(self, block: Directive) -> bool:
        """Return whether the condition of a block holds: modules are taken to be there, names not to be defined."""
        test = block.args[0] if block.args else ""
        is_not, name = test.startswith("!"), test.lstrip("!")
        if block.name == "ifmodule":
            return not is_not
        if block.name == "ifdefine":
            return (name in self.defined) != is_not
        if block.name == "ifversion":
            sign, number = (test, block.args[1]) if len(block.args) > 1 else ("=", name)
            compare = _COMPARE.get(sign.lstrip("!"))
            if compare is None or not re.fullmatch(r"\d+(?:\.\d+){0,2}", number):
                return True
            version = tuple(map(int, number.split(".")))
            return bool(compare(_VERSION[: len(version)], version)) != sign.startswith("!")
        return True

    def _included(self, directive: Directive, depth: int) -> Iterator[Directive]:
        pattern = directive.args[0] if directive.args else ""
        if depth >= _DEEPEST:
            self.ground.reading.unsure(pattern, "files include each other too deeply", directive.at)
            return
        found = self._matching(pattern, directive.at.file or "")
        for path in found[:_MOST_INCLUDED]:
            yield from self.read(path, depth + 1)
        is_systems = re.search(r"mods-enabled|conf\.modules\.d|\bextra/|letsencrypt|/usr/", pattern)
        if not found and directive.name == "include" and not is_systems and "*" not in pattern:
            self.ground.reading.unsure(f"the file {pattern}", "it is not in the repository", directive.at)

    def _matching(self, pattern: str, origin: str) -> list[str]:
        """Return the files of the repository that a pattern of the server means."""
        whole = pattern if pattern.startswith("/") else posixpath.join(self.root, pattern)
        files = self.ground.files.get("apache", [])
        placed = [p for p in files if any(_fits(whole, place) for place in self.machine.places(p))]
        placed += [p for p in files if p in self.machine.within(whole) and p not in placed]
        if placed or self.machine.container is not None:
            return placed
        # Beside the file that includes it: sites-enabled is made of links to sites-available.
        ending = pattern if not pattern.startswith("/") else "/".join(pattern.split("/")[-2:])
        spelt = [ending, ending.replace("-enabled/", "-available/")]
        folder = _folder(origin)
        return [p for p in files if any(_fits(posixpath.normpath(posixpath.join(folder, s)), p) for s in spelt)]


_CONDITIONS = frozenset(("ifmodule", "ifdefine", "ifversion", "iffile", "ifdirective", "ifsection"))


def _fits(pattern: str, path: str) -> bool:
    if not any(mark in pattern for mark in "*?["):
        return path == pattern or path.startswith(f"{pattern.rstrip('/')}/")
    return pattern.count("/") == path.count("/") and wild(pattern, path)


def _folder(path: str) -> str:
    """Return the directory that an Apache's files lie below: without `sites-available` and the like."""
    folder = posixpath.dirname(path)
    while folder and _SHARED.fullmatch(posixpath.basename(folder)):
        folder = posixpath.dirname(folder)
    return folder


def candidates(ground: Ground) -> list[str]:
    """Return the files that are Apache's by what they say."""
    found = []
    for path in ground.files.get("apache", []):
        text = ground.reading.text(path)
        if (
            text
            and _TELLING.search(text)
            and _XML.search(text) is None
            and not posixpath.basename(path).startswith(".ht")
        ):
            found.append(path)
    return found


def installations(ground: Ground) -> list[Installation]:
    """Return the servers: one for each machine whose own directory holds such files, one for each place besides."""
    paths = candidates(ground)
    left = dict.fromkeys(paths)
    found: list[Installation] = []
    for machine in machines(ground) if paths else ():
        held = [path for path in paths if any(_PLACE.search(place) for place in machine.places(path))]
        if held and not (machine.container is None and machine.stage is None):
            found += _server(ground, machine, held, left)
    groups: dict[str, list[str]] = {}
    for path in left:
        groups.setdefault(_folder(path), []).append(path)
    is_beside = bool(found)
    for held in groups.values():
        for one in _server(ground, host(ground, _absolute(ground, held)), held, {}):
            found.append(replace(one, confidence=Confidence.LIKELY) if is_beside else one)
    return found


def _server(ground: Ground, machine: Machine, held: list[str], left: dict[str, None]) -> Iterator[Installation]:
    """Yield the server that files make up: the main one first, then those that nothing includes."""
    reader = _Reader(ground, machine)
    main = next((p for p in held if _MAIN.fullmatch(posixpath.basename(p)) and _is_main(ground, p)), None)
    directives: list[Directive] = []
    texts: set[str] = set()
    for path in [main, *held] if main is not None else held:
        text = ground.reading.text(path) or ""
        if path not in reader.used and text not in texts:  # a link and its file are one
            texts.add(text)
            directives += reader.read(path)
    for path in (*held, *reader.used):
        left.pop(path, None)
    at = Location(file=main, line=1) if main is not None else None
    yield Installation(machine, tuple(directives), at, evidence=machine.evidence)


def _is_main(ground: Ground, path: str) -> bool:
    text = ground.reading.text(path) or ""
    return re.search(r"^[ \t]*(?:ServerRoot|LoadModule)\s", text, re.IGNORECASE | re.MULTILINE) is not None


_SCRIPT = re.compile(r"^[ \t]*WSGI(?:ScriptAlias(?:Match)?|ImportScript)[ \t]+(.*)$", re.MULTILINE | re.IGNORECASE)
_FILE = re.compile(r"<Directory\s+[\"']?(/[^\s\"'>]+)[\"']?\s*>\s*<Files\s+[\"']?([\w.-]+)", re.IGNORECASE)
_ROOT = re.compile(r"^[ \t]*DocumentRoot[ \t]+[\"']?(/[^\s\"']+)", re.MULTILINE | re.IGNORECASE)


def _absolute(ground: Ground, paths: Iterable[str]) -> Iterator[str]:
    """Yield the absolute paths of files that the configuration names: scripts, and files of sections."""
    for path in paths:
        text = ground.reading.text(path) or ""
        for match in _SCRIPT.finditer(text):
            yield from (word.strip("\"'") for word in match[1].split() if word.strip("\"'").startswith("/"))
        yield from (f"{match[1].rstrip('/')}/{match[2]}" for match in _FILE.finditer(text))
        yield from (f"{match[1].rstrip('/')}/.htaccess" for match in _ROOT.finditer(text))
