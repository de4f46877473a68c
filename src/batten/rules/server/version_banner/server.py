"""The answers name the server's version.

`Server: nginx/1.18.0` tells a program that looks for one hole which of a million sites have it. It opens nothing by
itself, and hiding it mends nothing; it takes the site off the list.

Silent where a name stands without a version, as gunicorn, uvicorn and most proxies have it; and of a
part of a server's configuration, where the rest may say it.

Fix: in nginx `server_tokens off;`, in Apache `ServerTokens Prod`; with Werkzeug's or Python's own server, start a
production server instead (`gunicorn app:app`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, live, rule
from batten.rules.samples import nginx, shown
from batten.understand.answers.site import Site, seen
from batten.understand.infrastructure.web import Banner

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWING = {path: text.replace("tokens off;", "tokens on;  # <- here") for path, text in nginx().items()}
FIXES = {
    "nginx": "Set `server_tokens off;`.",
    "apache": "Set `ServerTokens Prod`.",
    "werkzeug": "Start a production server: `gunicorn app:app`.",
    "wsgiserver": "Start a production server: `gunicorn app:app`.",
    "simplehttp": "Start a production server, such as nginx.",
    "tornadoserver": "Override `set_default_headers()` and clear `Server`.",
    "python": "Set `Server` in an `on_response_prepare` signal.",
}
"""The server's name in lower case to what takes its version away."""


@rule(
    id="version-banner/server",
    severity=Severity.LOW,
    cwe=497,
    over=Banner,
    sources=["RFC 9110 section 10.2.4", "OWASP WSTG-INFO-02, Fingerprint Web Server"],
    bad=[
        Bad("nginx told to", SHOWING),
        Bad("Apache told to", {"apache/security.conf": "ServerTokens OS  # <- here\nServerSignature Off\n"}),
    ],
    good=[
        Good("nginx told not to", nginx()),
        Good("nginx, a part of it alone", {"deploy/shop.nginx": "server { listen 80; root /srv/www; }\n"}),
        Good("only its name", {"apache/security.conf": "ServerTokens Prod\nServerSignature Off\n"}),
        Good("the last line counts", {"apache/security.conf": "ServerTokens OS\nServerTokens Prod\n"}),
    ],
)
def told_to_tell(banner: Banner) -> Iterator[Finding]:
    """Yield a finding for a server whose file lets it say its version."""
    yield Finding(
        at=banner.at,
        says=banner.says,
        evidence=banner.evidence,
        fix=Fix(banner.fix),
        symbol=banner.server,
    )


@live(
    over=Site,
    bad=[
        Bad("nginx as it comes", answers={"GET / # <- here": shown("", "Server: nginx/1.24.0 (Ubuntu)")}),
        Bad("Werkzeug's own server", answers={"GET / # <- here": shown("", "Server: Werkzeug/3.1.3 Python/3.12.3")}),
    ],
    good=[
        Good("a name alone", answers={"GET /": shown("", "Server: nginx")}),
        Good("no version of a server", answers={"GET /": shown("", "Server: Apache (Debian 12)")}),
        Good("not said", answers={"GET /": shown()}),
    ],
)
def server_tells_version(site: Site) -> Iterator[Finding]:
    """Yield a finding for the first answer whose Server header holds a version."""
    from batten.understand.answers.banners import versioned  # noqa: PLC0415 - only a probe reads them

    for page in site.pages:
        value = page.answer.joined("server") or ""
        if versioned(value):
            name = value.partition("/")[0].strip().lower()
            yield Finding(
                at=page.at,
                says=f"Server is {value[:80]!r}",
                evidence=(seen(page.answer, f"answered {page.answer.status} with Server:", value[:80]),),
                fix=Fix(FIXES.get(name, "Take the version out of the Server header.")),
                symbol="server",
            )
            return
