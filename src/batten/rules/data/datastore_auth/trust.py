"""A line of pg_hba.conf lets people in without a password.

`trust` asks for nothing: who says that he is `postgres` is, and may read every table, write
files as the server and run its programs (`COPY … TO PROGRAM`).

The first line that fits a connection decides, so a line counts for what no line before it
answers. Severity: critical where a whole network meets it, high for one other machine or for the users of
a host, low for the socket of one machine and inside a container.

Silent behind a line that answers first (`reject`), with `clientcert=verify-full`, and for comments.

Fix: `scram-sha-256` in place of `trust`; `peer` for `local` lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.data.datastore_auth._weighed import trusted
from batten.understand.infrastructure.nouns import DataStore

if TYPE_CHECKING:
    from collections.abc import Iterator

HBA = """\
local all postgres peer
host all all 0.0.0.0/0 trust  # <- here
"""

COMPOSE = """\
services:
  db:
    image: postgres:17
    command: postgres -c hba_file=/etc/postgresql/pg_hba.conf
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/password
    volumes: ["./pg_hba.conf:/etc/postgresql/pg_hba.conf:ro"]
"""

INITDB = """\
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/password
    volumes: ["./initdb:/docker-entrypoint-initdb.d:ro"]
"""

SCRIPT = """\
#!/bin/bash
echo "host replication all 0.0.0.0/0 trust" >> "$PGDATA/pg_hba.conf"  # <- here
"""


@rule(
    id="datastore-auth/trust",
    severity=Severity.CRITICAL,
    cwe=306,
    over=DataStore,
    sources=["PostgreSQL 17 docs, 20.4 Trust Authentication", "CIS PostgreSQL 17 Benchmark 5.3, 5.4"],
    bad=[
        Bad("everybody", {"pg_hba.conf": HBA}),
        Bad("a mask of its own", {"db/pg_hba.conf": HBA.replace("0.0.0.0/0", "0.0.0.0 0.0.0.0")}),
        Bad("the users of the machine", {"pg_hba.conf": HBA.replace("0.0.0.0/0", "127.0.0.1/32")}),
        Bad("the socket", {"pg_hba.conf": HBA.replace("host all all 0.0.0.0/0", "local all all")}),
        Bad("in a container", {"compose.yaml": COMPOSE, "pg_hba.conf": HBA}),
        Bad("appended by a script", {"compose.yaml": INITDB, "initdb/10.sh": SCRIPT}),
        Bad(
            "in a file that is included",
            {"pg_hba.conf": "include more.conf\n", "more.conf": "host all all ::/0 trust  # <- here\n"},
        ),
    ],
    good=[
        Good(
            "appended behind the image's own line, which answers first",
            {"compose.yaml": INITDB, "initdb/10.sh": SCRIPT.replace("replication", "shop")},
        ),
        Good("a password", {"pg_hba.conf": HBA.replace("trust  # <- here", "scram-sha-256")}),
        Good("a line before refuses", {"pg_hba.conf": "host all all 0.0.0.0/0 reject\n" + HBA}),
        Good(
            "two halves before refuse",
            {"pg_hba.conf": "host all all 0.0.0.0/1 reject\nhost all all 128.0.0.0/1 reject\n" + HBA},
        ),
        Good(
            "a certificate is asked for",
            {
                "pg_hba.conf": HBA.replace("host ", "hostssl ").replace(
                    "trust  # <- here", "trust clientcert=verify-full"
                )
            },
        ),
        Good("a comment", {"pg_hba.conf": HBA.replace("host all", "#host all")}),
        Good("tests start it", {"tests/pg_hba.conf": HBA}),
        Good("another file is read", {"compose.yaml": COMPOSE, "db.conf": HBA, "pg_hba.conf": "local all all peer\n"}),
    ],
)
def trusted_lines(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for each line that asks for nothing; one for those that only this machine meets."""
    open_ = [one for one in store.entrances if one.method == "trust" and not one.demands_certificate]
    near = [one for one in open_ if trusted(store, one) is Severity.LOW]
    for entrance in [*(one for one in open_ if one not in near), *near[:1]]:
        more = f", and {len(near) - 1} more lines do" if entrance in near and len(near) > 1 else ""
        yield Finding(
            entrance.at,
            f"{store.name} trusts {entrance.shown} without a password{more}",
            store.evidence,
            store.confidence,
            severity=trusted(store, entrance),
            fix=Fix(f"write `{'peer' if entrance.width == 'socket' else 'scram-sha-256'}` in place of `trust`"),
            symbol=f"{entrance.kind} {entrance.address}".strip(),
            proof=" ".join((*entrance.databases, *entrance.users)),
        )
