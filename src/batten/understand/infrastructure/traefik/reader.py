"""Reads what a Traefik of the repository opens, routes and believes."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.infrastructure.ciphers import weak
from batten.understand.infrastructure.machines import Machine, machines
from batten.understand.infrastructure.nouns import Examined
from batten.understand.infrastructure.traefik import passages, routed
from batten.understand.infrastructure.traefik.settings import Settings, of_environment, of_file, of_flags
from batten.understand.infrastructure.web import ForwardedTrust, StatusPage, TlsTerms, UncheckedUpstream
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Evidence, Location
    from batten.understand.infrastructure.ground import Ground

_STATIC = re.compile(r"traefik(?:[.-]static)?\.(?:ya?ml|toml)")
_FOLDERS = ("/etc/traefik", "/")
"""Where Traefik looks for its file unasked (Traefik 3.1 `cli.Finder`); the working directory of its image is `/`."""
_DASHBOARD = 8080
_OLD = {"versionssl30": "SSLv3", "versiontls10": "TLSv1", "versiontls11": "TLSv1.1"}
SAYS = "Traefik's API and dashboard are open: they show every route, service and middleware"
_PORT = re.compile(r":(\d{1,5})")
_ROUTED = "Write `minVersion: VersionTLS12`."


@dataclass(frozen=True, slots=True)
class Proxy:
    """A Traefik: its static settings and the machine that it runs on."""

    machine: Machine
    static: Settings
    files: tuple[str, ...] = ()
    """Its dynamic files in the repository."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Why it is production."""
        return self.machine.evidence


def read(ground: Ground) -> Iterator[object]:
    """Yield what the repository's Traefiks open, route and believe."""
    proxies = list(_proxies(ground))
    for proxy in proxies:
        yield Examined(("status-page/traefik", "published-port/routed-by-default", "proxy-trust/forwarded-any"))
        yield from _opened(proxy)
        yield from _believed(proxy)
        yield from routed.by_default(ground, proxy.machine, proxy.static)
        files = [of_file(ground.reading, path) for path in proxy.files]
        for settings in files:
            yield from _terms(proxy, settings)
            yield from routed.dashboards(proxy.machine, proxy.static, settings, [settings])
        if proxy.machine.container is not None:
            yield from routed.labelled(ground, proxy.machine, proxy.static)
            yield from passages.handed_on(ground, proxy.machine, proxy.static, files)


def _proxies(ground: Ground) -> Iterator[Proxy]:
    used: set[str] = set()
    for machine in machines(ground):
        held = machine.container
        base = machine.stage.base if machine.stage is not None else ""
        if "traefik" not in (held.product if held is not None else "", posixpath.basename(base).split(":")[0]):
            continue
        path, static = _static(ground, machine)
        files = tuple(_dynamic(ground, machine, static))
        used |= {path, *files}
        yield Proxy(machine, static, tuple(one for one in files if one != path))
    for path in ground.files.get("traefik", []):
        if path not in used and _STATIC.fullmatch(posixpath.basename(path)) and not used:
            settings = of_file(ground.reading, path)
            if settings.below("entrypoints") or settings.below("providers") or settings.below("api"):
                yield Proxy(Machine("the host", is_known=False), settings, tuple(_beside(ground, path, settings)))


def _static(ground: Ground, machine: Machine) -> tuple[str, Settings]:
    held = machine.container
    words = held.words if held is not None else machine.stage.process() if machine.stage is not None else ()
    flags = of_flags(words)
    environment = of_environment(held) if held is not None else Settings()
    named = flags.each.get("configfile") or environment.each.get("configfile")
    places = [named[0]] if named is not None else []
    places += [f"{folder.rstrip('/')}/traefik.{end}" for folder in _FOLDERS for end in ("toml", "yaml", "yml")]
    for place in places:
        for path in machine.within(place):
            if ground.reading.is_file(path):
                return path, of_file(ground.reading, path)
    return "", flags if flags.each else environment


def _dynamic(ground: Ground, machine: Machine, static: Settings) -> Iterator[str]:
    """Yield the files of the file provider, as far as the repository has them."""
    for key in ("filename", "directory"):
        told = static.each.get(f"providers.file.{key}")
        for path in machine.within(told[0]) if told is not None else ():
            if ground.reading.is_file(path):
                yield path
            else:
                yield from (
                    file for file in ground.reading.files()
                    if file.startswith(f"{path}/") and file.endswith((".yml", ".yaml", ".toml"))
                )  # fmt: skip


def _beside(ground: Ground, path: str, static: Settings) -> Iterator[str]:
    """Yield the dynamic files of a Traefik on a host, by the last parts of the names it is told."""
    folder = posixpath.dirname(path)
    for key in ("filename", "directory"):
        told = static.each.get(f"providers.file.{key}")
        name = posixpath.normpath(posixpath.join(folder, posixpath.basename(told[0].rstrip("/")))) if told else ""
        for file in ground.reading.files() if name else ():
            if file == name or (file.startswith(f"{name}/") and file.endswith((".yml", ".yaml", ".toml"))):
                yield file


def _opened(proxy: Proxy) -> Iterator[StatusPage]:
    at = proxy.static.on("api.insecure")
    if at is None:
        return
    told = proxy.static.each.get("entrypoints.traefik.address")
    match = _PORT.search(told[0]) if told is not None else None
    reach = proxy.machine.reach_of(int(match[1]) if match else _DASHBOARD)
    if reach is not Reach.LOOPBACK and not (told is not None and told[0].startswith("127.")):
        fix = "Take `api.insecure` out, and put a router with a login before `api@internal`."
        yield StatusPage("traefik", SAYS, at, fix, reach, tells_much=True, evidence=proxy.evidence)


def _believed(proxy: Proxy) -> Iterator[object]:
    for match, text, at in proxy.static.matching(r"entrypoints\.([^.]+)\.(forwardedheaders|proxyprotocol)\.insecure"):
        if text.lower() in ("true", "1", "t", ""):
            word = "forwardedHeaders.insecure" if match[2] == "forwardedheaders" else "proxyProtocol.insecure"
            fix = f"Name the proxies before it: `{word.replace('insecure', 'trustedIPs')}`."
            told = proxy.static.each.get(f"entrypoints.{match[1]}.address")
            port = _PORT.search(told[0]) if told is not None else None
            reach = proxy.machine.reach_of(int(port[1])) if port is not None else proxy.machine.reach
            yield ForwardedTrust("Traefik", word, at, fix, reach, proxy.evidence)
    place = proxy.static.on("serverstransport.insecureskipverify")
    if place is not None:
        yield _unchecked(proxy, place)


def _unchecked(proxy: Proxy, at: Location) -> UncheckedUpstream:
    fix = "Name the authority: `serversTransport.rootCAs`."
    return UncheckedUpstream("Traefik", "insecureSkipVerify", at, fix, proxy.evidence)


def _terms(proxy: Proxy, settings: Settings) -> Iterator[object]:
    for match, text, at in settings.matching(r"tls\.options\.([^.]+)\.minversion"):
        first = _OLD.get(text.lower())
        if first is not None:
            old = [
                name for name in _OLD.values() if list(_OLD.values()).index(name) >= list(_OLD.values()).index(first)
            ]
            yield TlsTerms(f"Traefik's option {match[1]}", at, tuple(old), fix=_ROUTED, evidence=proxy.evidence)
    for match, text, at in settings.matching(r"tls\.options\.([^.]+)\.ciphersuites\[\d+\]"):
        if weak(text):
            fix = "Take the suite out."
            yield TlsTerms(f"Traefik's option {match[1]}", at, weak=(text,), fix=fix, evidence=proxy.evidence)
    for _, text, at in settings.matching(r"http\.serverstransports\.[^.]+\.insecureskipverify"):
        if text.lower() == "true":
            yield _unchecked(proxy, at)
