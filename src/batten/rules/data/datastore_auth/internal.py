"""A cache or broker that only containers reach asks for no password.

Any container on its network may read sessions and put jobs into the queue; so may a request that
the app is made to send. A password makes the network one layer of two.

Told to auditors only: nearly every project relies on the network here. Where other machines reach it,
`datastore-auth/no-password` tells it to everybody.

Fix: start Redis with `--requirepass` and a password from a secret; give it a network with the app alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.data.datastore_auth._open import open_store
from batten.understand.infrastructure.nouns import DataStore, Role
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

COMPOSE = """\
services:
  cache:
    image: redis:8  # <- here
"""


@rule(
    id="datastore-auth/internal",
    severity=Severity.LOW,
    cwe=306,
    over=DataStore,
    persona="auditor",
    sources=["Redis docs, Security", "ASVS 5.0, 13.2.1"],
    bad=[Bad("a cache", {"compose.yaml": COMPOSE})],
    good=[
        Good("with a password", {"compose.yaml": COMPOSE + "    command: redis-server --requirepass ${PASSWORD:?}\n"}),
        Good("published: told to everybody", {"compose.yaml": COMPOSE + "    ports: ['6379:6379']\n"}),
    ],
)
def internal_without_password(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a cache or broker beside the app that lets in whoever connects."""
    if store.reach is not Reach.WORLD and store.role in (Role.CACHE, Role.BROKER):
        yield from open_store(store, Severity.LOW)
