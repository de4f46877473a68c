"""What leaves the audit: columns that a reader counts, secrets that nobody reads."""

from pathlib import Path

from batten.report import json as json_report, sarif, text
from batten.run import Request, check, rules

APP = """\
from flask import Flask

app = Flask(__name__)
名前 = "日本"; app.config["DEBUG"] = True
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://shop:{password}@db/shop"
app.secret_key = "{key}"
API_TOKEN = "{token}"

if __name__ == "__main__":
    app.run()
"""
SECRETS = {"password": "pw-8Qk2mZ", "key": "k7-Zr0Tq9vLw", "token": "tok-5fGh1jK0"}


def test_columns_are_counted_in_characters(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP.format(**SECRETS))
    report = check(Request(target=str(tmp_path)))
    debug = next(f for f in report.findings if f.rule == "debug-mode/flask")
    line = APP.split("\n")[3]
    assert debug.at.line == 4
    assert debug.at.column == line.index("True") + 1
    assert debug.at.end_column == line.index("True") + 5


def test_no_format_shows_a_secret(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP.format(**SECRETS))
    report = check(Request(target=str(tmp_path)))
    held = rules()
    told = [
        json_report.render(report),
        sarif.render(report, held),
        text.render(report, {rule.id: rule for rule in held}, color=False, width=80, links=False, show_inputs=True),
    ]
    for shown in told:
        assert "secret-key/hardcoded" in shown
        for name in ("password", "key"):
            assert SECRETS[name] not in shown, name


def test_an_environment_file_on_the_command_line_is_masked_too(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        'import os\nfrom flask import Flask\napp = Flask(__name__)\napp.secret_key = os.environ["SECRET_KEY"]\n'
    )
    (tmp_path / "prod.env").write_text("SECRET_KEY=changeme\n")
    report = check(Request(target=str(tmp_path), env_files=(str(tmp_path / "prod.env"),)))
    assert any(f.rule == "secret-key/weak" for f in report.findings)
    assert "changeme" not in json_report.render(report)


def test_a_password_that_is_the_name_of_the_project_leaves_the_report_readable(tmp_path: Path) -> None:
    package = tmp_path / "bookshop"
    package.mkdir()
    (package / "web.py").write_text(
        "from flask import Flask\n\napp = Flask(__name__)\n"
        'app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://admin:bookshop@db/x"\n'
        'app.config["DB_PASSWORD"] = "bookshop"\n'
    )
    (tmp_path / "Procfile").write_text("web: /srv/bookshop/venv/bin/gunicorn bookshop.gone:app\n")
    (tmp_path / "web.service").write_text("[Service]\nExecStart=/srv/bookshop/bin/gunicorn bookshop.web:app\n")
    report = check(Request(target=str(tmp_path)))
    assert any(doubt.what == "bookshop.gone:app" for doubt in report.unsure)
    shown = text.render(report, {rule.id: rule for rule in rules()}, color=False, width=200, links=False)
    assert "/srv/bookshop/bin/gunicorn" in shown
    assert "admin:bookshop" not in shown
    assert '"bookshop"' not in shown
