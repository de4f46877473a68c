"""The objects that a repository's Kubernetes manifests make, and the containers that they start."""

from __future__ import annotations

import base64
import posixpath
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.deploy.kustomize import FILE, Kustomize, stamped
from batten.understand.deploy.manifests import Manifest, filled_by_template, is_open, objects, production
from batten.understand.deploy.patches import merged
from batten.understand.deploy.pods import Container, Pod, container_of
from batten.understand.deploy.yamltree import Items, Node, Table, Text, entries, items
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.model import Location
    from batten.understand.deploy.reading import Reading

_ROUTES = frozenset(("Ingress", "HTTPRoute", "IngressRoute", "VirtualService", "Route", "HTTPProxy"))
_MOST_CONTAINERS = 500
_DEEPEST = 12
_WIDEST = 30
_INTERNAL = (
    "service.beta.kubernetes.io/aws-load-balancer-internal",
    "service.beta.kubernetes.io/azure-load-balancer-internal",
    "networking.gke.io/load-balancer-type",
    "cloud.google.com/load-balancer-type",
    "service.beta.kubernetes.io/aws-load-balancer-scheme",
    "service.beta.kubernetes.io/oci-load-balancer-internal",
    "service.beta.kubernetes.io/openstack-internal-load-balancer",
    "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid",
    "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type",
    "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type",
)
"""Annotations of a Service whose load balancer stays inside the network (AWS, Azure, GKE, OCI, OpenStack docs)."""


@dataclass(slots=True)
class Cluster:
    """The manifests of a repository."""

    reading: Reading
    manifests: list[Manifest] = field(default_factory=list)
    """Every object that is applied to production, as overlays leave it."""
    pods: list[Pod] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    """Those of all pods."""
    used: set[str] = field(default_factory=set)
    """Manifests that describe a container."""
    _maps: dict[tuple[str, str], list[Manifest]] = field(default_factory=dict)
    _built: set[tuple[str, str, str]] = field(default_factory=set)
    """Kustomization, kind and name of what each builds."""
    _services: list[Manifest] = field(default_factory=list)
    _routed: str = ""

    def run(self, paths: Iterable[str]) -> None:
        """Read manifests."""
        kept = production(paths)
        built = Kustomize(self.reading)
        self.manifests = built.build(kept)
        for path in kept:
            if path not in built.used:
                self.manifests += objects(self.reading, path)
        self._lay_patches()
        for one in self.manifests:
            if one.scope:
                self._built.add((one.scope, one.kind, one.name))
            if one.kind in {"ConfigMap", "Secret"} and one.name:
                self._maps.setdefault((one.kind, one.name), []).append(one)
            elif one.kind == "Service":
                self._services.append(one)
            elif one.kind in _ROUTES:
                self._routed += _flat(one.table)
        for one in self.manifests:
            pod = Pod.of(one)
            if pod is None:
                continue
            self.pods.append(pod)
            for table, group in pod.containers():
                if len(self.containers) >= _MOST_CONTAINERS:
                    self.reading.unsure("further containers", f"{_MOST_CONTAINERS} were looked at", one.at())
                    return
                self.containers.append(container_of(self, pod, table, group))
                self.used.add(one.path)

    def _lay_patches(self) -> None:
        """Lay workloads whose containers name no image, patches that no kustomization names, over those they name.

        One that there is nothing of to lay it over stays, for what it says.
        """
        patches = [one for one in self.manifests if (pod := Pod.of(one)) is not None and pod.is_patch]
        if not patches:
            return
        set_aside = {id(one) for one in patches}
        wholes = [one for one in self.manifests if id(one) not in set_aside]
        named = {(one.kind, one.name) for one in wholes}
        self.manifests = wholes + [one for one in patches if (one.kind, one.name) not in named]
        for patch in patches:
            if (patch.kind, patch.name) in named:
                stamped([patch.table], patch.path)
            for one in wholes:
                if (one.kind, one.name) == (patch.kind, patch.name):
                    held = merged(one.table, patch.table)
                    one.table = held if isinstance(held, Table) else one.table

    def map_of(self, user: Manifest, kind: str, name: str) -> Manifest | None:
        """Return the ConfigMap or Secret that an object means by a name: the nearest to it, where several have it.

        That of another kustomization counts, unless that one builds the object as well: it is then another stage.
        """
        found = [
            one
            for one in self._maps.get((kind, name), ())
            if _may_meet(one, user)
            and (one.scope == user.scope or (one.scope, user.kind, user.name) not in self._built)
        ]
        return max(
            enumerate(found),
            key=lambda pair: (pair[1].scope == user.scope, _shared(pair[1].path, user.path), pair[0]),
            default=(0, None),
        )[1]

    def services_of(self, pod: Pod) -> Iterator[Manifest]:
        """Yield the services that lead to a pod."""
        labels = pod.labels()
        for one in self._services:
            selector = labels_in(one.get("spec", "selector"))
            if selector and selector.items() <= labels.items() and _may_meet(one, pod.manifest):
                yield one

    def reach_of(self, pod: Pod) -> Reach:
        """Return from where services and ingresses of the repository lead to a pod."""
        reach = Reach.UNKNOWN
        for one in self.services_of(pod):
            if is_public(one):
                return Reach.WORLD
            reach = Reach.PLATFORM if f" {one.name or chr(0)} " in self._routed else Reach.INTERNAL
        return reach


def is_public(service: Manifest) -> bool:
    """Return whether a service is open outside the cluster: no internal load balancer, nor one for some addresses."""
    kind = service.text("spec", "type")
    if kind == "NodePort" or any(True for _ in items(service.get("spec", "externalIPs"))):
        return True
    if kind != "LoadBalancer":
        return False
    told = service.annotations()
    if any(told[name][0].strip().lower() not in ("false", "external", "internet-facing", "internet", "public", "")
           for name in _INTERNAL if name in told):  # fmt: skip
        return False
    ranges = [item.text for item in items(service.get("spec", "loadBalancerSourceRanges")) if isinstance(item, Text)]
    return not ranges or any(one in ("0.0.0.0/0", "::/0") for one in ranges)


def data_of(manifest: Manifest) -> dict[str, tuple[str | None, Location]]:
    """Return the keys of a ConfigMap or Secret with value and place; None where the repository does not say it.

    `stringData` stands over `data`, which is base64 in a Secret.
    """
    found: dict[str, tuple[str | None, Location]] = {}
    secret = manifest.kind == "Secret"
    for part in ("data", "stringData"):
        for key, node in entries(manifest.get(part)).values():
            text = node.text if isinstance(node, Text) and not node.is_null else None
            if text is not None and secret and part == "data":
                text = _decoded(text)
            if text is not None and (filled_by_template(text) or ("\n" not in text and is_open(text))):
                text = None
            found[key.text] = (text, manifest.at(key))
    return found


def files_of(manifest: Manifest) -> dict[str, str]:
    """Return the keys of a ConfigMap or Secret that are files of the repository, with their paths."""
    return {
        key.text: node.file
        for part in ("data", "stringData")
        for key, node in entries(manifest.get(part)).values()
        if isinstance(node, Text) and node.tag == FILE
    }


def labels_in(node: Node | None) -> dict[str, str]:
    """Return the plain texts of a mapping."""
    return {name: value.text for name, (_, value) in entries(node).items() if isinstance(value, Text)}


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except ValueError:
        return None


def _may_meet(one: Manifest, other: Manifest) -> bool:
    """Return whether two objects may be in the same namespace."""
    return not one.namespace or not other.namespace or one.namespace == other.namespace


def _shared(one: str, other: str) -> int:
    """Return how many directories two paths share; the same file is nearest."""
    if one == other:
        return len(one) + 1
    return len(posixpath.commonprefix([one.rpartition("/")[0].split("/"), other.rpartition("/")[0].split("/")]))


def _flat(node: Node, depth: int = 0) -> str:
    """Return every text of a small tree, set apart by spaces."""
    if isinstance(node, Text):
        return f" {node.text} "
    parts = node.items if isinstance(node, Items) else [value for _, value in node.pairs]
    return "".join(_flat(part, depth + 1) for part in parts[:_WIDEST]) if depth < _DEEPEST else ""
