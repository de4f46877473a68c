"""What production installs is not compared with hashes.

A version does not say which bytes: who controls the index, or the way to it, can hand out
others under the same number. With hashes pip refuses them.

Told to auditors only, once for each list whose versions are all decided; before that,
hashes are of no use.

Silent where each line has its `--hash`, and for locks: uv, Poetry, PDM and Pipenv write
hashes and compare them.

Fix: `uv pip compile --generate-hashes requirements.in -o requirements.txt`, and install
with `pip install --require-hashes -r requirements.txt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dependencies.deps._shown import FLASK
from batten.understand.infrastructure.dependencies.nouns import Installed

if TYPE_CHECKING:
    from collections.abc import Iterator

HASH = "sha256:" + "2f" * 32


@rule(
    id="deps/unhashed",
    severity=Severity.LOW,
    cwe=494,
    over=Installed,
    persona="auditor",
    sources=["pip 25 docs, Secure installs", "OWASP A08:2021"],
    bad=[Bad("a list of versions", {**FLASK, "requirements.txt": "flask==3.1.2  # <- here\ngunicorn==23.0.0\n"})],
    good=[
        Good("hashes", {**FLASK, "requirements.txt": f"flask==3.1.2 --hash={HASH}\n"}),
        Good("versions are open", {**FLASK, "requirements.txt": "flask==3.1.2\ngunicorn\n"}),
    ],
)
def not_compared(installed: Installed) -> Iterator[Finding]:
    """Yield a finding for a list of exact versions without hashes."""
    held = [one for one in installed.dependencies if one.version]
    if installed.kind != "requirements" or not held or installed.open or installed.is_hashed:
        return
    yield Finding(
        at=held[0].at,
        says=f"{installed.path} names versions and no hashes",
        evidence=installed.evidence,
        fix=Fix("Compile it with `--generate-hashes`, and install it with `--require-hashes`."),
        symbol=installed.path,
    )
