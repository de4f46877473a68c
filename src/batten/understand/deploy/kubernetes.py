"""Turns Kubernetes workloads into drafts: what a container's command, args and env put over its image."""

from __future__ import annotations

import base64
import re
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.model.data import dataclass
from batten.understand.deploy.drafts import Draft
from batten.understand.deploy.envfile import below
from batten.understand.deploy.reading import Word
from batten.understand.deploy.yamltree import Items, Node, Table, Text, documents, entries, items, text_of
from batten.understand.stack import Image, Published, Reach, Variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from batten.understand.deploy.reading import Reading

_KINDS = re.compile(
    r"^kind:\s*['\"]?(Deployment|StatefulSet|DaemonSet|ReplicaSet|Pod|Rollout|ConfigMap|Secret|Service|Ingress|List)\b",
    re.MULTILINE,
)
_WORKLOADS = frozenset(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Rollout"))
_REFERENCE = re.compile(r"\$\$|\$\(([A-Za-z_][\w.-]*)\)")


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a workload: its draft, its image, and whether `command` replaces the entrypoint."""

    draft: Draft
    image: str
    command: tuple[Word, ...] | None
    args: tuple[Word, ...] | None
    workdir: str


@dataclass(slots=True)
class Cluster:
    """The manifests of a repository."""

    reading: Reading
    containers: list[Container] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """Manifests that describe a container."""
    _objects: list[tuple[str, Table]] = field(default_factory=list)
    _maps: dict[tuple[str, str], dict[str, tuple[str | None, Location]]] = field(default_factory=dict)
    """Kind and name of a ConfigMap or Secret, to its keys: value and place."""
    _patches: dict[tuple[str, str, str], list[tuple[str, Table]]] = field(default_factory=dict)

    def run(self, paths: Iterable[str]) -> None:
        """Read manifests."""
        for path in paths:
            self._read(path)
        for path, table in self._objects:
            name, kind = _text(table, "metadata", "name"), _text(table, "kind") or ""
            if kind in {"ConfigMap", "Secret"} and name:
                self._maps[kind, name] = dict(_data(path, table))
        workloads = [(p, t) for p, t in self._objects if _text(t, "kind") in _WORKLOADS]
        for path, table in workloads:
            for container in _containers(table):
                if _text(container, "image") is None:
                    self._patches.setdefault(_key(table, container), []).append((path, container))
        for path, table in workloads:
            for container in _containers(table):
                if _text(container, "image") is not None and len(self.containers) < _MOST_CONTAINERS:
                    self._container(path, table, container)

    def _read(self, path: str) -> None:
        text = self.reading.text(path)
        if text is None or not _KINDS.search(text) or "apiVersion" not in text:
            return
        if "{{" in text:
            self.reading.unsure(path, "a Helm template, which is not rendered", Location(file=path, line=1))
            return
        for document in documents(self.reading, path):
            found = [document]
            if isinstance(document, Table) and _text(document, "kind") == "List":
                found = list(items(document.get("items")))
            self._objects += [(path, table) for table in found if isinstance(table, Table)]

    def _container(self, path: str, table: Table, container: Table) -> None:
        name, pod = _text(container, "name") or _text(table, "metadata", "name") or "container", _pod(table)
        line = container.line
        kind, workload = _text(table, "kind"), _text(table, "metadata", "name") or name
        evidence = [Evidence(Location(file=path, line=line), f"started by the {kind} {workload}")]
        env: dict[str, Variable] = {}
        unread: list[Evidence] = []
        layers = [(path, container), *self._patches.get(_key(table, container), [])]
        command: tuple[Word, ...] | None = None
        args: tuple[Word, ...] | None = None
        for origin, layer in layers:
            env = self._environment(origin, layer, env, unread)
            command = _words(layer.get("command"), origin, env) or command
            args = _words(layer.get("args"), origin, env) or args
        published = tuple(_host_ports(path, container))
        user = _text(container, "securityContext", "runAsUser")
        user = user or (_text(pod, "securityContext", "runAsUser") if isinstance(pod, Table) else None) or ""
        on_host = isinstance(pod, Table) and _text(pod, "hostNetwork") == "true"
        reach = Reach.WORLD if published or on_host else self._reach(table)
        draft = Draft(
            workload if len(list(_containers(table))) == 1 else f"{workload}/{name}",
            "kubernetes",
            (),
            tuple(evidence),
            env,
            image=Image(),
            published=published,
            reach=reach,
            user=user,
            unread=tuple(unread),
        )
        workdir = _text(container, "workingDir") or ""
        self.used.add(path)
        self.containers.append(Container(draft, _text(container, "image") or "", command, args, workdir))

    def _environment(
        self, path: str, container: Table, env: dict[str, Variable], unread: list[Evidence]
    ) -> dict[str, Variable]:
        """Return the variables with what a container's `envFrom` and `env` add, which stands over it."""
        for source in items(container.get("envFrom")):
            for kind, key in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
                name = _text(source, key, "name") if isinstance(source, Table) else None
                if name is None or not isinstance(source, Table):
                    continue
                held = self._maps.get((kind, name))
                prefix = _text(source, "prefix") or ""
                for told, (value, place) in held.items() if held is not None else ():
                    env[prefix + told] = Variable(prefix + told, value, place, kind)
                if held is None and _text(source, key, "optional") != "true":
                    at = Location(file=path, line=source.line)
                    if kind == "ConfigMap":  # that a Secret is kept elsewhere is as it should be
                        self.reading.unsure(f"the {kind} {name}", "it is not in the repository", at)
                    unread.append(Evidence(at, f"the {kind} {name} is not in the repository"))
                    env = below(env)
        for item in items(container.get("env")):
            name = _text(item, "name") if isinstance(item, Table) else None
            if name is None or not isinstance(item, Table):
                continue
            at = Location(file=path, line=item.line)
            variable = self._from_map(name, item)
            if variable is None and "valueFrom" in entries(item):
                variable = Variable(name, None, at, "Kubernetes env")
            elif variable is None:
                node = item.get("value")
                text = node.text if isinstance(node, Text) and not node.is_null else ""
                at = Location(file=path, line=node.line if isinstance(node, Text) else item.line)
                variable = Variable(name, _expanded(text, env), at, "Kubernetes env")
            env[name] = variable
        return env

    def _from_map(self, name: str, item: Table) -> Variable | None:
        """Return a variable taken from one key of a ConfigMap or Secret of the repository."""
        for kind, reference in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
            wanted = _text(item, "valueFrom", reference, "name")
            held = self._maps.get((kind, wanted or ""), {}).get(_text(item, "valueFrom", reference, "key") or "")
            if held is not None:
                return Variable(name, held[0], held[1], kind)
        return None

    def _reach(self, workload: Table) -> Reach:
        """Return from where services and ingresses of the repository lead to a workload."""
        labels = _labels(workload.get("spec", "template", "metadata", "labels") or workload.get("metadata", "labels"))
        routed = "".join(_flat(t) for _, t in self._objects if _text(t, "kind") == "Ingress")
        reach = Reach.UNKNOWN
        for _, table in self._objects:
            selector = _labels(table.get("spec", "selector"))
            if _text(table, "kind") != "Service" or not selector or not selector.items() <= labels.items():
                continue
            if _text(table, "spec", "type") in ("LoadBalancer", "NodePort"):
                return Reach.WORLD
            name = _text(table, "metadata", "name") or "\0"
            reach = Reach.PLATFORM if f" {name} " in routed else Reach.INTERNAL
        return reach


def _data(path: str, table: Table) -> Iterator[tuple[str, tuple[str | None, Location]]]:
    """Yield the keys of a ConfigMap or Secret; `stringData` stands over `data`, which is base64 in a Secret."""
    secret = _text(table, "kind") == "Secret"
    for part in ("data", "stringData"):
        for key, node in entries(table.get(part)).values():
            text = node.text if isinstance(node, Text) else None
            if secret and part == "data" and text is not None:
                text = _decoded(text)
            yield key.text, (text, Location(file=path, line=key.line))


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return None


def _pod(table: Table) -> Node | None:
    return table.get("spec") if _text(table, "kind") == "Pod" else table.get("spec", "template", "spec")


def _containers(table: Table) -> Iterator[Table]:
    pod = _pod(table)
    for item in items(pod.get("containers")) if isinstance(pod, Table) else ():
        if isinstance(item, Table):
            yield item


def _key(table: Table, container: Table) -> tuple[str, str, str]:
    kind, name = _text(table, "kind") or "", _text(table, "metadata", "name") or ""
    return kind, name, _text(container, "name") or ""


def _text(table: Table, *names: str) -> str | None:
    return text_of(table.get(*names))


def _labels(node: Node | None) -> dict[str, str]:
    return {name: value.text for name, (_, value) in entries(node).items() if isinstance(value, Text)}


def _flat(node: Node, depth: int = 0) -> str:
    """Return every text of a small tree, set apart by spaces."""
    if isinstance(node, Text):
        return f" {node.text} "
    parts = node.items if isinstance(node, Items) else [value for _, value in node.pairs]
    return "".join(_flat(part, depth + 1) for part in parts[:_WIDEST]) if depth < _DEEPEST else ""


_DEEPEST = 12
_MOST_CONTAINERS = 100
_WIDEST = 30


def _words(node: Node | None, path: str, env: Mapping[str, Variable]) -> tuple[Word, ...] | None:
    if not isinstance(node, Items):
        return None
    return tuple(
        Word(_expanded(item.text, env) or item.text, Location(file=path, line=item.line))
        for item in node.items
        if isinstance(item, Text)
    )


def _expanded(text: str, env: Mapping[str, Variable]) -> str | None:
    """Return text with `$(NAME)` filled in; names that are not set stay as written."""
    unknown = False

    def held(match: re.Match[str]) -> str:
        nonlocal unknown
        variable = env.get(match[1] or "")
        if variable is None:
            return "$" if match[0] == "$$" else match[0]
        unknown = unknown or variable.value is None
        return variable.value or ""

    filled = _REFERENCE.sub(held, text)
    return None if unknown else filled


def _host_ports(path: str, container: Table) -> Iterator[Published]:
    for item in items(container.get("ports")):
        host = _text(item, "hostPort") if isinstance(item, Table) else None
        if host is None or not isinstance(item, Table) or not host.isdigit():
            continue
        inside = _text(item, "containerPort") or ""
        address = _text(item, "hostIP") or "0.0.0.0"  # noqa: S104 - what Kubernetes does
        number = int(inside[:6]) if inside.isdigit() else None
        yield Published(number, int(host[:6]), address, Location(file=path, line=item.line))
