"""Whoever may write an Ingress commands the ingress controller.

`allow-snippet-annotations: "true"` lets annotations of any Ingress put directives into nginx's
configuration. One that runs Lua reads the controller's token, and with it every Secret of the
cluster (CVE-2021-25742).

Silent where it is off, which is the default since ingress-nginx 1.9.

Fix: `allow-snippet-annotations: "false"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.kubernetes.parts import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: ingress-nginx-controller
  namespace: ingress-nginx
data:
  allow-snippet-annotations: "true"  # <- here
"""


@rule(
    id="k8s-escalation/ingress-snippets",
    severity=Severity.MEDIUM,
    cwe=94,
    over=Setting,
    sources=["ingress-nginx 1.9 docs, ConfigMap, allow-snippet-annotations", "CVE-2021-25742"],
    bad=[Bad("the controller's settings", {"k8s/ingress-config.yaml": CONFIG})],
    good=[Good("it is off", {"k8s/ingress-config.yaml": CONFIG.replace('"true"', '"false"')})],
)
def takes_snippets(setting: Setting) -> Iterator[Finding]:
    """Yield a finding where the controller takes snippets from annotations."""
    if setting.name == "allow-snippet-annotations" and setting.value.lower() == "true":
        yield Finding(
            setting.at,
            "annotations of any Ingress write into the configuration of nginx",
            fix=Fix('`allow-snippet-annotations: "false"`'),
            symbol=setting.name,
        )
