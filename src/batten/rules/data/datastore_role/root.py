"""The app logs in to its database as root.

One injected statement then reads and drops every database of the server, makes users and
reads files. The images of MySQL, MariaDB and SQL Server make a user for the app when they are asked to.

Fix: `MYSQL_USER` and `MYSQL_PASSWORD` for the app; with SQL Server `CREATE LOGIN` and a role on its own database.
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
      DB_HOST: db
      DB_USER: root  # <- here
      DB_PASSWORD: ${PASSWORD:?}
  db:
    image: mysql:8.4
    environment:
      MYSQL_ROOT_PASSWORD: ${PASSWORD:?}
"""


@rule(
    id="datastore-role/root",
    severity=Severity.MEDIUM,
    cwe=250,
    over=Use,
    sources=["MySQL 8.4 docs, 8.1.1 Security guidelines", "ASVS 5.0, 13.2.2"],
    bad=[Bad("root of MySQL", {**APP, "compose.yaml": COMPOSE})],
    good=[
        Good("a user of its own", {**APP, "compose.yaml": COMPOSE.replace("USER: root", "USER: shop")}),
        Good(
            "of another project",
            {
                **APP,
                "compose.yaml": COMPOSE.partition("  db:")[0],
                "store/compose.yaml": "services:\n  db:" + COMPOSE.partition("  db:")[2],
            },
        ),
    ],
)
def is_root(use: Use) -> Iterator[Finding]:
    """Yield a finding for an app that logs in as root."""
    if use.user in NAMED:
        yield used(use, Severity.MEDIUM)
