"""The certificate's key or signature is weak.

An RSA key under 2048 bits can be computed by those who can afford it, and with it the site be impersonated; MD5 and
SHA-1 signatures have been forged.

Silent for RSA from 2048 and curves from 224 bits, and SHA-2 signatures.

Fix: make a new key (`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`) and have it certified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.handshakes import told
from batten.rules.samples import shown
from batten.understand.answers.tls import TlsAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding


@rule(
    id="server-tls/weak-key",
    severity=Severity.MEDIUM,
    cwe=326,
    over=TlsAnswer,
    sources=[
        "NIST SP 800-57 part 1, table 2",
        "CA/Browser Forum Baseline Requirements 6.1.5",
        "OWASP ASVS 5.0, 11.2.3",
    ],
    bad=[
        Bad("RSA with 1024 bits", answers={"GET /": shown(), "TLS # <- here": "key: RSA 1024"}),
        Bad("signed with SHA-1", answers={"GET /": shown(), "TLS # <- here": "signature: sha1 RSA"}),
    ],
    good=[
        Good("a curve of 256 bits", answers={"GET /": shown(), "TLS": "key: EC 256"}),
        Good("RSA with 2048 bits", answers={"GET /": shown(), "TLS": "key: RSA 2048"}),
    ],
)
def weak_key(seen: TlsAnswer) -> Iterator[Finding]:
    """Yield a finding when the certificate's own key is short, or its signature broken."""
    certificate = seen.certificate
    if certificate is None:
        return
    least = LEAST.get(certificate.key, 0)
    fix = "Make a new key, of 2048 bits of RSA or a curve of 256, and have it certified."
    if 0 < certificate.key_bits < least:
        shown_key = f"{certificate.key} with {certificate.key_bits} bits"
        yield told(seen, f"the certificate's key is weak: {shown_key}", shown_key, fix, "key")
    elif certificate.signature.startswith(("md2", "md5", "sha1")):
        yield told(seen, f"the certificate is signed with {certificate.signature}", certificate.signature, fix, "key")


LEAST = {"RSA": 2048, "DSA": 2048, "EC": 224}
"""Bits by algorithm."""
