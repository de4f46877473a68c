"""What a compose project starts, whatever runs in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.nouns import Container, Role

if TYPE_CHECKING:
    from collections.abc import Callable

COMPOSE = """\
services:
  db:
    image: docker.io/library/postgres:17
    ports: ["127.0.0.1:5432:5432"]
    volumes:
      - data:/var/lib/postgresql/data
      - ./db/init.sql:/docker-entrypoint-initdb.d/init.sql:ro
    cap_drop: [ALL]
    networks: [inner]
"""


def test_what_a_service_says(parts: Callable[..., list[Container]]) -> None:
    (db,) = parts({"compose.yaml": COMPOSE, "db/init.sql": ""}, Container)
    assert (db.name, db.product, db.role, db.networks) == ("db", "postgres", Role.DATABASE, ("inner",))
    assert [(m.source, m.path, m.read_only) for m in db.mounts] == [
        ("data", None, False),
        ("./db/init.sql", "db/init.sql", True),
    ]
    assert [(text, at.line) for text, at in db.lists["cap_drop"]] == [("ALL", 8)]
    assert [(p.address, p.container) for p in db.published] == [("127.0.0.1", 5432)]
