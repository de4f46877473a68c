"""The Observatory's verdict on sites that it was asked about, and the laws of its score."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from batten.understand.answers.beside import beside
from batten.understand.answers.facts import FactKind
from batten.understand.answers.http import Answer, Chain, Defect, DefectKind, Failure, FailureKind, Request
from batten.understand.answers.observatory import Grade, grade, is_passed, points
from batten.understand.answers.observatory.scale import POINTS, asked_by, grade_of, score_of
from batten.understand.answers.observatory.scripts import is_json
from batten.understand.answers.preload import is_preloaded
from batten.understand.answers.visit import Visit
from tests.understand.answers.visits import BODY, PAGE, Case, cases

CASES = list(cases(Path(__file__).with_name("observatory.txt").read_text(encoding="utf-8")))
PLAIN = grade(next(cases("= 115 A+")).visit()).tests or {}
NOT_IN_CASES: set[str] = set()
NEVER_LIVE = {"cross-origin-resource-sharing-implemented-with-universal-access"}
URL = "https://site.example/"


def page_grade(*headers: tuple[str, str], body: str = BODY, url: str = URL, version: int = 6) -> Grade:
    names = {name for name, _ in headers}
    kept = [one for one in PAGE if one[0] not in names]
    answer = Answer(Request("GET", url), 200, headers=(*kept, *headers), body=body.encode())
    return grade(Visit(url, https=Chain((answer,))), version=version)


def outcome(test: str, *headers: tuple[str, str], body: str = BODY, url: str = URL) -> str:
    tests = page_grade(*headers, body=body, url=url).tests
    assert tests is not None
    return tests[test]


def csp(*policies: str) -> str:
    sent = [("Content-Security-Policy", policy) for policy in policies]
    return outcome("content-security-policy", *sent).removeprefix("csp-")


def sri(body: str, url: str = URL) -> str:
    return outcome("subresource-integrity", body=body, url=url)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_same_verdict_as_the_observatory(case: Case) -> None:
    visit = case.visit()
    now = grade(visit)
    if case.expected == ["refused"]:
        assert now.refused
        assert now.tests is None
        return
    before = grade(visit, version=5)
    words = case.expected
    numbers = [int(words[0]), words[1]]
    released = [int(words[3]), words[4]] if words[2:3] == ["/"] else numbers
    assert now.tests is not None
    outcomes = set(words[5 if released is not numbers else 2 :])
    assert {one for one in now.tests.values() if one not in PLAIN.values()} == outcomes
    assert [now.score, now.grade] == numbers
    assert [before.score, before.grade] == released


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_batten_says_beside_it(case: Case) -> None:
    assert list(dict.fromkeys(fact.kind.value for fact in beside(case.visit()))) == case.facts


def test_the_cases_show_every_outcome() -> None:
    seen = {one for case in CASES for one in (grade(case.visit()).tests or {}).values()}
    assert {one for outcomes in POINTS.values() for one in outcomes} - seen == NEVER_LIVE
    assert {one for case in CASES for one in case.facts} == {kind.value for kind in FactKind} - NOT_IN_CASES
    assert len(CASES) > 120


def test_a_score_is_points_and_a_bonus_from_90_up() -> None:
    plain = {"x-content-type-options": "x-content-type-options-nosniff", "cookies": "cookies-not-found"}
    assert score_of(plain) == 100
    bonus = {"cross-origin-resource-policy": "corp-implemented-with-same-origin"}
    assert score_of(plain | bonus) == 110
    assert score_of({"strict-transport-security": "hsts-not-implemented"} | bonus) == 80
    assert score_of({"content-security-policy": "csp-implemented-with-unsafe-eval"} | bonus) == 100


@given(st.dictionaries(st.sampled_from(sorted(POINTS)), st.integers(0, 20)))
def test_a_score_is_a_letter(picks: dict[str, int]) -> None:
    outcomes = {test: list(POINTS[test])[pick % len(POINTS[test])] for test, pick in picks.items()}
    score = score_of(outcomes)
    assert 0 <= score <= 165
    assert score % 5 == 0
    assert grade_of(score)[0] in "ABCDF"


def test_letters() -> None:
    letters = [grade_of(score) for score in range(165, -1, -5)]
    assert letters[:14] == ["A+"] * 14
    ladder = ["A", "A", "A-", "B+", "B", "B", "B-", "C+", "C", "C", "C-", "D+", "D", "D", "D-"]
    assert letters[14:] == ladder + ["F"] * 5
    assert grade_of(99) == "A"


def test_asked_by_versions() -> None:
    assert len(asked_by(6)) == 12
    assert set(asked_by(6)) - set(asked_by(5)) == {"cross-origin-embedder-policy", "cross-origin-opener-policy"}
    both = (("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Embedder-Policy", "require-corp"))
    assert page_grade(*both).score == page_grade(*both, version=5).score + 20  # type: ignore[operator]


def test_passed_is_what_costs_nothing_but_for_images_over_http() -> None:
    costs = {one for test, outcomes in POINTS.items() for one in outcomes if points(test, one) < 0}
    passed = {one for test, outcomes in POINTS.items() for one in outcomes if is_passed(test, one)}
    assert costs & passed == {"csp-implemented-with-insecure-scheme-in-passive-content-only"}


def test_policies_that_are_none() -> None:
    assert csp("") == "header-invalid"
    assert csp("default-src 'self',") == "header-invalid"
    assert csp("img-src") == "implemented-with-unsafe-inline"
    assert csp("a-src") == "header-invalid"
    assert csp(" ; ; ; ; ; ") == "not-implemented"
    assert csp(" ; ; ; ; ; ", "default-src 'none'") == "implemented-with-no-unsafe-default-src-none"


def test_policies_of_pages() -> None:
    meta = '<meta http-equiv=Content-Security-Policy content="{}">'
    two = meta.format("default-src 'self' 'unsafe-inline';;") + meta.format("default-src 'self', img-src *")
    assert outcome("content-security-policy", body=two) == "csp-implemented-with-no-unsafe"
    assert outcome("content-security-policy", body=meta.format("x")) == "csp-header-invalid"
    assert outcome("referrer-policy", body="<meta name=referrer http-equiv=x content=unsafe-url>").endswith("private")
    assert outcome("referrer-policy", body="<meta name=Referrer content=unsafe-url>").endswith("unsafe")


def test_a_long_policy_is_read() -> None:
    for part in ("a-src b; ", "a/", "'", "%", "x,", ";", "default-src a, "):
        policy = f"default-src 'self'; img-src {part * (200_000 // len(part))}"
        body = f'<meta http-equiv=content-security-policy content="{policy}">'
        assert outcome("content-security-policy", body=body).startswith("csp-")


def test_policies_are_merged() -> None:
    paths = "script-src https://cdn.example/a/; object-src 'none'; style-src 'self'"
    deeper = "script-src https://cdn.example/a/b%2Ejs; object-src 'none'; style-src 'self'"
    assert csp(paths, deeper) == "implemented-with-no-unsafe"
    open_twice = "default-src 'self' 'unsafe-inline'"
    assert csp(open_twice, open_twice) == "implemented-with-unsafe-inline"
    assert csp(open_twice, "default-src 'self'") == "implemented-with-no-unsafe"
    assert csp("default-src data:", "default-src data: https:") == "implemented-with-unsafe-inline"
    assert csp("default-src ü:", "default-src ü:") == "implemented-with-no-unsafe"
    assert csp("default-src a/b", "default-src a/c") == "implemented-with-no-unsafe-default-src-none"


def test_policies_over_plain_http_may_load_over_it() -> None:
    policy = ("Content-Security-Policy", "default-src http://a.example; img-src http:")
    assert outcome("content-security-policy", policy) == "csp-implemented-with-insecure-scheme"
    plain = outcome("content-security-policy", policy, url="http://site.example/")
    assert plain == "csp-implemented-with-no-unsafe"


def test_unsafe_eval_is_worse_than_images_over_http() -> None:
    assert csp("default-src 'self' 'unsafe-eval'; img-src http:") == "implemented-with-unsafe-eval"


def test_ages_are_read_as_javascript_does() -> None:
    def hsts(value: str) -> str:
        return outcome("strict-transport-security", ("Strict-Transport-Security", value)).rpartition("max-age-")[2]

    assert hsts("max-age= 15552000") == "at-least-six-months"
    assert hsts("max-age=-1") == "less-than-six-months"
    assert hsts('max-age="1"') == "at-least-six-months"
    assert hsts("max-age=" + "0" * 119 + "1" * 100) == "less-than-six-months"
    assert hsts("max-age=" + "9" * 10_000) == "at-least-six-months"


def test_redirects_without_end_are_an_answer_but_a_refusal_on_the_way_is_none() -> None:
    hop = Answer(Request("GET", "http://a.example/"), 301, headers=(("Location", "http://a.example/"),))
    request = Request("GET", "http://a.example/")
    endless = Visit(URL, http=Chain((hop,) * 21, Failure(request, FailureKind.TOO_MANY_REDIRECTS)))
    assert grade(endless).tests is not None
    assert grade(endless).tests["redirection"] == "redirection-not-to-https"  # type: ignore[index]
    refused = Visit(URL, http=Chain((hop,), Failure(request, FailureKind.REFUSED)))
    assert grade(refused).refused
    assert grade(Visit(URL)).refused


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://other.example/", "redirection-off-host-from-http"),
        ("https://site.example:8443/", "redirection-to-https"),
        ("http://other.example/", None),
    ],
)
def test_a_redirect_that_was_not_followed(url: str, expected: str | None) -> None:
    hop = Answer(Request("GET", "http://site.example/"), 301, headers=(("Location", url),))
    stopped = Chain((hop,), Failure(Request("GET", url), FailureKind.NOT_ASKED))
    page = Chain((Answer(Request("GET", URL), 200, headers=PAGE),))
    graded = grade(Visit(URL, http=stopped, https=page))
    assert (graded.tests or {}).get("redirection") == expected
    assert (graded.refused is None) == (expected is not None)
    assert url in (grade(Visit(URL, http=stopped)).refused or "")


def test_what_the_run_did_not_ask_is_not_known() -> None:
    page = Chain((Answer(Request("GET", URL), 200, headers=PAGE),))
    for kind in (FailureKind.BUDGET, FailureKind.OUT_OF_TIME, FailureKind.STOPPED, FailureKind.NOT_ASKED):
        stopped = Chain((), Failure(Request("GET", "http://site.example/"), kind))
        assert kind.value in (grade(Visit(URL, http=stopped, https=page)).refused or "")
        assert kind.value in (grade(Visit(URL, http=page, https=stopped)).refused or "")


def test_a_redirect_to_nowhere_is_asked_for_as_undefined() -> None:
    page = Answer(Request("GET", URL), 200, headers=PAGE)
    nowhere = Answer(Request("GET", "http://site.example/"), 302)
    tests = grade(Visit(URL, http=Chain((nowhere,)), https=Chain((page,)))).tests
    assert tests is not None
    assert tests["redirection"] == "redirection-not-to-https"
    refused = grade(Visit(URL, https=Chain((Answer(Request("GET", URL), 302),)))).refused
    assert refused == "status 302 without a Location"


@pytest.mark.parametrize("kind", list(DefectKind))
def test_what_a_strict_parser_refuses_has_no_grade(kind: DefectKind) -> None:
    answer = Answer(Request("GET", URL), 200, headers=PAGE, defects=(Defect(kind),))
    assert grade(Visit(URL, https=Chain((answer,)))).refused
    assert page_grade(("X-Long", "a" * 16_384)).refused
    assert not page_grade(("X-Long", "a" * 12_000)).refused


def test_a_script_without_an_address_ends_it() -> None:
    for address in ("https://", "https://[::1", "http://a b/", "https://1.2.3.4.5/", "https://a:70000/"):
        assert page_grade(body=f'<script src="{address}"></script>').refused, address
    assert not page_grade(body='<script src="https://1.2.3.4/"></script>').refused


def test_whose_scripts() -> None:
    own = "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"
    assert sri('<script src="https://static.site.example/a.js"></script>', "https://www.site.example/") == own
    assert sri('<script src="http://2130706433/a.js"></script>', "https://127.0.0.9/") == own
    assert sri("<script src></script>") == own
    assert sri('<script src="https://site.example:444/" integrity="x"></script>').startswith("sri-implemented-and-all")
    assert sri('<script src="http://site.example/" integrity="x"></script>') == own


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("{}", True),
        (' \n["a"]', True),
        ("1e999", True),
        ("9" * 5000, True),
        ("[" * 100_000, True),
        ("NaN", False),
        ("-Infinity", False),
        ("<p>", False),
        ("", False),
        (" ", False),
        ("[1,]", False),
        ("\ufeff{}", False),
        ("null", True),
    ],
)
def test_json_is_told_as_javascript_tells_it(text: str, *, is_one: bool) -> None:
    assert is_json(text) is is_one


def test_hosts_of_the_preload_list() -> None:
    assert is_preloaded("shop.example.dev")
    assert is_preloaded("Dev.")
    assert not is_preloaded("dev.example")
    assert not is_preloaded("")
    named = Visit(URL, https=Chain((Answer(Request("GET", URL), 200, headers=PAGE, verified=False),)))
    tests = grade(named, preloaded=lambda host: host == "site.example").tests
    assert tests is not None
    assert tests["strict-transport-security"] == "hsts-preloaded"


@given(st.lists(st.tuples(st.sampled_from([name for name, _ in PAGE]), st.text(st.characters(max_codepoint=255)))))
def test_any_header_has_a_verdict(headers: list[tuple[str, str]]) -> None:
    given_ = page_grade(*headers)
    assert (given_.refused is None) == (given_.grade is not None)


@given(st.binary(max_size=300))
def test_any_body_has_a_verdict(body: bytes) -> None:
    answer = Answer(Request("GET", URL), 200, headers=PAGE, body=body)
    given_ = grade(Visit(URL, https=Chain((answer,))))
    assert (given_.refused is None) == (given_.grade is not None)
