"""The web server's root is a directory of the system.

With `/`, `/etc` or `/home` as root a visitor reads what the server's user may read: configuration with passwords, other
people's files, the code of every site on the machine.

High. Silent where access is denied there, or the app answers for every address.

Fix: name the one directory that holds what visitors should get.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import nginx
from batten.understand.infrastructure.web import ServedTree

if TYPE_CHECKING:
    from collections.abc import Iterator

VHOST = """\
<VirtualHost *:80>
    DocumentRoot /home  # <- here
    <Directory /home>
        Require all granted
    </Directory>
</VirtualHost>
"""


@rule(
    id="served-files/system-root",
    severity=Severity.HIGH,
    cwe=552,
    over=ServedTree,
    sources=["Apache 2.4 docs, Security Tips, Protect Server Files by Default", "CWE-552"],
    bad=[Bad("Apache", {"apache/shop.conf": VHOST}), Bad("nginx", nginx("root /;  # <- here"))],
    good=[
        Good("nginx, the app answers", nginx("root /;", "location / { proxy_pass http://web:8000; }")),
        Good("denied", {"apache/shop.conf": VHOST.replace("granted", "denied")}),
        Good("one directory", {"apache/shop.conf": VHOST.replace("/home", "/home/shop/static")}),
    ],
)
def whole_system(tree: ServedTree) -> Iterator[Finding]:
    """Yield a finding for a root that is a directory of the system."""
    if tree.is_systems:
        yield Finding(
            at=tree.at,
            says=f"{tree.server} hands out what lies in {tree.root}",
            evidence=tree.evidence,
            confidence=tree.confidence,
            fix=Fix(tree.fix),
            symbol=f"{tree.url} {tree.root}",
        )
