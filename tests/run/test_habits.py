"""Habits of real projects that were judged wrong once: each is a small program here."""

from pathlib import Path

from batten.model import Confidence, Report, State
from batten.run import Request, check

APP = """\
import os

from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
"""


def audit(root: Path, files: dict[str, str]) -> Report:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return check(Request(target=str(root)))


def told(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def test_an_api_that_takes_json_needs_no_form_token(tmp_path: Path) -> None:
    view = '\n\n@app.post("/orders")\ndef order():\n    session["n"] = 1\n    return request.{}\n'
    imports = APP.replace("import Flask", "import Flask, request, session")
    api = {"app.py": imports + view.format("get_json()"), "Procfile": "web: gunicorn app:app\n"}
    assert "csrf/missing" not in told(audit(tmp_path / "api", api))
    form = {**api, "app.py": imports + view.format('form["item"]')}
    assert "csrf/missing" in told(audit(tmp_path / "form", form))


def test_a_procfile_for_windows_is_for_a_desk(tmp_path: Path) -> None:
    files = {
        "app.py": APP,
        "Procfile": "web: gunicorn app:app\n",
        "Procfile.windows": "web: flask run\n",
        ".flaskenv": "FLASK_DEBUG=1\n",
    }
    report = audit(tmp_path, files)
    assert not [rule for rule in told(report) if rule.startswith(("debug-mode", "dev-server"))]
    assert [entry.what for entry in report.not_deployed] == ["Procfile.windows"]


def test_an_environment_file_of_development_is_not_production(tmp_path: Path) -> None:
    compose = "services:\n  web:\n    build: .\n    env_file: config/{}/web.env\n"
    files = {
        "app.py": APP,
        "Dockerfile": 'FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
    }
    development = {
        **files,
        "compose.yaml": compose.format("development"),
        "config/development/web.env": "SECRET_KEY=only-at-my-desk\n",
    }
    assert "secret-key/published" not in told(audit(tmp_path / "one", development))
    production = {
        **files,
        "compose.yaml": compose.format("production"),
        "config/production/web.env": "SECRET_KEY=only-at-my-desk\n",
    }
    assert "secret-key/published" in told(audit(tmp_path / "two", production))


def test_flask_scripts_runserver_has_the_debugger(tmp_path: Path) -> None:
    files = {
        "app.py": APP + "app.debug = True\n",
        "manage.py": "from flask_script import Manager\nfrom app import app\n\nmanager = Manager(app)\n\n"
        'if __name__ == "__main__":\n    manager.run()\n',
        "Procfile": "web: python manage.py runserver\n",
    }
    finding = audit(tmp_path, files).findings[0]
    assert (finding.rule, finding.graded.value) == ("debug-mode/flask", "critical")


def test_a_file_that_is_not_there_may_set_everything(tmp_path: Path) -> None:
    app = APP + 'app.config["DEBUG"] = True\napp.config.from_pyfile("site.cfg")\nname = app.config["SITE_NAME"]\n'
    report = audit(tmp_path, {"app.py": app, "Procfile": "web: gunicorn app:app\n"})
    assert report.apps[0].settings["DEBUG"].state is State.UNKNOWN
    debug = next(f for f in report.findings if f.rule == "debug-mode/flask")
    assert debug.confidence is Confidence.POSSIBLE
    assert any("site.cfg" in doubt.what for doubt in report.unsure)


def test_a_decorator_of_the_project_is_followed(tmp_path: Path) -> None:
    app = (
        APP.replace("import os\n", "import os\nfrom functools import wraps\n")
        + """

def logged(view):
    @wraps(view)
    def inner(*args, **kwargs):
        return view(*args, **kwargs)
    return inner


@app.get("/")
@logged
def index():
    return "hello"


app.config["DEBUG"] = True
"""
    )
    report = audit(tmp_path, {"app.py": app, "Procfile": "web: gunicorn app:app\n"})
    assert report.unsure == ()
    assert report.apps[0].settings["DEBUG"].value is True


def test_flasks_own_debug_flag_chooses_the_class(tmp_path: Path) -> None:
    app = (
        "from flask import Flask\nfrom flask.helpers import get_debug_flag\n\n\nclass Dev:\n    DEBUG = True\n\n\n"
        "class Prod:\n    DEBUG = False\n\n\napp = Flask(__name__)\n"
        "app.config.from_object(Dev if get_debug_flag() else Prod)\n"
    )
    report = audit(tmp_path, {"app.py": app, "Procfile": "web: gunicorn app:app\n"})
    assert report.apps[0].settings["DEBUG"].value is False


def test_the_web_factory_is_taken_not_the_workers(tmp_path: Path) -> None:
    app = (
        "from flask import Flask\n\n\ndef create_celery_app():\n    return create_app()\n\n\n"
        "def create_app():\n    return Flask(__name__)\n"
    )
    report = audit(tmp_path, {"shop/app.py": app, "shop/__init__.py": ""})
    assert report.apps[0].entry.command.endswith("shop.app:create_app()")


def test_an_object_made_in_an_undecided_branch_is_whole(tmp_path: Path) -> None:
    app = (
        'import os\nfrom flask import Flask\napp = Flask("a") if os.path.exists("/etc/x") else Flask("b")\n'
        'app.run(host="0.0.0.0", debug=True)\n'
    )
    report = audit(tmp_path, {"app.py": app})
    assert "debug-mode/flask" in told(report)


def test_a_name_from_an_unknown_library_is_not_true(tmp_path: Path) -> None:
    app = "from flask import Flask\nfrom company_conf import DEBUG\napp = Flask(__name__)\napp.run(debug=DEBUG)\n"
    report = audit(tmp_path, {"app.py": app})
    assert "debug-mode/flask" not in told(report)
    assert report.apps[0].settings["run.debug"].state is State.UNKNOWN


def test_an_app_from_a_star_import(tmp_path: Path) -> None:
    app = "from flask import *\napp = Flask(__name__)\napp.run(debug=True)\n"
    assert told(audit(tmp_path, {"app.py": app}))[0] == "debug-mode/flask"


def test_an_environment_file_beside_the_module_is_read(tmp_path: Path) -> None:
    app = (
        "import os\nfrom pathlib import Path\nfrom dotenv import load_dotenv\nfrom flask import Flask\n"
        "here = os.path.abspath(os.path.dirname(__file__))\nload_dotenv({})\napp = Flask(__name__)\n"
        'app.config["DEBUG"] = os.environ.get("SHOP_DEBUG") == "yes"\n'
    )
    for number, path in enumerate(('os.path.join(here, ".env")', 'Path(__file__).resolve().parent / ".env"')):
        files = {"app.py": app.format(path), ".env": "SHOP_DEBUG=yes\n", "Procfile": "web: gunicorn app:app\n"}
        report = audit(tmp_path / str(number), files)
        debug = next(f for f in report.findings if f.rule == "debug-mode/flask")
        assert str(debug.at) == ".env:1", path


def test_a_guessed_start_that_fails_does_not_hide_an_app_that_was_found(tmp_path: Path) -> None:
    script = "from flask import Flask\nfrom .gone import name\n\napp = Flask(__name__)\n"
    found = audit(tmp_path / "two", {"app.py": APP, "Procfile": "web: gunicorn app:app\n", "tool/serve.py": script})
    assert found.layers["app"] == "evaluated"
    assert found.gate.code == 0
    alone = audit(tmp_path / "one", {"serve.py": script})
    assert alone.gate.code == 4


def test_settings_that_only_tests_use_are_not_productions(tmp_path: Path) -> None:
    settings = (
        "from fastapi import FastAPI\nfrom pydantic_settings import BaseSettings\n\n\n"
        "class {}(BaseSettings):\n    broker_url: str = 'amqp://shop:hunter2@queue.example/'\n\n\n"
        "settings = {}()\napp = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)\n"
    )
    for name, expected in (("TestConfig", 0), ("LatestConfig", 1)):
        files = {"app.py": settings.format(name, name), "Procfile": "web: uvicorn app:app\n"}
        assert told(audit(tmp_path / name, files)).count("secrets-in-repo/password") == expected, name


DJANGO = {
    "shop/__init__.py": "",
    "shop/wsgi.py": "import os\n\nfrom django.core.wsgi import get_wsgi_application\n\n"
    'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\napplication = get_wsgi_application()\n',
    "Procfile": "web: gunicorn shop.wsgi\n",
}


def test_a_panel_behind_a_variable_says_so(tmp_path: Path) -> None:
    urls = (
        "from django.conf import settings\nfrom django.urls import include, path\n\nurlpatterns = []\n"
        'if settings.STAGE == "desk":\n    urlpatterns.append(path("silk/", include("silk.urls")))\n'
    )
    settings = 'import os\n\nROOT_URLCONF = "shop.urls"\nSTAGE = os.environ.get("STAGE", "{}")\n'
    files = {**DJANGO, "shop/urls.py": urls}
    report = audit(tmp_path / "open", {**files, "shop/settings.py": settings.format("desk")})
    finding = next(finding for finding in report.findings if finding.rule == "docs-exposed/panel")
    assert finding.confidence is Confidence.LIKELY
    assert any("STAGE is not set" in seen.says for seen in finding.evidence)
    report = audit(tmp_path / "shut", {**files, "shop/settings.py": settings.format("production")})
    assert "docs-exposed/panel" not in told(report)


def test_what_is_started_is_said_in_half_a_sentence(tmp_path: Path) -> None:
    main = APP + '\nif __name__ == "__main__":\n    app.run(debug=True)\n'
    long = "web: gunicorn app:app --access-logfile /var/log/shop/access.log --error-logfile /var/log/shop/errors.log\n"
    (spared,) = audit(tmp_path, {"app.py": main, "Procfile": long + "api: gunicorn app:app\n"}).not_deployed
    assert spared.why.startswith("production starts gunicorn app:app --access-logfile")
    assert spared.why.endswith("… and 1 more, which do not execute this line")
    (spared,) = audit(tmp_path, {"app.py": main, "Procfile": "web: gunicorn app:app\n"}).not_deployed
    assert spared.why == "production starts gunicorn app:app, which does not execute this line"


def test_a_part_of_a_package_is_no_guess_at_a_start(tmp_path: Path) -> None:
    command = (
        "import argparse\n\nfrom .config import application\nfrom waitress import serve\n\n"
        'if __name__ == "__main__":\n    argparse.ArgumentParser()\n    serve(application)\n'
    )
    files = {**DJANGO, "shop/settings.py": "DEBUG = False\n", "shop/cli.py": command}
    del files["Procfile"]
    report = audit(tmp_path, files)
    assert report.unsure == ()
    assert [app.entry.command for app in report.apps if app.entry] == ["a WSGI server with shop.wsgi:application"]


def test_an_error_of_ones_own_speaks_for_itself(tmp_path: Path) -> None:
    view = """
class Refused(Exception):
    code = 0

    def told(self):
        return {"code": self.code}


@app.get("/")
def index():
    try:
        raise Refused
    except KIND as error:
        return error.told()
"""
    one = {"app.py": APP + view.replace("KIND", "Refused"), "Procfile": "web: gunicorn app:app\n"}
    assert "verbose-errors/returned" not in told(audit(tmp_path / "one", one))
    every = {**one, "app.py": APP + view.replace("KIND", "Exception").replace("error.told()", "str(error)")}
    assert "verbose-errors/returned" in told(audit(tmp_path / "any", every))


NGINX = """\
server {
    listen 443 ssl;
    add_header X-Frame-Options DENY always;
    add_header "Content-Security-Policy" "default-src 'self'" always;
    # add_header X-Content-Type-Options nosniff;
    more_set_headers 'Referrer-Policy: no-referrer';
    location / { proxy_pass http://web:8000; proxy_hide_header X-Content-Type-Options; }
    location /x { proxy_pass http://web:8000; add_header Strict-Transport-Security max-age=63072000; }
}
"""
PAGES = """\
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/")
def index():
    return render_template("index.html")
"""


def missing(root: Path, files: dict[str, str]) -> set[str]:
    found = audit(root, {"app.py": PAGES, **files}).findings
    return {finding.symbol for finding in found if finding.topic in {"security-headers", "https"}}


def test_what_a_proxy_of_the_repository_sets_is_not_missing(tmp_path: Path) -> None:
    served = {"Procfile": "web: gunicorn app:app\n"}
    everything = missing(tmp_path / "none", served)
    assert {"frame-ancestors", "content-security-policy", "referrer-policy", "x-content-type-options"} <= everything
    nginx = missing(tmp_path / "nginx", {**served, "deploy/nginx.conf": NGINX})
    assert nginx == {"x-content-type-options", "strict-transport-security"}, "the latter is set for one location only"
    apache = "<VirtualHost *:443>\nHeader always set X-Content-Type-Options nosniff\n</VirtualHost>\n"
    assert missing(tmp_path / "apache", {**served, "shop.vhost": apache}) == everything - {"x-content-type-options"}
    caddy = "shop.example.com {\n\theader {\n\t\tReferrer-Policy no-referrer\n\t}\n\treverse_proxy web:8000\n}\n"
    assert missing(tmp_path / "caddy", {**served, "Caddyfile": caddy}) == everything - {"referrer-policy"}
    assert missing(tmp_path / "example", {**served, "examples/nginx.conf": NGINX}) == everything


def test_a_proxy_that_everyone_can_go_around_adds_nothing(tmp_path: Path) -> None:
    files = {
        "deploy/nginx.conf": NGINX,
        "Dockerfile": 'FROM python:3.13-slim\nCOPY . .\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]\n',
        "compose.yaml": 'services:\n  web:\n    build: .\n    ports: ["8000:8000"]\n',
    }
    assert "frame-ancestors" in missing(tmp_path, files)
