"""The app logs in as the user that the database's image makes, a superuser.

One injected statement then reads every database, writes files and, with PostgreSQL's `COPY … TO PROGRAM`,
runs commands. The app needs the rows of its own tables.

Told to auditors only: nearly every compose project lets the app use POSTGRES_USER. An app that logs in as `root`
or `sa` is told to everybody by `datastore-role/root`.

Fix: make a role for the app in a script of `/docker-entrypoint-initdb.d`, with rights on its own schema only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.data.datastore_role._uses import APP, NAMED, used
from batten.understand.infrastructure.uses import Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

COMPOSE = """\
services:
  web:
    build: .
    environment:
      DATABASE_URL: postgresql://shop:Vq7nN2hX9sT4@db:5432/shop  # <- here
  db:
    image: postgres:17
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: ${PASSWORD:?}
"""


@rule(
    id="datastore-role/superuser",
    severity=Severity.LOW,
    cwe=250,
    over=Use,
    persona="auditor",
    sources=["PostgreSQL 17 docs, 21.2 Role attributes", "CIS PostgreSQL 16 Benchmark, 4.3", "ASVS 5.0, 13.2.2"],
    bad=[
        Bad("in the URL", {**APP, "compose.yaml": COMPOSE}),
        Bad(
            "by itself",
            {
                **APP,
                "compose.yaml": COMPOSE.replace(
                    "DATABASE_URL: postgresql://shop:Vq7nN2hX9sT4@db:5432/shop", "DB_USER: shop"
                ),
            },
        ),
    ],
    good=[
        Good("a role of its own", {**APP, "compose.yaml": COMPOSE.replace("//shop:", "//web:")}),
        Good("another host", {**APP, "compose.yaml": COMPOSE.replace("@db", "@elsewhere")}),
        Good("no URL that can be read", {**APP, "compose.yaml": COMPOSE.replace("@db:5432", "@[db")}),
        Good(
            "another's user",
            {
                **APP,
                "compose.yaml": COMPOSE.replace(
                    "DATABASE_URL: postgresql://shop:Vq7nN2hX9sT4@db:5432/shop", "MAIL_USER: shop"
                ),
            },
        ),
    ],
)
def is_superuser(use: Use) -> Iterator[Finding]:
    """Yield a finding for an app that logs in as the superuser of its database."""
    if use.user not in NAMED:
        yield used(use, Severity.LOW)
