"""Reads the objects of Kubernetes manifests: documents, lists, what templates leave open, which stage is production."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy.yamltree import Items, Node, Table, Text, documents, entries, items, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.model import Evidence
    from batten.understand.deploy.reading import Reading

_LOOKED_AT = frozenset(
    "Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Pod Job CronJob Rollout DeploymentConfig"
    " PodTemplate ConfigMap Secret Service Ingress HTTPRoute IngressRoute VirtualService Route HTTPProxy Role"
    " ClusterRole RoleBinding ClusterRoleBinding ServiceAccount Namespace".split()
)
"""Kinds that something is read from; all others are left alone."""
_KINDS = re.compile(
    r"^[ -]*kind:\s*['\"]?(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Pod|Job|CronJob|Rollout"
    r"|ConfigMap|Secret|Service|Ingress|List|Role|ClusterRole|RoleBinding|ClusterRoleBinding|ServiceAccount"
    r"|Configuration|Revision|DeploymentConfig|PodTemplate|Namespace|HTTPRoute|IngressRoute|VirtualService|Route"
    r"|HTTPProxy)\b",
    re.MULTILINE,
)
_HELM = re.compile(
    r"\{\{-|-\}\}|\{\{[^}\n]{0,80}\.(?:Values|Release|Chart|Capabilities)\b|\{\{\s*(?:include|template) "
)
_DATA = frozenset(("ConfigMap", "Secret"))
_WHOLE_TEMPLATE = re.compile(r"\s*(?:\{\{.*\}\}|\{%.*%\})\s*", re.DOTALL)
_SUBSTITUTED = re.compile(r"\$\{[A-Za-z_][\w.:=-]*\}|\$[A-Z][A-Z0-9_]*\Z")
"""What envsubst, Flux and CI jobs fill in before the manifest is applied; Kubernetes itself knows `$(NAME)` only."""
_MOST_OBJECTS = 3000
_MOST_NODES = 20_000

_PRODUCTION = frozenset(("prod", "production", "prd", "live"))
_STAGES = frozenset("staging stage stg qa uat preprod sandbox preview int integration demo canary acc test dev".split())


@dataclass(slots=True)
class Manifest:
    """One object of a cluster, with what overlays lay over it."""

    path: str
    table: Table
    scope: str = ""
    """The kustomization that it is built by; empty: it is applied as it is."""
    space: str = ""
    """The namespace that the kustomization puts it in."""
    evidence: tuple[Evidence, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of the object."""
        return self.text("kind") or ""

    @property
    def name(self) -> str:
        """Its name, empty where it has none."""
        return self.text("metadata", "name") or ""

    @property
    def namespace(self) -> str:
        """Its namespace, empty where the manifest leaves it to whoever applies it."""
        return self.space or self.text("metadata", "namespace") or ""

    def get(self, *names: str) -> Node | None:
        """Return what stands under a chain of keys."""
        return self.table.get(*names)

    def text(self, *names: str) -> str | None:
        """Return the text under a chain of keys, None for anything else."""
        return text_of(self.table.get(*names))

    def at(self, node: Node | None = None) -> Location:
        """Return the place of a node of the object; of the object itself without one."""
        node = node or self.table
        return Location(file=node.file or self.path, line=node.line)

    def at_key(self, *names: str) -> Location:
        """Return the place of a key; of the object where it has none."""
        above = self.table.get(*names[:-1]) if names[:-1] else self.table
        held = entries(above).get(names[-1])
        return self.at(held[0] if held is not None else None)

    def annotations(self) -> dict[str, tuple[str, Location]]:
        """Return its annotations with their places."""
        return texts(self, self.get("metadata", "annotations"))


def texts(manifest: Manifest, node: Node | None) -> dict[str, tuple[str, Location]]:
    """Return the scalars of a mapping with their places."""
    return {
        name: (value.text, manifest.at(value)) for name, (_, value) in entries(node).items() if isinstance(value, Text)
    }


def is_open(text: str) -> bool:
    """Return whether something fills the text in before the manifest is applied."""
    return "{{" in text or _SUBSTITUTED.search(text) is not None


def objects(reading: Reading, path: str, *, sure: bool = False) -> list[Manifest]:
    """Return the objects of a manifest; `sure`: a kustomization names the file."""
    text = reading.text(path)
    if text is None or "apiVersion" not in text or not (sure or _KINDS.search(text)):
        return []
    if "{{" in text and _chart(reading, path) is not None:
        _tell_chart(reading, path)
        return []
    found: list[Manifest] = []
    read = documents(reading, path)
    if "{{" in text and path in reading.broken:  # the parser has told it
        return []
    for document in read:
        for table in _listed(document):
            if text_of(table.get("kind")) not in _LOOKED_AT and not _is_knative(table):
                continue
            told = _opening(table) if "{{" in text else None
            if told is not None:
                why = "a Helm template" if _HELM.search(text) else "a template"
                reading.unsure(path, f"{why}, which is not rendered", Location(file=path, line=told.line))
            elif len(found) < _MOST_OBJECTS:
                found.append(Manifest(path, table))
    return found


def _listed(document: Node) -> Iterator[Table]:
    if not isinstance(document, Table):
        return
    if (text_of(document.get("kind")) or "").endswith("List") and isinstance(document.get("items"), Items):
        yield from (item for item in items(document.get("items")) if isinstance(item, Table))
    else:
        yield document


def _opening(table: Table) -> Node | None:
    """Return a node that a template engine fills in, where that may be more than a value."""
    if text_of(table.get("kind")) in _DATA:
        table = Table(table.line, [pair for pair in table.pairs if pair[0].text not in ("data", "stringData")])
    for node in walk(table):
        if isinstance(node, Text) and "{{" in node.text and "\n" not in node.text:
            return node
        if isinstance(node, Table) and any(key.tag == "?" for key, _ in node.pairs):
            return node
    return None


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, each once; a text that is a key is not among them."""
    waiting, seen = [node], {id(node)}
    while waiting and len(seen) < _MOST_NODES:
        one = waiting.pop()
        yield one
        below: Sequence[Node] = ()
        if isinstance(one, Items):
            below = one.items
        elif isinstance(one, Table):
            below = [value for _, value in one.pairs]
        for part in reversed(below):
            if id(part) not in seen:
                seen.add(id(part))
                waiting.append(part)


def _chart(reading: Reading, path: str) -> str | None:
    """Return the directory of the Helm chart whose template a file is."""
    folder = posixpath.dirname(path)
    while folder:
        above, name = posixpath.split(folder)
        chart = f"{above}/Chart.yaml" if above else "Chart.yaml"
        if name == "templates" and reading.is_file(chart):
            return above or "."
        folder = above
    return None


def _is_knative(table: Table) -> bool:
    return (text_of(table.get("apiVersion")) or "").startswith("serving.knative.dev/")


def _tell_chart(reading: Reading, path: str) -> None:
    chart = _chart(reading, path)
    at = Location(file="Chart.yaml" if chart == "." else f"{chart}/Chart.yaml", line=1)
    reading.unsure(f"the Helm chart {chart}", "its templates are not rendered: what it deploys is not checked", at)


_OF_A_DESK = re.compile(r"(?:^|/)(?:dev[-_][\w-]+|[\w-]+[-_](?:dev|local)|minikube|kind|k3d)/", re.IGNORECASE)
"""Directories for development: `dev-kind`, `overlays/gcp-dev`, `minikube`."""


def production(paths: Iterable[str]) -> list[str]:
    """Return the paths without those for development, and those of another stage where production has its own."""
    kept = [path for path in paths if not _OF_A_DESK.search(path)]
    beside: dict[str, set[str]] = {}
    for path in kept:
        for place, stage in _stages(path):
            beside.setdefault(place, set()).add(stage)
    return [
        path
        for path in kept
        if not any(stage in _STAGES and beside[place] & _PRODUCTION for place, stage in _stages(path))
    ]


def _stages(path: str) -> Iterator[tuple[str, str]]:
    """Yield where a path names a stage, with the stage left out, and the stage."""
    folders, above = path.split("/"), ""
    for folder in folders:
        words = re.split(r"([._-])", folder)
        for position, word in enumerate(words):
            if word.lower() in _PRODUCTION or word.lower() in _STAGES:
                rest = [*words[:position], "*", *words[position + 1 :]]
                yield f"{above}{''.join(rest)}", word.lower()
        above += f"{folder}/"


def filled_by_template(text: str) -> bool:
    """Return whether the text is nothing but a place that a template engine fills in."""
    return _WHOLE_TEMPLATE.fullmatch(text) is not None
