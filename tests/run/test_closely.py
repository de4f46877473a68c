"""What an auditor is told beside everybody else, and a file that is named by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.run import Request, check

if TYPE_CHECKING:
    from pathlib import Path

APP = "from flask import Flask\n\napp = Flask(__name__)\n"
DJANGO = 'SECRET_KEY = open("/run/key").read()\nROOT_URLCONF = "urls"\n'
WSGI = (
    "import os\n\nfrom django.core.wsgi import get_wsgi_application\n\n"
    'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\napplication = get_wsgi_application()\n'
)


def told(
    tmp_path: Path, files: dict[str, str], target: str = "", persona: str = "auditor"
) -> set[tuple[str, str, str]]:
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    report = check(Request(target=str(tmp_path / target), persona=persona))
    return {(finding.rule, f"{finding.at.file}:{finding.at.line}", finding.app) for finding in report.findings}


def test_a_file_that_is_named_is_served_as_its_app_would_be(tmp_path: Path) -> None:
    files = {"shop.py": APP + 'app.config["DEBUG"] = True\n'}
    assert ("debug-mode/flask", "shop.py:4", "shop") in told(tmp_path, files, "shop.py")


def test_a_file_that_makes_no_app_is_a_script(tmp_path: Path) -> None:
    files = {"job.py": "import os\n\nos.chmod('key', 0o666)\n"}
    assert told(tmp_path, files, "job.py") == {("file-permissions/world-writable", "job.py:3", "code")}


@pytest.mark.parametrize("persona", ["regular", "auditor"])
def test_only_auditors_are_told_of_a_literal_by_its_name(tmp_path: Path, persona: str) -> None:
    found = told(tmp_path, {"gateway.py": 'PASSWORD = "Vq7nN2hX"\n'}, persona=persona)
    assert found == ({("secrets-in-repo/named", "gateway.py:1", "code")} if persona == "auditor" else set())


def test_what_stands_in_the_directory_of_an_app_is_told_of_that_app(tmp_path: Path) -> None:
    files = {
        "one/app.py": APP,
        "two/app.py": APP,
        "two/gateway.py": 'PASSWORD = "Vq7nN2hX"\n',
        "one/Procfile": "web: gunicorn app:app\n",
        "two/Procfile": "web: gunicorn app:app\n",
    }
    found = told(tmp_path, files)
    owner = {app for rule, _, app in found if rule == "secrets-in-repo/named"}
    assert owner == {app for rule, at, app in found if at == "two/app.py:3"}
    assert len(owner) == 1


def test_forms_are_told_of_the_app_that_renders_djangos_templates(tmp_path: Path) -> None:
    page = '<form method="post"></form>\n{% autoescape off %}{{ name }}{% endautoescape %}\n'
    files = {
        "app.py": APP,
        "settings.py": DJANGO,
        "urls.py": "urlpatterns = []\n",
        "wsgi.py": WSGI,
        "Procfile": "web: gunicorn app:app\nadmin: gunicorn wsgi\n",
        "templates/page.html": page,
    }
    found = told(tmp_path, files)
    marks = {rule: app for rule, at, app in found if at.startswith("templates/")}
    assert set(marks) == {"csrf/form", "autoescape/block"}
    assert {marks["csrf/form"]} == {app for _, at, app in found if at.startswith("settings.py")}
