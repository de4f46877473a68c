"""An Ingress serves host names without TLS.

Visitors, and everyone on the way, exchange passwords and session cookies with the site in
the clear. Kubernetes gives certificates to the names under `tls`; a name
that is not there is served over plain HTTP.

Silent where the manifest says that TLS ends elsewhere: a certificate of the load balancer, a router's `tls`
annotation, a class that brings its own (Tailscale), an internal load balancer; and for names that are no public ones
(`localhost`, `.local`, `.internal`).

Fix: add the name under `tls` with a Secret for its certificate; cert-manager fills it in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.kubernetes.parts import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    kubernetes.io/ingress.class: nginx
spec:  # <- here
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: shop, port: {number: 80}}}
"""
TLS = "  tls:\n    - hosts: [shop.example.com]\n      secretName: shop-tls\n"
_NOT_PUBLIC = (".local", ".internal", ".localhost", ".lan", ".test", ".localdomain", ".home.arpa", ".svc", ".nip.io")


@rule(
    id="https/ingress-plain",
    severity=Severity.MEDIUM,
    cwe=319,
    over=Route,
    sources=["Kubernetes docs, Ingress, TLS", "OWASP A02:2025"],
    bad=[
        Bad("no certificate at all", {"k8s/ingress.yaml": INGRESS}),
        Bad("one for another name", {"k8s/ingress.yaml": INGRESS + TLS.replace("shop.", "office.")}),
    ],
    good=[
        Good("a certificate", {"k8s/ingress.yaml": INGRESS + TLS}),
        Good(
            "one for all of them",
            {"k8s/ingress.yaml": INGRESS + TLS.replace("[shop.", '["*.').replace("com]", 'com"]')},
        ),
        Good(
            "the load balancer's certificate",
            {
                "k8s/ingress.yaml": INGRESS.replace(
                    "kubernetes.io/ingress.class: nginx", "alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:x"
                )
            },
        ),
        Good("a name of this desk", {"k8s/ingress.yaml": INGRESS.replace("shop.example.com", "shop.local")}),
    ],
)
def is_plain(route: Route) -> Iterator[Finding]:
    """Yield a finding for an Ingress that serves public names without TLS."""
    if route.ends_tls_elsewhere or (route.has_tls and not route.plain_hosts):
        return
    names = [host for host in route.plain_hosts if host != "localhost" and not host.endswith(_NOT_PUBLIC)]
    if route.hosts and not names:
        return
    shown = ", ".join(dict.fromkeys(names[:3])) + (" and others" if len(names) > 3 else "")  # noqa: PLR2004 - readable
    yield Finding(
        route.at,
        f"the Ingress {route.name} serves {shown or 'every name'} without TLS",
        route.evidence,
        fix=Fix("add the name under `tls` with a Secret for its certificate"),
        symbol=route.name,
    )
