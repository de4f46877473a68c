"""Which server a command starts, with which options."""

from __future__ import annotations

import pytest

from batten.model import Location
from batten.understand.deploy.commands import Launch, Surroundings, launches, parse
from batten.understand.deploy.reading import Reading, Word
from batten.understand.sources import DictSources
from batten.understand.stack import Variable

Told = dict[str, str | bool]


@pytest.mark.parametrize(
    ("command", "server", "target", "options"),
    [
        ("gunicorn shop:app", "gunicorn", "shop:app", {}),
        ("gunicorn -w4 \"shop:create_app('prod', 1)\"", "gunicorn", "shop:create_app('prod', 1)", {"workers": "4"}),
        (
            "gunicorn -b :80 --bind=unix:/run/s -k gevent --reload shop",
            "gunicorn",
            "shop",
            {"bind": ":80,unix:/run/s", "worker-class": "gevent", "reload": True},
        ),
        ("gunicorn --config python:conf.prod", "gunicorn", "", {"config": "python:conf.prod"}),
        ("gunicorn $OPTIONS shop:app", "gunicorn", "shop:app", {}),
        ("gunicorn $APP", "gunicorn", "$APP", {}),
        ("gunicorn --preload -- shop:app", "gunicorn", "shop:app", {"preload": True}),
        ("gunicorn shop:app --timeout", "gunicorn", "shop:app", {"timeout": True}),
        ("gunicorn shop:app -w", "gunicorn", "shop:app", {"workers": True}),
        ("/opt/venv/bin/python -u /opt/venv/bin/gunicorn shop:app", "gunicorn", "shop:app", {}),
        (
            "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000} --factory --no-server-header",
            "uvicorn",
            "main:app",
            {"host": "0.0.0.0", "port": "8000", "factory": True, "server-header": False},
        ),
        ("uvicorn main:app --port $PORT", "uvicorn", "main:app", {"port": "$PORT"}),
        ("hypercorn -b 0.0.0.0:80 --debug main:app", "hypercorn", "main:app", {"bind": "0.0.0.0:80", "debug": True}),
        (
            "daphne -b 0.0.0.0 -p 8001 site.asgi:application",
            "daphne",
            "site.asgi:application",
            {"host": "0.0.0.0", "port": "8001"},
        ),
        (
            "granian --interface wsgi --host 0.0.0.0 shop:app",
            "granian",
            "shop:app",
            {"interface": "wsgi", "host": "0.0.0.0"},
        ),
        (
            "waitress-serve --listen=*:80 --listen=[::]:81 --call shop:make",
            "waitress",
            "shop:make",
            {"listen": "*:80 [::]:81", "call": True},
        ),
        ("python -m waitress --expose-tracebacks shop:app", "waitress", "shop:app", {"expose-tracebacks": True}),
        (
            "uwsgi --http :80 -M -w shop:app --callable x",
            "uwsgi",
            "shop:app",
            {"http": ":80", "master": True, "module": "shop:app", "callable": "x"},
        ),
        ("uwsgi --wsgi-file web.py --callable app", "uwsgi", "web.py:app", {"wsgi-file": "web.py", "callable": "app"}),
        ("uwsgi --http :80", "uwsgi", "", {"http": ":80"}),
        (
            "mod_wsgi-express start-server web.wsgi --port 80 --debug-mode",
            "mod_wsgi",
            "web.wsgi",
            {"port": "80", "debug-mode": True, "command": "start-server"},
        ),
        (
            "flask --app shop --debug run -h 0.0.0.0 -p 80",
            "flask",
            "shop",
            {"app": "shop", "debug": True, "host": "0.0.0.0", "port": "80", "command": "run"},
        ),
        (
            "flask run --no-debugger --no-reload --cert adhoc",
            "flask",
            "",
            {"debugger": False, "reload": False, "cert": "adhoc", "command": "run"},
        ),
        (
            "python -m flask -A shop:make run --debug",
            "flask",
            "shop:make",
            {"app": "shop:make", "debug": True, "command": "run"},
        ),
        ("python3.12 -mflask run", "flask", "", {"command": "run"}),
        ("flask db upgrade", "flask db", "", {}),
        ("flask", "flask", "", {}),
        (
            "python manage.py runserver 0.0.0.0:8000 --noreload --insecure",
            "django",
            "manage.py",
            {
                "host": "0.0.0.0",
                "port": "8000",
                "noreload": True,
                "reload": False,
                "insecure": True,
                "command": "runserver",
            },
        ),
        ("./manage.py runserver 8000", "django", "./manage.py", {"port": "8000", "command": "runserver"}),
        ("django-admin runserver", "django", "django-admin", {"command": "runserver"}),
        ("python -m django runserver", "django", "django", {"command": "runserver"}),
        ("python manage.py migrate", "python", "manage.py", {"arguments": "migrate"}),
        ("python app.py --port '80 81'", "python", "app.py", {"arguments": "--port '80 81'"}),
        ("python -X dev -W ignore -O web/app.py", "python", "web/app.py", {}),
        ("python -c 'print(1)'", "python", "", {"code": "print(1)"}),
        ("python -ucpass", "python", "", {"code": "pass"}),
        ("python -c", "python", "", {"code": ""}),
        ("python", "python", "", {}),
        ("python -m", "python", "", {}),
        ("./serve.py", "python", "./serve.py", {}),
        ("fastapi dev main.py", "fastapi", "main.py", {"reload": True, "command": "dev"}),
        ("fastapi run --port 80", "fastapi", "", {"port": "80", "command": "run"}),
        ("sanic server:app --dev -H 0.0.0.0", "sanic", "server:app", {"dev": True, "host": "0.0.0.0"}),
        (
            "celery -A shop worker -l info -B",
            "celery",
            "shop",
            {"app": "shop", "loglevel": "info", "beat": True, "command": "worker"},
        ),
        ("npm run start", "npm", "run", {"arguments": "run start"}),
        ("", "", "", {}),
    ],
)
def test_programs(command: str, server: str, target: str, options: Told) -> None:
    start = parse(command)
    assert (start.server, start.target, dict(start.options)) == (server, target, options)


def test_a_module_is_run_as_main() -> None:
    start = parse(["python", "-m", "shop.web", "-v"])
    assert (start.target, start.is_module, dict(start.options)) == ("shop.web", True, {"arguments": "-v"})


@pytest.mark.parametrize(
    "command",
    [
        "exec gunicorn a:b",
        "exec -a web gunicorn a:b",
        "env gunicorn a:b",
        "env -i -u X -- gunicorn a:b",
        "env -S 'gunicorn a:b'",
        "env '-Sgunicorn a:b'",
        "nohup gunicorn a:b",
        "nice -n 5 gunicorn a:b",
        "timeout -k 5 30 gunicorn a:b",
        "tini -g -- gunicorn a:b",
        "/usr/bin/dumb-init gunicorn a:b",
        "sudo -E gunicorn a:b",
        "stdbuf -oL gunicorn a:b",
        "poetry run gunicorn a:b",
        "pipenv run gunicorn a:b",
        "uv run --frozen --no-dev --env-file .env gunicorn a:b",
        "pdm run -p . gunicorn a:b",
        "conda run --no-capture-output -n env gunicorn a:b",
        "newrelic-admin run-program gunicorn a:b",
        "ddtrace-run gunicorn a:b",
        "opentelemetry-instrument --service_name shop gunicorn a:b",
        "chamber exec shop -- gunicorn a:b",
        "doppler run -- gunicorn a:b",
        "dotenv -f .env run -- gunicorn a:b",
        "wait-for-it.sh db:5432 -t 30 -- gunicorn a:b",
        "dockerize -wait tcp://db:1 gunicorn a:b",
        "coverage run --source shop -m gunicorn a:b",
        "python -m coverage run -m gunicorn a:b",
        "sh -c 'gunicorn a:b'",
        "bash -euxo pipefail -c 'gunicorn a:b'",
        "bash --login -c 'exec gunicorn a:b'",
        "busybox sh -c 'gunicorn a:b'",
        "sh -c \"sh -c 'gunicorn a:b'\"",
        "python -m gunicorn a:b",
        "python -m gunicorn.app.wsgiapp a:b",
        "hupper --reload-interval 10 -m gunicorn a:b",
        "python manage.py migrate && gunicorn a:b",
        "flask db upgrade; gunicorn a:b",
        "gunicorn a:b; echo bye",
        "./prepare.py && gunicorn a:b | tee log",
        "gunicorn a:b &",
        "celery worker & exec gunicorn a:b",
        "probe && exec gunicorn a:b",
        "python seed.py; gunicorn a:b; python after.py",
    ],
)
def test_wrappers_and_shells_lead_to_the_server(command: str) -> None:
    start = parse(command)
    assert (start.server, start.target) == ("gunicorn", "a:b")


@pytest.mark.parametrize(
    ("command", "server"),
    [
        ("poetry install", "poetry"),
        ("wait-for-it db:1", "wait-for-it"),
        ("coverage report", "coverage"),
        ("coverage run", "coverage"),
        ("env", "env"),
        ("env -u", "env"),
        ("X=1", "X=1"),
        ("su app", "su"),
        ("tini --", "tini"),
        ("watchfiles", "watchfiles"),
        ("sh", "sh"),
        ("sh -c", "sh"),
        ("bash -- missing.sh", "bash"),
        ('env -S "\'"', "'"),
    ],
)
def test_a_wrapper_around_nothing_is_a_program(command: str, server: str) -> None:
    words = command.split() if "X=1" not in command else [command]
    assert parse(words).server == server


def test_wrappers_tell_users_reload_and_debuggers() -> None:
    assert parse("gosu app gunicorn a:b").user == "app"
    assert parse("su-exec app:web gunicorn a:b").user == "app:web"
    assert parse("sudo -u www gunicorn a:b").user == "www"
    assert parse("setpriv --reuid=web gunicorn a:b").user == "web"
    assert parse("gunicorn --user web a:b").user == "web"
    su = parse("su - app -s /bin/sh -c 'exec gunicorn a:b'")
    assert (su.server, su.user) == ("gunicorn", "app")
    assert parse("watchmedo auto-restart -d . -- python app.py").options == {"reload": True}
    assert parse("watchfiles --filter python 'flask run' src").server == "python"
    assert parse("watchfiles 'flask run' src").options == {"command": "run", "reload": True}
    debug = parse("python -m debugpy --listen 0.0.0.0:5678 -m flask run")
    assert (debug.server, debug.options["debugpy"]) == ("flask", "0.0.0.0:5678")
    assert parse("python -m debugpy --wait-for-client app.py").options == {"debugpy": True}
    assert parse("python -m debugpy").target == "debugpy"


def test_variables_inside_the_command() -> None:
    def env(command: str) -> dict[str, str | None]:
        return {variable.name: variable.value for variable in parse(command).env}

    assert env("FLASK_DEBUG=1 flask run") == {"FLASK_DEBUG": "1"}
    assert env("env A=1 'B=x y' flask run") == {"A": "1", "B": "x y"}
    assert env("A=1 env B=$HOST flask run") == {"A": "1", "B": None}
    assert env("gunicorn -e A=1 --env=B=2 -e C --env D=$HOST a:b") == {"A": "1", "B": "2", "D": None}
    assert env("uwsgi --env A=1 -w a:b") == {"A": "1"}
    assert env("A=1 sh -c 'B=2 exec flask run'") == {"B": "2"}


def test_directories() -> None:
    assert parse("gunicorn a:b").cwd is None
    assert parse("gunicorn --chdir web a:b").cwd == "web"
    assert parse("cd src && gunicorn --chdir web a:b").cwd == "src/web"
    assert parse("cd /srv/app && gunicorn a:b").cwd == "/srv/app"


def test_gunicorn_takes_arguments_from_its_variable() -> None:
    def options(value: str | None) -> Told:
        variable = Variable("GUNICORN_CMD_ARGS", value, Location(file="Dockerfile", line=2), "ENV")
        return dict(parse("gunicorn --bind :1 a:b", {"GUNICORN_CMD_ARGS": variable}).options)

    assert options("--bind :2 --reload") == {"bind": ":1", "reload": True}
    assert options(None) == options("--x '") == {"bind": ":1"}


def around(files: dict[str, str]) -> Surroundings:
    reading = Reading(DictSources(files), lambda _: None)

    def read(path: str, _cwd: str) -> tuple[str, str] | None:
        path = path.removeprefix("./").removeprefix("/")
        return (path, files[path]) if path in files else None

    return Surroundings(reading, {}, read)


def started(files: dict[str, str], *words: str) -> list[Launch]:
    return list(launches([Word(w, Location(file="Dockerfile", line=1)) for w in words], around(files)))


def test_scripts_of_the_repository_are_followed() -> None:
    files = {"run.sh": "#!/bin/sh\nX=1 ./serve web\n", "serve": "#!/usr/bin/env bash\nexec gunicorn a:b --name $1-$X\n"}
    (launch,) = started(files, "/run.sh")
    assert launch.command == "gunicorn a:b --name web-1"
    assert [str(evidence.at) for evidence in launch.trail] == ["run.sh:1", "serve:2"]
    assert [v.name for v in launch.env.values()] == ["X"]
    (launch,) = started(files, "bash", "-x", "serve", "web")
    assert launch.words[0].at == Location(file="serve", line=2)


def test_other_files_are_not_scripts() -> None:
    assert started({"serve": "import sys\n"}, "./serve")[0].start.server == "serve"
    assert started({"run.sh": "#!/usr/bin/env python\n"}, "./run.sh")[0].start.server == "run.sh"
    assert started({"run.sh": "./run.sh\n"}, "./run.sh")[0].start.server == "run.sh"
    assert started({"run.sh": ""}, "./run.sh") == []


def test_several_processes_and_undecided_ones() -> None:
    found = started({"run.sh": "celery -A a worker &\nsleep 1 &\ngunicorn a:b\n"}, "./run.sh")
    assert [launch.start.server for launch in found] == ["gunicorn", "celery"]
    found = started({"run.sh": "celery -A a worker &\ngunicorn a:b &\nwait -n\n"}, "./run.sh")
    assert [launch.start.server for launch in found] == ["celery", "gunicorn"]
    found = started({"run.sh": "if probe; then exec flask run; else exec gunicorn a:b; fi"}, "./run.sh")
    assert [launch.start.server for launch in found] == ["flask", "gunicorn"]
    found = started({"run.sh": "if probe; then echo a; fi\necho b"}, "./run.sh")
    assert [launch.start.server for launch in found] == []
    assert started({"run.sh": "./other/tool; ./thing"}, "./run.sh")[0].start.server == "thing"
    assert started({"run.sh": "python manage.py migrate\n./other/tool\n"}, "./run.sh")[0].start.server == "tool"


def test_the_command_is_shown_on_one_line() -> None:
    assert parse(["gunicorn", "a:b"]).server == "gunicorn"
    assert parse([]).server == ""
    launch = started({}, "gunicorn", "a:make(1,\n 2)", "", 'say "x y"')[0]
    assert launch.command == 'gunicorn "a:make(1, 2)" \'\' say "x y"'


def test_odd_wrappers() -> None:
    assert parse("nice " * 30 + "gunicorn a:b").server == "nice"
    assert parse("tini -g").server == "tini"
    assert parse(["env", "-S", "gunicorn it's"]).target == "it's"
