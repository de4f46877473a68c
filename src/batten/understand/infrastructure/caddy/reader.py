"""Reads what a Caddy of the repository does for visitors."""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from batten.model import Confidence, Location
from batten.model.data import dataclass
from batten.understand.infrastructure.caddy.grammar import Config
from batten.understand.infrastructure.caddy.passages import handed_on
from batten.understand.infrastructure.caddy.routes import Handed, every, handed, paths_to
from batten.understand.infrastructure.machines import Machine, host, machines
from batten.understand.infrastructure.nouns import Examined
from batten.understand.infrastructure.patterns import wild
from batten.understand.infrastructure.strangers import kept_from
from batten.understand.infrastructure.web import (
    AdminDoor,
    ForwardedTrust,
    Listing,
    ServedTree,
    StatusPage,
    UncheckedUpstream,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.caddy.grammar import Node
    from batten.understand.infrastructure.ground import Ground

_LOCAL = re.compile(r"(?:https?://)?(?:localhost|[\w.-]+\.localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?(?:/.*)?,?")
_WIDE = frozenset(("0.0.0.0/0", "::/0"))
_ADMIN_PORT = 2019
_MOST = 50
"""Directives of one kind in one site that are followed."""
_POWER = "reads and replaces its whole configuration"
_NO_ADMIN = "Write `admin off`, or `admin localhost:2019`."
_IMAGE_ROOT = "/srv"
"""The working directory of the image caddy, which is the root where none is named."""


@dataclass(frozen=True, slots=True)
class _Server:
    """A Caddy: its configuration and its machine."""

    config: Config
    machine: Machine
    confidence: Confidence = Confidence.CERTAIN

    def surely(self, at: Location) -> Confidence:
        """Return how sure it is what a line says."""
        return self.config.surely(at, self.confidence)


def read(ground: Ground) -> Iterator[object]:
    """Yield what the repository's Caddies serve, list and accept."""
    for server in _servers(ground):
        yield Examined(("directory-listing/served", "served-files", "bind-all/admin-api", "status-page/caddy"))
        yield from _options(server)
        for site in server.config.sites:
            if not all(_LOCAL.fullmatch(word) for word in site.words):
                yield from _site(ground, server, site)
                yield from handed_on(site, server.machine, server.confidence)
    for path in ground.files.get("caddy-json", []):
        yield from _json(ground, path)


def _servers(ground: Ground) -> list[_Server]:
    paths = ground.files.get("caddy", [])
    placed: dict[str, Machine] = {}
    for machine in machines(ground) if paths else ():
        read_there = _read_by(machine)
        for path in paths:
            if read_there & set(machine.places(path)):
                placed.setdefault(path, machine)
    configs = {path: Config(ground.reading, env=_variables(placed.get(path))) for path in paths}
    for path, config in configs.items():
        config.read(path)
    used = {path for config in configs.values() for path in config.used}
    found = []
    folders = {posixpath.dirname(path) for path in placed}
    for path, config in configs.items():
        if path in placed:
            found.append(_Server(config, placed[path]))
        elif path not in used and posixpath.dirname(path) not in folders:
            found.append(_Server(config, host(ground, ()), Confidence.LIKELY if placed else Confidence.CERTAIN))
    return found


def _variables(machine: Machine | None) -> dict[str, str]:
    """Return what the repository says of a machine's environment."""
    held = machine.container if machine is not None else None
    stage = machine.stage if machine is not None else None
    env = held.env if held is not None else stage.env if stage is not None else {}
    return {name: one.value for name, one in env.items() if one.value is not None and not one.default}


def _read_by(machine: Machine) -> set[str]:
    """Return the paths of the Caddyfile that a machine's Caddy reads; none where it has none."""
    base = machine.stage.base if machine.stage is not None else ""
    held = machine.container
    words = held.words if held is not None else machine.stage.process() if machine.stage is not None else ()
    texts = [word.text for word in words]
    if not any("caddy" in text.lower() for text in (base, held.image if held is not None else "", *texts)):
        return set()
    named = {after for text, after in pairwise(texts) if text in ("--config", "-c")}
    named |= {text.partition("=")[2] for text in texts if text.startswith("--config=")}
    return named or {"/etc/caddy/Caddyfile", posixpath.join(_IMAGE_ROOT, "Caddyfile") if texts else ""}


def _options(server: _Server) -> Iterator[object]:
    """Yield what the global block opens."""
    evidence = server.machine.evidence
    for node in server.config.options:
        if node.name == "admin" and node.args:
            address = node.args[0]
            if _is_everywhere(address):
                reach = server.machine.reach_of(_port(address))
                yield AdminDoor(
                    "Caddy's admin API", address, node.at, _POWER, _NO_ADMIN, reach, evidence=evidence,
                    confidence=server.surely(node.at),
                )  # fmt: skip
        elif node.name == "servers":
            for told in node.all("trusted_proxies"):
                if _WIDE & set(told.args):
                    yield ForwardedTrust(
                        "Caddy",
                        "trusted_proxies",
                        told.at,
                        "Name the proxy's address.",
                        server.machine.reach,
                        evidence,
                        server.surely(told.at),
                    )


def _is_everywhere(address: str) -> bool:
    """Return whether an address is one of every interface (Caddy 2.8 `NetworkAddress.isWildcardInterface`)."""
    if address.startswith("unix/"):
        return False
    name = address.rpartition("/")[2]
    return re.fullmatch(r"(?:0\.0\.0\.0|\[?::\]?)?:\d+", name) is not None


def _port(address: str) -> int:
    tail = address.rpartition(":")[2]
    return int(tail) if tail.isdigit() else _ADMIN_PORT


def _site(ground: Ground, server: _Server, site: Node) -> Iterator[object]:
    """Yield what a site hands out, lists and believes."""
    inside = site.inside or ()
    if any(all(_LOCAL.fullmatch(arg) for arg in node.args) for node in inside if node.name == "bind" and node.args):
        return
    evidence = server.machine.evidence
    base = _IMAGE_ROOT if server.machine.container is not None or server.machine.stage is not None else ""
    for node in every(inside, "file_server")[:_MOST]:
        for path in paths_to(inside, node):
            answer = handed(inside, f"{path.rstrip('/')}/", base)
            if answer is None or answer.node is not node:
                continue
            browse = node.at if "browse" in node.args else next((inner.at for inner in node.all("browse")), None)
            if browse is not None:
                what = answer.root or site.words[0].rstrip(",")
                yield Listing("Caddy", what, browse, "Take `browse` out.", evidence, server.surely(browse))
            tree = _tree(ground, server, inside, answer, path)
            if tree is not None:
                yield tree
    for node in every(inside, "metrics"):
        says = "Caddy's metrics are open: they count requests by site and handler"
        if not _is_guarded(inside):
            fix = "Serve `metrics` on an address of this machine, such as `http://127.0.0.1:9180`."
            yield StatusPage("caddy", says, node.at, fix, server.machine.reach, evidence=evidence)
    for node in every(inside, "reverse_proxy"):
        for told in node.all("trusted_proxies"):
            if _WIDE & set(told.args):
                yield ForwardedTrust(
                    "Caddy",
                    "trusted_proxies",
                    told.at,
                    "Name the proxy's address.",
                    server.machine.reach,
                    evidence,
                    server.surely(told.at),
                )
        for told in every(node.inside or (), "tls_insecure_skip_verify"):
            fix = "Name the authority with `tls_trust_pool` (before Caddy 2.8 `tls_trusted_ca_certs`)."
            yield UncheckedUpstream("Caddy", "tls_insecure_skip_verify", told.at, fix, evidence)


def _is_guarded(nodes: tuple[Node, ...]) -> bool:
    return any(node.name in ("basicauth", "basic_auth", "forward_auth") for node in nodes)


def _tree(ground: Ground, server: _Server, inside: tuple[Node, ...], answer: Handed, path: str) -> ServedTree | None:
    """Return the tree that a `file_server` hands out, where it holds what no visitor should have."""
    root, at = answer.root, answer.root_at or answer.node.at
    if not root.startswith("/") or "{" in root:
        return None
    machine = server.machine
    hides = [word for node in answer.node.all("hide") for word in node.args]
    start = path.rstrip("/")

    def hands_out(below: str) -> bool:
        place = posixpath.join(root, below)
        told = handed(inside, f"{start}/{below}", root)
        return (
            told is not None
            and told.node is answer.node
            and not any(_hides(pattern, place) for pattern in hides)
            and not below.lower().endswith("caddyfile")
        )

    for folder in machine.within(root):
        if ground.reading.is_file(folder) or not ground.reading.is_directory(folder):
            continue
        files = [one for one in ground.reading.files() if not machine.is_left_out(one)]
        kept = kept_from(files, folder, hands_out, checkout=machine.has_history(ground.reading))
        if kept.hidden or kept.sources:
            fix = "Let `root` name a directory that holds nothing but what visitors should get."
            return ServedTree(
                "Caddy", start or "/", root, at, folder, kept.hidden, kept.sources, fix=fix, evidence=machine.evidence,
                confidence=server.surely(at),
            )  # fmt: skip
    return None


def _hides(pattern: str, place: str) -> bool:
    """Return whether `hide` leaves a file out (Caddy 2.8 `fileserver.fileHidden`)."""
    if "/" not in pattern:
        return any(wild(pattern, part) for part in place.split("/"))
    return place == pattern or place.startswith(f"{pattern.rstrip('/')}/") or wild(pattern, place)


def _json(ground: Ground, path: str) -> Iterator[AdminDoor]:
    """Yield the admin API of Caddy's JSON, of which nothing else is read."""
    text = ground.reading.text(path) or ""
    match = re.search(r'"admin"\s*:\s*\{[^{}]*?"listen"\s*:\s*"([^"]{0,200})"', text)
    if match is not None and _is_everywhere(match[1]):
        at = Location(file=path, line=text.count("\n", 0, match.start(1)) + 1)
        yield AdminDoor(
            "Caddy's admin API", match[1], at, _POWER, "Set `disabled`, or listen on localhost.", host(ground, ()).reach
        )
