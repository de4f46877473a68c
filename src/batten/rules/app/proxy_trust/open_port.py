"""The app believes its proxy, and strangers reach it without one.

`ProxyFix` takes the visitor's address, the scheme and the host from headers that a proxy sets. It
is right behind a proxy, which overwrites or extends what the visitor sent. The deployment also
opens the app's own port to every network: there the visitor writes the headers, and the app takes
him for whom he says.

Medium when the host is believed (links then lead where he says), low otherwise.

Silent where the port is not published, or on the loopback only, and on platforms.

Fix: take `ports:` away and let the proxy reach the app over their own network, or publish
`127.0.0.1:8000:8000`; without a proxy take `ProxyFix` away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Evidence, Finding, Fix, Good, Severity, rule
from batten.rules.form import one_per_place
from batten.understand.stack import Reach
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.subjects import ProxyTrust

APP = """\
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # <- here
"""

DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""

COMPOSE = """\
services:
  web:
    build: .
    ports:
      - "8000:8000"
"""


@rule(
    id="proxy-trust/open-port",
    severity=Severity.LOW,
    cwe=348,
    over=App,
    sources=[
        "Werkzeug 3.1 docs, X-Forwarded-For Proxy Fix",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("published to every network", {"app.py": APP, "Dockerfile": DOCKERFILE, "compose.yaml": COMPOSE}),
        Bad(
            "the host is believed too",
            {
                "app.py": APP.replace("x_proto=1", "x_proto=1, x_host=1"),
                "Dockerfile": DOCKERFILE,
                "compose.yaml": COMPOSE,
            },
        ),
    ],
    good=[
        Good(
            "only the proxy reaches it",
            {
                "app.py": APP,
                "Dockerfile": DOCKERFILE,
                "compose.yaml": COMPOSE.replace("ports:", "expose:").replace("8000:8000", "8000"),
            },
        ),
        Good(
            "published on the loopback, for the proxy of the host",
            {"app.py": APP, "Dockerfile": DOCKERFILE, "compose.yaml": COMPOSE.replace("8000:", "127.0.0.1:8000:", 1)},
        ),
        Good("a platform's router stands before it", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "nothing is believed",
            {
                "app.py": APP.replace("x_for=1, x_proto=1", "x_for=0, x_proto=0"),
                "Dockerfile": DOCKERFILE,
                "compose.yaml": COMPOSE,
            },
        ),
    ],
)
def proxy_passed_by(app: App) -> Iterator[Finding]:
    """Yield a finding for each piece of middleware that believes strangers on an open port."""
    if app.unit.reach is not Reach.WORLD:
        return
    opened = tuple(Evidence(port.at, "the port is open to every network") for port in app.unit.published)
    yield from one_per_place(
        Finding(
            at=trust.at,
            says=f"{trust.what} believes {_and(trust.headers)}, and strangers reach the app without a proxy",
            evidence=(*trust.evidence, *opened),
            confidence=_weakest(trust),
            severity=Severity.MEDIUM if "x-forwarded-host" in trust.headers else Severity.LOW,
            fix=Fix("Publish the port on 127.0.0.1 or not at all, so that only the proxy reaches the app."),
            symbol=trust.what,
        )
        for trust in app.proxies
        if trust.headers and _is_counted(trust)
    )


def _weakest(trust: ProxyTrust) -> Confidence:
    """Return how sure it is: a firewall that the repository does not show may stand before the port."""
    found = Confidence.LIKELY
    for case in trust.trusted.cases():
        found = found.weakest(case.confidence)
    return found


def _is_counted(trust: ProxyTrust) -> bool:
    """Return whether it is about proxies as such; a list of addresses is told by `proxy-trust/forwarded-any`."""
    return any(not isinstance(case.value, (str, list, tuple)) for case in trust.trusted.cases())


def _and(words: tuple[str, ...]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
