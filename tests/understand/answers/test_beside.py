"""All that is said beside a grade."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, strategies as st

from batten.understand.answers.beside import beside, matters
from batten.understand.answers.facts import FactKind
from batten.understand.answers.http import Answer, Chain, Defect, DefectKind, Request
from batten.understand.answers.shown import is_page
from batten.understand.answers.visit import Visit

URL = "https://site.example/"
HTML = ("Content-Type", "text/html")


def answer(*headers: tuple[str, str], body: str = "<p>", status: int = 200) -> Answer:
    return Answer(Request("GET", URL), status, headers=headers, body=body.encode())


def kinds(page: Answer) -> list[FactKind]:
    return [one.kind for one in beside(Visit(URL, https=Chain((page,))))]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (answer(HTML), True),
        (answer(("Content-Type", "Application/XHTML+XML; x")), True),
        (answer(("Content-Type", "application/json")), False),
        (answer(), True),
        (answer(body="{}"), False),
    ],
)
def test_what_is_a_page(page: Answer, *, shown: bool) -> None:
    assert is_page(page) is shown


def test_tests_that_say_nothing_of_json() -> None:
    json = answer(("Content-Type", "application/json"))
    assert not matters("content-security-policy", json)
    assert matters("strict-transport-security", json)
    assert matters("content-security-policy", answer(HTML))
    assert matters("content-security-policy", answer(body="{}"))
    assert kinds(json) == [FactKind.ANSWER_IS_NO_PAGE]
    assert kinds(dataclasses.replace(json, body=b"")) == []


def test_what_is_said_of_an_answer() -> None:
    assert kinds(answer(HTML)) == []
    assert kinds(answer(("Content-Type", "TEXT/html"))) == [FactKind.TYPE_IN_CAPITALS]
    assert kinds(answer(HTML, status=404)) == [FactKind.ERROR_PAGE]
    assert kinds(answer(HTML, status=403)) == []
    assert kinds(answer(HTML, ("X-Content-Type-Options", "nosniff, x"))) == [FactKind.DOUBLED]
    assert kinds(answer(HTML, ("X-Content-Type-Options", "x, nosniff"))) == []
    assert kinds(answer(HTML, ("X-Long", "a" * 20_000))) == [FactKind.STRICT_PARSER]
    broken = dataclasses.replace(answer(HTML), defects=(Defect(DefectKind.NO_COLON, b"x" * 9999),))
    (only,) = beside(Visit(URL, https=Chain((broken,))))
    assert only.kind is FactKind.STRICT_PARSER
    assert len(only.shown) == 201
    assert beside(Visit(URL)) == ()


def test_of_a_hostile_page_a_part_is_told() -> None:
    body = "".join(f"<link rel=stylesheet href=https://a{number}.example/>" for number in range(5000))
    assert len(kinds(answer(HTML, body=body))) == 200
    assert len(kinds(answer(HTML, body="<link rel=stylesheet href=https://a.example/>" * 5000))) == 1


@given(st.binary(max_size=400))
def test_any_body_is_read(body: bytes) -> None:
    page = dataclasses.replace(answer(HTML), body=b"<meta http-equiv=content-security-policy content='" + body)
    assert isinstance(kinds(page), list)
    assert isinstance(kinds(dataclasses.replace(page, body=body)), list)
