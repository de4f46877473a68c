"""A secret stands in a unit, or in a platform's file.

Everyone with the repository has it. Of a unit so has every user of the machine: `systemctl show` prints `Environment=`
to all of them (systemd.exec(5)).

High. Silent for places to fill in, for `EnvironmentFile=` and `LoadCredential=`, for `generateValue`, `sync: false` and
`generator: secret`, and where the app signs or logs in with it: `secret-key/published` and `default-credentials` tell
that.

Fix: take it out; `LoadCredential=` or an `EnvironmentFile=` that only root reads, the platform's own secrets; and make
a new one: this one is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.hosts.variables import WrittenOut

if TYPE_CHECKING:
    from collections.abc import Iterator

UNIT = """\
[Service]
User=shop
Environment=PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2  # <- here
ExecStart=/usr/bin/node /srv/shop/worker.js
"""
RENDER = """\
services:
  - type: worker
    name: jobs
    runtime: python
    startCommand: python jobs.py
    envVars:
      - key: PAYMENT_API_KEY
        value: q8ZtV3mN0pRcYw5LxKd2  # <- here
"""


@rule(
    id="secrets-in-repo/written-out",
    severity=Severity.HIGH,
    cwe=798,
    over=WrittenOut,
    sources=["systemd 252, systemd.exec(5), Environment=", "Render docs, Blueprint specification, envVars"],
    bad=[Bad("in a unit", {"shop.service": UNIT}), Bad("in render.yaml", {"render.yaml": RENDER})],
    good=[
        Good("a place to fill in", {"shop.service": UNIT.replace("q8ZtV3mN0pRcYw5LxKd2", "changeme")}),
        Good(
            "a file of the host",
            {
                "shop.service": UNIT.replace(
                    "Environment=PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2", "EnvironmentFile=/etc/shop.env"
                )
            },
        ),
        Good("asked for", {"render.yaml": RENDER.replace("value: q8ZtV3mN0pRcYw5LxKd2", "sync: false")}),
        Good("made there", {"render.yaml": RENDER.replace("value: q8ZtV3mN0pRcYw5LxKd2", "generateValue: true")}),
    ],
)
def stands_there(secret: WrittenOut) -> Iterator[Finding]:
    """Yield a finding for a secret that a file writes out."""
    who = "every user of the machine" if secret.is_unit else "whoever has the repository"
    yield Finding(
        at=secret.at,
        says=f"{secret.name} of {secret.to} stands in {secret.at.file}: {who} reads it",
        evidence=secret.evidence,
        confidence=Confidence.LIKELY if secret.default else Confidence.CERTAIN,
        fix=Fix("Take it out, hand it over from outside, and make a new one: this one is known."),
        symbol=secret.name,
        proof=secret.text,
        secret=True,
    )
