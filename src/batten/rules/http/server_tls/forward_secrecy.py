"""Old traffic can be read with the server's key.

Where the key exchange is plain RSA, whoever records today's traffic and gets the key in a year reads it all.

Silent when the server takes suites with an ephemeral key exchange only.

Fix: nginx: `ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.handshakes import told
from batten.rules.samples import shown
from batten.understand.answers.tls import Offer, TlsAnswer, Weakness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding


@rule(
    id="server-tls/forward-secrecy",
    severity=Severity.LOW,
    cwe=327,
    over=TlsAnswer,
    sources=["RFC 9325 section 4.1", "OWASP ASVS 5.0, 12.1.2"],
    persona="auditor",
    bad=[
        Bad("plain RSA", answers={"GET /": shown(), "TLS # <- here": "weak: STATIC_RSA"}),
    ],
    good=[
        Good("ECDHE only", answers={"GET /": shown(), "TLS": ""}),
    ],
)
def no_secrecy(seen: TlsAnswer) -> Iterator[Finding]:
    """Yield a finding when the server takes a suite without forward secrecy."""
    if any(one.offer is Offer.YES and one.weakness is Weakness.STATIC_RSA for one in seen.weak):
        says = "suites without forward secrecy are offered: the key exchange is plain RSA"
        yield told(seen, says, "took a suite with plain RSA", "Offer suites with ECDHE only.", "forward-secrecy")
