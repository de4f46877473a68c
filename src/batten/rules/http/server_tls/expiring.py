"""The certificate expires soon.

Automatic renewal happens a month before the end; a certificate with two weeks left is one that nobody renews, and
then a site that is down.

Silent with more than 14 days left, for one that has expired (`server-tls/untrusted` tells), and for those made for a
few days only, which machines renew.

Fix: renew it now, and see why the renewal did not run (`certbot renew --dry-run`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.handshakes import is_own, told
from batten.rules.samples import shown
from batten.understand.answers.tls import TlsAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding


@rule(
    id="server-tls/expiring",
    severity=Severity.LOW,
    cwe=298,
    over=TlsAnswer,
    sources=["RFC 5280 section 4.1.2.5"],
    bad=[
        Bad("three days left", answers={"GET /": shown(), "TLS # <- here": "days: 3"}),
    ],
    good=[
        Good("two months left", answers={"GET /": shown(), "TLS": "days: 60"}),
        Good("expired", answers={"GET /": shown(), "TLS": "days: -2\ntrust: EXPIRED"}),
    ],
)
def ends_soon(seen: TlsAnswer) -> Iterator[Finding]:
    """Yield a finding when the certificate has two weeks left or less."""
    certificate = seen.certificate
    if certificate is None or seen.seen_at is None or is_own(seen):
        return
    left = (certificate.not_after - seen.seen_at).days
    whole = (certificate.not_after - certificate.not_before).days
    if 0 <= left <= SOON and whole > SOON * 2:
        says = f"the certificate ends on {certificate.not_after:%Y-%m-%d}"
        yield told(seen, says, says, "Renew it, and see why the renewal did not run.", "expiry")


SOON = 14
