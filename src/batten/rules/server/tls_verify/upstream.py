"""The proxy accepts any certificate of the server that it hands on to.

Between proxy and server the connection is encrypted, and nobody checks who answers: whoever can stand between, or takes
the server's address, reads and changes every request.

Low: the way is short in most networks. Silent where the proxy checks, or hands on over plain HTTP on its own machine.

Fix: give the proxy the authority that signed the server's certificate, and let it check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.web import UncheckedUpstream

if TYPE_CHECKING:
    from collections.abc import Iterator

VHOST = """\
<VirtualHost *:443>
    SSLProxyEngine on
    SSLProxyVerify none  # <- here
    ProxyPass / https://10.0.3.7:8443/
</VirtualHost>
"""


@rule(
    id="tls-verify/upstream",
    severity=Severity.LOW,
    cwe=295,
    over=UncheckedUpstream,
    sources=["Apache 2.4 docs, mod_ssl, SSLProxyVerify", "CWE-295"],
    bad=[Bad("Apache", {"apache/shop.conf": VHOST})],
    good=[Good("it checks", {"apache/shop.conf": VHOST.replace("none", "require")})],
)
def unchecked(upstream: UncheckedUpstream) -> Iterator[Finding]:
    """Yield a finding for a proxy that checks no certificate of those behind it."""
    yield Finding(
        at=upstream.at,
        says=f"{upstream.server} accepts any certificate of the server it hands on to ({upstream.what})",
        evidence=upstream.evidence,
        fix=Fix(upstream.fix),
        symbol=upstream.what,
    )
