"""Which foreign pages may read an answer."""

from __future__ import annotations

import pytest

from batten.understand.answers.facts import FactKind
from batten.understand.answers.http import Answer, Chain, Failure, FailureKind, Request
from batten.understand.answers.sharing import Sharing, sharing, sharing_facts
from batten.understand.answers.visit import Visit

URL = "https://site.example/"
ONE = "https://one.probe.example"


def answer(
    *allowed: str, sent: str = ONE, credentials: str | None = None, method: str = "GET", status: int = 200
) -> Answer:
    headers = [("Access-Control-Allow-Origin", value) for value in allowed]
    if credentials is not None:
        headers.append(("Access-Control-Allow-Credentials", credentials))
    asked = (("Origin", sent),) if sent else ()
    return Answer(Request(method, URL, asked), status, headers=tuple(headers))


def kinds(*crossed: Answer, preflight: Answer | None = None, failed: bool = False) -> list[FactKind]:
    chain = Chain((preflight,)) if preflight is not None else None
    if failed:
        chain = Chain((), Failure(Request("OPTIONS", URL), FailureKind.CLOSED))
    return [one.kind for one in sharing_facts(Visit(URL, preflight=chain, crossed=crossed))]


def test_what_is_said_to_a_foreign_page() -> None:
    assert sharing(answer()) is None
    assert sharing(answer("")) is None
    told = sharing(answer(ONE, credentials="true"))
    assert told == Sharing(URL, "GET", ONE, (ONE,), "true", succeeded=True)
    assert told is not None
    assert told.reflects
    assert told.with_credentials


@pytest.mark.parametrize(
    ("given", "reflects", "with_credentials"),
    [
        (answer("*", credentials="true"), False, False),
        (answer(ONE, ONE, credentials="true"), False, False),
        (answer(f"{ONE}, https://b.example", credentials="true"), False, False),
        (answer(ONE, credentials="True"), True, False),
        (answer("null", sent="null", credentials="true"), False, True),
        (answer("https://app.example", credentials="true"), False, True),
        (answer("*", sent=""), False, False),
    ],
)
def test_what_browsers_make_of_it(given: Answer, *, reflects: bool, with_credentials: bool) -> None:
    told = sharing(given)
    assert told is not None
    assert (told.reflects, told.with_credentials) == (reflects, with_credentials)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(ONE, credentials="true"), FactKind.CORS_REFLECTED),
        (answer(ONE), None),
        (answer("null", credentials="true"), FactKind.CORS_NULL_ORIGIN),
        (answer("null"), None),
        (answer("http://app.example", credentials="true"), FactKind.CORS_HTTP_ORIGIN),
        (answer("http://localhost:3000", credentials="true"), None),
        (answer("https://app.example", credentials="true"), None),
        (answer("*"), None),
        (answer("*", credentials="true"), FactKind.CORS_VOID),
        (answer("https://a.example", "https://b.example"), FactKind.CORS_VOID),
        (answer(ONE, credentials="TRUE"), FactKind.CORS_VOID),
    ],
)
def test_where_browsers_differ(given: Answer, kind: FactKind | None) -> None:
    assert kinds(given) == ([] if kind is None else [kind])


def test_each_is_said_once() -> None:
    two = answer("https://two.probe.example", sent="https://two.probe.example", credentials="true")
    assert kinds(answer(ONE, credentials="true"), two) == [FactKind.CORS_REFLECTED]


def test_a_simple_get_needs_no_preflight() -> None:
    star = answer("*")
    refused = answer("*", method="OPTIONS", status=405)
    assert kinds(star, preflight=refused) == [FactKind.CORS_GET_ONLY]
    assert kinds(star, failed=True) == [FactKind.CORS_GET_ONLY]
    assert kinds(star, preflight=answer("*", method="OPTIONS")) == []
    assert kinds(answer(ONE), preflight=answer(method="OPTIONS")) == [FactKind.CORS_GET_ONLY]
    assert kinds(answer("https://app.example"), preflight=refused) == []
    assert kinds(preflight=answer(ONE, credentials="true", method="OPTIONS", status=405)) == []
