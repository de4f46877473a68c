"""The facts of HAProxy's configuration that matter to strangers (HAProxy 2.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.web import AdminDoor, StatusPage, TlsTerms, UncheckedUpstream
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

    Parts = Callable[..., list[object]]

STATS = "listen stats\n  bind {0}\n  stats uri /stats  # the page\n"


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        (STATS.format(":8404"), True),
        (STATS.format("*:8404"), True),
        (STATS.format("/run/stats.sock"), True),
        (STATS.format("127.0.0.1:8404"), False),
        (STATS.format(":8404") + "  stats auth a:b\n", False),
        (STATS.format(":8404") + "  stats http-request auth unless { src 10.0.0.0/8 }\n", False),
        (STATS.format(":8404") + "  http-request deny unless { src 10.0.0.0/8 }\n", False),
        ("defaults\n  stats auth a:b\n" + STATS.format(":8404"), False),
        ("defaults\n  stats enable\nfrontend web\n  bind :80\n", False),
        ("  stats enable\n", False),
        ("userlist x\n", False),
    ],
)
def test_statistics(parts: Parts, text: str, is_open: bool) -> None:  # noqa: FBT001 - of a table
    assert bool(parts({"haproxy.cfg": text}, StatusPage)) is is_open


def test_statistics_that_act(parts: Parts) -> None:
    (page,) = parts({"haproxy.cfg": STATS.format(":8404") + "  stats admin if TRUE\n"}, StatusPage)
    assert isinstance(page, StatusPage)
    assert page.tells_much


@pytest.mark.parametrize(
    ("line", "doors"),
    [
        ("stats socket ipv4@0.0.0.0:9999 level admin", [True]),
        ("stats socket :9999", [False]),
        ("stats socket *:9999 level user", []),
        ("stats socket 127.0.0.1:9999 level admin", []),
        ("stats socket /run/haproxy.sock level admin", []),
        ("stats socket ${ADDRESS}:9999 level admin", []),
        ("stats socket", []),
    ],
)
def test_admin_sockets(parts: Parts, line: str, doors: list[bool]) -> None:
    found = parts({"haproxy.cfg": f"global\n  {line}\nfrontend web\n"}, AdminDoor)
    assert [door.is_total for door in found if isinstance(door, AdminDoor)] == doors


def test_in_a_container(parts: Parts) -> None:
    compose = (
        "services:\n  lb:\n    image: haproxy:2.6\n    ports: ['80:80']\n"
        "    volumes: ['./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg']\n"
    )
    (page,) = parts({"compose.yaml": compose, "haproxy.cfg": STATS.format(":8404")}, StatusPage)
    assert isinstance(page, StatusPage)
    assert page.reach is Reach.INTERNAL


@pytest.mark.parametrize(
    ("line", "old"),
    [
        ("ssl-default-bind-options ssl-min-ver TLSv1.0", ("TLSv1.0", "TLSv1.1")),
        ("ssl-default-bind-options ssl-min-ver TLSv1.0 no-tlsv11", ("TLSv1.0",)),
        ("ssl-default-bind-options ssl-min-ver TLSv1.2", ()),
        ("ssl-default-bind-options ssl-min-ver", ()),
        ("ssl-default-bind-options no-sslv3", ()),
        ("bind :443 ssl crt /a force-tlsv10", ("TLSv1.0",)),
        ("bind :443 crt /a force-tlsv10", ()),
    ],
)
def test_versions(parts: Parts, line: str, old: tuple[str, ...]) -> None:
    found = parts({"haproxy.cfg": f"frontend web\n  {line}\n"}, TlsTerms)
    assert tuple(name for part in found if isinstance(part, TlsTerms) for name in part.old) == old


def test_suites_and_upstreams(parts: Parts) -> None:
    text = "global\n  ssl-default-bind-ciphers HIGH:RC4-SHA\nbackend a\n  server a 10.0.0.4:443 ssl verify none\n"
    text += "  server b 10.0.0.5:443 ssl\n"
    (terms,) = parts({"haproxy.cfg": text}, TlsTerms)
    assert isinstance(terms, TlsTerms)
    assert terms.weak == ("RC4-SHA",)
    assert len(parts({"haproxy.cfg": text}, UncheckedUpstream)) == 1
