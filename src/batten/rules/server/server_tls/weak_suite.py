"""Weak cipher suites are offered.

A suite without encryption or without proof of the server protects nothing; export keys are broken in hours; RC4, DES
and 3DES leak what is sent often, such as a session cookie.

High for no encryption, no proof of the server, and export keys. Silent when the server refuses each of them, asked for
alone.

Fix: nginx: `ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;` or the server's own default, which is good since 2020.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, live, rule
from batten.rules.handshakes import told
from batten.rules.samples import nginx, shown
from batten.understand.answers.site import Site, parts_of
from batten.understand.infrastructure.web import TlsTerms

if TYPE_CHECKING:
    from collections.abc import Iterator


VHOST = """\
<VirtualHost *:443>
    SSLEngine on
    SSLCipherSuite HIGH:RC4-SHA  # <- here
</VirtualHost>
"""


@rule(
    id="server-tls/weak-suite",
    severity=Severity.MEDIUM,
    cwe=327,
    over=TlsTerms,
    sources=["RFC 7465 (RC4)", "RFC 9325 section 4.1", "OWASP ASVS 5.0, 12.1.2"],
    bad=[
        Bad("Apache with RC4", {"apache/ssl.conf": VHOST}),
        Bad("nginx with 3DES", nginx("ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:DES-CBC3-SHA;  # <- here")),
    ],
    good=[
        Good("nginx's own", nginx("ssl_ciphers HIGH:!aNULL:!MD5;")),
        Good("not named", {"apache/ssl.conf": VHOST.replace(":RC4-SHA", "")}),
        Good("taken out again", {"apache/ssl.conf": VHOST.replace("HIGH:RC4-SHA", "HIGH:RC4-SHA:!RC4")}),
    ],
)
def weak_accepted(terms: TlsTerms) -> Iterator[Finding]:
    """Yield a finding for a server whose file lets a broken cipher suite in."""
    if terms.weak:
        yield Finding(
            at=terms.at,
            says=f"{terms.server} accepts weak cipher suites: {', '.join(terms.weak)}",
            evidence=terms.evidence,
            fix=Fix(terms.fix),
            symbol="suites",
        )


@live(
    over=Site,
    bad=[
        Bad("RC4", answers={"GET /": shown(), "TLS # <- here": "weak: RC4"}),
        Bad("no encryption", answers={"GET /": shown(), "TLS # <- here": "weak: NULL"}),
    ],
    good=[
        Good("none of them", answers={"GET /": shown(), "TLS": ""}),
        Good(
            "a suite without forward secrecy, which auditors are told of",
            answers={"GET /": shown(), "TLS": "weak: STATIC_RSA"},
        ),
    ],
)
def weak_suites(site: Site) -> Iterator[Finding]:
    """Yield a finding when the server takes a suite that protects too little."""
    from batten.understand.answers.tls import Offer, TlsAnswer, Weakness  # noqa: PLC0415 - only a probe reads them

    broken = {Weakness.NULL, Weakness.ANONYMOUS, Weakness.EXPORT}
    for seen in parts_of(site, TlsAnswer):
        taken = [
            one.weakness for one in seen.weak if one.offer is Offer.YES and one.weakness is not Weakness.STATIC_RSA
        ]
        if taken:
            words = ", ".join(weakness.value for weakness in taken)
            worst = Severity.HIGH if set(taken) & broken else Severity.MEDIUM
            fix = "Offer suites with ECDHE and AES-GCM or ChaCha20 only."
            yield told(seen, f"weak cipher suites are offered: {words}", f"took {words}", fix, "suites", worst)
