"""The lesson's own example: what the insecure app is told, and the secure pattern without a finding."""

from pathlib import Path

import pytest

from batten.model import Report, Severity
from batten.run import Request, check

INSECURE = """\
from flask import Flask

app = Flask(__name__)
app.secret_key = "supersecretkey123"


@app.route("/")
def index():
    return "hello"


if __name__ == "__main__":
    app.run(host="0.0.0.0", debug=True)
"""

SECURE = """\
import logging
import os

from flask import Flask

log = logging.getLogger(__name__)


def create_app():
    app = Flask(__name__)
    app.config.update(
        DEBUG=os.environ.get("FLASK_DEBUG", "false").lower() == "true",
        SECRET_KEY=os.environ["SECRET_KEY"],
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )

    @app.get("/")
    def index():
        return "hello"

    @app.errorhandler(500)
    def failed(error):
        log.exception("unhandled: %s", error)
        return "Something went wrong.", 500

    @app.after_request
    def harden(response):
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        return response

    return app
"""

PRODUCTION = {
    "app.py": SECURE,
    "requirements.txt": "Flask==3.1.2\ngunicorn==23.0.0\n",
    "Procfile": 'web: gunicorn "app:create_app()"\n',
}


def audit(root: Path, files: dict[str, str], **env: str) -> Report:
    for name, text in files.items():
        (root / name).write_text(text)
    return check(Request(target=str(root), env=env))


def told(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def test_debug_comes_first_then_the_key_then_the_cookies(tmp_path: Path) -> None:
    report = audit(tmp_path, {"app.py": INSECURE})
    rules = told(report)
    assert rules[:2] == ["debug-mode/flask", "secret-key/hardcoded"]
    cookies = [rules.index(rule) for rule in rules if rule.startswith("cookie-flags/")]
    headers = [rules.index(rule) for rule in rules if rule.startswith("security-headers/")]
    assert cookies
    assert min(cookies) < min(headers)
    debug = report.findings[0]
    assert debug.graded is Severity.CRITICAL
    assert debug.at.line == 13
    assert "runs the visitor's Python" in debug.says
    assert "bind-all/app" in rules
    assert report.score.letter == "F"
    assert report.gate.code == 1


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    report = audit(tmp_path, {"app.py": INSECURE})
    assert "supersecretkey123" not in repr([f.evidence for f in report.findings if f.rule != "secret-key/hardcoded"])
    shown = [e.source for f in report.findings for e in f.evidence]
    assert not any("supersecretkey123" in (line or "") for line in shown)


@pytest.mark.parametrize("start", ["if __name__", "python app.py"])
def test_the_environment_turns_debug_on_and_is_named(tmp_path: Path, start: str) -> None:
    files = {"app.py": INSECURE.replace(", debug=True", "")}
    if start == "python app.py":
        files["Procfile"] = "web: python app.py\n"
    quiet = audit(tmp_path, files)
    assert "debug-mode/flask" not in told(quiet)
    loud = audit(tmp_path, files, FLASK_DEBUG="true")
    assert told(loud)[0] == "debug-mode/flask"
    assert str(loud.findings[0].at) == "--env FLASK_DEBUG"


def test_the_secure_pattern_has_no_finding_and_the_best_letter(tmp_path: Path) -> None:
    report = audit(tmp_path, PRODUCTION)
    assert told(report) == []
    assert report.unsure == ()
    assert (report.score.points, report.score.letter) == (100, "A+")
    assert report.gate.code == 0


def test_the_secure_pattern_with_debug_in_the_environment_is_not_safe(tmp_path: Path) -> None:
    report = audit(tmp_path, PRODUCTION, FLASK_DEBUG="true")
    assert "debug-mode/flask" in told(report)
