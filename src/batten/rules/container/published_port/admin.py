"""A console for operators is open to every machine that reaches the host.

Adminer, Flower, mongo-express, Portainer and their kin are made for a desk: many ask for no login, and
what they show or do is everything (all tables, all jobs, every container). Programs look for
their pages on the usual ports, all day long.

Critical where a visitor runs code or is logged in to a database, high for other consoles without a login
and for those that only ask for the database's own, medium for those that show figures.

Silent on 127.0.0.1 and where a login of its own is set; one that everybody knows is told by
`default-credentials/service`.

Fix: take the port away or write `127.0.0.1:8080:8080` and come through SSH; else put a login before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
from batten.rules.reached import is_private, numbers, opened, where
from batten.understand.infrastructure.nouns import Console
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = """\
services:
  adminer:
    image: adminer:5
    ports: ["8080:8080"]  # <- here
"""
FLOWER = """\
services:
  flower:
    image: mher/flower:2.0
    command: celery flower
    ports: ["5555:5555"]  # <- here
"""
NOTEBOOK = """\
services:
  notebook:
    image: jupyter/scipy-notebook:2024-05-27
    command: start-notebook.sh --NotebookApp.token=''
    ports: ["8888:8888"]  # <- here
"""
KIBANA = """\
services:
  search:
    image: elasticsearch:8.15.0
    environment: [xpack.security.enabled=false]
  kibana:
    image: kibana:8.15.0
    ports: ["5601:5601"]  # <- here
"""


@rule(
    id="published-port/admin",
    severity=Severity.HIGH,
    cwe=306,
    over=Console,
    sources=["OWASP WSTG-CONF-05, Enumerate Infrastructure and Application Admin Interfaces", "OWASP A02:2025"],
    bad=[
        Bad("the database's own login", {"compose.yaml": COMPOSE}),
        Bad("no login at all", {"compose.yaml": FLOWER}),
        Bad(
            "by an image of one's own",
            {"compose.yaml": FLOWER.replace("mher/flower:2.0", "shop").replace("celery", "celery -A shop")},
        ),
        Bad("code for everybody", {"compose.yaml": NOTEBOOK}),
        Bad("as open as what it shows", {"compose.yaml": KIBANA}),
    ],
    good=[
        Good("on this host only", {"compose.yaml": COMPOSE.replace('"8080:', '"127.0.0.1:8080:')}),
        Good("not published", {"compose.yaml": COMPOSE.replace("ports", "expose").replace("8080:", "")}),
        Good(
            "a login of its own",
            {"compose.yaml": FLOWER.replace("celery flower", "celery flower --basic-auth=${LOGIN:?}")},
        ),
        Good("a token that it draws", {"compose.yaml": NOTEBOOK.replace(" --NotebookApp.token=''", "")}),
        Good("the search engine asks for a login", {"compose.yaml": KIBANA.replace("false", "true")}),
    ],
)
def console_published(console: Console) -> Iterator[Finding]:
    """Yield a finding for a console whose port is open to other machines, with no login before it."""
    ports = opened(console.published)
    if (
        not ports
        or console.reach is not Reach.WORLD
        or not console.open_because
        or any(login.password == "" for login in console.logins)
    ):
        return
    severity = _GRADES.get(console.product, Severity.HIGH) if console.is_open else Severity.HIGH
    which = f"{numbers(ports)} {'is' if len(ports) == 1 else 'are'} published {where(ports)}"
    yield Finding(
        ports[0].at,
        f"{console.name} ({console.product}) {console.open_because}; {which}",
        console.evidence,
        confidence=Confidence.LIKELY if console.is_default else Confidence.CERTAIN,
        severity=severity.lowered() if all(is_private(port.address) for port in ports) else severity,
        fix=Fix("take the port away or publish it on 127.0.0.1; else put a login before it"),
        symbol=console.name,
    )


_GRADES = {
    **dict.fromkeys(("jupyter", "code-server", "portainer", "pgadmin", "phpmyadmin", "pgweb"), Severity.CRITICAL),
    **dict.fromkeys(("prometheus", "alertmanager", "cadvisor", "jaeger", "netdata", "grafana"), Severity.MEDIUM),
}
"""Consoles that give more than others where they ask for nothing, or only show figures."""
