"""The app's own port is open beside the proxy that stands before it.

TLS, limits, headers and logins that the proxy adds are left out by whoever names the other port, and
`X-Forwarded-For` and its kin are then the visitor's own words: addresses in logs, limits
and rules for administrators believe them.

Medium when the proxy speaks TLS, low otherwise.

Silent for ports on 127.0.0.1, for the proxy's own, and where no proxy hands on to the app: then the missing TLS is
what is told.

Fix: take `ports` of the app away, the proxy reaches it by its name; a proxy on the host itself needs
`127.0.0.1:8000:8000`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Evidence, Finding, Fix, Good, Severity, rule
from batten.rules.reached import is_private, numbers, opened, where
from batten.understand.infrastructure.nouns import Fleet
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.nouns import Route
    from batten.understand.stack import Published

COMPOSE = """\
services:
  web:
    build: .
    ports:
      - "8000:8000"  # <- here
  proxy:
    image: nginx:1.29
    ports: ["80:80", "443:443"]
    volumes: ["./site.conf:/etc/nginx/conf.d/default.conf:ro"]
"""
FILES = {
    "compose.yaml": COMPOSE,
    "site.conf": "server {\n    listen 443 ssl;\n    location / { proxy_pass http://web:8000; }\n}\n",
    "Dockerfile": 'FROM python:3.13\nCOPY app.py .\nCMD ["gunicorn", "app:app"]\n',
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
}
LABELS = """\
services:
  web:
    build: .
    labels:
      - traefik.enable=true
    ports: ["8000:8000"]  # <- here
"""
HOST = {
    **FILES,
    "compose.yaml": COMPOSE.partition("  proxy:")[0],
    "deploy/nginx.conf": "upstream app { server 127.0.0.1:8000; }\nserver { listen 443 ssl; }\n",
}


@rule(
    id="published-port/app",
    severity=Severity.MEDIUM,
    cwe=668,
    over=Fleet,
    sources=["Docker docs, Packet filtering and firewalls", "ASVS 5.0, 13.2.4"],
    bad=[
        Bad("beside nginx", FILES),
        Bad("beside Traefik", {**FILES, "compose.yaml": LABELS}),
        Bad(
            "labels as a map",
            {**FILES, "compose.yaml": LABELS.replace("- traefik.enable=true", 'traefik.enable: "true"')},
        ),
        Bad(
            "beside nginx-proxy",
            {
                **FILES,
                "compose.yaml": LABELS.replace(
                    "labels:\n      - traefik.enable=true", "environment:\n      VIRTUAL_HOST: shop.example.com"
                ),
            },
        ),
        Bad("beside a web server of the host", HOST),
        Bad(
            "its file is not in the repository",
            {**FILES, "compose.yaml": COMPOSE.replace("./site.conf", "/srv/site.conf") + "    depends_on: [web]\n"},
        ),
    ],
    good=[
        Good("on this host only", {**FILES, "compose.yaml": COMPOSE.replace('"8000', '"127.0.0.1:8000')}),
        Good("there is no proxy", {**FILES, "compose.yaml": COMPOSE.partition("  proxy:")[0]}),
        Good("nginx serves files and hands on to nobody", {**FILES, "site.conf": "server {\n    root /srv/web;\n}\n"}),
        Good(
            "a file that is too large to be written by hand", {**FILES, "site.conf": FILES["site.conf"] + "#" * 200_000}
        ),
        Good(
            "another port, that the proxy does not hand on to",
            {**FILES, "compose.yaml": COMPOSE.replace("8000:8000", "49:49")},
        ),
        Good(
            "another port than the label's",
            {
                **FILES,
                "compose.yaml": LABELS.replace(
                    "    ports", "      - traefik.http.services.web.loadbalancer.server.port=8080\n    ports"
                ),
            },
        ),
        Good("a comment", {**FILES, "site.conf": "server {\n    # proxy_pass http://web:8000;\n}\n"}),
        Good(
            "a proxy of the host, and loopback",
            {**HOST, "compose.yaml": HOST["compose.yaml"].replace('"8000', '"127.0.0.1:8000')},
        ),
        Good(
            "a proxy of the host, for another port",
            {**HOST, "deploy/nginx.conf": "upstream app { server 127.0.0.1:8001; }\n"},
        ),
        Good(
            "nothing says that it hands on", {**FILES, "compose.yaml": COMPOSE.replace("./site.conf", "/srv/site.conf")}
        ),
    ],
)
def app_published(fleet: Fleet) -> Iterator[Finding]:
    """Yield a finding for each app whose port leads past the proxy before it."""
    for route in fleet.routes:
        ports = tuple(port for port in opened(route.app.published) if route.port in (None, port.container))
        if ports and route.app.reach is Reach.WORLD:
            yield _finding(route, ports)


def _finding(route: Route, ports: tuple[Published, ...]) -> Finding:
    app, proxy = route.app, route.proxy or "the proxy"
    severity = (
        Severity.MEDIUM if route.has_tls and not all(is_private(port.address) for port in ports) else Severity.LOW
    )
    return Finding(
        ports[0].at,
        f"{numbers(ports)} of {app.name} leads past {proxy}: published {where(ports)}",
        (*app.evidence, Evidence(route.at, f"{proxy} hands on to {app.name}")),
        severity=severity,
        fix=Fix(f"take `ports` of {app.name} away; where the proxy runs on the host itself, publish on 127.0.0.1"),
        symbol=app.name,
    )
