"""How bad it is that a service is reached, by where from."""

from __future__ import annotations

import pytest

from batten.rules.reached import is_private
from batten.run.static import check_files

TOPICS = ("published-port", "default-credentials")
STORE = """\
services:
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: postgres}
    ports: [%s]
"""


@pytest.mark.parametrize(
    ("ports", "severities", "says"),
    [
        ('"5432:5432"', ["critical", "critical"], "port 5432 of db (postgres) is published on every interface"),
        ('"192.168.1.4:5432:5432"', ["high", "high"], "port 5432 of db (postgres) is published on 192.168.1.4"),
        ('"8.8.8.8:5432:5432"', ["critical", "critical"], "published on 8.8.8.8"),
        ('"router.example:5432:5432"', ["critical", "critical"], "a port of db (postgres) is published on every"),
        ('"5432:5432", "5433:5433"', ["critical", "critical"], "ports 5432 and 5433 of db (postgres) are published"),
        (
            '"5432-5439:5432-5439"',
            ["critical", "critical"],
            "ports 5432, 5433, 5434 and 5 more of db (postgres) are published",
        ),
        ('"127.0.0.1:5432:5432"', ["medium"], ""),
    ],
)
def test_severity(ports: str, severities: list[str], says: str) -> None:
    found = [one for one in check_files({"compose.yaml": STORE % ports}) if one.topic in TOPICS]
    assert [one.graded.value for one in found] == severities
    assert any(says in one.says for one in found)


def test_what_is_no_address_is_no_private_one() -> None:
    assert not is_private("localhost")
    assert not is_private("0.0.0.0")
    assert is_private("10.1.2.3")
