"""The web server fetches any address for whoever asks.

A forward proxy that is open to all is found within hours: it hides who sends spam and breaks in elsewhere, and it
reaches what only the server's own network should: other machines, the cloud's metadata with its keys.

High. Silent where a `<Proxy>` section lets in a network or people with a password only, and for a reverse proxy
(`ProxyPass`), which needs no such switch.

Fix: `ProxyRequests Off`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.web import OpenProxy

if TYPE_CHECKING:
    from collections.abc import Iterator

VHOST = """\
<VirtualHost *:80>
    ProxyRequests On  # <- here
    ProxyPass / http://127.0.0.1:8000/
</VirtualHost>
"""
NETWORK = '<Proxy "*">\n    Require ip 10.0.0.0/8\n</Proxy>\n'


@rule(
    id="proxy-target/open-proxy",
    severity=Severity.HIGH,
    cwe=441,
    over=OpenProxy,
    sources=["Apache 2.4 docs, mod_proxy, Controlling access to your proxy", "CWE-441"],
    bad=[Bad("Apache", {"apache/shop.conf": VHOST})],
    good=[
        Good("off", {"apache/shop.conf": VHOST.replace("On", "Off")}),
        Good("for a network", {"apache/shop.conf": VHOST + NETWORK}),
    ],
)
def fetches_anything(proxy: OpenProxy) -> Iterator[Finding]:
    """Yield a finding for a server that is a proxy for everybody."""
    yield Finding(
        at=proxy.at,
        says=f"{proxy.server} fetches any address for whoever asks",
        evidence=proxy.evidence,
        fix=Fix(proxy.fix),
        symbol="forward proxy",
    )
