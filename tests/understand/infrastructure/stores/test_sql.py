"""What SQL of the repository gives to roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.nouns import DataStore
from batten.understand.infrastructure.stores.rights import Right

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure

RIGHTS = [
    ("CREATE ROLE shop LOGIN SUPERUSER;", ["superuser shop 1"]),
    ("create user shop with\n  superuser password 'x'", ["superuser shop 2"]),
    ('ALTER ROLE "Shop" SUPERUSER;', ["superuser Shop 1"]),
    ("CREATE ROLE shop SUPERUSER;\nALTER ROLE shop NOSUPERUSER;", []),
    ("CREATE ROLE shop SUPERUSER;\nDROP ROLE IF EXISTS shop;", []),
    ("CREATE ROLE postgres SUPERUSER;", []),
    ("-- ALTER ROLE shop SUPERUSER;\n/* GRANT ALL ON *.* TO 'x'@'%'; */", []),
    ("INSERT INTO t VALUES ('ALTER ROLE shop SUPERUSER;');", []),
    ("GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;", ["public  1"]),
    ("GRANT ALL PRIVILEGES ON DATABASE shop TO public;", ["public  1"]),
    ("GRANT USAGE ON SCHEMA api TO PUBLIC;", []),
    ("REVOKE ALL ON SCHEMA public FROM PUBLIC;", []),
    ("GRANT pg_execute_server_program TO reporting;", ["machine reporting 1"]),
    ("GRANT pg_monitor TO reporting;", []),
    ("GRANT ALL ON DATABASE shop TO shop, office;", ["owner shop 1", "owner office 1"]),
    ("CREATE DATABASE shop OWNER = shop;", ["owner shop 1"]),
    ("ALTER SCHEMA api OWNER TO shop;", ["owner shop 1"]),
    ("ALTER TABLE api.t OWNER TO shop;", []),
    ("GRANT ALL PRIVILEGES ON *.* TO 'shop'@'10.0.%';", ["everything shop 1"]),
    ("GRANT ALL ON *.* TO `shop`@`%` WITH GRANT OPTION;", ["everything shop 1"]),
    ("GRANT ALL ON *.* TO 'root'@'localhost' WITH GRANT OPTION;", []),
    ("GRANT SELECT ON shop.* TO 'shop'@'%' WITH GRANT OPTION;", ["grant-option shop 1"]),
    ("GRANT ALL PRIVILEGES ON shop.* TO 'shop'@'%';\nFLUSH PRIVILEGES;", []),
    ("GRANT SELECT, FILE ON *.* TO 'shop'@'%';", ["machine shop 1"]),
    ("GRANT REPLICATION SLAVE ON *.* TO 'copy'@'%';", []),
    (
        "DO $$\nBEGIN\n  IF NOT EXISTS (SELECT 1) THEN\n    CREATE ROLE shop SUPERUSER;\n  END IF;\nEND\n$$;",
        ["superuser shop 4"],
    ),
    ("DO $x$ BEGIN CREATE ROLE a; EXCEPTION WHEN OTHERS THEN ALTER ROLE a SUPERUSER; END $x$;", ["superuser a 1"]),
    ("COPY t (a) FROM stdin;\n1\nGRANT ALL ON x TO PUBLIC;\n\\.\nGRANT ALL ON t TO PUBLIC;", ["public  5"]),
    (
        "DELIMITER //\nCREATE PROCEDURE p() BEGIN DROP USER b; END//\nDELIMITER ;\nGRANT ALL ON *.* TO 'b'@'%';",
        ["everything b 4"],
    ),
    ("\\connect shop\nALTER ROLE shop SUPERUSER;", ["superuser shop 2"]),
    ("CREATE ROLE 'unterminated\nALTER ROLE x SUPERUSER", []),
    ("SELECT 1 # GRANT ALL ON *.* TO 'a'@'%'\n; # `x`", []),
    ("GRANT ALL ON *.*", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rights"), RIGHTS)
def test_rights(parts: Callable[..., list[Right]], text: str, rights: list[str]) -> None:
    found = parts({"db/init.sql": text}, Right)
    assert [f"{right.kind} {right.user} {right.at.line}" for right in found] == rights


LOGINS = [
    ("CREATE USER shop WITH PASSWORD 'abc';", [("shop", "abc")]),
    ("CREATE USER shop WITH ENCRYPTED PASSWORD 'it''s';", [("shop", "it's")]),
    ("CREATE USER shop PASSWORD :'shop_password';", [("shop", None)]),
    ("CREATE USER shop PASSWORD NULL;", []),
    ("CREATE USER shop PASSWORD 'md5900150983cd24fb0d6963f7d28e17f72';", []),
    ("CREATE USER 'shop'@'%' IDENTIFIED BY 'abc';", [("shop", "abc")]),
    ("CREATE USER IF NOT EXISTS shop@localhost IDENTIFIED WITH caching_sha2_password BY 'abc';", [("shop", "abc")]),
    ("CREATE USER shop IDENTIFIED BY RANDOM PASSWORD;", []),
    ("ALTER USER 'root'@'%' IDENTIFIED BY '';", [("root", "")]),
    ("GRANT ALL ON shop.* TO 'shop'@'%' IDENTIFIED BY 'a\\'b';", [("shop", "a\\'b")]),
    ("SET PASSWORD FOR 'shop'@'%' = PASSWORD('abc');", [("shop", "abc")]),
    ("CREATE USER shop PASSWORD 'a';\nALTER USER shop PASSWORD 'b';", [("shop", "b")]),
    ("CREATE USER shop PASSWORD '${SHOP}';", [("shop", None)]),
]


@pytest.mark.parametrize(("text", "logins"), LOGINS)
def test_passwords(parts: Callable[..., list[DataStore]], text: str, logins: list[tuple[str, str | None]]) -> None:
    found = parts({"init.sql": text}, DataStore)
    assert [(login.user, login.password) for store in found for login in store.logins] == logins


SHELL = """\
#!/bin/bash
# psql <<EOF
psql --username "$POSTGRES_USER" <<-EOSQL
	CREATE USER shop PASSWORD '$SHOP_PASSWORD';
	CREATE USER free PASSWORD '$NOBODY_SAYS';
	ALTER ROLE shop SUPERUSER;
EOSQL
psql -c "GRANT pg_read_server_files TO shop;"
# psql -c "GRANT ALL ON DATABASE x TO PUBLIC"
cat >> "$PGDATA/pg_hba.conf" <<'END'
host all all all trust
END
"""

COMPOSE = """\
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_USER: keeper
      POSTGRES_PASSWORD_FILE: /run/secrets/p
      SHOP_PASSWORD: changeme
    volumes: [./initdb:/docker-entrypoint-initdb.d:ro]
"""


def test_scripts_of_the_image(parts: Callable[..., list[object]]) -> None:
    files = {"compose.yaml": COMPOSE, "initdb/10.sh": SHELL, "initdb/20.sql": "ALTER ROLE keeper SUPERUSER;\n"}
    found = parts(files)
    rights = [part for part in found if isinstance(part, Right)]
    assert [(right.kind, right.user, right.at.line, right.container) for right in rights] == [
        ("superuser", "shop", 6, "db"),
        ("machine", "shop", 8, "db"),
    ]
    (store,) = [part for part in found if isinstance(part, DataStore)]
    made = [(login.user, login.password, str(login.at)) for login in store.logins if login.user != "keeper"]
    assert made == [("shop", "changeme", "compose.yaml:7"), ("free", None, "initdb/10.sh:5")]


def test_sql_that_lies_alone_runs_in_the_one_database(parts: Callable[..., list[Right]]) -> None:
    compose = COMPOSE.replace("    volumes: [./initdb:/docker-entrypoint-initdb.d:ro]\n", "")
    (right,) = parts({"compose.yaml": compose, "sql/roles.sql": "ALTER ROLE shop SUPERUSER;\n"}, Right)
    assert right.container == "db"


def test_a_dump_is_not_read(parts: Callable[..., list[Right]], doubts: list[Unsure]) -> None:
    assert parts({"schema.sql": "GRANT ALL ON t TO PUBLIC;\n" + "-- x\n" * 100_000}, Right) == []
    assert [doubt.what for doubt in doubts] == ["schema.sql"]


APP = """\
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://shop:Vq7nN2hX9sT4wK8bR3mZ@db/shop"
"""


def test_an_app_logs_in_as_the_role(parts: Callable[..., list[Right]]) -> None:
    files = {
        "app.py": APP,
        "Procfile": "web: gunicorn app:app\n",
        "init.sql": "ALTER ROLE shop SUPERUSER;\nALTER ROLE x SUPERUSER;\n",
    }
    assert [right.is_apps for right in parts(files, Right)] == [True, False]


def test_of_many_files_some_are_read(parts: Callable[..., list[Right]], doubts: list[Unsure]) -> None:
    files = {f"m/init{number}.sql": "GRANT ALL ON t TO PUBLIC;\n" + "-- x\n" * 50_000 for number in range(20)}
    assert 1 < len(parts(files, Right)) < len(files)
    assert [doubt.what for doubt in doubts] == ["further SQL files"]
