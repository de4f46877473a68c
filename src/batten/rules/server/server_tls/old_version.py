"""Old versions of TLS are offered.

SSL 3, TLS 1.0 and TLS 1.1 have known attacks, and every browser since 2020 speaks TLS 1.2 or newer: what an old
version is offered for are attackers and programs that ought to be mended.

Silent when only TLS 1.2 and 1.3 are taken. A hello of our own asks for each version, so that the local OpenSSL's own
limits hide none.

Fix: nginx: `ssl_protocols TLSv1.2 TLSv1.3;` Apache: `SSLProtocol -all +TLSv1.2 +TLSv1.3`.
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
    SSLProtocol all -SSLv3  # <- here
</VirtualHost>
"""
HAVE = {True: "has", False: "have"}


@rule(
    id="server-tls/old-version",
    severity=Severity.MEDIUM,
    cwe=327,
    over=TlsTerms,
    sources=["RFC 8996 (TLS 1.0 and 1.1 deprecated)", "RFC 7568 (SSL 3.0)", "OWASP ASVS 5.0, 12.1.1"],
    bad=[
        Bad("Apache without SSL 3 only", {"apache/ssl.conf": VHOST}),
        Bad("nginx, one of three", nginx("ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;  # <- here")),
    ],
    good=[
        Good("nginx, as it comes", nginx()),
        Good("nginx, two named", nginx("ssl_protocols TLSv1.2 TLSv1.3;")),
        Good("two named", {"apache/ssl.conf": VHOST.replace("all -SSLv3", "-all +TLSv1.2 +TLSv1.3")}),
        Good("the old ones taken out", {"apache/ssl.conf": VHOST.replace("-SSLv3", "-SSLv3 -TLSv1 -TLSv1.1")}),
    ],
)
def old_accepted(terms: TlsTerms) -> Iterator[Finding]:
    """Yield a finding for a server whose file lets a version older than 1.2 in."""
    if terms.old:
        yield Finding(
            at=terms.at,
            says=f"{terms.server} accepts {', '.join(terms.old)}, which {HAVE[len(terms.old) == 1]} known attacks",
            evidence=terms.evidence,
            fix=Fix(terms.fix),
            symbol="versions",
        )


@live(
    over=Site,
    bad=[
        Bad("TLS 1.0 is taken", answers={"GET /": shown(), "TLS # <- here": "versions: TLS 1.0, TLS 1.2"}),
        Bad("only an old one is", answers={"GET /": shown(), "TLS # <- here": "versions: TLS 1.1"}),
    ],
    good=[
        Good("1.2 and 1.3", answers={"GET /": shown(), "TLS": "versions: TLS 1.2, TLS 1.3"}),
    ],
)
def old_versions(site: Site) -> Iterator[Finding]:
    """Yield a finding when the server takes a version older than 1.2."""
    from batten.understand.answers.tls import Offer, TlsAnswer, Version  # noqa: PLC0415 - only a probe reads them

    outdated = (Version.SSL_3, Version.TLS_1_0, Version.TLS_1_1)
    for seen in parts_of(site, TlsAnswer):
        old = [str(one.version) for one in seen.versions if one.offer is Offer.YES and one.version in outdated]
        if old:
            says = f"{' and '.join(old)} {'is' if len(old) == 1 else 'are'} offered, which have known attacks"
            yield told(seen, says, f"took {', '.join(old)}", "Offer TLS 1.2 and 1.3 only.", "versions")
