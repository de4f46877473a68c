"""SQL of the repository makes a role that may do everything on its server.

A superuser, `GRANT ALL ON *.*`, `FILE`, `SUPER` or `pg_execute_server_program`: an injection in the app then reads
every database and the machine's files, and runs programs there. An app needs rows of its own tables.

Severity: high where the role is an app's, as far as is known; medium for another; `WITH GRANT OPTION` medium, low for
a role of one machine.

Silent for the administrator that the image makes (`postgres`, `root@localhost`, `POSTGRES_USER`), for rights on one
database, and when a later statement takes it back. Only files that production runs count: what is mounted into
`docker-entrypoint-initdb.d`, and SQL that is named for it (`init.sql`, `grants.sql`).

Fix: `NOSUPERUSER`, and `GRANT SELECT, INSERT, UPDATE, DELETE` on the app's tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.stores.rights import Right

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = "CREATE ROLE shop LOGIN SUPERUSER;  -- the app  # <- here\n"

GRANT = """\
CREATE USER 'shop'@'%' IDENTIFIED WITH caching_sha2_password AS '$A$005$hash';
GRANT ALL PRIVILEGES ON *.* TO 'shop'@'%';  # <- here
"""

SHELL = """\
#!/bin/bash
psql --username "$POSTGRES_USER" <<-EOSQL
	CREATE USER shop;
	ALTER ROLE shop SUPERUSER;  # <- here
EOSQL
"""

COMPOSE = """\
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/password
    volumes: ["./initdb:/docker-entrypoint-initdb.d:ro"]
"""
_KINDS = ("superuser", "everything", "machine", "grant-option")
_LOCAL = ("localhost", "127.0.0.1", "::1")


@rule(
    id="datastore-role/granted",
    severity=Severity.HIGH,
    cwe=250,
    over=Right,
    sources=["CIS PostgreSQL 17 Benchmark 4.3", "CIS MySQL 8.0 Benchmark 5.1 to 5.8", "ASVS 5.0, 13.2.2"],
    bad=[
        Bad("a superuser", {"init.sql": ROLE}),
        Bad("made one later", {"init.sql": "CREATE ROLE shop;\nALTER ROLE shop\n  SUPERUSER;  # <- here\n"}),
        Bad("everything in MySQL", {"grants.sql": GRANT}),
        Bad("by a shell script of the image", {"compose.yaml": COMPOSE, "initdb/10-roles.sh": SHELL}),
        Bad("the server's programs", {"roles.sql": "GRANT pg_execute_server_program TO shop;  # <- here\n"}),
        Bad("handed on", {"grants.sql": "GRANT SELECT ON shop.* TO 'shop'@'%' WITH GRANT OPTION;  # <- here\n"}),
    ],
    good=[
        Good("not a superuser", {"init.sql": ROLE.replace("SUPERUSER", "NOSUPERUSER")}),
        Good("taken back", {"init.sql": ROLE + "ALTER ROLE shop NOSUPERUSER;\n"}),
        Good("a comment", {"init.sql": "-- " + ROLE}),
        Good("a text", {"init.sql": "INSERT INTO notes VALUES ('ALTER ROLE shop SUPERUSER;');\n"}),
        Good("one database", {"grants.sql": GRANT.replace("*.*", "shop.*")}),
        Good("the administrator, on the machine", {"grants.sql": GRANT.replace("'shop'@'%'", "'root'@'localhost'")}),
        Good("tests run it", {"tests/init.sql": ROLE}),
    ],
)
def powerful_role(right: Right) -> Iterator[Finding]:
    """Yield a finding for a role that may do everything."""
    if right.kind not in _KINDS:
        return
    whose = f"{right.user}@{right.host}" if right.host else right.user
    yield Finding(
        right.at,
        f"{whose} {right.says}{', and an app logs in as it' if right.is_apps else ''}",
        confidence=right.confidence,
        severity=_severity(right),
        fix=Fix("give it the rows of the app's own tables: SELECT, INSERT, UPDATE, DELETE"),
        symbol=f"{right.kind} {right.user}",
    )


def _severity(right: Right) -> Severity:
    if right.kind == "grant-option":
        return Severity.LOW if right.host in _LOCAL or right.is_apps is False else Severity.MEDIUM
    if right.kind == "machine" and not right.is_apps:
        return Severity.MEDIUM
    return Severity.MEDIUM if right.is_apps is False else Severity.HIGH
