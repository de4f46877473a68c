"""A secret stands in a Kubernetes manifest of the repository.

The `data` of a Secret is base64, which anybody reads; a ConfigMap and a variable's `value` are plain
text. Everyone with the repository or a copy of it has the password, and so has whoever may look at
the pod or the map in the cluster. The history keeps it after the line is gone.

What is judged is the value, beside a name that says what it is for: no place for one (`changeme`, `${PASSWORD}`,
`<token>`), no path, number or switch. A token of a known maker, a private key and a URL with a password count under
every name.

Silent for references (`secretKeyRef`), for what is encrypted (SealedSecret, SOPS) or kept elsewhere
(ExternalSecret), for files that `.gitignore` keeps out, and where an app or a data store is told to log in or sign
with it: `secret-key/published`, `secrets-in-repo/password` and `default-credentials` tell that.

Fix: keep it in the platform's secrets (External Secrets, Sealed Secrets, SOPS), and make a new one: this one is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.kubernetes.parts import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator

MAP = """\
apiVersion: v1
kind: Secret
metadata:
  name: shop
data:
  payment-api-key: cThadFYzbU4wcFJjWXc1THhLZDI=  # <- here
"""
LOGIN = """\
apiVersion: v1
kind: Secret
metadata:
  name: pull
stringData:
  .dockerconfigjson: '{"auths": {"ghcr.io": {"password": "q8ZtV3mN0pRc"}}}'  # <- here
"""
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: web
      image: ghcr.io/shop/web:1.4.2
      env:
        - name: PAYMENT_API_KEY
          value: q8ZtV3mN0pRcYw5LxKd2  # <- here
"""


@rule(
    id="secrets-in-repo/manifest",
    severity=Severity.HIGH,
    cwe=312,
    over=Kept,
    sources=["Kubernetes docs, Good practices for Kubernetes Secrets", "OWASP A02:2025"],
    bad=[
        Bad("a Secret", {"k8s/secret.yaml": MAP}),
        Bad("a variable", {"k8s/pod.yaml": POD}),
        Bad(
            "a map",
            {
                "k8s/config.yaml": MAP.replace("Secret", "ConfigMap").replace(
                    "cThadFYzbU4wcFJjWXc1THhLZDI=", "q8ZtV3mN0pRcYw5LxKd2"
                )
            },
        ),
        Bad(
            "what a Secret is generated from",
            {
                "k8s/kustomization.yaml": "secretGenerator:\n  - name: shop\n    literals:\n"
                "      - PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2  # <- here\n"
            },
        ),
        Bad(
            "a login of a registry",
            {
                "k8s/pull.yaml": LOGIN,
            },
        ),
    ],
    good=[
        Good("a place for one", {"k8s/secret.yaml": MAP.replace("cThadFYzbU4wcFJjWXc1THhLZDI=", "Y2hhbmdlbWU=")}),
        Good("encrypted", {"k8s/secret.yaml": MAP.replace("kind: Secret", "kind: SealedSecret")}),
        Good("filled in later", {"k8s/pod.yaml": POD.replace("q8ZtV3mN0pRcYw5LxKd2", "${PAYMENT_API_KEY}")}),
        Good("where it lies", {"k8s/pod.yaml": POD.replace("API_KEY", "KEY_FILE").replace("q8Z", "/run/secrets/q8Z")}),
        Good("git does not know the file", {"k8s/secret.yaml": MAP, ".gitignore": "secret.yaml\n"}),
        Good("only development has it", {"k8s/overlays/dev/secret.yaml": MAP}),
    ],
)
def stands_in_manifest(kept: Kept) -> Iterator[Finding]:
    """Yield a finding for each secret in a manifest."""
    what = "a private key" if kept.is_private_key else "a secret"
    yield Finding(
        kept.at,
        f"{kept.name} of {kept.owner} holds {what}: who reads the repository has it",
        kept.evidence,
        fix=Fix("keep it in the platform's secrets, and make a new one: this one is known"),
        symbol=f"{kept.owner} {kept.name}",
        proof=kept.text,
        secret=True,
    )
