"""The gate: what shuts it, with which code and which sentences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from batten.judge import Terms, gate, score
from batten.model import Confidence, Finding, Gate, Location, Severity, Unsure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEEN = {"app": "evaluated", "ports": "not asked"}
DOUBT = Unsure("config.py", "it could not be parsed", layer="app")


def found(severity: Severity, confidence: Confidence = Confidence.CERTAIN, name: str = "a/a") -> Finding:
    return Finding(Location("app.py", 7), "open", severity=severity, confidence=confidence, rule=name)


def judged(
    *findings: Finding,
    unsure: Sequence[Unsure] = (),
    layers: Mapping[str, str] | None = None,
    **options: Any,  # noqa: ANN401 - any field of Terms
) -> Gate:
    terms = Terms(today=date(2027, 3, 1), salt=b"", **options)
    points = score(findings, evaluated=1, applicable=1)
    return gate(findings, points, unsure=unsure, layers=SEEN if layers is None else layers, terms=terms)


def test_it_opens_when_nothing_is_wrong() -> None:
    assert judged() == Gate(passed=True, why=("no finding is high or worse",), code=0)


@pytest.mark.parametrize("confidence", [Confidence.CONFIRMED, Confidence.CERTAIN, Confidence.LIKELY])
def test_a_high_finding_shuts_it(confidence: Confidence) -> None:
    shut = judged(found(Severity.HIGH, confidence, "cors/any-origin"), found(Severity.LOW))
    assert shut == Gate(passed=False, why=("1 finding is high or worse: cors/any-origin at app.py:7",), code=1)


@pytest.mark.parametrize(
    ("fail_on", "severity", "passed"),
    [
        (Severity.CRITICAL, Severity.HIGH, True),
        (Severity.CRITICAL, Severity.CRITICAL, False),
        (Severity.HIGH, Severity.MEDIUM, True),
        (Severity.MEDIUM, Severity.MEDIUM, False),
        (Severity.LOW, Severity.INFO, True),
        (Severity.INFO, Severity.INFO, False),
    ],
)
def test_the_severity_that_shuts_it_is_the_users(fail_on: Severity, severity: Severity, passed: bool) -> None:  # noqa: FBT001 - the expected answer
    assert judged(found(severity), fail_on=fail_on).passed is passed


def test_the_worst_are_named_and_the_rest_counted() -> None:
    group = [found(Severity.HIGH, name=f"a/{n}") for n in range(4)]
    (why,) = judged(*group, found(Severity.CRITICAL, name="z/z")).why
    assert why == "5 findings are high or worse: z/z at app.py:7, a/0 at app.py:7, a/1 at app.py:7 and 2 more"


def test_nothing_is_worse_than_critical() -> None:
    assert judged(fail_on=Severity.CRITICAL).why == ("no finding is critical",)


def test_a_possible_finding_shuts_it_only_when_strict() -> None:
    maybe = found(Severity.CRITICAL, Confidence.POSSIBLE)
    open_ = judged(maybe)
    assert open_.passed
    assert open_.why == ("no finding is high or worse", "1 finding is only possible: --strict counts them")
    assert judged(maybe, strict=True).code == 1
    assert judged(found(Severity.LOW, Confidence.POSSIBLE), strict=True).passed


def test_what_could_not_be_told_shuts_it_only_when_strict() -> None:
    assert judged(unsure=[DOUBT]).why[1] == "1 thing could not be told: --strict counts them"
    shut = judged(unsure=[DOUBT, DOUBT], strict=True)
    assert shut == Gate(passed=False, why=("2 things could not be told, which --strict does not accept",), code=1)


def test_a_doubt_in_a_layer_that_was_not_asked_is_nobodys_concern() -> None:
    other = Unsure("port 6379", "refused", layer="ports")
    assert judged(unsure=[other], strict=True).passed
    assert not judged(unsure=[Unsure("x", "y", layer="unheard-of")], strict=True).passed


def test_a_low_score_shuts_it_and_a_high_one_does_not_open_it() -> None:
    low = judged(found(Severity.MEDIUM), min_score=95)
    assert (low.code, low.why) == (1, ("the score is 92, below the 95 that is asked for",))
    assert judged(found(Severity.MEDIUM), min_score=92).passed
    assert not judged(found(Severity.HIGH), min_score=0).passed


def test_a_layer_that_could_not_be_looked_at_leaves_the_audit_incomplete() -> None:
    layers = {"app": "evaluated", "ports": "permission denied", "http": "not asked"}
    cut = judged(layers=layers)
    assert cut == Gate(passed=False, why=("the ports layer could not be looked at: permission denied",), code=4)
    both = judged(found(Severity.HIGH), layers=layers)
    assert (both.code, len(both.why)) == (1, 2), "a finding weighs more than what was not seen"


@pytest.mark.parametrize("layers", [{}, {"app": "not asked"}, {"app": "nothing found", "ports": "not asked"}], ids=str)
def test_nothing_to_audit_is_no_pass(layers: Mapping[str, str]) -> None:
    assert judged(layers=layers) == Gate(passed=False, why=("there is nothing here to audit",), code=3)


def test_one_layer_with_something_in_it_is_enough() -> None:
    assert judged(layers={"app": "nothing found", "container": "evaluated"}).passed
    assert judged(found(Severity.LOW), layers={"app": "nothing found"}).passed
