"""Joins what the deployment files say into units: processes that production starts."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.deploy import candidates, procfile
from batten.understand.deploy.drafts import Draft, is_python, units
from batten.understand.deploy.image import Build, build, context_of
from batten.understand.deploy.reading import Reading
from batten.understand.deploy.requirements import requirements
from batten.understand.stack import Image, Reach, Stack, Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure
    from batten.understand.deploy.candidates import Candidates
    from batten.understand.deploy.image import Stage
    from batten.understand.sources import Sources

_INFRASTRUCTURE = frozenset(
    "postgres postgresql postgis pgvector timescaledb mysql mariadb percona mongo mongodb redis redis-stack valkey"
    " keydb memcached rabbitmq kafka zookeeper nats nginx httpd caddy traefik haproxy envoy elasticsearch opensearch"
    " kibana logstash grafana prometheus loki jaeger otel-collector minio vault consul etcd adminer pgadmin4"
    " phpmyadmin mailhog mailpit maildev flower busybox alpine certbot watchtower node cadvisor influxdb"
    " clickhouse-server mssql localstack pgbouncer redis-commander mongo-express selenium".split(),
)
_STARTS_BY_ITSELF = frozenset(("nginx", "httpd", "caddy", "scratch", "node", "redis", "postgres", "traefik"))


def resolve(sources: Sources, note: Callable[[Unsure], None]) -> Stack:
    """Return all that the repository deploys; what could not be told goes to `note`."""
    reading = Reading(sources, note)
    found = candidates.find(reading.files())
    joined = _Join(reading, found)
    joined.run()
    listed = requirements(reading, found.requirements, joined.installs)
    not_deployed = {p: why for p, why in found.not_deployed.items() if p not in joined.used}
    return Stack(tuple(joined.units), not_deployed, listed or {}, has_requirements=listed is not None)


@dataclass(slots=True)
class _Join:
    reading: Reading
    found: Candidates
    units: list[Unit] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """Files that another one leads to: they start nothing by themselves."""
    images: dict[str, str] = field(default_factory=dict)
    """Name that an image is given, to its Dockerfile."""
    installs: list[tuple[str, Location]] = field(default_factory=list)
    stages: dict[str, Stage | None] = field(default_factory=dict)

    def run(self) -> None:
        """Read the files from the most to the least particular."""
        if self.found.compose:
            self._compose()
        self._dockerfiles()
        self._procfiles()

    def add(self, draft: Draft) -> list[Unit]:
        """Add the units of a draft."""
        made = units(self.reading, draft)
        self.units += made
        return made

    # Images

    def _stage(self, path: str) -> Stage | None:
        """Return what a Dockerfile ships when it is built by itself."""
        if path not in self.stages:
            context = context_of(self.reading, path)
            self.stages[path] = build(self.reading, Build(path, context))
        return self.stages[path]

    def _own_image(self, name: str) -> str | None:
        """Return the Dockerfile of this repository that an image's name stands for."""
        base = _base_name(name)
        if not name or base in _INFRASTRUCTURE:
            return None
        for given, path in self.images.items():
            if given and _base_name(given) == base:
                return path
        paths = self.found.docker
        if len(paths) == 1:
            return paths[0]
        named = [p for p in paths if posixpath.basename(posixpath.dirname(p)) == base]
        return named[0] if len(named) == 1 else None

    def _dockerfiles(self) -> None:
        for path in self.found.docker:
            if path in self.used:
                continue
            stage = self._stage(path)
            if stage is None:
                continue
            self.installs += stage.installs
            self._image(path, stage)

    def _image(self, path: str, stage: Stage) -> None:
        words = stage.process()
        if not words:
            if _base_name(stage.base) not in _STARTS_BY_ITSELF:
                self.reading.unsure(path, "it names no CMD or ENTRYPOINT; what starts is not known", stage.at)
            return
        says = "ENTRYPOINT" if stage.entrypoint else "CMD"
        evidence = (Evidence(words[0].at, f"started by {says}"),)
        self.add(Draft(path, "image", words, evidence, image=Image()).on(stage))

    def _compose(self) -> None:
        from batten.understand.deploy import compose  # noqa: PLC0415 - only where there is a compose file
        from batten.understand.deploy.services import Composed  # noqa: PLC0415

        for project in compose.projects(self.reading, self.found.compose, self.found.not_deployed):
            composed = Composed(self.reading, project)
            composed.run()
            self.used |= set(composed.used)
            self.images |= {name or path: path for path, name in composed.used.items()}
            self.installs += composed.installs
            for draft, image in composed.drafts:
                self._service(draft, image)

    def _service(self, draft: Draft, image: str) -> None:
        if not image:
            self.add(draft)
            return
        path = self._own_image(image)
        stage = self._stage(path) if path is not None else None
        if path is not None and stage is not None:
            self.used.add(path)
            self.installs += stage.installs
            words = draft.words or ()
            if words and stage.entrypoint and not stage.entrypoint_shell:
                words = (*stage.entrypoint, *words)
            at = draft.evidence[0].at
            evidence = (*draft.evidence, Evidence(at, f"its image is taken to be built from {path}"))
            self.add(replace(draft, words=words, evidence=evidence).on(stage))
            return
        self.units += [unit for unit in units(self.reading, draft) if is_python(unit)]

    # Processes without a container

    def _procfiles(self) -> None:
        for path in self.found.procfile:
            text = self.reading.text(path)
            if text is None or path in self.used:
                continue
            for name, words in procfile.parse(text, path).items():
                if name not in procfile.ONE_OFF:
                    evidence = (Evidence(words[0].at, f"started by the Procfile process {name}"),)
                    folder = posixpath.dirname(path) or "."
                    self.add(Draft(name, "procfile", words, evidence, cwd=folder, reach=Reach.PLATFORM))


def _base_name(image: str) -> str:
    return posixpath.basename(image.split("@", maxsplit=1)[0]).split(":")[0]
