"""Pods and their containers, in the words that compose and Kubernetes share."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from batten.model import Location
from batten.understand.deploy.joined import started
from batten.understand.deploy.kubernetes import data_of, files_of, is_public
from batten.understand.deploy.yamltree import Node, Table, Text, entries, items, text_of
from batten.understand.infrastructure.kubernetes.access import space_of
from batten.understand.infrastructure.kubernetes.parts import Guard, Workload
from batten.understand.infrastructure.nouns import Container, Mount, Role
from batten.understand.infrastructure.products import product_of
from batten.understand.stack import Published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.joined import Join
    from batten.understand.deploy.kubernetes import Cluster
    from batten.understand.deploy.manifests import Manifest
    from batten.understand.deploy.pods import Container as Started, Pod
    from batten.understand.infrastructure.ground import Ground

_SYSTEM = frozenset("kube-system kube-public kube-node-lease".split())
_ENFORCED = "pod-security.kubernetes.io/enforce"
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP_OF = "container.seccomp.security.alpha.kubernetes.io/"
_SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
_TRUE = frozenset(("true", "True", "TRUE"))
_LONGEST_NUMBER = 9

Fact = tuple[str, Location]


def read(ground: Ground, joined: Join, cluster: Cluster) -> Iterator[object]:
    """Yield the containers of the cluster, and the workloads that they belong to."""
    units = {unit.name for unit in ground.stack.units if unit.kind == "kubernetes"}
    accounts = {(one.namespace, one.name): one for one in cluster.manifests if one.kind == "ServiceAccount"}
    restricted = frozenset(
        one.name
        for one in cluster.manifests
        if one.kind == "Namespace" and one.text("metadata", "labels", _ENFORCED) == "restricted"
    )
    bound = frozenset(_bound(cluster))
    held: dict[int, list[Started]] = {}
    for one in cluster.containers:
        held.setdefault(id(one.pod), []).append(one)
    for pod in cluster.pods:
        found = [(one, _container(joined, cluster, one, units)) for one in held.get(id(pod), ())]
        yield from (container for _, container in found)
        guards = tuple(_guard(one, container) for one, container in found)
        yield _workload(pod, guards, Around(accounts, bound, restricted))


class Around(NamedTuple):
    """What stands around the pods of a cluster."""

    accounts: dict[tuple[str, str], Manifest]
    """Service accounts by namespace and name."""
    bound: frozenset[tuple[str, str]]
    """Namespace and name of those that a role is bound to."""
    restricted: frozenset[str]
    """Namespaces that enforce the restricted Pod Security Standard."""


def _bound(cluster: Cluster) -> Iterator[tuple[str, str]]:
    for one in cluster.manifests:
        for item in items(one.get("subjects")) if one.kind in {"RoleBinding", "ClusterRoleBinding"} else ():
            if isinstance(item, Table) and text_of(item.get("kind")) == "ServiceAccount":
                yield space_of(one, item), text_of(item.get("name")) or ""


def _workload(pod: Pod, guards: tuple[Guard, ...], around: Around) -> Workload:
    manifest, spec = pod.manifest, pod.spec
    named = spec.get("serviceAccountName") or spec.get("serviceAccount")
    account = text_of(named) or ""
    name = account or "default"
    own = around.accounts.get((manifest.namespace, name)) or around.accounts.get(("", name))
    told = spec.get("automountServiceAccountToken")
    where = manifest
    if told is None and own is not None:
        told, where = own.get("automountServiceAccountToken"), own
    return Workload(
        manifest.name or manifest.kind,
        manifest.kind,
        manifest.namespace,
        manifest.at_key(*pod.where, "spec"),
        guards,
        account,
        manifest.at(named) if named is not None else None,
        text_of(told) != "false",
        where.at(told) if told is not None else None,
        any(one == name and _meets(space, manifest.namespace) for space, one in around.bound),
        tuple(_sysctls(manifest, spec)),
        _is_of_cluster(manifest),
        manifest.namespace in around.restricted,
        manifest.evidence,
    )


def _meets(one: str, other: str) -> bool:
    """Return whether two namespaces may be the same; the manifest leaves an empty one to whoever applies it."""
    return not one or not other or one == other


def _sysctls(manifest: Manifest, spec: Table) -> Iterator[Fact]:
    for item in items(spec.get("securityContext", "sysctls")):
        name = item.get("name") if isinstance(item, Table) else None
        if isinstance(name, Text):
            yield name.text, manifest.at(name)


def _container(joined: Join, cluster: Cluster, one: Started, units: set[str]) -> Container:
    manifest, table = one.pod.manifest, one.table
    path = joined.cluster_images.get(one.image)
    stage = joined.stage(path) if path is not None else None
    draft = one.draft.on(stage) if stage is not None else one.draft
    product = product_of(one.image if stage is None else stage.base)
    is_app = stage is not None or draft.name in units
    role = product.role if product is not None else Role.APP if is_app else Role.OTHER
    if product is not None and not one.serves:
        role = Role.OTHER  # a job in a database's image is one that asks it
    user = one.pod.said(one.table, "runAsUser")
    image = table.get("image")
    exposed = tuple(_exposed(cluster, one)) if one.group == "containers" else ()
    return Container(
        name=draft.name,
        kind="kubernetes",
        at=manifest.at(table),
        product=product.name if product is not None else "",
        role=role,
        image=one.image,
        image_at=manifest.at(image) if image is not None else None,
        stage=stage,
        words=started(stage, one.args, one.command)[0]
        if stage is not None
        else (*(one.command or ()), *(one.args or ())),
        env=draft.env,
        unread=draft.unread,
        published=(*draft.published, *exposed),
        reach=draft.reach,
        user=draft.user,
        user_at=manifest.at(user) if user is not None else None,
        mounts=tuple(_mounts(joined, cluster, one)),
        facts=dict(_facts(one)),
        lists={name: found for name, found in _lists(one).items() if found},
        evidence=draft.evidence,
        project=manifest.namespace,
        owner=manifest.name or draft.name,
        is_of_cluster=_is_of_cluster(manifest),
        is_helper=one.group != "containers",
    )


def _is_of_cluster(manifest: Manifest) -> bool:
    """Return whether a workload runs the cluster: in its own namespace, or once on every node."""
    return manifest.namespace in _SYSTEM or manifest.kind == "DaemonSet"


def _is_on(node: Node | None) -> bool:
    return text_of(node) in _TRUE


def _facts(one: Started) -> Iterator[tuple[str, Fact]]:
    """Yield what is told of a container, by the words of compose."""
    manifest, table, spec = one.pod.manifest, one.table, one.pod.spec
    rows = (
        ("privileged", table.get("securityContext", "privileged"), ""),
        ("privileged", table.get("securityContext", "windowsOptions", "hostProcess"), ""),
        ("privileged", spec.get("securityContext", "windowsOptions", "hostProcess"), ""),
        ("runAsNonRoot", one.pod.said(table, "runAsNonRoot"), ""),
        ("read_only", table.get("securityContext", "readOnlyRootFilesystem"), ""),
        ("network_mode", spec.get("hostNetwork"), "host"),
        ("pid", spec.get("hostPID"), "host"),
        ("ipc", spec.get("hostIPC"), "host"),
    )
    told: set[str] = set()
    for name, node, word in rows:
        if isinstance(node, Text) and (_is_on(node) or not word) and (name not in told or _is_on(node)):
            told.add(name)
            yield name, (word or node.text, manifest.at(node))


def _lists(one: Started) -> dict[str, tuple[Fact, ...]]:
    """Return capabilities and what is said of the kernel's filters, by the words of compose."""
    manifest, table = one.pod.manifest, one.table
    found: dict[str, tuple[Fact, ...]] = {}
    for name, key in (("cap_add", "add"), ("cap_drop", "drop")):
        node = table.get("securityContext", "capabilities", key)
        found[name] = tuple((item.text, manifest.at(item)) for item in items(node) if isinstance(item, Text))
    found["host_ports"] = tuple(
        (str(port.host), port.at)
        for port in one.draft.published
        if port.host and not port.address.startswith("127.") and port.address != "::1"
    )
    options: list[Fact] = []
    seccomp = one.pod.said(one.table, "seccompProfile", "type")
    if isinstance(seccomp, Text):
        options.append((f"seccomp:{seccomp.text.lower()}", manifest.at(seccomp)))
    armour = one.pod.said(one.table, "appArmorProfile", "type")
    if isinstance(armour, Text):
        options.append((f"apparmor:{armour.text.lower()}", manifest.at(armour)))
    masked = table.get("securityContext", "procMount")
    if isinstance(masked, Text) and masked.text == "Unmasked":
        options.append(("systempaths:unconfined", manifest.at(masked)))
    escalation = table.get("securityContext", "allowPrivilegeEscalation")
    if isinstance(escalation, Text):
        options.append((f"no-new-privileges:{'false' if _is_on(escalation) else 'true'}", manifest.at(escalation)))
    told = {text.partition(":")[0] for text, _ in options}
    options += [(text, at) for text, at in _annotated(one) if text.partition(":")[0] not in told]
    found["security_opt"] = tuple(options)
    return found


def _annotated(one: Started) -> Iterator[Fact]:
    """Yield what annotations say of the kernel's filters; since Kubernetes 1.19 and 1.30 the fields stand over them."""
    name = text_of(one.table.get("name")) or ""
    words = {_SECCOMP: "seccomp", _SECCOMP_OF + name: "seccomp", _APPARMOR + name: "apparmor"}
    for key, (_, value) in entries(one.pod.template.get("metadata", "annotations")).items():
        if isinstance(value, Text) and key in words:
            yield f"{words[key]}:{value.text.lower()}", one.pod.manifest.at(value)


def _guard(one: Started, container: Container) -> Guard:
    manifest, table = one.pod.manifest, one.table
    escalation = table.get("securityContext", "allowPrivilegeEscalation")
    read_only, non_root = (
        table.get("securityContext", "readOnlyRootFilesystem"),
        one.pod.said(one.table, "runAsNonRoot"),
    )
    user = one.pod.said(one.table, "runAsUser")
    number = text_of(user) or ""
    is_number = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
    seccomp = next((text for text, _ in container.lists.get("security_opt", ()) if text.startswith("seccomp:")), "")
    return Guard(
        container,
        (_is_on(escalation), manifest.at(escalation)) if escalation is not None else None,
        _is_on(read_only) if read_only is not None else None,
        tuple(text.upper().removeprefix("CAP_") for text, _ in container.lists.get("cap_drop", ())),
        seccomp.partition(":")[2],
        _is_on(non_root) if non_root is not None else None,
        (int(number), manifest.at(user)) if is_number and user is not None else None,
    )


# Ports and files


def _exposed(cluster: Cluster, one: Started) -> Iterator[Published]:
    """Yield the ports that services open to every network."""
    named: dict[str, str] = {}
    for item in items(one.table.get("ports")):
        number = text_of(item.get("containerPort")) if isinstance(item, Table) else None
        if number is not None and isinstance(item, Table):
            named[text_of(item.get("name")) or number] = number
    alone = sum(group == "containers" for _, group in one.pod.containers()) == 1
    for service in cluster.services_of(one.pod):
        for target, port in opened(service):
            if alone or target in named or target in named.values():
                yield replace(port, container=_number(named.get(target, target)))


def opened(service: Manifest) -> Iterator[tuple[str, Published]]:
    """Yield the ports of a service that every network gets to, each with the port of the pod as it is written."""
    kind = service.get("spec", "externalIPs") or service.get("spec", "type")
    if not is_public(service) or kind is None:
        return
    for item in items(service.get("spec", "ports")):
        port = text_of(item.get("port")) if isinstance(item, Table) else None
        if port is None or not isinstance(item, Table):
            continue
        target = text_of(item.get("targetPort")) or port
        host = text_of(item.get("nodePort")) if text_of(kind) == "NodePort" else port
        yield target, Published(_number(target), _number(host), "0.0.0.0", service.at(kind))  # noqa: S104 - what a service does


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def _mounts(joined: Join, cluster: Cluster, one: Started) -> Iterator[Mount]:
    manifest = one.pod.manifest
    volumes = {
        text_of(item.get("name")): item for item in items(one.pod.spec.get("volumes")) if isinstance(item, Table)
    }
    mounted = {
        text_of(item.get("name"))
        for table, _ in one.pod.containers()
        for item in items(table.get("volumeMounts"))
        if isinstance(item, Table)
    }
    if one.table is next(first for first, _ in one.pod.containers()):
        for name, table in volumes.items():
            host = table.get("hostPath", "path")
            if name not in mounted and isinstance(host, Text):
                yield Mount(host.text, "", manifest.at(host))
    for item in items(one.table.get("volumeMounts")):
        target = text_of(item.get("mountPath")) if isinstance(item, Table) else None
        if target is None or not isinstance(item, Table):
            continue
        volume = volumes.get(text_of(item.get("name")))
        inside = text_of(item.get("subPath")) or ""
        is_read_only = _is_on(item.get("readOnly"))
        mount = Mount("", posixpath.normpath(target), manifest.at(item), None, is_read_only)
        if volume is not None:
            yield from _mount(joined, cluster, manifest, volume, inside, mount)


def _mount(
    joined: Join, cluster: Cluster, manifest: Manifest, volume: Table, inside: str, mount: Mount
) -> Iterator[Mount]:
    host = volume.get("hostPath", "path")
    if isinstance(host, Text):
        yield replace(mount, source=posixpath.join(host.text, inside) if inside else host.text, at=manifest.at(host))
        return
    for kind, word, key in (("ConfigMap", "configMap", "name"), ("Secret", "secret", "secretName")):
        name = text_of(volume.get(word, key))
        if name is None:
            continue
        held = cluster.map_of(manifest, kind, name)
        found = False
        renamed = {
            text_of(item.get("key")): text_of(item.get("path"))
            for item in items(volume.get(word, "items"))
            if isinstance(item, Table)
        }
        files = files_of(held) if held is not None else {}
        for told, (text, at) in (data_of(held) if held is not None else {}).items():
            file = renamed.get(told, None if renamed else told)
            if file is None or (inside and inside != file):
                continue
            target = mount.target if inside else posixpath.join(mount.target, file)
            path = files.get(told)
            if path is not None and joined.reading.is_file(path):
                found = True
                yield replace(mount, source=f"{name}/{told}", target=target, path=path, read_only=True)
            elif text is not None and "\n" in text:
                begins = Location(file=at.file, line=(at.line or 0) + 1)
                yield replace(mount, source=f"{name}/{told}", target=target, text=text, text_at=begins, read_only=True)
        if not found:
            yield replace(mount, source=name, read_only=True)
        return
    claim = text_of(volume.get("persistentVolumeClaim", "claimName"))
    yield replace(mount, source=claim or text_of(volume.get("name")) or "")
