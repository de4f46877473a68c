"""Reads the few facts of HAProxy's configuration that matter to strangers (HAProxy 2.6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.infrastructure.ciphers import weak
from batten.understand.infrastructure.machines import Machine, host, machines
from batten.understand.infrastructure.nouns import Examined
from batten.understand.infrastructure.web import AdminDoor, StatusPage, TlsTerms, UncheckedUpstream
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.ground import Ground

_SECTIONS = frozenset(
    "global defaults frontend backend listen userlist peers resolvers cache program mailers http-errors ring".split()
)
_VERSIONS = ("SSLv3", "TLSv1.0", "TLSv1.1")
_NO_OLD = {"SSLv3": "no-sslv3", "TLSv1.0": "no-tlsv10", "TLSv1.1": "no-tlsv11"}
_MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words, and where it stands."""

    words: tuple[str, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its lines."""

    kind: str
    name: str
    lines: tuple[Line, ...]

    def some(self, *words: str) -> Iterator[Line]:
        """Yield the lines that begin with these words."""
        return (line for line in self.lines if line.words[: len(words)] == words)


def read(ground: Ground) -> Iterator[object]:
    """Yield the pages, admin sockets and terms of TLS of the repository's HAProxies."""
    for path in ground.files.get("haproxy", []):
        sections = parse(ground.reading.text(path) or "", path)
        if any(section.kind in ("frontend", "listen", "backend", "global") for section in sections):
            machine = next(
                (one for one in machines(ground) if any("haproxy" in p for p in one.places(path))), host(ground, ())
            )
            yield Examined(("status-page/haproxy", "server-tls/old-version", "server-tls/weak-suite"))
            for section in sections:
                yield from _pages(machine, section, [one for one in sections if one.kind == "defaults"])
                yield from _doors(machine, section)
                yield from _terms(machine, section)


def parse(text: str, path: str) -> list[Section]:
    """Return the sections of a configuration; what stands before the first belongs to none."""
    found: list[tuple[str, str, list[Line]]] = []
    for number, row in enumerate(text.split("\n")[:_MOST_LINES], start=1):
        words = tuple(re.sub(r"(?<!\\)#.*", "", row).split())
        if not words:
            continue
        if words[0] in _SECTIONS:
            found.append((words[0], words[1] if len(words) > 1 else "", []))
        elif found:
            found[-1][2].append(Line(words, Location(file=path, line=number)))
    return [Section(kind, name, tuple(lines)) for kind, name, lines in found]


def _pages(machine: Machine, section: Section, defaults: list[Section]) -> Iterator[StatusPage]:
    """Yield a page of statistics that asks for no password and lets every network in."""
    on = next((line for word in ("enable", "uri") for line in section.some("stats", word)), None)
    if on is None or section.kind == "defaults":
        return
    told = (section, *defaults)
    if any(next(one.some("stats", word), None) for one in told for word in ("auth", "scope")):
        return
    if any(
        next(section.some(*words), None)
        for words in (("stats", "http-request"), ("http-request", "deny"), ("http-request", "auth"))
    ):
        return
    binds = [_address(line.words[1]) for line in section.some("bind") if len(line.words) > 1]
    if binds and all(address is not None and _is_local(address[0]) for address in binds):
        return
    port = next((address[1] for address in binds if address is not None), 0)
    admin = next(section.some("stats", "admin"), None)
    much = admin is not None and admin.words[2:] in (("if", "TRUE"), ("if", "true"))
    says = "HAProxy's page of statistics is open: it names every server behind it"
    says = f"{says}, and takes them out of service" if much else says
    fix = "Write `stats auth USER:PASSWORD`, or bind it to 127.0.0.1."
    yield StatusPage("haproxy", says, on.at, fix, machine.reach_of(port), much, machine.evidence)


def _address(text: str) -> tuple[str, int] | None:
    """Return host and port of an address, None for a socket file or one that is not known."""
    name = re.sub(r"^(?:ipv4@|ipv6@|tcp@|\w+4@)", "", text)
    match = re.fullmatch(r"(.*):(\d{1,5})(?:-\d+)?", name)
    return None if name.startswith(("/", "unix@")) or match is None or "$" in name else (match[1], int(match[2]))


def _is_local(name: str) -> bool:
    return name.startswith("127.") or name in ("localhost", "::1", "[::1]")


def _doors(machine: Machine, section: Section) -> Iterator[AdminDoor]:
    """Yield the sockets on which whoever connects gives HAProxy orders."""
    for line in section.some("stats", "socket") if section.kind == "global" else ():
        address = _address(line.words[2]) if len(line.words) > 2 else None  # noqa: PLR2004 - `stats socket ADDRESS`
        level = line.words[line.words.index("level") + 1 :][:1] if "level" in line.words else ("operator",)
        if address is None or _is_local(address[0]) or level == ("user",):
            continue
        is_admin = level == ("admin",)
        power = "changes servers, certificates and maps" if is_admin else "reads its sessions and tables"
        reach = machine.reach_of(address[1])
        fix = "Bind it to a socket file: `stats socket /run/haproxy/admin.sock mode 660 level admin`."
        yield AdminDoor("HAProxy's admin socket", line.words[2], line.at, power, fix, reach, is_admin, machine.evidence)


def _terms(machine: Machine, section: Section) -> Iterator[object]:
    for line in section.lines:
        options = line.words
        is_default = options[0] == "ssl-default-bind-options"
        if is_default or (options[0] == "bind" and "ssl" in options):
            old = _old(options)
            if old and machine.reach is not Reach.LOOPBACK:
                fix = "Write `ssl-min-ver TLSv1.2`."
                yield TlsTerms("HAProxy", line.at, old, fix=fix, evidence=machine.evidence)
        elif options[0] == "ssl-default-bind-ciphers" and len(options) > 1 and weak(options[1]):
            fix = "Name suites with ECDHE and AES-GCM or ChaCha20 only."
            yield TlsTerms("HAProxy", line.at, weak=weak(options[1]), fix=fix, evidence=machine.evidence)
        elif options[0] in ("server", "default-server", "server-template") and _is_unchecked(options):
            fix = "Write `verify required ca-file FILE`."
            yield UncheckedUpstream("HAProxy", "verify none", line.at, fix, machine.evidence)


def _is_unchecked(options: tuple[str, ...]) -> bool:
    place = options.index("verify") if "verify" in options else len(options)
    return "ssl" in options and options[place + 1 : place + 2] == ("none",)


def _old(options: tuple[str, ...]) -> tuple[str, ...]:
    """Return the old versions that options let in; the default since HAProxy 2.2 is TLS 1.2 and newer."""
    for name in ("ssl-min-ver", "force-sslv3", "force-tlsv10", "force-tlsv11"):
        if name not in options:
            continue
        if name != "ssl-min-ver":
            return tuple(v for v in _VERSIONS if v.lower().replace(".", "") == name.removeprefix("force-"))
        first = options[options.index(name) + 1 :][:1]
        if first and first[0] in _VERSIONS:
            kept = _VERSIONS[_VERSIONS.index(first[0]) :]
            return tuple(version for version in kept if _NO_OLD[version] not in options)
    return ()
