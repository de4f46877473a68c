"""Joins what the deployment files say into units: processes that production starts."""

from __future__ import annotations

import posixpath
from dataclasses import field, replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.model.data import dataclass
from batten.understand.deploy import procfile
from batten.understand.deploy.drafts import Draft, is_python, units
from batten.understand.deploy.image import NO_COMMAND, Build, base_name, build, context_of
from batten.understand.deploy.nested import Nested
from batten.understand.stack import Image, Reach, Unit, Variable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.understand.deploy.candidates import Candidates
    from batten.understand.deploy.image import Stage
    from batten.understand.deploy.kubernetes import Cluster
    from batten.understand.deploy.platform import Hosted
    from batten.understand.deploy.reading import Reading, Word
    from batten.understand.deploy.services import Composed

_INFRASTRUCTURE = frozenset(
    "postgres postgresql postgis pgvector timescaledb mysql mariadb percona mongo mongodb redis redis-stack valkey"
    " keydb memcached rabbitmq kafka zookeeper nats nginx httpd caddy traefik haproxy envoy elasticsearch opensearch"
    " kibana logstash grafana prometheus loki jaeger otel-collector minio vault consul etcd adminer pgadmin4"
    " phpmyadmin mailhog mailpit maildev flower busybox alpine certbot watchtower node cadvisor influxdb"
    " clickhouse-server mssql localstack pgbouncer redis-commander mongo-express selenium python".split(),
)
"""Images that are not this repository's own, by the last part of their name."""


@dataclass(slots=True)
class Join:
    """Reads the deployment files of a repository into units, those that lead to others first."""

    reading: Reading
    found: Candidates
    units: list[Unit] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """Files that another one leads to: they start nothing by themselves."""
    images: dict[str, str] = field(default_factory=dict)
    """Name that an image is given, to its Dockerfile."""
    installs: list[tuple[str, Location]] = field(default_factory=list)
    stages: dict[str, Stage | None] = field(default_factory=dict)
    proxies: list[Evidence] = field(default_factory=list)
    composed: list[Composed] = field(default_factory=list)
    """The compose projects."""
    cluster: Cluster | None = None
    """The Kubernetes manifests."""
    cluster_images: dict[str, str] = field(default_factory=dict)
    """Images of their containers that are this repository's own, to their Dockerfiles."""

    def run(self) -> None:
        """Read the files; those that lead to others first."""
        found = self.found
        if found.compose:
            self._compose()
        if found.manifests:
            self._manifests()
        if found.platform:
            self._platforms()
        self._dockerfiles()
        self._procfiles()
        if found.systemd:
            self._systemd()
        if found.supervisor:
            self._supervisor()
        if found.uwsgi:
            self._uwsgi()

    def add(self, draft: Draft, *, only_python: bool = False) -> None:
        """Add the units of a draft."""
        nested = Nested(self.reading, self.found, self.used)
        made = units(self.reading, draft, nested.expand)
        self.units += [unit for unit in made if not only_python or is_python(unit)]

    # Images

    def stage(self, path: str) -> Stage | None:
        """Return what a Dockerfile ships when it is built by itself."""
        if path not in self.stages:
            stage = build(self.reading, Build(path, context_of(self.reading, path), alone=True))
            self.stages[path] = stage
            self.installs += stage.installs if stage is not None else []
        return self.stages[path]

    def _own_image(self, name: str, beside: Iterable[str]) -> str | None:
        """Return the Dockerfile of this repository that an image's name stands for.

        A lone Dockerfile is taken for the one image among those `beside` it
        that is no well-known service.
        """
        base = base_name(name)
        if base in _INFRASTRUCTURE:
            return None
        for given, path in self.images.items():
            if base_name(given) == base:
                return path
        paths = self.found.docker
        own = {base_name(image) for image in beside if image} - _INFRASTRUCTURE
        if len(paths) == 1 and own == {base}:
            return paths[0]
        named = [p for p in paths if posixpath.basename(posixpath.dirname(p)) == base]
        return named[0] if len(named) == 1 else None

    def _dockerfiles(self) -> None:
        for path in self.found.docker:
            stage = self.stage(path) if path not in self.used else None
            if stage is None:
                continue
            words = stage.process()
            if words:
                evidence = (Evidence(words[0].at, f"started by {_instruction(stage)}"),)
                self.add(Draft(path, "image", words, evidence, image=Image()).on(stage))
            elif not stage.starts_by_itself:
                self.reading.unsure(path, NO_COMMAND, stage.at)

    def _compose(self) -> None:
        from batten.understand.deploy import compose  # noqa: PLC0415 - only where there is a compose file
        from batten.understand.deploy.services import Composed  # noqa: PLC0415 - likewise

        for project in compose.projects(self.reading, self.found.compose, self.found.not_deployed):
            composed = Composed(self.reading, project)
            composed.run()
            self.composed.append(composed)
            self.used |= set(composed.used)
            self.images |= {name or path: path for path, name in composed.used.items()}
            self.installs += composed.installs
            self.proxies += composed.proxies
            beside = [image for _, image, *_ in composed.drafts]
            if composed.used:
                beside.append("\0")  # the project builds its own image: others come from elsewhere
            for draft, image, replaces, _ in composed.drafts:
                if image:
                    path, words = self._own_image(image, beside), draft.words or None
                    args, command = (None, words) if replaces else (words, None)
                    self._in_image(draft, path, args, command)
                else:
                    self.add(draft)

    def _in_image(
        self, draft: Draft, path: str | None, args: tuple[Word, ...] | None, command: tuple[Word, ...] | None
    ) -> None:
        """Add a container of an image by name: of this repository's own, or one that runs Python."""
        stage = self.stage(path) if path is not None else None
        if path is None or stage is None:
            words = (*(command or ()), *(args or ()))
            self.add(replace(draft, words=words), only_python=True)
            return
        self.used.add(path)
        at = draft.evidence[0].at
        evidence = [*draft.evidence, Evidence(at, f"its image is taken to be built from {path}")]
        words, told = started(stage, args, command)
        if command is None and args is None and words:
            evidence.append(Evidence(words[0].at, f"started by {_instruction(stage)}"))
        if not words and not stage.starts_by_itself:
            self.reading.unsure(path, NO_COMMAND, stage.at)
        self.add(replace(draft, words=words, evidence=tuple(evidence)).on(stage), only_python=told)

    def _manifests(self) -> None:
        from batten.understand.deploy.kubernetes import Cluster  # noqa: PLC0415 - only where there are manifests

        cluster = Cluster(self.reading)
        cluster.run(self.found.manifests)
        self.cluster = cluster
        beside = [container.image for container in cluster.containers if container.serves]
        for container in cluster.containers:
            path = self._own_image(container.image, beside)
            if path is not None:
                self.cluster_images[container.image] = path
            if container.serves:
                draft = container.draft
                draft = replace(draft, home=container.workdir) if container.workdir else draft
                self._in_image(draft, path, container.args, container.command)

    # Platforms and hosts

    def _platforms(self) -> None:
        from batten.understand.deploy.platform import hosted  # noqa: PLC0415 - only where there is such a file

        for path in self.found.platform:
            for process in hosted(self.reading, path):
                self._hosted(process)

    def _hosted(self, process: Hosted) -> None:
        draft = Draft(
            process.name,
            "platform",
            process.words,
            (process.evidence,),
            process.env,
            process.folder,
            reach=process.reach,
        )
        stage = self.stage(process.dockerfile) if process.dockerfile is not None else None
        if stage is None or process.dockerfile is None:
            self.add(draft)
            return
        self.used.add(process.dockerfile)
        if process.words and stage.entrypoint and not process.through_shell:
            draft = replace(draft, words=(*stage.entrypoint, *process.words))
        self.add(replace(draft, image=Image()).on(stage))

    def _procfiles(self) -> None:
        for path in self.found.procfile:
            text = self.reading.text(path) if path not in self.used else None
            folder = posixpath.dirname(path) or "."
            env = self._around(folder) if text is not None else {}
            for name, words in procfile.parse(text or "", path).items():
                if name not in procfile.ONE_OFF:
                    evidence = (Evidence(words[0].at, f"started by the Procfile process {name}"),)
                    self.add(Draft(name, "procfile", words, evidence, env, folder, reach=Reach.PLATFORM))

    def _around(self, folder: str) -> dict[str, Variable]:
        """Return what a platform's file sets for the Procfile of a directory."""
        path = "app.json" if folder == "." else f"{folder}/app.json"
        if path in self.found.platform:
            from batten.understand.deploy.platform import app_json  # noqa: PLC0415 - only where there is one

            return app_json(self.reading, path)
        for path in self.found.platform:
            if path.startswith(".do/"):
                from batten.understand.deploy.digitalocean import beside_procfile  # noqa: PLC0415 - likewise

                return beside_procfile(self.reading, path, folder)
        return {}

    def _systemd(self) -> None:
        from batten.understand.deploy import systemd  # noqa: PLC0415 - only where there is a unit file

        for path in self.found.systemd:
            for draft in systemd.drafts(self.reading, path):
                if isinstance(draft, str):
                    self.found.not_deployed[path] = draft
                else:
                    self.add(draft, only_python=True)

    def _supervisor(self) -> None:
        from batten.understand.deploy import supervisor  # noqa: PLC0415 - only where there is such a file

        for path in self.found.supervisor:
            if path not in self.used:
                for draft in supervisor.drafts(self.reading, path):
                    self.add(draft, only_python=True)

    def _uwsgi(self) -> None:
        from batten.understand.deploy import uwsgi  # noqa: PLC0415 - only where there is such a file

        for path in self.found.uwsgi:
            words = uwsgi.words(self.reading, path) if path not in self.used else ()
            if words:
                evidence = (Evidence(words[0].at, f"started by uWSGI with {path}"),)
                folder = posixpath.dirname(path) or "."
                before = len(self.units)
                # Beside Dockerfiles it most likely runs in a container whose command is not in the repository.
                image = Image() if self.found.docker or self.found.compose else None
                self.add(Draft(path, "uwsgi", words, evidence, cwd=folder, image=image))
                shown = f"uwsgi {posixpath.basename(path)}"
                self.units[before:] = [replace(unit, command=shown) for unit in self.units[before:]]


def started(
    stage: Stage, args: tuple[Word, ...] | None, command: tuple[Word, ...] | None
) -> tuple[tuple[Word, ...], bool]:
    """Return what a container of an image starts, and whether its own file says any of it.

    `args` stand in place of CMD, `command` in place of ENTRYPOINT and CMD.
    """
    words = command or (stage.entrypoint if args is not None else stage.process())
    if args is not None and not (command is None and stage.entrypoint_shell):
        words = (*words, *args)
    return words, args is not None or command is not None


def _instruction(stage: Stage) -> str:
    return "ENTRYPOINT" if stage.entrypoint else "CMD"
