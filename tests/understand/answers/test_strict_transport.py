"""Strict-Transport-Security as browsers read it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from batten.understand.answers.facts import FactKind
from batten.understand.answers.http import Answer, Chain, Request
from batten.understand.answers.strict_transport import Hsts, hsts, hsts_facts, read
from batten.understand.answers.visit import Visit

URL = "https://site.example/"
GOOD = "max-age=31536000"


def answer(*values: str, url: str = URL, verified: bool | None = True) -> Answer:
    headers = tuple(("Strict-Transport-Security", value) for value in values)
    return Answer(Request("GET", url), 200, headers=headers, verified=verified)


def facts(*hops: Answer) -> list[tuple[FactKind, bool]]:
    return [(one.kind, one.milder) for one in hsts_facts(Visit(URL, https=Chain(hops)))]


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        ("max-age=1", Hsts(1)),
        (" MAX-AGE = 1 ;", Hsts(1)),
        ('max-age="1"; includeSubDomains; preload', Hsts(1, subdomains=True, preload=True)),
        ("includesubdomains; max-age=0001; x=y; z", Hsts(1, subdomains=True)),
        ("max-age=0", Hsts(0)),
        ("max-age=" + "9" * 100_000, Hsts(10**10)),
        ("max-age=99999999999", Hsts(10**10)),
    ],
)
def test_what_is_valid(value: str, read_as: Hsts) -> None:
    assert read(value) == read_as


NOT_VALID = """|max-age|max-age=|max-age=forever|max-age=1s|max-age=1.5|max-age=-1|includeSubDomains
|max-age=1; max-age=1|max-age=1, preload|=1; max-age=1|a b; max-age=1|max-age="1|max-age=\u0661"""


@pytest.mark.parametrize("value", NOT_VALID.split("|"))
def test_what_is_not(value: str) -> None:
    assert read(value) is None


@given(st.text())
def test_any_value_is_read(value: str) -> None:
    found = read(value)
    assert found is None or 0 <= found.max_age_s <= 10**10


def test_the_first_header_over_tls_that_is_trusted() -> None:
    assert hsts(answer(GOOD, "max-age=0")) == Hsts(31_536_000)
    assert hsts(answer()) is None
    assert hsts(answer(GOOD, verified=False)) is None
    assert hsts(answer(GOOD, url="http://site.example/", verified=None)) is None


@pytest.mark.parametrize(
    ("values", "fact"),
    [
        ((GOOD,), None),
        ((GOOD, GOOD), (FactKind.DOUBLED, True)),
        (("max-age=forever",), (FactKind.HSTS_INVALID, False)),
        (("max-age = 1",), (FactKind.HSTS_VALID, True)),
        (("includeSubDomains",), None),
        (("nonsense", GOOD), None),
        ((), None),
    ],
)
def test_where_browsers_differ(values: tuple[str, ...], fact: tuple[FactKind, bool] | None) -> None:
    assert facts(answer(*values)) == ([] if fact is None else [fact])


def test_the_first_hop_is_the_address_that_visitors_type() -> None:
    assert facts(answer(), answer(GOOD)) == [(FactKind.HSTS_FIRST_HOP, False)]
    assert facts(answer(GOOD), answer()) == [(FactKind.HSTS_FIRST_HOP, True)]
    assert facts(answer(GOOD), answer(GOOD)) == []
    assert facts(answer(), answer()) == []
    assert facts(answer(url="http://site.example/"), answer(GOOD)) == []
    assert facts(answer(), answer(GOOD, url="http://site.example/")) == []


def test_it_means_nothing_without_tls() -> None:
    plain = answer(GOOD, url="http://site.example/", verified=None)
    assert [one.kind for one in hsts_facts(Visit(URL, http=Chain((plain,))))] == [FactKind.HSTS_OVER_HTTP]
    assert list(hsts_facts(Visit(URL, http=Chain((answer(GOOD),))))) == []
    assert list(hsts_facts(Visit(URL, http=Chain((answer(url="http://site.example/"),))))) == []
    assert list(hsts_facts(Visit(URL))) == []
