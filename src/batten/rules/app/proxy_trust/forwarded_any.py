"""Forwarded headers are believed from whoever connects.

`X-Forwarded-For` and `X-Forwarded-Proto` tell an app behind a proxy who its visitor is and whether
he came over HTTPS. `forwarded_allow_ips="*"` (uvicorn, gunicorn, also by the variable
FORWARDED_ALLOW_IPS), `ProxyHeadersMiddleware(trusted_hosts="*")` and waitress' `trusted_proxy="*"`
take them from everybody, and Django's `SECURE_PROXY_SSL_HEADER` asks nobody. Where strangers reach
the app itself, they choose their address: limits by address, lists of allowed ones and the log are
theirs.

Medium when the address is believed, low when it is the scheme only.

Silent where only a proxy reaches the app: in a container whose port is not published or is
published on the loopback, on a platform, and on a host when the server listens on the
loopback or on a socket.

Fix: name the proxy: `--forwarded-allow-ips=127.0.0.1`; or let nobody but the proxy reach
the port.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, around, rule
from batten.rules.app.proxy_trust._open import open_to_strangers
from batten.rules.form import first, one_per_place
from batten.rules.samples import django
from batten.understand.infrastructure.web import ForwardedTrust
from batten.understand.stack import Reach
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = "from flask import Flask\n\napp = Flask(__name__)\n"

DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--forwarded-allow-ips", "*", "app:app"]  # <- here
"""

COMPOSE = """\
services:
  web:
    build: .
    ports:
      - "8000:8000"
"""

SETTINGS = 'bind = "0.0.0.0:8000"\nforwarded_allow_ips = "*"  # <- here\n'

UNIT = """\
[Service]
WorkingDirectory=/srv/shop
Environment=FORWARDED_ALLOW_IPS=*  # <- here
ExecStart=/usr/bin/gunicorn --bind 0.0.0.0:8000 app:app
"""

VHOST = """\
<VirtualHost *:80>
    RemoteIPHeader X-Forwarded-For
    RemoteIPInternalProxy 0.0.0.0/0  # <- here
    ProxyPass / http://127.0.0.1:8000/
</VirtualHost>
"""

SCHEME = 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # <- here'

ANYBODY = frozenset({"*", "0.0.0.0/0", "::/0"})


@rule(
    id="proxy-trust/forwarded-any",
    severity=Severity.MEDIUM,
    cwe=348,
    over=App,
    sources=[
        "gunicorn 27 docs, Settings, forwarded_allow_ips",
        "uvicorn 0.54 docs, Settings, --forwarded-allow-ips",
        "waitress 3.0 docs, trusted_proxy",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("by an option, the port open", {"app.py": APP, "Dockerfile": DOCKERFILE, "compose.yaml": COMPOSE}),
        Bad(
            "in gunicorn's configuration file",
            {
                "app.py": APP,
                "gunicorn.conf.py": SETTINGS,
                "Dockerfile": DOCKERFILE.replace(
                    '"--bind", "0.0.0.0:8000", "--forwarded-allow-ips", "*", "app:app"]  # <- here', '"app:app"]'
                ),
                "compose.yaml": COMPOSE,
            },
        ),
        Bad("by a variable, on a host", {"app.py": APP, "shop.service": UNIT}),
        Bad("the scheme, by Django", django(SCHEME, host=True)),
    ],
    good=[
        Good("Django on a platform", django(SCHEME)),
        Good("nothing publishes the port", {"app.py": APP, "Dockerfile": DOCKERFILE}),
        Good(
            "published on the loopback",
            {"app.py": APP, "Dockerfile": DOCKERFILE, "compose.yaml": COMPOSE.replace("8000:", "127.0.0.1:8000:", 1)},
        ),
        Good(
            "one known proxy",
            {
                "app.py": APP,
                "Dockerfile": DOCKERFILE.replace('"*"', '"172.18.0.2"'),
                "compose.yaml": COMPOSE,
            },
        ),
        Good(
            "the server listens on the loopback",
            {"app.py": APP, "shop.service": UNIT.replace("0.0.0.0", "127.0.0.1")},  # noqa: S104 - the example
        ),
    ],
)
def anybody_is_a_proxy(app: App) -> Iterator[Finding]:
    """Yield a finding for each setting that believes the forwarded headers of strangers."""
    confidence = open_to_strangers(app)
    if confidence is None:
        return
    yield from one_per_place(
        Finding(
            at=first(case.at, trust.at),
            says=f"{trust.what} believes forwarded headers from everybody, and strangers reach the app",
            evidence=case.evidence,
            confidence=case.confidence.weakest(confidence),
            severity=Severity.MEDIUM if "x-forwarded-for" in trust.headers else Severity.LOW,
            fix=Fix("Name the proxy's address, or let nobody but the proxy reach the port."),
            symbol=trust.what,
        )
        for trust in app.proxies
        for case in trust.trusted.cases()
        if _holds_anybody(case.value)
    )


def _holds_anybody(value: object) -> bool:
    names = value if isinstance(value, (list, tuple, set, frozenset)) else (value,)
    return any(name in ANYBODY for name in names if isinstance(name, str))


@around(
    over=ForwardedTrust,
    layer="server",
    bad=[Bad("Apache, from everywhere", {"apache/shop.conf": VHOST})],
    good=[Good("Apache, from one network", {"apache/shop.conf": VHOST.replace("0.0.0.0/0", "10.0.0.0/8")})],
)
def anybody_forwards(trust: ForwardedTrust) -> Iterator[Finding]:
    """Yield a finding for a proxy that strangers reach and that believes what they forward."""
    if trust.reach not in {Reach.INTERNAL, Reach.LOOPBACK}:
        yield Finding(
            at=trust.at,
            says=f"{trust.server} believes what everybody says of whom he forwards: {trust.what}",
            evidence=trust.evidence,
            confidence=trust.confidence,
            fix=Fix(trust.fix),
            symbol=trust.what,
        )
