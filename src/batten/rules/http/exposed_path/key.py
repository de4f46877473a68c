"""A private key is served.

Whoever has the key of a certificate can pretend to be the site, and whoever has an SSH key can log in where it fits.

Silent when the answer does not begin as a private key does (RFC 7468).

Fix: take the file out of the served folder, and replace the key and all that rests on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.http.exposed_path._given import given
from batten.rules.samples import served
from batten.understand.answers.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding


@rule(
    id="exposed-path/key",
    severity=Severity.CRITICAL,
    cwe=538,
    over=Site,
    sources=["RFC 7468 section 10", "OWASP ASVS 5.0, 13.4.7"],
    bad=[
        Bad(
            "served",
            answers={"GET /server.key # <- here": served("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n")},
        )
    ],
    good=[
        Good(
            "a certificate, which is public",
            answers={"GET /server.key": served("-----BEGIN CERTIFICATE-----\nMIIE\n")},
        ),
    ],
)
def key_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a key file."""
    yield from given(
        site,
        "key",
        "whoever asks can pretend to be its owner",
        "Take the file out of the served folder, and replace the key.",
    )
