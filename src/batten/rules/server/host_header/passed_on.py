"""The app is told the name that the visitor made up.

nginx hands `$http_host` on as it came, also where it chose the server by another name (an absolute address in the
request's first line); `$arg_host`, a cookie or `X-Forwarded-Host` is plainly the visitor's choice. An app that builds
links from its Host sends them to his server: in a mail that resets a password, or out of a cache to everybody.

Medium where another part of the request decides, low for `$http_host`. Silent for `$host`, `$server_name` and fixed
names, and for `$http_host` where each app behind checks its hosts.

Fix: `proxy_set_header Host $host;`, and a server of its own for all other names: `return 444;`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import nginx
from batten.understand.nginx.nouns import HostPassed

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = """\
location / {
        proxy_set_header Host $http_host;  # <- here
        proxy_pass http://web:8000;
    }
"""


@rule(
    id="host-header/passed-on",
    severity=Severity.MEDIUM,
    cwe=644,
    over=HostPassed,
    sources=["nginx docs, ngx_http_proxy_module, proxy_set_header", "OWASP WSTG-INPV-17, Host Header Injection"],
    bad=[
        Bad("as it came", nginx(ALL)),
        Bad("from the query", nginx(ALL.replace("$http_host", "$arg_host"))),
    ],
    good=[
        Good("the name that nginx chose by", nginx(ALL.replace("$http_host", "$host"))),
        Good("a name of the file's own", nginx(ALL.replace("$http_host", "shop.example.com"))),
        Good(
            "the location sets it anew",
            nginx("proxy_set_header Host $http_host;", ALL.replace("$http_host", "$host")),
        ),
    ],
)
def name_passed_on(passed: HostPassed) -> Iterator[Finding]:
    """Yield a finding for a Host that the visitor chooses."""
    if not passed.is_chosen and not passed.is_loose:
        return
    more = f", in {len(passed.wheres)} places" if len(passed.wheres) > 1 else ""
    yield Finding(
        at=passed.at,
        says=f"the app is told the host that the visitor sends: {passed.value}{more}",
        evidence=passed.evidence,
        confidence=passed.confidence,
        severity=None if passed.is_chosen else Severity.LOW,
        fix=Fix("Write `proxy_set_header Host $host;`."),
        symbol=passed.value,
    )
