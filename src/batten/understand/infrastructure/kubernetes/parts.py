"""The nouns of Kubernetes that rules look at, besides `Container`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.model import Evidence, Location
    from batten.understand.infrastructure.nouns import Container


@dataclass(frozen=True, slots=True)
class Manifests:
    """That the repository has manifests for production."""

    at: Location


@dataclass(frozen=True, slots=True)
class Kept:
    """A secret that stands in a manifest, or in what a map is generated from."""

    name: str
    """The variable, or the key of the map."""
    owner: str
    """`the Secret shop`, `the container shop/web`."""
    text: str
    at: Location
    is_private_key: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """What a container's security context says, the pod's below it; None: neither does."""

    container: Container
    escalation: tuple[bool, Location] | None = None
    """`allowPrivilegeEscalation`."""
    read_only: bool | None = None
    """`readOnlyRootFilesystem`."""
    drops: tuple[str, ...] = ()
    """Capabilities taken away, in capitals."""
    seccomp: str = ""
    """The type of its seccomp profile."""
    non_root: bool | None = None
    """`runAsNonRoot`."""
    user: tuple[int, Location] | None = None
    """`runAsUser`."""


@dataclass(frozen=True, slots=True)
class Workload:
    """A pod and what makes it."""

    name: str
    kind: str
    namespace: str
    at: Location
    guards: tuple[Guard, ...]
    account: str = ""
    """Its service account; empty: the namespace's `default`."""
    account_at: Location | None = None
    mounts_token: bool = True
    """Its containers get a token of the cluster's API."""
    token_at: Location | None = None
    """Where that is said, for the pod or its account."""
    has_role: bool = False
    """A binding of the repository gives its account a role."""
    sysctls: tuple[tuple[str, Location], ...] = ()
    is_system: bool = False
    """It belongs to the cluster itself: in `kube-system`, or once on every node."""
    is_restricted: bool = False
    """Its namespace refuses what the restricted Pod Security Standard does not allow."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """An Ingress: host names that a controller leads to services."""

    name: str
    at: Location
    hosts: tuple[tuple[str, Location], ...]
    """Empty: every name."""
    plain_hosts: tuple[str, ...]
    """Those that no `tls` entry covers."""
    has_tls: bool
    annotations: dict[str, tuple[str, Location]]
    controller: str = ""
    """Its class, as far as the manifest says it."""
    ends_tls_elsewhere: bool = False
    """An annotation or the class says that a load balancer ends TLS, or that it is internal."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a controller of the cluster, in a ConfigMap or an argument."""

    name: str
    value: str
    at: Location


@dataclass(frozen=True, slots=True)
class Grant:
    """One rule of a role."""

    verbs: frozenset[str]
    groups: frozenset[str]
    resources: frozenset[str]
    names: frozenset[str]
    """Only these objects; empty: all of the kind."""
    urls: frozenset[str]
    at: Location
    verbs_at: Location
    resources_at: Location


@dataclass(frozen=True, slots=True)
class Subject:
    """Who gets a role."""

    kind: str
    """`User`, `Group` or `ServiceAccount`."""
    name: str
    namespace: str
    at: Location


@dataclass(frozen=True, slots=True)
class Access:
    """A Role or ClusterRole of the repository."""

    name: str
    kind: str
    namespace: str
    at: Location
    grants: tuple[Grant, ...]
    everywhere: bool
    """In every namespace: a ClusterRole that some ClusterRoleBinding, or no binding of the repository, hands out."""
    is_bound: bool = True
    """A binding of the repository hands it out."""
    subjects: tuple[Subject, ...] = ()
    """Who gets it, as far as the repository says."""
    is_built_in: bool = False
    """Kubernetes itself brings it, or it is a part of a role that Kubernetes brings: `aggregate-to-admin`."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Binding:
    """A RoleBinding or ClusterRoleBinding."""

    name: str
    everywhere: bool
    """In every namespace."""
    namespace: str
    at: Location
    role: str
    role_at: Location
    subjects: tuple[Subject, ...]
    evidence: tuple[Evidence, ...] = ()
