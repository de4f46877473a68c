"""An Ingress does not send visitors of plain HTTP to HTTPS.

ingress-nginx redirects where there is a certificate, unless an annotation says not to. Whoever types the name, or
follows an old link, then stays on plain HTTP for the whole visit, readable and forgeable
on the way.

Silent where there is no certificate (`https/ingress-plain` tells that), and where a load balancer before it redirects
(`force-ssl-redirect`, an ALB's own redirect).

Fix: take the annotation away.
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
    nginx.ingress.kubernetes.io/ssl-redirect: "false"  # <- here
spec:
  tls:
    - hosts: [shop.example.com]
      secretName: shop-tls
  rules:
    - host: shop.example.com
"""
_SWITCHES = (
    "nginx.ingress.kubernetes.io/ssl-redirect",
    "ingress.kubernetes.io/ssl-redirect",
    "haproxy.org/ssl-redirect",
    "haproxy-ingress.github.io/ssl-redirect",
    "appgw.ingress.kubernetes.io/ssl-redirect",
    "nginx.org/redirect-to-https",
)
_FORCES = ("nginx.ingress.kubernetes.io/force-ssl-redirect", "ingress.kubernetes.io/force-ssl-redirect")


@rule(
    id="https/ingress-redirect-off",
    severity=Severity.LOW,
    cwe=319,
    over=Route,
    sources=["ingress-nginx 1.13 docs, Annotations, Server-side HTTPS enforcement through redirect"],
    bad=[Bad("the annotation", {"k8s/ingress.yaml": INGRESS})],
    good=[
        Good("its default", {"k8s/ingress.yaml": INGRESS.replace('ssl-redirect: "false"', 'proxy-body-size: "1m"')}),
        Good("on", {"k8s/ingress.yaml": INGRESS.replace('"false"', '"true"')}),
    ],
)
def stays_plain(route: Route) -> Iterator[Finding]:
    """Yield a finding for an Ingress with a certificate that is told not to redirect."""
    if not route.has_tls or any(route.annotations.get(name, ("",))[0].lower() == "true" for name in _FORCES):
        return
    for name in _SWITCHES:
        told = route.annotations.get(name)
        if told is not None and told[0].lower() == "false":
            yield Finding(
                told[1],
                f"the Ingress {route.name} does not send plain HTTP to HTTPS",
                route.evidence,
                fix=Fix(f"take `{name}` away"),
                symbol=route.name,
            )
            return
