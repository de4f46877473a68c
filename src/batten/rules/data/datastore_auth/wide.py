"""A line of pg_hba.conf lets any address try passwords.

`0.0.0.0/0`, `::/0` and `all` name the whole internet. The password is then the only lock, and machines try lists
of them all day. A line for the app's own network shuts the others out before they may try.

Severity: high when it stands for every user or database, medium for one; low in a container whose port is published.

Silent for certificates (`cert`, `clientcert`), for `reject`, for what a line before answers, in a container that only
its neighbours reach, and when the server listens on loopback. `trust` is told by `datastore-auth/trust`.

Fix: the network of the app in place of the address (`10.1.2.0/24`); one line a database and user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.data.datastore_auth._weighed import is_far
from batten.understand.infrastructure.nouns import DataStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.nouns import Entrance

HBA = """\
local all postgres peer
hostssl all all 0.0.0.0/0 scram-sha-256  # <- here
"""
_HARMLESS = ("trust", "reject", "cert")


@rule(
    id="datastore-auth/wide",
    severity=Severity.HIGH,
    cwe=284,
    over=DataStore,
    sources=["PostgreSQL 17 docs, 20.1 The pg_hba.conf File", "CIS PostgreSQL 17 Benchmark 5.9"],
    bad=[
        Bad("every address", {"pg_hba.conf": HBA}),
        Bad("in IPv6", {"pg_hba.conf": HBA.replace("0.0.0.0/0", "::/0")}),
        Bad("by its name", {"pg_hba.conf": HBA.replace("0.0.0.0/0", "all")}),
        Bad("for one user", {"pg_hba.conf": HBA.replace("all all", "shop shop")}),
    ],
    good=[
        Good("a network", {"pg_hba.conf": HBA.replace("0.0.0.0/0", "10.1.2.0/24")}),
        Good("certificates", {"pg_hba.conf": HBA.replace("scram-sha-256", "cert")}),
        Good("refused", {"pg_hba.conf": HBA.replace("scram-sha-256", "reject")}),
        Good("it listens on loopback", {"pg_hba.conf": HBA, "postgresql.conf": "listen_addresses = 'localhost'\n"}),
        Good(
            "only containers reach it",
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:17\n"
                "    command: postgres -c hba_file=/etc/pg_hba.conf\n    volumes: ['./pg_hba.conf:/etc/pg_hba.conf']\n",
                "pg_hba.conf": HBA,
            },
        ),
    ],
)
def wide_lines(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for each line that any address meets, whose lock is a password."""
    for entrance in store.entrances:
        if entrance.width == "any" and entrance.method not in _HARMLESS and not entrance.demands_certificate:
            if not is_far(store, entrance) or entrance.at.file not in store.config:
                continue
            yield Finding(
                entrance.at,
                f"{store.name} lets {_whose(entrance)} log in from any address",
                store.evidence,
                store.confidence,
                severity=_severity(store, entrance),
                fix=Fix("name the network of the app in place of the address, and its database and user"),
                symbol=f"{entrance.kind} {entrance.address}",
                proof=" ".join((*entrance.databases, *entrance.users)),
            )


def _severity(store: DataStore, entrance: Entrance) -> Severity:
    if store.contained:
        return Severity.LOW
    is_all = "all" in entrance.users or "all" in entrance.databases or "replication" in entrance.databases
    return Severity.HIGH if is_all else Severity.MEDIUM


def _whose(entrance: Entrance) -> str:
    return "every user" if "all" in entrance.users else ", ".join(entrance.users[:3])
