"""A store of objects or keys is open to every machine near the host.

MinIO holds the uploads, etcd and Consul the configuration and often the secrets, a registry the images
that production runs: who writes there decides what runs tomorrow.

Severity: critical when it asks for no password, or for one that everybody knows; medium
otherwise; one step milder on an address of a private network.

Silent for ports on 127.0.0.1, for `expose`, on networks that are `internal`, for files and services
that only development starts, and where the address is a variable without a default.

Fix: take `ports` away, other containers reach it by its name; for yourself write
`127.0.0.1:2379:2379`.
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
  store:
    image: quay.io/coreos/etcd:v3.5.16
    ports:
      - "2379:2379"  # <- here
"""


@rule(
    id="published-port/storage",
    severity=Severity.MEDIUM,
    cwe=668,
    over=DataStore,
    sources=["Docker docs, Packet filtering and firewalls", "OWASP Docker Security Cheat Sheet, rule 5a"],
    bad=[
        Bad("on every interface", {"compose.yaml": COMPOSE}),
        Bad("a registry", {"compose.yaml": COMPOSE.replace("quay.io/coreos/etcd:v3.5.16", "registry:2")}),
    ],
    good=[
        Good("on this host only", {"compose.yaml": COMPOSE.replace('"2379:', '"127.0.0.1:2379:')}),
    ],
)
def storage_published(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a store of objects or keys whose port is open to other machines."""
    yield from published(store, Role.STORAGE, Severity.MEDIUM)


@host(
    over=Listener,
    bad=[Bad("it answers", listeners="0.0.0.0:2379 docker-proxy: etcd 3.5, required named compose.yaml  # <- here\n")],
    good=[
        Good("on this host only", listeners="127.0.0.1:2379 docker-proxy: etcd 3.5, required named compose.yaml\n"),
        Good(
            "something else has the number", listeners="0.0.0.0:2379 docker-proxy: http, unknown named compose.yaml\n"
        ),
    ],
)
def storage_answers(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a container's storage that answers other machines."""
    yield from answered(listener, Role.STORAGE)
