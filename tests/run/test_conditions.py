"""What stands under a condition that cannot be decided is possible, and said to be so."""

from pathlib import Path

import pytest

from batten.model import Confidence, Finding
from batten.run import Request, check

HEAD = """\
import settings
from flask import Flask
from flask_cors import CORS
from werkzeug.debug import DebuggedApplication

app = Flask(__name__)
app.secret_key = settings.key
"""


def findings(root: Path, code: str, command: str = "python app.py") -> dict[str, Finding]:
    (root / "app.py").write_text(HEAD + code)
    (root / "Procfile").write_text(f"web: {command}\n")
    return {finding.rule: finding for finding in check(Request(target=str(root))).findings}


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("if settings.local:\n    app.run(debug=True)\n", "debug-mode/flask"),
        (
            "if settings.local:\n    app.wsgi_app = DebuggedApplication(app.wsgi_app, evalex=True)\n",
            "debug-mode/debugger",
        ),
        ('if settings.open:\n    CORS(app, origins="*", supports_credentials=True)\n', "cors/reflects-origin"),
    ],
)
def test_under_a_condition_that_is_not_known(tmp_path: Path, code: str, rule: str) -> None:
    found = findings(tmp_path, code)[rule]
    assert found.confidence is Confidence.POSSIBLE
    assert any(f"production gets there only {code.partition(':')[0]}" in hop.says for hop in found.evidence)
    _, _, body = code.partition("\n")
    assert findings(tmp_path, body.strip() + "\n")[rule].confidence is Confidence.CERTAIN


def test_where_the_other_way_ends_the_program(tmp_path: Path) -> None:
    code = "if settings.local:\n    app.run(debug=True)\nelse:\n    raise SystemExit(1)\n"
    assert findings(tmp_path, code)["debug-mode/flask"].confidence is Confidence.CERTAIN


def test_after_a_return_under_a_condition_that_is_not_known(tmp_path: Path) -> None:
    code = "def start():\n    if settings.local:\n        return\n    app.run(debug=True)\n\n\nstart()\n"
    found = findings(tmp_path, code)["debug-mode/flask"]
    assert found.confidence is Confidence.POSSIBLE
    assert any("production gets there only unless settings.local" in hop.says for hop in found.evidence)
    after = code.replace("    app.run(debug=True)\n", "") + "app.run(debug=True)\n"
    assert findings(tmp_path, after)["debug-mode/flask"].confidence is Confidence.CERTAIN


def test_a_call_that_is_reached_without_the_condition_too(tmp_path: Path) -> None:
    code = "def start():\n    app.run(debug=True)\n\n\nif settings.local:\n    start()\nstart()\n"
    assert findings(tmp_path, code)["debug-mode/flask"].confidence is Confidence.CERTAIN


def test_what_a_request_decides_is_certain(tmp_path: Path) -> None:
    code = """
@app.post("/login")
def login():
    answer = app.make_response("in")
    if settings.remember():
        answer.set_cookie("user", "me")
    return answer
"""
    assert findings(tmp_path, code, "gunicorn app:app")["cookie-flags/set-cookie"].confidence is Confidence.CERTAIN


def test_a_client_that_a_setting_makes_careless(tmp_path: Path) -> None:
    code = """
def fetch():
    import requests
    if settings.insecure:
        return requests.get("https://example.com", verify=False, timeout=3)
    return requests.get("https://example.com", timeout=3)
"""
    (tmp_path / "code.py").write_text(f"import settings\n{code}")
    (found,) = [one for one in check(Request(target=str(tmp_path))).findings if one.rule == "tls-verify/off"]
    assert found.confidence is Confidence.POSSIBLE


def test_a_command_of_the_project_names_its_app(tmp_path: Path) -> None:
    image = 'FROM python:3.13\nWORKDIR /srv\nCOPY . .\nENTRYPOINT ["shop"]\nCMD ["serve", "app:app"]\n'
    (tmp_path / "web").mkdir()
    (tmp_path / "Dockerfile").write_text(image.replace("app:app", "web.app:app"))
    (tmp_path / "web" / "app.py").write_text("from fastapi import FastAPI\n\napp = FastAPI(debug=True)\n")
    (tmp_path / "run.py").write_text('import uvicorn\n\nuvicorn.run("web.app:app", host="0.0.0.0")\n')
    report = check(Request(target=str(tmp_path)))
    assert [app.entry.command for app in report.apps] == ["shop serve web.app:app"]
    assert "bind-all/app" not in {finding.rule for finding in report.findings}
    assert not report.unsure
    (tmp_path / "Dockerfile").write_text(image.replace("app:app", "elsewhere.app:app"))
    assert [app.entry.command for app in check(Request(target=str(tmp_path))).apps] == ["python run.py"]


def test_a_file_of_a_package_is_run_as_its_module(tmp_path: Path) -> None:
    """Its neighbours would hide modules of the standard library otherwise."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "logging.py").touch()
    code = 'import logging\n\nlog = logging.getLogger("shop")\napp = Flask(__name__)\napp.run(host="0.0.0.0")\n'
    (tmp_path / "shop" / "serve.py").write_text(f"from flask import Flask\n{code}")
    report = check(Request(target=str(tmp_path)))
    assert [app.entry.command for app in report.apps] == ["python -m shop.serve"]
    assert not report.unsure


def test_what_one_process_demands_is_known_of_the_next(tmp_path: Path) -> None:
    code = 'import os\nfrom flask import Flask\n\napp = Flask(__name__)\napp.secret_key = {"a": os.environ["A"]}["a"]\n'
    (tmp_path / "app.py").write_text(f'{code}if "B" not in os.environ:\n    raise RuntimeError("B is needed")\n')
    (tmp_path / "Procfile").write_text("web: gunicorn app:app\nadmin: gunicorn app:app --bind :9000\n")
    report = check(Request(target=str(tmp_path)))
    assert len(report.apps) == 2
    assert not report.unsure


@pytest.mark.parametrize(
    ("ssl", "confidence"),
    [
        ("True", Confidence.CERTAIN),
        ('address.scheme == "rediss"', None),
        ("settings.tls", Confidence.POSSIBLE),
    ],
)
def test_a_certificate_that_is_not_asked_for(tmp_path: Path, ssl: str, confidence: Confidence | None) -> None:
    code = (
        "import settings\nfrom urllib.parse import urlparse\nfrom redis import Redis\n\n"
        f'address = urlparse("redis://queue")\nbroker = Redis(ssl={ssl}, ssl_cert_reqs=None)\n'
    )
    (tmp_path / "code.py").write_text(code)
    found = [one for one in check(Request(target=str(tmp_path))).findings if one.rule == "tls-verify/off"]
    assert [one.confidence for one in found] == ([] if confidence is None else [confidence])


def test_a_command_of_the_project_that_names_no_app_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "Procfile").write_text("web: shop serve\ncache: redis-server\n")
    (tmp_path / "app.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n")
    report = check(Request(target=str(tmp_path)))
    told = [(doubt.what, doubt.why) for doubt in report.unsure]
    assert told == [("web (shop serve)", "it is a command of the project's own; it was not followed")]
    assert len(report.apps) == 1


ACCOUNT = """
import os
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import generate_password_hash

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
db = SQLAlchemy(app)


class User(db.Model):
    name = db.Column(db.String(80))
    password = db.Column(db.String(200))


with app.app_context():
    {before}
    {test}
        db.session.add(User(name="admin", password=generate_password_hash("admin")))
"""


@pytest.mark.parametrize(
    ("before", "test"),
    [
        ("", 'if not User.query.filter_by(name="admin").first():'),
        ("found = User.query.count()", "if found == 0:"),
        ("found = db.session.scalar(db.select(User))", "if found is not None:\n        pass\n    else:"),
    ],
)
def test_what_the_first_start_does_is_certain(tmp_path: Path, before: str, test: str) -> None:
    code = ACCOUNT.format(before=before, test=test)
    found = findings(tmp_path, code, "gunicorn app:app")["default-credentials/seeded-user"]
    assert found.confidence is Confidence.CERTAIN


@pytest.mark.parametrize(
    ("before", "test"),
    [
        ("", "if settings.seed:"),
        ("", "if not settings.all():"),
        ("found = User.query.first()", "if found:"),
        ("found = User.query.count()", "if found == 7:"),
        ("", "if settings.seed:\n      if not User.query.first():"),
    ],
)
def test_what_the_first_start_may_leave(tmp_path: Path, before: str, test: str) -> None:
    code = ACCOUNT.format(before=before, test=test)
    found = findings(tmp_path, code, "gunicorn app:app")["default-credentials/seeded-user"]
    assert found.confidence is Confidence.POSSIBLE
