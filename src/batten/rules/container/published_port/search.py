"""A search engine's port is open to every machine that reaches the host.

It holds a copy of the data. Elasticsearch before 8, Solr, Qdrant and others ask for no login, and
indexes that were found open have been copied, deleted and held to ransom by the thousand.

Severity: critical when it asks for no password, or for one that everybody knows; high
otherwise; one step milder on an address of a private network.

Silent for ports on 127.0.0.1, for `expose`, on networks that are `internal`, for files and services
that only development starts, and where the address is a variable without a default.

Fix: take `ports` away, other containers reach it by its name; for yourself write
`127.0.0.1:9200:9200`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, host, rule
from batten.rules.container.published_port._published import answered, published
from batten.understand.host import Listener
from batten.understand.infrastructure.nouns import DataStore, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = """\
services:
  search:
    image: elasticsearch:8.15.0
    ports:
      - "9200:9200"  # <- here
"""


@rule(
    id="published-port/search",
    severity=Severity.HIGH,
    cwe=668,
    over=DataStore,
    sources=["Docker docs, Packet filtering and firewalls", "OWASP Docker Security Cheat Sheet, rule 5a"],
    bad=[
        Bad("on every interface", {"compose.yaml": COMPOSE}),
        Bad(
            "a range",
            {"compose.yaml": COMPOSE.replace("9200:9200", "9200-9210:9200-9210")},
        ),
    ],
    good=[
        Good("on this host only", {"compose.yaml": COMPOSE.replace('"9200:', '"127.0.0.1:9200:')}),
    ],
)
def search_published(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a search engine whose port is open to other machines."""
    yield from published(store, Role.SEARCH)


@host(
    over=Listener,
    bad=[
        Bad(
            "it answers",
            listeners="0.0.0.0:9200 docker-proxy: elasticsearch 8.1, required named compose.yaml  # <- here\n",
        )
    ],
    good=[
        Good(
            "on this host only",
            listeners="127.0.0.1:9200 docker-proxy: elasticsearch 8.1, required named compose.yaml\n",
        ),
        Good(
            "something else has the number", listeners="0.0.0.0:9200 docker-proxy: http, unknown named compose.yaml\n"
        ),
    ],
)
def search_answers(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a container's search that answers other machines."""
    yield from answered(listener, Role.SEARCH)
