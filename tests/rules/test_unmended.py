"""How bad a version with known vulnerabilities is."""

import pytest

from batten.model import Confidence, Location, Severity
from batten.rules.dependencies.deps.vulnerable import known_against
from batten.understand.infrastructure.dependencies.nouns import Advisory, Dependency, Vulnerable


@pytest.mark.parametrize(
    ("score", "fixed", "severity"),
    [
        (9.8, "2.0", Severity.CRITICAL),
        (None, "2.0", Severity.HIGH),
        (5.0, "2.0", Severity.MEDIUM),
        (9.8, "", Severity.MEDIUM),
        (None, "", Severity.MEDIUM),
        (3.1, "", Severity.LOW),
    ],
)
def test_one_that_nothing_mends_is_medium_at_most(score: float | None, fixed: str, severity: Severity) -> None:
    one = Dependency("calc", Location(file="uv.lock", line=3), version="1.0")
    (finding,) = known_against(Vulnerable(one, (Advisory("CVE-1", fixed, score),), "a list", fixed))
    assert finding.severity is severity
    assert finding.confidence is (Confidence.CERTAIN if fixed else Confidence.POSSIBLE)
