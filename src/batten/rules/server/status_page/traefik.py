"""Traefik's API and dashboard are open.

They show every route, service, middleware and internal address: where the unguarded panel is, and which version of
Traefik to look for. `api.insecure` opens them on port 8080 without a login; so does a router to `api@internal` before
which none stands.

High. Low where only other containers reach the port. Silent where it is published on the loopback, where a login or a
list of addresses stands before the router, and where it stands before it in a file that is not in the repository.

Fix: take `api.insecure` out; put a router with `basicAuth` before `api@internal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.server.status_page._opened import opened
from batten.understand.infrastructure.web import StatusPage

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = """\
services:
  traefik:
    image: traefik:v3.1
    command:
      - --api.insecure=true  # <- here
      - --providers.file.filename=/etc/traefik/routes.yml
    ports: ["443:443", "8080:8080"]
"""
ROUTER = """\
services:
  traefik:
    image: traefik:v3.1
    command: [--api, --providers.docker, --providers.docker.exposedbydefault=false]
    ports: ["443:443"]
    labels:
      - traefik.enable=true
      - traefik.http.routers.board.rule=Host(`board.example.com`)
      - traefik.http.routers.board.service=api@internal  # <- here
"""
LOGIN = """\
      - traefik.http.routers.board.middlewares=login
      - traefik.http.middlewares.login.basicauth.usersfile=/run/secrets/users
"""


@rule(
    id="status-page/traefik",
    severity=Severity.HIGH,
    cwe=497,
    over=StatusPage,
    sources=["Traefik 3.1 docs, API, insecure", "Traefik 3.1 docs, Dashboard, Secure Mode"],
    bad=[
        Bad("on a published port", {"compose.yaml": COMPOSE}),
        Bad("a router without a login", {"compose.yaml": ROUTER}),
    ],
    good=[
        Good("published on the loopback", {"compose.yaml": COMPOSE.replace("8080:8080", "127.0.0.1:8080:8080")}),
        Good("not insecure", {"compose.yaml": COMPOSE.replace("true", "false")}),
        Good("a router with a login", {"compose.yaml": ROUTER + LOGIN}),
    ],
)
def shown_by_traefik(page: StatusPage) -> Iterator[Finding]:
    """Yield a finding for Traefik's dashboard that a stranger reads."""
    if page.kind == "traefik":
        yield opened(page)
