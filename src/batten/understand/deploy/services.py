"""Turns the services of a compose project into drafts of units."""

from __future__ import annotations

import posixpath
import re
import shlex
from dataclasses import field, replace
from typing import TYPE_CHECKING, NamedTuple

from batten.model import Evidence, Location
from batten.model.data import dataclass
from batten.understand.deploy import compose, envfile
from batten.understand.deploy.candidates import is_for_development
from batten.understand.deploy.compose import Project, Service, listed, pairs
from batten.understand.deploy.drafts import Draft, at_line
from batten.understand.deploy.envfile import below
from batten.understand.deploy.image import NO_COMMAND, Build, Stage, base_name, build
from batten.understand.deploy.interpolation import fill, sole_name
from batten.understand.deploy.ports import ports
from batten.understand.deploy.reading import Piece, Word
from batten.understand.deploy.yamltree import Items, Node, Table, Text, items, text_of
from batten.understand.sources import join
from batten.understand.stack import Image, Published, Reach, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.reading import Reading

_HOLE = re.compile(r"\$\{(\w+)[^{}]*\}")
_TESTS = re.compile(r"(?:.*[-_])?(?:tests?|testing|e2e|lint)|tests?[-_].*|dev|development|dev[-_]?containers?")
PROXIES = frozenset(
    "nginx nginx-unprivileged nginx-proxy httpd caddy caddy-docker-proxy traefik haproxy envoy openresty kong"
    " nginx-proxy-manager swag varnish".split()
)
"""Images of web servers that stand before others, by the last part of their name."""
_LONG_PORT = ("host_ip", "published", "target", "protocol")
_MOST_SERVICES = 100


class Drafted(NamedTuple):
    """A service's draft and what it takes from an image that it does not build."""

    draft: Draft
    image: str
    """The image it names; nothing where it builds one."""
    replaces: bool
    """Its words stand in place of the image's ENTRYPOINT, as `entrypoint` does."""
    stage: Stage | None = None
    """The stage that it builds."""


@dataclass(slots=True)
class Composed:
    """A compose project under translation."""

    reading: Reading
    project: Project
    drafts: list[Drafted] = field(default_factory=list)
    services: list[tuple[Service, Drafted]] = field(default_factory=list)
    """Every service with its draft, those of an image that could not be read as well."""
    used: dict[str, str] = field(default_factory=dict)
    """Dockerfiles that services build, to the image name that they give."""
    installs: list[tuple[str, Location]] = field(default_factory=list)
    proxies: list[Evidence] = field(default_factory=list)
    """Services that hand requests on to others."""
    _dotenv: dict[str, Variable] = field(default_factory=dict)
    _tops: dict[str, dict[str, list[tuple[str, Node]]]] = field(default_factory=dict)

    def run(self) -> None:
        """Read the project's services."""
        path = join(self.project.directory, ".env") or ".env"
        text = self.reading.text(path) if self.reading.is_file(path) else None
        if text is not None:
            self._dotenv = envfile.compose(text, path, lambda _: Piece("", default=True), path)
        for service in compose.services(self.reading, self.project)[:_MOST_SERVICES]:
            if not self._is_aside(service):
                self._draft(service)
        self._share_networks()

    # Interpolation

    def lookup(self, name: str) -> Piece:
        """Return what compose puts for a name: `.env` beside it, else what the host has."""
        variable = self._dotenv.get(name)
        if variable is not None:
            return Piece(variable.value, variable.default)
        return Piece("." if name == "PWD" else None, default=True, unset=name != "PWD")

    def text(self, node: Node | str | None) -> str | None:
        """Return a scalar filled in; what is not known stays as written."""
        written = node if isinstance(node, str) else text_of(node)
        return None if written is None else self._soft(written)

    def _soft(self, text: str) -> str:
        def lookup(name: str) -> Piece:
            piece = self.lookup(name)
            return piece if piece.text is not None else Piece(f"${{{name}}}", unset=piece.unset)

        filled = fill(text, lookup, doubled=True).text
        return _HOLE.sub(r"${\1}", text) if filled is None else filled

    def _variable(self, name: str, value: Text | None, at: Location, says: str) -> Variable:
        if value is None:
            return Variable(name, None, at, says)
        piece = fill(value.text, self.lookup, doubled=True)
        source = self._dotenv.get(sole_name(value.text) or "")
        if source is not None and piece.text == source.value:
            return replace(source, name=name)
        return Variable(name, piece.text, at, says, default=piece.default)

    # Parts of a service

    def folder(self, path: str) -> str:
        """Return the directory that the paths in a file are relative to.

        That of the project's first file, for all files of the project; for one
        that is included, or that a service extends, its own (Compose
        specification, `include` and `extends`).
        """
        return self.project.directory if path in self.project.paths else posixpath.dirname(path) or "."

    def _is_aside(self, service: Service) -> bool:
        if _TESTS.fullmatch(service.name) or self._is_off(service):
            return True
        found = service.last("profiles")
        profiles = [text_of(item) or "" for item in items(found[1])] if found else []
        return bool(profiles) and all(is_for_development(profile) for profile in profiles)

    def _is_off(self, service: Service) -> bool:
        """Return whether no container of it is started: `scale: 0`, `deploy: replicas: 0`."""
        scale = service.last("scale")
        told = [self.text(scale[1])] if scale is not None else []
        for _, node in service.parts.get("deploy", []):
            replicas = node.get("replicas") if isinstance(node, Table) else None
            told += [self.text(replicas)] if replicas is not None else []
        return told[-1:] == ["0"]

    def _draft(self, service: Service) -> None:
        at = at_line(service.path, service.line)
        evidence = [Evidence(at, f"started by the compose service {service.name}")]
        stage, built = self._built(service, evidence)
        volumes = tuple(self._volumes(service))
        if not built and not any(self._holds_python(source) for _, source in volumes):
            volumes = ()  # configuration mounted into somebody else's image says nothing of the code
        published = tuple(self._published(service))
        user, workdir = service.last("user"), service.last("working_dir")
        named = service.last("image")
        image_name = self.text(named[1] if named else None) or ""
        if base_name(stage.base if stage is not None else image_name) in PROXIES:
            self.proxies.append(Evidence(at, f"the compose service {service.name} stands before the apps"))
        unread: list[Evidence] = []
        env = self._environment(service, unread)
        draft = Draft(
            service.name,
            "compose",
            (),
            tuple(evidence),
            env,
            unread=tuple(unread),
            cwd=".",
            home=None,
            image=Image((), (), volumes),
            published=published,
            reach=self._reach(service, published),
            user=(self.text(user[1]) or "") if user else "",
        )
        if workdir is not None:
            below = stage.workdir if stage is not None else "/"
            home = posixpath.normpath(posixpath.join(below, self.text(workdir[1]) or ""))
            draft = replace(draft, home=home)
        draft = self._with_words(service, draft.on(stage), stage)
        if stage is not None and not draft.words and not stage.starts_by_itself:
            self.reading.unsure(stage.at.file or "", NO_COMMAND, stage.at)
        replaces = self._words(service, "entrypoint") is not None
        drafted = Drafted(draft, "" if built else image_name, replaces, stage)
        if stage is not None or not built:
            self.drafts.append(drafted)
        self.services.append((service, drafted))

    def _share_networks(self) -> None:
        """Give a service that uses another's network (`network_mode: service:vpn`) the ports that are opened there."""
        held = {service.name: drafted.draft for service, drafted in self.services}
        for position, (service, drafted) in enumerate(self.services):
            mode = service.last("network_mode")
            _, is_shared, name = (self.text(mode[1]) or "" if mode is not None else "").partition("service:")
            other = held.get(name) if is_shared else None
            if other is None:
                continue
            draft = replace(drafted.draft, published=other.published, reach=other.reach)
            shared = drafted._replace(draft=draft)
            self.services[position] = (service, shared)
            self.drafts = [shared if one is drafted else one for one in self.drafts]

    def _built(self, service: Service, evidence: list[Evidence]) -> tuple[Stage | None, bool]:
        """Return the stage that a service builds, and whether it builds one."""
        found = service.parts.get("build", [])
        if not found:
            return None, False
        told: dict[str, Node] = {}
        args: dict[str, Piece] = {}
        folder = self.project.directory
        for path, node in found:
            if isinstance(node, Text):
                told["context"], folder = node, self.folder(path)
                continue
            for name in ("context", "dockerfile", "target"):
                part = node.get(name) if isinstance(node, Table) else None
                if part is not None:
                    told[name] = part
                    folder = self.folder(path) if name == "context" else folder
            own = node.get("args") if isinstance(node, Table) else None
            for name, value, line in pairs(own) if own is not None else ():
                variable = self._variable(name, value, at_line(found[-1][0], line), "build args")
                args[name] = Piece(variable.value, variable.default)
        context = join(folder, self.text(told.get("context")) or ".")
        file = join(context, self.text(told.get("dockerfile")) or "Dockerfile") if context else None
        at = at_line(found[-1][0], found[-1][1].line)
        if context is None or file is None or not self.reading.is_file(file):
            self.reading.unsure(f"the image of service {service.name}", "its Dockerfile is not in the repository", at)
            return None, True
        image = service.last("image")
        self.used.setdefault(file, (text_of(image[1]) or "") if image else "")
        evidence.append(Evidence(at, f"built from {file}"))
        target = self.text(told.get("target")) or ""
        stage = build(self.reading, Build(file, context, target, args))
        self.installs += stage.installs if stage is not None else []
        return stage, True

    def _with_words(self, service: Service, draft: Draft, stage: Stage | None) -> Draft:
        entrypoint, command = self._words(service, "entrypoint"), self._words(service, "command")
        says = "command" if command is not None else "entrypoint"
        if entrypoint is None and command is None:
            words = draft.words
            says = "ENTRYPOINT" if stage is not None and stage.entrypoint else "CMD"
        elif entrypoint is not None:
            words = (*entrypoint, *(command or ()))
        elif stage is not None and stage.entrypoint_shell:
            words, says = stage.entrypoint, "ENTRYPOINT"
        else:
            words = (*(stage.entrypoint if stage is not None else ()), *(command or ()))
        last = command[0].at if command else words[0].at if words else None
        evidence = draft.evidence if last is None else (*draft.evidence, Evidence(last, f"started by {says}"))
        return replace(draft, words=words, evidence=evidence)

    def _words(self, service: Service, name: str) -> tuple[Word, ...] | None:
        """Return `command` or `entrypoint` as words; None when the image's own stands."""
        found = service.last(name)
        if found is None or (isinstance(found[1], Text) and found[1].is_null):
            return None
        path, node = found
        if isinstance(node, Items):
            return tuple(
                Word(self._soft(item.text), at_line(path, item.line), default=self._rests(item.text))
                for item in node.items
                if isinstance(item, Text)
            )
        text = self.text(node) or ""
        at = at_line(path, node.line)
        try:
            texts, written = shlex.split(text), shlex.split(text_of(node) or "")
        except ValueError:
            self.reading.unsure(f"the {name} of service {service.name}", "a quote is not closed", at)
            texts, written = text.split(), []
        rests = [self._rests(word) for word in written] if len(written) == len(texts) else [False] * len(texts)
        return tuple(Word(word, at, default=rest) for word, rest in zip(texts, rests, strict=True))

    def _rests(self, written: str) -> bool:
        """Return whether a text rests on a fallback that the host may replace."""
        piece = fill(written, self.lookup, doubled=True)
        return piece.default and piece.text is not None

    def _environment(self, service: Service, unread: list[Evidence]) -> dict[str, Variable]:
        env: dict[str, Variable] = {}
        for path, node in service.parts.get("env_file", []):
            for item in items(node) if not isinstance(node, Table) else (node,):
                missing = self._env_file(service, path, item, env)
                if missing is not None:
                    unread.append(missing)
                    env = below(env)
        for path, node in service.parts.get("environment", []):
            for name, value, line in pairs(node):
                at = at_line(path, line)
                env[name] = self._variable(name, value, at, "compose environment")
        return env

    def _env_file(self, service: Service, origin: str, item: Node, env: dict[str, Variable]) -> Evidence | None:
        """Add what one file sets; return where it is named when it has to be there and is not in the repository."""
        written = self.text(item.get("path") if isinstance(item, Table) else item)
        required = text_of(item.get("required")) if isinstance(item, Table) else None
        path = join(self.folder(origin), written or "") if written and not written.startswith("/") else None
        text = self.reading.text(path) if path is not None and self.reading.is_file(path) else None
        if path is not None and text is not None:
            env.update(envfile.compose(text, path, self.lookup))
        elif written and required != "false":
            at = at_line(origin, item.line)
            what = f"the env_file {written} of service {service.name}"
            self.reading.unsure(what, "it is not in the repository", at)
            return Evidence(at, f"the env_file {written} is not in the repository")
        return None

    def _holds_python(self, source: str) -> bool:
        prefix = "" if source == "." else f"{source}/"
        return any(path.startswith(prefix) and path.endswith(".py") for path in self.reading.files())

    def _volumes(self, service: Service) -> Iterator[tuple[str, str]]:
        for origin, node in service.parts.get("volumes", []):
            for item in items(node):
                if isinstance(item, Table):
                    source, target = self.text(item.get("source")), self.text(item.get("target"))
                else:
                    source, _, rest = (self.text(item) or "").partition(":")
                    target = rest.partition(":")[0]
                if not source or not target or not source.startswith("."):
                    continue
                path = join(self.folder(origin), source)
                if path is not None and self.reading.sources.exists(path):
                    yield posixpath.normpath(target), path

    def _published(self, service: Service) -> Iterator[Published]:
        for path, node in service.parts.get("ports", []):
            for item in items(node):
                at = at_line(path, item.line)
                if isinstance(item, Table):
                    told = {name: self.text(item.get(name)) or "" for name in _LONG_PORT}
                    address = f"[{told['host_ip']}]" if ":" in told["host_ip"] else told["host_ip"]
                    text = f"{address}:{told['published']}:{told['target']}/{told['protocol'] or 'tcp'}"
                else:
                    text = self.text(item) or ""
                yield from ports(text, at)

    def _reach(self, service: Service, published: tuple[Published, ...]) -> Reach:
        mode = service.last("network_mode")
        if mode is not None and text_of(mode[1]) == "host":
            return Reach.WORLD
        if not published or self._is_shut_in(service):
            return Reach.INTERNAL
        told = [p for p in published if p.address]
        if all(p.is_local for p in told):
            return Reach.LOOPBACK if len(told) == len(published) else Reach.UNKNOWN
        return Reach.WORLD

    def _is_shut_in(self, service: Service) -> bool:
        """Return whether each of its networks is internal: Docker opens no port of it then.

        moby 27 `libnetwork/sandbox.go`: ports are opened by the network that leads
        out, and an internal one is never taken for it.
        """
        names = [name for _, node in service.parts.get("networks", []) for name in listed(node)] or ["default"]
        return service.last("network_mode") is None and all(self._is_internal(name) for name in names)

    def _is_internal(self, network: str) -> bool:
        found = [node for _, node in self.tops("networks").get(network, [])]
        told = [node.get("internal") for node in found if isinstance(node, Table)]
        return [text_of(node) for node in told if node is not None][-1:] == ["true"]

    def tops(self, key: str) -> dict[str, list[tuple[str, Node]]]:
        """Return the entries of a top-level key of the project's files, such as `networks`, by name."""
        if key not in self._tops:
            self._tops[key] = compose.tops(self.reading, self.project, key)
        return self._tops[key]
