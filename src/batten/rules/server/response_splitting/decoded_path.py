r"""A visitor may write lines of the answer or of the request.

`$uri` is the path decoded: `%0d%0a` in it is a new line. In a redirect, a header or a `proxy_pass` nginx sends it as it
is, so a link puts a cookie into the answer, a page of the attacker's into a cache, or a second request to the app.

High in the answer, medium in the request to the app. Silent for `$request_uri`, which stays encoded, and for a group of
a pattern that holds no new line, as `.` does not.

Fix: `$request_uri` in place of `$uri`; in a pattern `[^/\s]+` in place of `[^/]+`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import nginx
from batten.understand.nginx.nouns import SplicedPath

if TYPE_CHECKING:
    from collections.abc import Iterator

REDIRECT = "location /old/ { return 301 https://shop.example.com$uri; }  # <- here\n"
GROUP = "location ~ ^/u/([^/]+)/$ { add_header X-User $1; root /srv/www; }  # <- here\n"


@rule(
    id="response-splitting/decoded-path",
    severity=Severity.HIGH,
    cwe=113,
    over=SplicedPath,
    sources=["nginx docs, ngx_http_core_module, $uri", "CWE-113", "OWASP A05:2025"],
    bad=[Bad("in a redirect", nginx(REDIRECT)), Bad("a group that holds new lines", nginx(GROUP))],
    good=[
        Good("encoded", nginx(REDIRECT.replace("$uri", "$request_uri"))),
        Good("a group of letters", nginx(GROUP.replace("[^/]", "[a-z]"))),
        Good("in the text of an answer", nginx(REDIRECT.replace("301 https://shop.example.com", "200 "))),
    ],
)
def lines_written(spliced: SplicedPath) -> Iterator[Finding]:
    """Yield a finding for a decoded path in a header or a request."""
    is_answer = "answer" in spliced.becomes
    yield Finding(
        at=spliced.at,
        says=f"{spliced.variable} holds the decoded path, new lines too, and becomes part of {spliced.becomes}",
        evidence=spliced.evidence,
        confidence=spliced.confidence,
        severity=None if is_answer else Severity.MEDIUM,
        fix=Fix("Use `$request_uri`, or a pattern whose group holds no blanks."),
        symbol=f"{spliced.directive} {spliced.variable}",
    )
