"""Pods and their containers: what a container's `command`, `args` and `env` put over its image."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.model.data import dataclass
from batten.understand.deploy.drafts import Draft
from batten.understand.deploy.envfile import below
from batten.understand.deploy.manifests import Manifest, is_open
from batten.understand.deploy.reading import Word
from batten.understand.deploy.yamltree import Items, Node, Table, Text, entries, items, text_of
from batten.understand.stack import Image, Published, Reach, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.deploy.kubernetes import Cluster

NOT_ROOT = "non-root"
"""The user of a container that is not started as root, whoever its image names (`runAsNonRoot`)."""
GROUPS = ("containers", "initContainers", "ephemeralContainers")
_TEMPLATE = ("spec", "template")
_WORKLOADS: dict[str, tuple[str, ...]] = {
    # kind: where its pod's template is; Kubernetes 1.33 API, Argo Rollouts 1.8, OpenShift 4.19
    "Deployment": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
    "DaemonSet": _TEMPLATE,
    "ReplicaSet": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "Rollout": _TEMPLATE,
    "DeploymentConfig": _TEMPLATE,
    "Pod": (),
    "Job": _TEMPLATE,
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "PodTemplate": ("template",),
}
_ENDS = frozenset(("Job", "CronJob", "PodTemplate"))
"""Kinds whose containers do not go on running."""
_KNATIVE = frozenset(("Service", "Configuration", "Revision"))
_REFERENCE = re.compile(r"\$\$|\$\(([A-Za-z_][\w.-]*)\)")


@dataclass(frozen=True, slots=True)
class Pod:
    """A workload's pod."""

    manifest: Manifest
    template: Table
    """With `metadata` and `spec`."""
    where: tuple[str, ...] = ()
    """The keys that lead to it."""

    @classmethod
    def of(cls, manifest: Manifest) -> Pod | None:
        """Return the pod that an object makes, None where it makes none."""
        where = _WORKLOADS.get(manifest.kind)
        if where is None and manifest.kind in _KNATIVE:
            is_knative = (manifest.text("apiVersion") or "").startswith("serving.knative.dev/")
            where = (() if manifest.kind == "Revision" else _TEMPLATE) if is_knative else None
        template = manifest.get(*where) if where is not None else None
        return cls(manifest, template, where or ()) if isinstance(template, Table) else None

    @property
    def spec(self) -> Table:
        """Its `spec`; an empty one where it has none."""
        spec = self.template.get("spec")
        return spec if isinstance(spec, Table) else Table(self.template.line)

    @property
    def goes_on(self) -> bool:
        """Whether its containers go on running."""
        return self.manifest.kind not in _ENDS

    @property
    def is_patch(self) -> bool:
        """Whether none of its containers names an image: a part of an object, to be laid over the whole."""
        held = [table for table, _ in self.containers()]
        return not self.manifest.scope and bool(held) and not any(text_of(table.get("image")) for table in held)

    def containers(self) -> Iterator[tuple[Table, str]]:
        """Yield its containers, each with the list that holds it."""
        for group in GROUPS:
            for item in items(self.spec.get(group)):
                if isinstance(item, Table):
                    yield item, group

    def said(self, container: Table, *names: str) -> Node | None:
        """Return what a container's security context says, else the pod's."""
        own = container.get("securityContext", *names)
        return own if own is not None else self.spec.get("securityContext", *names)

    def labels(self) -> dict[str, str]:
        """Return its labels."""
        held = entries(self.template.get("metadata", "labels"))
        return {name: value.text for name, (_, value) in held.items() if isinstance(value, Text)}


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a workload: its draft, its image, and whether `command` replaces the entrypoint."""

    draft: Draft
    image: str
    command: tuple[Word, ...] | None
    args: tuple[Word, ...] | None
    workdir: str
    pod: Pod
    table: Table
    group: str
    """`containers`, `initContainers` or `ephemeralContainers`."""

    @property
    def serves(self) -> bool:
        """Whether it goes on running."""
        return self.pod.goes_on and self.group == "containers" and bool(self.image)


def container_of(cluster: Cluster, pod: Pod, table: Table, group: str) -> Container:
    """Return a container of a pod, with what the objects of its cluster give it."""
    manifest = pod.manifest
    name = text_of(table.get("name")) or manifest.name or "container"
    workload = manifest.name or name
    unread: list[Evidence] = []
    env = _Environment(cluster, manifest, unread).of(table)
    published = tuple(_host_ports(manifest, table))
    user = text_of(pod.said(table, "runAsUser"))
    if user is None and text_of(pod.said(table, "runAsNonRoot")) == "true":
        user = NOT_ROOT
    on_host = text_of(pod.spec.get("hostNetwork")) == "true"
    draft = Draft(
        workload if len(list(pod.containers())) == 1 else f"{workload}/{name}",
        "kubernetes",
        (),
        (Evidence(manifest.at(table), f"started by the {manifest.kind} {workload}"), *manifest.evidence),
        env,
        image=Image(),
        published=published,
        reach=Reach.WORLD if published or on_host else cluster.reach_of(pod),
        user=user or "",
        unread=tuple(unread),
    )
    return Container(
        draft,
        text_of(table.get("image")) or "",
        _words(table.get("command"), manifest, env),
        _words(table.get("args"), manifest, env),
        text_of(table.get("workingDir")) or "",
        pod,
        table,
        group,
    )


@dataclass(slots=True)
class _Environment:
    """Fills the variables of a container in."""

    cluster: Cluster
    manifest: Manifest
    unread: list[Evidence]

    def of(self, container: Table) -> dict[str, Variable]:
        """Return the variables of a container: `env` stands over `envFrom`."""
        env: dict[str, Variable] = {}
        for source in items(container.get("envFrom")):
            if isinstance(source, Table):
                env = self._whole_map(source, env)
        for item in items(container.get("env")):
            name = text_of(item.get("name")) if isinstance(item, Table) else None
            if name is None or not isinstance(item, Table):
                continue
            variable = self._of_map(name, item)
            if variable is None and "valueFrom" in entries(item):
                variable = Variable(name, None, self.manifest.at(item), "Kubernetes env")
            elif variable is None:
                node = item.get("value")
                text = node.text if isinstance(node, Text) and not node.is_null else ""
                at = self.manifest.at(node if isinstance(node, Text) else item)
                value = None if is_open(text) else _expanded(text, env)
                variable = Variable(name, value, at, "Kubernetes env")
            env[name] = variable
        return env

    def _whole_map(self, source: Table, env: dict[str, Variable]) -> dict[str, Variable]:
        from batten.understand.deploy.kubernetes import data_of  # noqa: PLC0415 - it holds the cluster of this room

        for kind, key in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
            name = text_of(source.get(key, "name"))
            if name is None:
                continue
            held = self.cluster.map_of(self.manifest, kind, name)
            prefix = text_of(source.get("prefix")) or ""
            for told, (value, place) in data_of(held).items() if held is not None else ():
                env[prefix + told] = Variable(prefix + told, value, place, kind)
            if held is None and text_of(source.get(key, "optional")) != "true":
                at = self.manifest.at(source)
                if kind == "ConfigMap":  # that a Secret is kept elsewhere is as it should be
                    self.cluster.reading.unsure(f"the {kind} {name}", "it is not in the repository", at)
                self.unread.append(Evidence(at, f"the {kind} {name} is not in the repository"))
                env = below(env)
        return env

    def _of_map(self, name: str, item: Table) -> Variable | None:
        """Return a variable taken from one key of a ConfigMap or Secret of the repository."""
        from batten.understand.deploy.kubernetes import data_of  # noqa: PLC0415 - see above

        for kind, reference in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
            wanted = text_of(item.get("valueFrom", reference, "name"))
            one = self.cluster.map_of(self.manifest, kind, wanted) if wanted else None
            held = data_of(one).get(text_of(item.get("valueFrom", reference, "key")) or "") if one else None
            if held is not None:
                return Variable(name, held[0], held[1], kind)
        return None


def _words(node: Node | None, manifest: Manifest, env: Mapping[str, Variable]) -> tuple[Word, ...] | None:
    if not isinstance(node, Items):
        return None
    found = tuple(
        Word(_expanded(item.text, env) or item.text, manifest.at(item)) for item in node.items if isinstance(item, Text)
    )
    return found or None


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


def _host_ports(manifest: Manifest, container: Table) -> Iterator[Published]:
    for item in items(container.get("ports")):
        host = text_of(item.get("hostPort")) if isinstance(item, Table) else None
        if host is None or not isinstance(item, Table) or not (host.isascii() and host.isdigit()):
            continue
        inside = text_of(item.get("containerPort")) or ""
        address = text_of(item.get("hostIP")) or "0.0.0.0"  # noqa: S104 - what Kubernetes does
        number = int(inside[:6]) if inside.isascii() and inside.isdigit() else None
        node = item.get("hostPort")
        yield Published(number, int(host[:6]), address, Location(file=manifest.at(node).file, line=item.line))
