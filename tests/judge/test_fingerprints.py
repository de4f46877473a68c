"""The identity of findings: what it holds, what it must not hold, what is one finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from batten.judge import identify, salt_for
from batten.model import Confidence, Evidence, Finding, Fix, Location, Severity

if TYPE_CHECKING:
    import random

SALT = salt_for("example/shop")
AT = Location("app.py", 7)


def found(at: Location = AT, **more: Any) -> Finding:  # noqa: ANN401 - any field of Finding
    given_ = {
        "rule": "debug-mode/flask",
        "app": "shop",
        "symbol": "DEBUG",
        "proof": "True",
        "severity": Severity.CRITICAL,
        **more,
    }
    return Finding(at=at, says="debug is True", **given_)


def fingerprint(finding: Finding, salt: bytes = SALT) -> str:
    (one,) = identify([finding], salt)
    return one.fingerprint


places = st.builds(
    Location,
    file=st.sampled_from(["app.py", "b.py", "web/app.py"]),
    line=st.integers(1, 6),
    column=st.none() | st.integers(1, 3),
)
findings = st.builds(
    found,
    at=places,
    rule=st.sampled_from(["debug-mode/flask", "cors/any-origin"]),
    symbol=st.sampled_from(["", "DEBUG"]),
    confidence=st.sampled_from(Confidence),
    severity=st.sampled_from(Severity),
    evidence=st.lists(st.builds(Evidence, places, st.sampled_from(["set here", "read here"])), max_size=2).map(tuple),
)


@given(st.lists(findings, max_size=12), st.randoms(use_true_random=False))
def test_the_order_in_which_rules_ran_does_not_matter(group: list[Finding], shuffle: random.Random) -> None:
    mixed = list(group)
    shuffle.shuffle(mixed)
    assert sorted(map(repr, identify(group, SALT))) == sorted(map(repr, identify(mixed, SALT)))


@given(st.lists(findings, max_size=12), st.integers(1, 500))
def test_fingerprints_stay_when_the_file_grows_above(group: list[Finding], lines: int) -> None:
    moved = [replace(one, at=replace(one.at, line=(one.at.line or 0) + lines)) for one in group]
    before, after = identify(group, SALT), identify(moved, SALT)
    assert [one.fingerprint for one in before] == [one.fingerprint for one in after]


@given(st.lists(findings, max_size=12))
def test_no_two_findings_share_a_fingerprint(group: list[Finding]) -> None:
    names = [one.fingerprint for one in identify(group, SALT)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "debug-mode/debugger"},
        {"app": "admin"},
        {"environment": "staging"},
        {"symbol": "TESTING"},
        {"proof": "1"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_each_part_of_the_identity_counts(change: dict[str, Any]) -> None:
    assert fingerprint(found(**change)) != fingerprint(found())


@pytest.mark.parametrize(
    "same",
    [
        found(Location("moved.py", 900, 4)),
        found(severity=Severity.LOW, confidence=Confidence.POSSIBLE),
        found(note="suppression expired"),
        found(evidence=(Evidence(AT, "set here"),)),
    ],
    ids=["place", "grade", "note", "evidence"],
)
def test_nothing_else_counts(same: Finding) -> None:
    assert fingerprint(same) == fingerprint(found())


def test_parts_do_not_run_into_each_other() -> None:
    assert fingerprint(found(app="a", environment="bc")) != fingerprint(found(app="ab", environment="c"))


def test_white_space_in_a_proof_is_no_difference() -> None:
    assert fingerprint(found(proof="run( debug=True )")) == fingerprint(found(proof=" run(\n  debug=True\t)"))


def test_without_a_symbol_the_file_stands_in() -> None:
    here = found(symbol="")
    assert fingerprint(replace(here, at=Location("app.py", 99))) == fingerprint(here)
    assert fingerprint(replace(here, at=Location("b.py", 7))) != fingerprint(here)


def test_without_a_file_the_address_stands_in() -> None:
    one, two = Location(url="http://127.0.0.1:5000/console"), Location(url="http://127.0.0.1:5000/")
    assert fingerprint(found(one, symbol="")) != fingerprint(found(two, symbol=""))
    assert fingerprint(found(Location(port=1), symbol="")) != fingerprint(found(Location(port=2), symbol=""))


def test_a_secret_enters_under_the_salt_only() -> None:
    key = found(proof="hunter2", secret=True)
    other = salt_for("example/blog")
    assert fingerprint(key) != fingerprint(key, other)
    assert fingerprint(found()) == fingerprint(found(), other)
    assert fingerprint(key) != fingerprint(found(proof="hunter2"))
    assert fingerprint(key) != fingerprint(found(proof="hunter3", secret=True))
    assert fingerprint(key) != fingerprint(found(proof="hunter2 ", secret=True)), "a secret is taken exactly"


def test_an_unproved_secret_has_the_same_identity_under_every_salt() -> None:
    key = found(proof="", secret=True)
    assert fingerprint(key) == fingerprint(key, b"another")


def test_text_that_is_no_unicode_has_an_identity_too() -> None:
    assert fingerprint(found(proof="\udcff", secret=True)) != fingerprint(found(proof="\udcff"))


def test_the_salt_follows_the_repository_and_nothing_about_its_address() -> None:
    assert salt_for("Example/Shop.git/") == salt_for(" example/shop ")
    assert salt_for("example/shop") != salt_for("example/blog")


def test_two_sightings_at_one_place_are_one_finding_with_the_evidence_of_both() -> None:
    one = Evidence(Location("Procfile", 1), "started by")
    two = Evidence(Location("compose.yml", 4), "started by")
    fix = Fix("delete debug=True")
    (joined,) = identify(
        [found(evidence=(one,)), found(evidence=(two, one), fix=fix, confidence=Confidence.LIKELY)], SALT
    )
    assert set(joined.evidence) == {one, two}
    assert len(joined.evidence) == 2
    assert joined.confidence is Confidence.CERTAIN
    assert joined.fix == fix


def test_a_possible_critical_does_not_hide_a_certain_high_one() -> None:
    sure = found(severity=Severity.HIGH)
    (joined,) = identify([found(confidence=Confidence.POSSIBLE), sure], SALT)
    assert (joined.graded, joined.confidence) == (Severity.HIGH, Confidence.CERTAIN)


def test_at_different_places_the_order_in_the_tree_tells_twins_apart() -> None:
    late, early, other = found(Location("b.py", 3)), found(Location("b.py", 2)), found(Location("a.py", 9))
    by_place = {str(one.at): one.fingerprint for one in identify([late, other, early], SALT)}
    base = by_place["a.py:9"]
    assert len(base) == 32
    assert by_place == {"a.py:9": base, "b.py:2": f"{base}-2", "b.py:3": f"{base}-3"}
