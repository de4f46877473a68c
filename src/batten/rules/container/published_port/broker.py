"""A broker's port is open to every machine that reaches the host.

Whoever puts a job into the queue has it done: the workers trust what comes from there. RabbitMQ's
management port creates users, and Kafka and NATS of the plain images let everybody in.

Severity: critical when it asks for no password, or for one that everybody knows; high
otherwise; one step milder on an address of a private network.

Silent for ports on 127.0.0.1, for `expose`, on networks that are `internal`, for files and services
that only development starts, and where the address is a variable without a default.

Fix: take `ports` away, other containers reach it by its name; for yourself write
`127.0.0.1:5672:5672`.
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
  queue:
    image: rabbitmq:4-management
    ports:
      - "5672:5672"  # <- here
"""


@rule(
    id="published-port/broker",
    severity=Severity.HIGH,
    cwe=668,
    over=DataStore,
    sources=["Docker docs, Packet filtering and firewalls", "OWASP Docker Security Cheat Sheet, rule 5a"],
    bad=[
        Bad("on every interface", {"compose.yaml": COMPOSE}),
        Bad("its management alone", {"compose.yaml": COMPOSE.replace("5672", "15672")}),
    ],
    good=[
        Good("on this host only", {"compose.yaml": COMPOSE.replace('"5672:', '"127.0.0.1:5672:')}),
    ],
)
def broker_published(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a broker whose port is open to other machines."""
    yield from published(store, Role.BROKER)


@host(
    over=Listener,
    bad=[
        Bad(
            "it answers", listeners="0.0.0.0:5672 docker-proxy: rabbitmq 3.13, required named compose.yaml  # <- here\n"
        )
    ],
    good=[
        Good(
            "on this host only", listeners="127.0.0.1:5672 docker-proxy: rabbitmq 3.13, required named compose.yaml\n"
        ),
        Good(
            "something else has the number", listeners="0.0.0.0:5672 docker-proxy: http, unknown named compose.yaml\n"
        ),
    ],
)
def broker_answers(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a container's broker that answers other machines."""
    yield from answered(listener, Role.BROKER)
