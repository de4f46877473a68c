"""What Batten says of the demo apps: each lesson of the unlocked one, and nothing of its twin."""

from __future__ import annotations

from pathlib import Path

import pytest

import batten
from batten.model import Report, Severity

LAB = Path(batten.__file__).parent / "lab"

LESSONS = {
    "autoescape/jinja": "app.py",
    "bind-all/app": "app.py",
    "cookie-flags/session-httponly": "config.py",
    "cookie-flags/session-samesite": "config.py",
    "cookie-flags/session-secure": "config.py",
    "cors/reflects-origin": "app.py",
    "csrf/off": "config.py",
    "debug-mode/flask": "config.py",
    "default-credentials/database-url": "config.py",
    "jwt-verify/signature-off": "api.py",
    "secret-key/default": "config.py",
    "security-headers/csp-missing": "app.py",
    "tls-verify/off": "pages.py",
    "verbose-errors/returned": "api.py",
}
"""What the README of the unlocked app promises, and the file that it names."""


@pytest.fixture(scope="module")
def unlocked() -> Report:
    return batten.check(str(LAB / "unlocked"))


@pytest.mark.parametrize(("rule", "file"), LESSONS.items())
def test_every_lesson_of_the_unlocked_app_is_found(unlocked: Report, rule: str, file: str) -> None:
    assert (rule, file) in {(finding.rule, finding.at.file) for finding in unlocked.findings}


def test_the_unlocked_app_shuts_the_gate(unlocked: Report) -> None:
    assert unlocked.gate.code == 1
    assert unlocked.score.letter == "F"
    worst = {finding.rule for finding in unlocked.findings if finding.graded is Severity.CRITICAL}
    assert {"debug-mode/flask", "secret-key/default", "cors/reflects-origin"} <= worst


def test_the_hardened_app_has_no_finding_and_the_best_letter() -> None:
    report = batten.check(str(LAB / "hardened"))
    assert [f"{finding.at}: {finding.rule}" for finding in report.findings] == []
    assert report.unsure == ()
    assert (report.gate.code, report.score.letter) == (0, "A+")
