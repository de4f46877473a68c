"""Packages are installed without looking at their signatures.

A mirror, a proxy or whoever answers in its place decides what is installed, as root. Signatures are what
makes it safe to take packages from mirrors, also over plain HTTP.

Silent where the key of the repository is installed first.

Fix: take the option out, and install the key: `signed-by=` for apt, a file in `/etc/apk/keys`, `rpm --import`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = """\
FROM debian:12-slim
RUN apt-get update && apt-get install --yes tool  # <- here
USER app
"""
INSTALL = "apt-get install --yes tool"


@rule(
    id="image-source/unsigned",
    severity=Severity.MEDIUM,
    cwe=345,
    over=Image,
    sources=["apt-secure(8)", "CWE-345"],
    bad=[
        Bad("apt", {"Dockerfile": PLAIN.replace("--yes", "--yes --allow-unauthenticated")}),
        Bad("apt, by force", {"Dockerfile": PLAIN.replace("--yes", "--force-yes")}),
        Bad("apk", {"Dockerfile": PLAIN.replace(INSTALL, "apk add --allow-untrusted tool.apk")}),
        Bad("dnf", {"Dockerfile": PLAIN.replace(INSTALL, "dnf install -y --nogpgcheck tool")}),
        Bad(
            "a repository",
            {"Dockerfile": PLAIN.replace(INSTALL, 'echo "deb [trusted=yes] http://apt.example.org /" > a.list')},
        ),
    ],
    good=[
        Good("checked", {"Dockerfile": PLAIN.replace("  # <- here", "")}),
        Good(
            "a key of its own",
            {
                "Dockerfile": PLAIN.replace(
                    INSTALL, 'echo "deb [signed-by=/etc/a.gpg] http://apt.example.org /" > a.list'
                )
            },
        ),
    ],
)
def installs_unsigned(image: Image) -> Iterator[Finding]:
    """Yield a finding for each place that switches the check of signatures off."""
    for found in image.unchecked:
        if found.kind == "signature":
            yield Finding(
                found.at,
                f"{found.says}: packages are installed without looking at their signatures",
                image.evidence,
                fix=Fix("take the option out, and install the key of the repository"),
                symbol=found.says,
            )
