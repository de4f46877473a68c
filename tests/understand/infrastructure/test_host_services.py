"""What systemd, supervisor and hosting platforms start and open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.hosts.nouns import HostService, OpenService, PlainHttp
from batten.understand.infrastructure.hosts.variables import WrittenOut
from batten.understand.infrastructure.web import AdminDoor
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

    Parts = Callable[..., list[object]]

APP = {"app.py": "from flask import Flask\n\napp = Flask(__name__)\n"}
START = "ExecStart=/srv/shop/.venv/bin/gunicorn --bind 127.0.0.1:8000 app:app"


def services(parts: Parts, *lines: str, **more: str) -> list[HostService]:
    unit = "\n".join(("[Unit]", "Description=Shop", "[Service]", "WorkingDirectory=/srv/shop", *lines, ""))
    files = {"shop.service": unit, **APP, **more}
    return [part for part in parts(files, HostService) if isinstance(part, HostService)]


@pytest.mark.parametrize(
    ("lines", "is_root"),
    [
        ((START,), True),
        ((START, "User=root"), True),
        ((START, "User=0"), True),
        ((START, "User=shop"), False),
        ((START, "User=shop", "User="), True),
        ((START, "DynamicUser=yes"), False),
        ((START, "DynamicUser=no"), True),
        ((START, "User={{ user }}"), False),
        (("ExecStart=/usr/bin/gunicorn --user shop app:app",), False),
        (("ExecStart=/usr/bin/gunicorn --user root app:app",), True),
        (("ExecStart=/usr/bin/sudo -u shop /usr/bin/gunicorn app:app",), False),
        (("ExecStart=/usr/bin/celery -A shop worker --uid=shop",), False),
        (("ExecStart=/usr/bin/celery -A shop worker",), True),
        (("ExecStart=-/usr/bin/python3 /srv/shop/app.py",), True),
        (("ExecStart=/usr/bin/node /srv/shop/server.js",), True),
    ],
)
def test_who_a_unit_runs_as(parts: Parts, lines: tuple[str, ...], is_root: bool) -> None:  # noqa: FBT001 - of a table
    (service,) = services(parts, *lines)
    assert service.is_root is is_root


@pytest.mark.parametrize(
    "lines",
    [
        ("Type=oneshot", START),
        ("ExecStart=/usr/bin/docker compose up",),
        ("ExecStart=/usr/sbin/nginx",),
        ("ExecStart=%h/.venv/bin/gunicorn app:app",),
        ("ExecStart={{ venv }}/bin/gunicorn app:app",),
        (START, "[Install]", "WantedBy=default.target"),
        (),
    ],
)
def test_units_that_are_left_alone(parts: Parts, lines: tuple[str, ...]) -> None:
    assert services(parts, *lines) == []


def test_where_it_is_said(parts: Parts) -> None:
    (unsaid,) = services(parts, START)
    assert (unsaid.at.line, unsaid.is_web, unsaid.is_bare) == (3, True, True)
    (said,) = services(parts, "User=root", START, "NoNewPrivileges=yes")
    assert (said.at.line, said.is_bare) == (5, False)
    dropin = {"shop.service.d/a.conf": "[Service]\nUser=root\n"}
    (added,) = services(parts, START, **dropin)
    assert str(added.at) == "shop.service.d/a.conf:2"
    assert parts({"user/shop.service": f"[Service]\n{START}\n", **APP}, HostService) == []
    assert parts({"shop.service": "[Unit]\n"}, HostService) == []


def test_gunicorn_and_uwsgi_drop_by_their_own_files(parts: Parts) -> None:
    assert not services(parts, START, **{"gunicorn.conf.py": 'user = "shop"\n'})[0].is_root
    assert services(parts, START, **{"gunicorn.conf.py": "workers = 2\n"})[0].is_root
    unknown = 'import os\nuser = os.environ.get("WHO")\n'
    assert not services(parts, START, **{"gunicorn.conf.py": unknown})[0].is_root
    ini = "[uwsgi]\nmodule = app:app\nsocket = /run/a.sock\nuid = shop\n"
    (uwsgi,) = services(parts, "ExecStart=/usr/bin/uwsgi --ini uwsgi.ini", **{"uwsgi.ini": ini})
    assert not uwsgi.is_root
    (emperor,) = services(parts, "ExecStart=/usr/bin/uwsgi --emperor /etc/uwsgi/vassals")
    assert not emperor.is_root


SUPERVISOR = "[program:web]\ncommand=/usr/bin/gunicorn --bind 127.0.0.1:8000 app:app\nuser=root\n"


def test_programs_of_supervisor(parts: Parts) -> None:
    def found(text: str, **more: str) -> list[HostService]:
        files = {"supervisor/shop.conf": text, **APP, **more}
        return [part for part in parts(files, HostService) if isinstance(part, HostService)]

    (web,) = found(SUPERVISOR)
    assert (web.name, web.kind, web.at.line, web.is_root) == ("web", "supervisor", 3, True)
    assert found(SUPERVISOR.replace("user=root", "user=shop")) == []
    assert found(SUPERVISOR.replace("user=root\n", "")) == []
    assert found(SUPERVISOR.replace("gunicorn", "nginx")) == []
    docker = "FROM python:3.13\nCOPY supervisor/shop.conf /etc/supervisor/conf.d/\n"
    assert found(SUPERVISOR, Dockerfile=docker) == [], "the image's user decides"
    assert found("nothing") == []


@pytest.mark.parametrize(
    ("lines", "is_open"),
    [
        ("port=*:9001", True),
        ("port=:9001", True),
        ("port=9001", True),
        ("port=0.0.0.0:9001", True),
        ("port=127.0.0.1:9001", False),
        ("port=*:9001\nusername=a\npassword=b", False),
        ("port=%(ENV_PORT)s", False),
        ("username=a", False),
    ],
)
def test_the_page_of_supervisord(parts: Parts, lines: str, is_open: bool) -> None:  # noqa: FBT001 - of a table
    assert bool(parts({"supervisord.conf": f"[inet_http_server]\n{lines}\n"}, AdminDoor)) is is_open


def test_the_page_of_supervisord_in_a_container(parts: Parts) -> None:
    docker = "FROM python:3.13\nCOPY . /srv\nCMD supervisord -c /srv/supervisord.conf\n"
    files = {"Dockerfile": docker, "supervisord.conf": "[inet_http_server]\nport=*:9001\n"}
    compose = "services:\n  web:\n    build: .\n    ports: ['8000:8000']\n"
    (door,) = parts({**files, "compose.yaml": compose}, AdminDoor)
    assert isinstance(door, AdminDoor)
    assert door.reach is Reach.INTERNAL


# Platforms


def fly(parts: Parts, text: str, app: str = "") -> list[int | None]:
    files = {"fly.toml": f'app = "shop"\n{text}', "app.py": app or APP["app.py"], "Procfile": "web: gunicorn app:app\n"}
    return [part.at.line for part in parts(files, PlainHttp) if isinstance(part, PlainHttp)]


def test_plain_http_on_fly(parts: Parts) -> None:
    assert fly(parts, "[http_service]\ninternal_port = 8080\n") == [2]
    assert fly(parts, "[http_service]\ninternal_port = 8080\nforce_https = false\n[env]\nforce_https = 1\n") == [4]
    assert fly(parts, "[http_service]\nforce_https = true\n") == []
    assert fly(parts, "[env]\nA = 1\n") == []
    assert fly(parts, "[http_service\n") == []
    shielded = "from flask import Flask\nfrom flask_talisman import Talisman\n\napp = Flask(__name__)\nTalisman(app)\n"
    assert fly(parts, "[http_service]\ninternal_port = 8080\n", shielded) == [], "the app itself redirects"
    ports = '[[services]]\n[[services.ports]]\nport = 443\nhandlers = ["tls", "http"]\n[[services.ports]]\nport = 80\n'
    assert fly(parts, f'{ports}handlers = ["http"]\n') == [8]
    assert fly(parts, f'{ports}handlers = ["http"]\nforce_https = true\n') == []
    assert fly(parts, 'services = [{ports = [{port = 80, handlers = ["http"]}, 1]}, 2]\n') == [1]


def opened(parts: Parts, path: str, text: str) -> list[tuple[str, int | None]]:
    return [(part.name, part.at.line) for part in parts({path: text}, OpenService) if isinstance(part, OpenService)]


def test_stores_on_fly(parts: Parts) -> None:
    text = "[[services]]\ninternal_port = {0}\n[[services.ports]]\nport = 5432\n"
    assert opened(parts, "fly.toml", text.format(5432)) == [("PostgreSQL", 4)]
    assert opened(parts, "fly.toml", text.format(8080)) == []
    assert opened(parts, "fly.toml", text.format('"a"')) == []
    assert opened(parts, "fly.toml", "[[services]]\ninternal_port = 6379\n[[services.ports]]\n") == [("Redis", 3)]


def test_stores_on_render(parts: Parts) -> None:
    text = (
        "databases:\n  - name: db\n    ipAllowList:\n      - source: 203.0.113.4/30\n      - source: 0.0.0.0/0\n"
        "      - source: ::/0\n  - other\n  - name: quiet\n    ipAllowList: []\n  - name: unsaid\n"
        "services:\n  - type: keyvalue\n    ipAllowList: [{source: 0.0.0.0/0}, plain]\n  - type: web\n    name: a\n"
    )
    assert opened(parts, "render.yaml", text) == [("db", 5), ("the key-value store", 13)]
    assert opened(parts, "render.yaml", "- a\n") == []


# Secrets that are written out

SECRET = "q8ZtV3mN0pRcYw5LxKd2"


def written(parts: Parts, **files: str) -> list[tuple[str, str, bool, bool]]:
    held = {name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()}
    found = parts(held, WrittenOut)
    return [(one.name, str(one.at), one.is_unit, one.default) for one in found if isinstance(one, WrittenOut)]


def test_secrets_of_units_and_programs(parts: Parts) -> None:
    unit = f"[Service]\nEnvironment=API_KEY={SECRET} MODE=fast\nEnvironment=AGAIN_TOKEN={SECRET}\n"
    unit += "ExecStart=/usr/bin/node a.js\n"
    assert written(parts, a_dot_service=unit) == [("API_KEY", "a.service:2", True, False)]
    assert written(parts, a_dot_service=unit.replace("[Service]", "[Service]\nType=oneshot")) == []
    program = f'[program:a]\ncommand=node a.js\nenvironment=API_KEY="{SECRET}",MODE="%(ENV_MODE)s"\n'
    assert written(parts, supervisord_dot_conf=program) == [("API_KEY", "supervisord.conf:3", False, False)]


def test_secrets_of_platforms(parts: Parts) -> None:
    text = f'{{"env": {{"API_KEY": "{SECRET}", "OTHER_KEY": {{"generator": "secret"}}}}}}'
    assert written(parts, app_dot_json=text) == [("API_KEY", "app.json:1", False, True)]
    fly = f'[env]\nAPI_KEY = "{SECRET}"\n[processes]\napp = "node a.js"\n'
    assert written(parts, fly_dot_toml=fly) == [("API_KEY", "fly.toml:2", False, False)]


def test_what_git_does_not_know_is_no_secret_of_the_repository(parts: Parts) -> None:
    unit = "[Service]\nWorkingDirectory=/srv/shop\nEnvironmentFile=/srv/shop/a.env\nExecStart=/usr/bin/node a.js\n"
    files = {"a.service": unit, "a.env": f"API_KEY={SECRET}\n"}
    assert len(parts(files, WrittenOut)) == 1
    assert parts({**files, ".gitignore": "*.env\n"}, WrittenOut) == []


def test_what_an_app_signs_with_is_told_of_the_app(parts: Parts) -> None:
    app = 'import os\nfrom flask import Flask\n\napp = Flask(__name__)\napp.secret_key = os.environ["SECRET_KEY"]\n'
    unit = (
        f"[Service]\nWorkingDirectory=/srv/shop\nEnvironment=SECRET_KEY={SECRET}\nExecStart=/usr/bin/gunicorn app:app\n"
    )
    assert parts({"a.service": unit, "app.py": app}, WrittenOut) == []
