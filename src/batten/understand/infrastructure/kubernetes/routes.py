"""Ingresses: which host names the cluster serves, and whether it serves them over TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.deploy.kubernetes import data_of
from batten.understand.deploy.yamltree import Table, Text, items, text_of
from batten.understand.infrastructure.kubernetes.parts import Route, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.deploy.kubernetes import Cluster
    from batten.understand.deploy.manifests import Manifest

_CLASS = "kubernetes.io/ingress.class"
_ENDS_TLS = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "networking.gke.io/managed-certificates",
    "networking.gke.io/certmap",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "service.beta.kubernetes.io/aws-load-balancer-ssl-cert",
    "external-dns.alpha.kubernetes.io/cloudflare-proxied",
    "nginx.ingress.kubernetes.io/ssl-passthrough",
    "traefik.ingress.kubernetes.io/router.tls",
    "konghq.com/protocols",
    "haproxy.org/ssl-passthrough",
)
"""Annotations that say that TLS is ended by other means than the Ingress's own `tls` (docs of the controllers)."""
_INTERNAL = (
    ("alb.ingress.kubernetes.io/scheme", "internal"),
    ("kubernetes.io/ingress.class", "gce-internal"),
    ("nginx.ingress.kubernetes.io/whitelist-source-range", ""),
    ("appgw.ingress.kubernetes.io/use-private-ip", "true"),
)
_HTTPS = ("HTTPS", "443")
_SNIPPETS = frozenset(("allow-snippet-annotations",))
_MOST_HOSTS = 200


def read(cluster: Cluster) -> Iterator[object]:
    """Yield the ingresses, and the settings of their controller."""
    for one in cluster.manifests:
        if one.kind == "Ingress":
            yield _route(one)
        elif one.kind == "ConfigMap":
            for name, (value, at) in data_of(one).items():
                if name in _SNIPPETS and value is not None:
                    yield Setting(name, value, at)


def _route(one: Manifest) -> Route:
    told = one.annotations()
    hosts = list(_hosts(one))[:_MOST_HOSTS]
    secured = [text for item in items(one.get("spec", "tls")) if isinstance(item, Table) for text in _texts(item)]
    has_tls = any(isinstance(item, Table) for item in items(one.get("spec", "tls")))
    everything = has_tls and (not secured or any(not _tls_hosts(item) for item in items(one.get("spec", "tls"))))
    plain = () if everything else tuple(host for host, _ in hosts if not _covered(host, secured))
    controller = one.text("spec", "ingressClassName") or told.get(_CLASS, ("", None))[0]
    elsewhere = any(name in told and told[name][0].lower() != "false" for name in _ENDS_TLS)
    elsewhere = elsewhere or any(
        name in told and (not value or told[name][0].lower() == value) for name, value in _INTERNAL
    )
    ports = told.get("alb.ingress.kubernetes.io/listen-ports", ("", None))[0].upper()
    return Route(
        one.name or "an Ingress",
        one.at_key("spec"),
        tuple(hosts),
        plain,
        has_tls,
        told,
        controller,
        elsewhere or any(word in ports for word in _HTTPS) or controller in ("tailscale", "cloudflare-tunnel", "ngrok"),
        one.evidence,
    )


def _tls_hosts(item: object) -> list[str]:
    return _texts(item) if isinstance(item, Table) else []


def _hosts(one: Manifest) -> Iterator[tuple[str, Location]]:
    for item in items(one.get("spec", "rules")):
        host = item.get("host") if isinstance(item, Table) else None
        if isinstance(host, Text) and not host.is_null:
            yield host.text, one.at(host)


def _texts(item: Table) -> list[str]:
    return [text for host in items(item.get("hosts")) if (text := text_of(host))]


def _covered(host: str, secured: list[str]) -> bool:
    """Return whether a certificate's host name covers another: a star stands for one label (RFC 6125 section 6.4.3)."""
    return host in secured or f"*.{host.partition('.')[2]}" in secured
