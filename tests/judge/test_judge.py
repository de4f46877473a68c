"""The judge as `run` calls it: findings in, verdict out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import given, strategies as st

from batten.judge import Ignore, Terms, Verdict, judge, salt_for
from batten.model import Confidence, Finding, Location, Rule, Severity

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

LAYERS = {"app": "evaluated"}


def _silent(_subject: object) -> Iterator[Finding]:
    yield from ()


def rule(name: str, persona: str = "regular") -> Rule:
    return Rule(
        id=name,
        severity=Severity.HIGH,
        cwe=489,
        over=object,
        sources=(),
        bad=(),
        good=(),
        check=_silent,
        doc="It is open.",
        module="batten.rules.app.x.y",
        persona=persona,
    )


RULES = (rule("debug-mode/flask"), rule("cors/any-origin"), rule("cookie-flags/prefix", "auditor"))


def found(name: str, severity: Severity, line: int = 1, **more: Any) -> Finding:  # noqa: ANN401 - any field of Finding
    return Finding(Location("app.py", line), "open", rule=name, severity=severity, **more)


def judged(findings: Sequence[Finding], text: str = "", *ignores: Ignore, **more: Any) -> Verdict:  # noqa: ANN401 - any option of Terms or judge
    options = {key: more.pop(key) for key in ("persona", "fail_on") if key in more}
    return judge(
        findings,
        (),
        terms=Terms(today=date(2027, 3, 1), salt=salt_for("shop"), **options),
        rules=RULES,
        layers=LAYERS,
        evaluated=3,
        applicable=3,
        source={"app.py": text}.get,
        ignores=ignores,
        **more,
    )


findings = st.builds(
    found,
    st.sampled_from([one.id for one in RULES]),
    st.sampled_from(Severity),
    st.integers(1, 5),
    confidence=st.sampled_from(Confidence),
    symbol=st.sampled_from(["", "DEBUG"]),
)


@given(st.lists(findings, max_size=12), st.randoms(use_true_random=False))
def test_a_verdict_does_not_depend_on_the_order_of_findings(group: list[Finding], shuffle: random.Random) -> None:
    text = "# batten: ignore[cors] -- known\nx\n"
    mixed = list(group)
    shuffle.shuffle(mixed)
    assert judged(group, text) == judged(mixed, text)


def test_findings_come_worst_first_and_then_by_place() -> None:
    group = [
        found("cors/any-origin", Severity.LOW, 1),
        found("cors/any-origin", Severity.CRITICAL, 9, confidence=Confidence.LIKELY),
        found("debug-mode/flask", Severity.CRITICAL, 10),
        found("cors/any-origin", Severity.CRITICAL, 2),
    ]
    order = [(one.graded.value, one.confidence.value, one.at.line) for one in judged(group).findings]
    assert order == [
        ("critical", "certain", 2),
        ("critical", "certain", 10),
        ("critical", "likely", 9),
        ("low", "certain", 1),
    ]


def test_equals_come_by_path_line_rule_and_column() -> None:
    places = [
        ("cors/any-origin", Location("a.py", 20, 1)),
        ("cors/any-origin", Location("b.py", 3, 4)),
        ("cors/any-origin", Location("b.py", 3, 10)),
        ("debug-mode/flask", Location("b.py", 3, 1)),
        ("cors/any-origin", Location("b.py", 12, 1)),
    ]
    group = [
        Finding(at, "open", severity=Severity.HIGH, rule=name, symbol=str(at.column)) for name, at in reversed(places)
    ]
    assert [(one.rule, one.at) for one in judged(group).findings] == places


def test_every_finding_and_every_gain_has_a_fingerprint() -> None:
    verdict = judged([found("debug-mode/flask", Severity.CRITICAL), found("cors/any-origin", Severity.HIGH)])
    names = [one.fingerprint for one in verdict.findings]
    assert all(names)
    assert [one.fingerprint for one in verdict.score.table] == names
    assert {one.fingerprint for one in verdict.score.next} == set(names)


def test_what_is_suppressed_costs_nothing_and_opens_the_gate() -> None:
    verdict = judged([found("debug-mode/flask", Severity.CRITICAL)], "# batten: ignore[debug-mode] -- the lab\n")
    assert verdict.findings == ()
    assert verdict.suppressed[0].finding.fingerprint
    assert (verdict.score.points, verdict.gate.passed) == (100, True)


def test_what_is_suppressed_comes_worst_first_too() -> None:
    group = [found("cors/any-origin", Severity.LOW), found("debug-mode/flask", Severity.CRITICAL)]
    table = Ignore(("cors", "debug-mode"), "known", Location("batten.toml", 1))
    assert [one.finding.graded for one in judged(group, "", table).suppressed] == [Severity.CRITICAL, Severity.LOW]


def test_an_expired_suppression_leaves_the_gate_shut() -> None:
    text = "# batten: ignore[debug-mode] until=2027-02-28 -- the lab\n"
    verdict = judged([found("debug-mode/flask", Severity.CRITICAL)], text)
    assert verdict.gate.code == 1
    assert verdict.findings[0].note.startswith("suppression expired on 2027-02-28")


def test_a_fingerprint_is_the_same_with_and_without_a_suppression_of_its_twin() -> None:
    twins = [found("cors/any-origin", Severity.HIGH, line, symbol="CORS") for line in (1, 4)]
    text = "x  # batten: ignore[cors] -- known\n"
    assert judged(twins).findings[1].fingerprint == judged(twins, text).findings[0].fingerprint


def test_an_auditor_rule_is_heard_by_the_auditor_only() -> None:
    group = [found("cookie-flags/prefix", Severity.HIGH)]
    assert judged(group).findings == ()
    assert judged(group).gate.passed
    assert len(judged(group, persona="auditor").findings) == 1


def test_a_rule_that_nobody_described_is_heard_by_all() -> None:
    assert judged([found("mine/own", Severity.HIGH)]).gate.code == 1


def test_unused_suppressions_are_noted_where_their_rule_could_speak() -> None:
    text = "# batten: ignore[cors] -- a\n\n# batten: ignore[cookie-flags/prefix] -- b\n"
    cors = "app.py:1: suppression of cors is not needed: nothing was found there"
    prefix = "app.py:3: suppression of cookie-flags/prefix is not needed: nothing was found there"
    assert judged([], text, files=["app.py"]).notes == (cors,)
    assert judged([], text, files=["app.py"], persona="auditor").notes == (cors, prefix)
    assert judged([], text, files=["app.py"], ran=["debug-mode/flask"]).notes == ()
