"""Processes outside a container or under another process: Procfile, systemd, supervisor, uWSGI, honcho."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from batten.understand.stack import Reach

if TYPE_CHECKING:
    from tests.understand.deploy.conftest import Resolved

Resolve = Callable[[Mapping[str, str]], "Resolved"]


def test_procfile(resolved: Resolve) -> None:
    text = (
        "# web: old\nweb: FLASK_DEBUG=1 gunicorn -b :$PORT shop:app\n"
        "worker-1:celery -A shop worker\nrelease: python manage.py migrate\nnonsense\nweb2:\n"
    )
    found = resolved({"Procfile": text, "shop.py": ""})
    assert [(u.name, u.kind, u.start.server, u.reach, str(u.at)) for u in found.units] == [
        ("web", "procfile", "gunicorn", Reach.PLATFORM, "Procfile:2"),
        ("worker-1", "procfile", "celery", Reach.PLATFORM, "Procfile:3"),
    ]
    assert [v.name for v in found.units[0].start.env] == ["FLASK_DEBUG"]
    assert found.units[0].start.options["bind"] == ":$PORT"
    assert found.units[0].evidence[0].says == "started by the Procfile process web"


def test_a_procfile_below_the_root_starts_there(resolved: Resolve) -> None:
    unit = resolved(
        {"web/Procfile": "web: cd src && gunicorn shop:app", "web/src/shop.py": "", "Procfile.dev": "web: flask run"}
    ).unit
    assert (unit.cwd, unit.roots, unit.start.cwd, unit.home) == ("web/src", ("web/src",), "src", None)
    unit = resolved({"Procfile": "web: cd gone && gunicorn shop:app"}).unit
    assert (unit.cwd, unit.roots) == (".", (".",))
    unit = resolved({"Procfile": "web: cd /app/web && python run.py", "web/run.py": ""}).unit
    assert (unit.cwd, unit.home, unit.roots) == ("web", "/app/web", ("web",))


SERVICE = (
    "[Unit]\nDescription=shop\n[Service]\nUser=web\nWorkingDirectory=/srv/shop/web\n"
    "Environment=\"A=1 2\" B=2 bad\nEnvironment='C=3'\n"
    "EnvironmentFile=-/srv/shop/web/conf/app.env\nExecStartPre=/bin/true\n"
    "ExecStart=/srv/shop/venv/bin/gunicorn \\\n  # comment\n  --bind ${HOST}:80 $ARGS $B \\\n"
    "  --name 50%% shop:app\n"
)


def test_systemd(resolved: Resolve) -> None:
    unit = resolved(
        {"deploy/shop.service": SERVICE, "web/shop.py": "", "web/conf/app.env": "HOST=0.0.0.0\nARGS=--workers 2\n"}
    ).unit
    assert (unit.name, unit.kind, unit.user, unit.cwd, unit.home, unit.roots) == (
        "shop",
        "systemd",
        "web",
        "web",
        "/srv/shop/web",
        ("web",),
    )
    assert unit.command == "/srv/shop/venv/bin/gunicorn --bind 0.0.0.0:80 --workers 2 2 --name 50% shop:app"
    assert {n: (v.value, str(v.at)) for n, v in unit.env.items()} == {
        "HOST": ("0.0.0.0", "web/conf/app.env:1"),
        "ARGS": ("--workers 2", "web/conf/app.env:2"),
        "A": ("1 2", "deploy/shop.service:6"),
        "B": ("2", "deploy/shop.service:6"),
        "C": ("3", "deploy/shop.service:7"),
    }
    assert str(unit.at) == "deploy/shop.service:10"
    assert unit.reach is Reach.UNKNOWN


@pytest.mark.parametrize(
    ("lines", "cwd", "home"),
    [
        ("WorkingDirectory=/opt/shop\nExecStart=flask run", ".", "/opt/shop"),
        ("ExecStart=/usr/bin/python3 /opt/shop/web/shop.py", ".", "/opt/shop"),
        ("ExecStart=/usr/bin/python3 /web/shop.py", ".", "/"),
        ("ExecStart=/usr/bin/python3 /opt/elsewhere.py", ".", None),
        ("ExecStart=flask run", ".", None),
        ("WorkingDirectory=~\nExecStart=flask run", ".", None),
        ("ExecStart=gunicorn --chdir /opt/shop/web shop:app", "web", "/opt/shop/web"),
        ("ExecStart=gunicorn --pythonpath /opt/shop/web shop:app", ".", None),
    ],
)
def test_where_a_host_keeps_the_repository(resolved: Resolve, lines: str, cwd: str, home: str | None) -> None:
    unit = resolved({"shop.service": f"[Service]\n{lines}\n", "web/shop.py": ""}).unit
    assert (unit.cwd, unit.home) == (cwd, home)


def test_a_package_named_like_the_server_s_directory_is_imported_from_above_it(resolved: Resolve) -> None:
    service = {"shop.service": "[Service]\nWorkingDirectory=/srv/shop\nExecStart=gunicorn shop.wsgi\n"}
    package = {"shop/__init__.py": "", "shop/wsgi.py": ""}
    assert resolved({**service, **package}).unit.cwd == "."
    assert resolved({**service, "shop/shop/__init__.py": "", "shop/shop/wsgi.py": ""}).unit.cwd == "shop"


def test_a_script_by_its_whole_path_is_the_import_path(resolved: Resolve) -> None:
    unit = resolved({"shop.service": "[Service]\nExecStart=python /opt/shop/web/shop.py\n", "web/shop.py": ""}).unit
    assert unit.roots == ("web",)
    unit = resolved(
        {"shop.service": "[Service]\nExecStart=gunicorn --pythonpath /opt/web shop:app\n", "web/shop.py": ""}
    ).unit
    assert unit.roots == ("web", ".")


def test_systemd_variants(resolved: Resolve) -> None:
    assert resolved({"a.service": "[Service]\nDynamicUser=yes\nExecStart=-@flask run\n"}).unit.user == "dynamic"
    assert (
        resolved(
            {"a.service": "[Service]\nExecStart=flask run\nExecStart=\nExecStart=gunicorn a:b\n"}
        ).unit.start.server
        == "gunicorn"
    )
    assert resolved({"a.service": "[Service]\nExecStart=/bin/sh -c 'exec flask run'\n"}).unit.start.server == "flask"
    assert resolved({"a.service": "[Service]\nEnvironment=A=1\nEnvironment=\nExecStart=flask run\n"}).unit.env == {}
    assert (
        resolved(
            {
                "a.service": "[Service]\nExecStart=/usr/bin/redis-server\n",
                "b.service": "x",
                "c.service": "[Service]\nType=simple\n",
            }
        ).units
        == ()
    )
    found = resolved({"a.service": "[Service]\nType=oneshot\nExecStart=flask db upgrade\n"})
    assert (found.units, found.stack.not_deployed) == ((), {"a.service": "it runs once (Type=oneshot)"})
    found = resolved({"a.service": "[Service]\nEnvironmentFile=/etc/a.env\nExecStart=flask run 'open\n"})
    assert [one.says for one in found.unit.unread] == ["the EnvironmentFile /etc/a.env is not in the repository"]
    assert "the EnvironmentFile /etc/a.env: it is not in the repository (a.service:2)" in found.doubts
    assert "a.service:3: a quote is not closed" in found.doubts


def test_an_environment_file_of_systemd_stands_over_environment(resolved: Resolve) -> None:
    text = (
        "[Service]\nWorkingDirectory=/srv/shop\nEnvironmentFile=/srv/shop/a.env\nEnvironmentFile=-/etc/b.env\n"
        "EnvironmentFile=/srv/shop/c.env\nEnvironment=A=unit B=unit\nExecStart=gunicorn shop:app\n"
    )
    found = resolved({"a.service": text, "shop.py": "", "a.env": "A=a\n", "c.env": "C=c\n"})
    assert {name: (held.value, held.default) for name, held in found.unit.env.items()} == {
        "A": ("a", True),
        "B": ("unit", True),
        "C": ("c", False),
    }


SUPERVISOR = (
    "; comment\n[supervisord]\nnodaemon=true\n[include]\nfiles = conf.d/*.conf\n"
    "[program:web]\ncommand=gunicorn\n  # between\n"
    "  --bind %(ENV_HOST)s:80 %(ENV_GONE)s shop:app ; why\n"
    "directory=/srv/web\nenvironment=A=\"1,2\",B='x',C=3\nuser=www\n[program:off]\n"
    "command=flask run\nautostart=false\n[program:empty]\n[eventlistener:x]\ncommand=y\n"
    "[program:redis]\ncommand: redis-server --x=1\n"
)


def test_supervisor_on_a_host(resolved: Resolve) -> None:
    unit = resolved({"supervisord.conf": SUPERVISOR, "web/shop.py": "", "conf/supervisor/x.conf": "[x]\n"}).unit
    assert (unit.name, unit.kind, unit.user, unit.cwd, unit.home) == ("web", "supervisor", "www", "web", "/srv/web")
    assert (unit.command, str(unit.at)) == ("gunicorn --bind $HOST:80 $GONE shop:app", "supervisord.conf:7")
    assert {n: v.value for n, v in unit.env.items()} == {"A": "1,2", "B": "x", "C": "3"}


@pytest.mark.parametrize(
    "command", ["supervisord -n", "supervisord -c /etc/supervisord.conf", "supervisord -c supervisord.conf"]
)
def test_supervisor_in_an_image(resolved: Resolve, command: str) -> None:
    image = (
        f"FROM python\nWORKDIR /srv\nENV HOST=h\nCOPY . .\n"
        f"COPY supervisord.conf /etc/supervisord.conf\nCOPY more.conf /etc/conf.d/more.conf\n"
        f"CMD {command}\n"
    )
    more = "[program:worker]\ncommand=celery -A shop worker\n[program:bad]\ncommand=flask 'run\ndirectory=sub\n"
    given = {"Dockerfile": image, "supervisord.conf": SUPERVISOR, "supervisor/more.conf": more, "web/shop.py": ""}
    found = resolved({**given, "Dockerfile": image.replace("COPY more", "COPY supervisor/more")})
    web = found.units[0]
    assert (web.name, web.kind, web.env["HOST"].value, web.home, web.cwd, web.command) == (
        "web",
        "image",
        "h",
        "/srv/web",
        "web",
        "gunicorn --bind h:80 $GONE shop:app",
    )
    inside = [unit.name for unit in found.units if unit.kind == "image"]
    assert ("worker" in inside) == ("/etc" in command)
    assert len(web.evidence) == 2


def test_supervisor_without_its_file(resolved: Resolve) -> None:
    found = resolved({"Dockerfile": "FROM python\nCMD supervisord -c /x.conf\n"})
    assert (found.names, found.doubts) == (
        ["Dockerfile"],
        "supervisord -c /x.conf: its configuration is not in the repository (Dockerfile:2)",
    )


def test_honcho(resolved: Resolve) -> None:
    image = "FROM python\nWORKDIR /srv\nCOPY . .\nENV A=1\nCMD honcho start\n"
    found = resolved({"Dockerfile": image, "Procfile": "web: gunicorn a:b\nrelease: x\n"})
    assert [(u.name, u.kind, u.env["A"].value) for u in found.units] == [("web", "image", "1")]
    found = resolved({"Dockerfile": image.replace("start", "-f Procs start")})
    assert found.doubts == "honcho -f Procs start: its Procfile is not in the repository (Dockerfile:5)"


UWSGI = (
    "[other]\nx=1\n[uwsgi]\nhttp = 0.0.0.0:80\nmodule = shop:app\nbase = /srv\n"
    "chdir = %(base)/web\nenv = A=1\nenv = B=$(HOME)\nmaster = true\nthreads = 2\nuid = www\n"
    "ini = %dmore.ini\n"
)


def test_uwsgi_by_its_file(resolved: Resolve) -> None:
    unit = resolved({"conf/uwsgi.ini": UWSGI, "web/shop.py": ""}).unit
    assert (unit.kind, unit.command, unit.start.target, unit.cwd, unit.home, unit.user) == (
        "uwsgi",
        "uwsgi uwsgi.ini",
        "shop:app",
        "web",
        "/srv/web",
        "www",
    )
    assert unit.start.options["http"] == "0.0.0.0:80"
    assert unit.start.options["master"] is True
    assert [(v.name, v.value, str(v.at)) for v in unit.start.env] == [
        ("A", "1", "conf/uwsgi.ini:8"),
        ("B", "$HOME", "conf/uwsgi.ini:9"),
    ]
    assert (
        resolved({"uwsgi.yaml": "uwsgi:\n  wsgi-file: shop.py\n  callable: app\n  master:\n"}).unit.start.target
        == "shop.py:app"
    )
    assert (
        resolved(
            {"uwsgi.ini": "[x]\n", "app.ini": "", "uwsgi.yml": "[]", "deep/er/app.ini": UWSGI, "tox.ini": UWSGI}
        ).units
        == ()
    )


@pytest.mark.parametrize(
    "command",
    [
        "uwsgi --ini conf/uwsgi.ini --processes 2",
        "uwsgi --ini=conf/uwsgi.ini --processes 2",
        "uwsgi conf/uwsgi.ini --processes 2",
    ],
)
def test_uwsgi_started_with_its_file(resolved: Resolve, command: str) -> None:
    found = resolved({"Procfile": f"web: {command}", "conf/uwsgi.ini": UWSGI, "web/shop.py": ""})
    unit = found.unit
    assert (unit.command, str(unit.at), unit.start.target, unit.start.options["processes"]) == (
        command,
        "Procfile:1",
        "shop:app",
        "2",
    )
    assert unit.evidence[-1].says == "read by uWSGI"


def test_uwsgi_whose_file_is_elsewhere(resolved: Resolve) -> None:
    found = resolved({"Procfile": "web: uwsgi --ini /etc/u.ini\nb: uwsgi -w a:b"})
    assert found.names == ["web", "b"]
    assert found.doubts == "uwsgi --ini /etc/u.ini: /etc/u.ini is not in the repository (Procfile:1)"


def test_a_drop_in_of_systemd_stands_over_its_unit(resolved: Resolve) -> None:
    text = "[Service]\nEnvironment=STAGE=production A=1\nExecStart=gunicorn shop:app\n"
    given = {
        "deploy/shop.service": text,
        "deploy/shop.service.d/20-stage.conf": "[Unit]\nX=1\n[Service]\nEnvironment=STAGE=staging\n",
        "deploy/shop.service.d/10-stage.conf": "[Service]\nEnvironment=STAGE=first\nExecStart=\nExecStart=flask run\n",
        "deploy/other.service.d/10-stage.conf": "[Service]\nEnvironment=STAGE=other\n",
        "tests/shop.service.d/30-stage.conf": "[Service]\nEnvironment=STAGE=tests\n",
    }
    unit = resolved(given).unit
    assert {name: (held.value, str(held.at)) for name, held in unit.env.items()} == {
        "A": ("1", "deploy/shop.service:2"),
        "STAGE": ("staging", "deploy/shop.service.d/20-stage.conf:4"),
    }
    assert (unit.start.server, str(unit.at)) == ("flask", "deploy/shop.service.d/10-stage.conf:4")


def test_a_drop_in_without_its_unit_starts_nothing(resolved: Resolve) -> None:
    assert resolved({"shop.service": "[Unit]\n", "shop.service.d/a.conf": "[Service]\nExecStart=x\n"}).units == ()


def test_environment_of_supervisor_is_expanded(resolved: Resolve) -> None:
    text = (
        '[supervisord]\nenvironment=STAGE=prod,KEY="50%% %(here)s"\n[program:web]\n'
        "command=gunicorn shop:app --name %%\n"
        "environment=  # on several lines\n    NAME='%(program_name)s-%(ENV_STAGE)s',\n"
        "    RATE=50%%, HOME=%(ENV_HOME)s  # why\n[program:api]\ncommand=flask run\nenvironment=BROKEN=50%\n"
        '[program:open]\ncommand=flask run --x=%(here)s\nenvironment=A="b\n'
    )
    found = {unit.name: unit for unit in resolved({"supervisord.conf": text}).units}
    assert {name: (held.value, str(held.at)) for name, held in found["web"].env.items()} == {
        "STAGE": ("prod", "supervisord.conf:2"),
        "KEY": (None, "supervisord.conf:2"),
        "NAME": ("web-prod", "supervisord.conf:6"),
        "RATE": ("50%", "supervisord.conf:7"),
        "HOME": (None, "supervisord.conf:7"),
    }
    assert found["web"].command == "gunicorn shop:app --name %"
    assert set(found["api"].env) == set(found["open"].env) == {"STAGE", "KEY"}


def test_what_supervisord_gives_to_every_program_of_an_image(resolved: Resolve) -> None:
    main = "[supervisord]\nenvironment=STAGE=prod\n[include]\nfiles=conf.d/*.conf\n"
    more = "[program:web]\ncommand=gunicorn shop:app\nenvironment=NAME=%(ENV_STAGE)s-%(ENV_HOST)s,BAD\n"
    image = (
        "FROM python\nENV HOST=h STAGE=dev\nCOPY supervisord.conf /etc/\nCOPY conf.d /etc/conf.d\n"
        "CMD supervisord -c /etc/supervisord.conf\n"
    )
    given = {"Dockerfile": image, "supervisord.conf": main, "conf.d/supervisor.conf": more, "shop.py": ""}
    unit = resolved(given).unit
    assert {name: held.value for name, held in unit.env.items()} == {"HOST": "h", "STAGE": "prod", "NAME": "prod-h"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop.service", "[Service]\nWorkingDirectory=/srv/shop\nExecStart=/srv/venv/bin/gunicorn shop.wsgi\n"),
        ("supervisord.conf", "[program:web]\ndirectory=/srv/shop\ncommand=/srv/venv/bin/gunicorn shop.wsgi\n"),
        ("uwsgi.ini", "[uwsgi]\nbase = /srv/shop\nchdir = %(base)\nmodule = shop.wsgi\n"),
        ("Procfile", "web: gunicorn --chdir /srv/shop shop.wsgi\n"),
    ],
)
def test_a_project_in_a_directory_that_is_called_like_its_package(resolved: Resolve, name: str, text: str) -> None:
    unit = resolved({name: text, "shop/wsgi.py": "", "shop/__init__.py": "", "manage.py": ""}).unit
    assert (unit.cwd, unit.home, unit.roots) == (".", "/srv/shop", (".",))
    unit = resolved({name: text, "shop/shop/wsgi.py": "", "shop/manage.py": ""}).unit
    assert (unit.cwd, unit.roots) == ("shop", ("shop",)), "a repository that holds the project's directory"
