"""The visitor names the server that nginx asks.

`proxy_pass` to a host from the query, a header or the path makes nginx a door into the network behind it: the cloud's
metadata with its keys, databases, admin pages, all from an address that everybody there trusts.

High. Silent for `internal` locations, where strangers are kept out, where the path alone is the visitor's, and where
the pattern leaves him a few fixed words.

Fix: a fixed server, or a `map` from what the visitor may say to the servers that are meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import nginx
from batten.understand.nginx.nouns import ChosenTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

FETCH = """\
location ~ ^/fetch/([^/]+)/(.*)$ {
        resolver 127.0.0.11;
        proxy_pass http://$1/$2;  # <- here
    }
"""


@rule(
    id="proxy-target/chosen-by-visitor",
    severity=Severity.HIGH,
    cwe=918,
    over=ChosenTarget,
    sources=["nginx docs, ngx_http_proxy_module, proxy_pass", "CWE-918", "OWASP A01:2025"],
    bad=[
        Bad("from the path", nginx(FETCH)),
        Bad(
            "from the query, by a variable",
            nginx(FETCH.replace("proxy_pass http://$1", "set $to $arg_to; proxy_pass http://$to")),
        ),
    ],
    good=[
        Good("only the app gets there", nginx(FETCH.replace("resolver", "internal; resolver"))),
        Good("two words", nginx(FETCH.replace("([^/]+)", "(blue|green)"))),
        Good("the path is his, the server is not", nginx(FETCH.replace("http://$1", "http://files:9000"))),
    ],
)
def target_chosen(chosen: ChosenTarget) -> Iterator[Finding]:
    """Yield a finding for a proxy_pass to a server of the visitor's choice."""
    yield Finding(
        at=chosen.at,
        says=f"the server that nginx asks is named by {chosen.says}: {chosen.written}",
        evidence=chosen.evidence,
        confidence=chosen.confidence,
        fix=Fix("Name the server, or choose among few by a `map`."),
        symbol=chosen.written,
    )
