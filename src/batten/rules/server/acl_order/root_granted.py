"""The web server grants access to the whole file system.

Apache's own main file denies `/` and lets each site grant its directory: a wrong `Alias`, a link or a user's
`public_html` then give away nothing. `Require all granted` on `<Directory />` takes that net away for every site.

High. Silent for a directory of the site.

Fix: `Require all denied` on `<Directory />`; `Require all granted` on the directories that visitors should get.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.web import RootGrant

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = """\
<Directory />
    AllowOverride None
    Require all granted  # <- here
</Directory>
"""


@rule(
    id="acl-order/root-granted",
    severity=Severity.HIGH,
    cwe=552,
    over=RootGrant,
    sources=[
        "Apache 2.4 docs, Security Tips, Protect Server Files by Default",
        "CIS Apache HTTP Server 2.4 Benchmark 4.1",
    ],
    bad=[
        Bad("Apache", {"apache/apache2.conf": SERVER}),
        Bad(
            "as Apache 2.2 had it",
            {"apache/apache2.conf": SERVER.replace("Require all granted", "Order allow,deny\n    Allow from all")},
        ),
    ],
    good=[
        Good("denied", {"apache/apache2.conf": SERVER.replace("granted", "denied")}),
        Good("the site's own directory", {"apache/apache2.conf": SERVER.replace("/>", "/srv/shop/static>")}),
    ],
)
def all_granted(grant: RootGrant) -> Iterator[Finding]:
    """Yield a finding for a grant of the whole file system."""
    yield Finding(
        at=grant.at,
        says=f"{grant.server} grants everybody access to the whole file system",
        evidence=grant.evidence,
        fix=Fix(grant.fix),
        symbol="/",
    )
