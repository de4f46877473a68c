"""What servers are told besides their address, by commands, files and variables."""

from __future__ import annotations

import pytest

from batten.run.evaluated import understood
from batten.understand import DictSources, resolve
from batten.understand.open_sockets import is_reached, protocol_sockets

APP = "from flask import Flask\n\napp = Flask(__name__)\n"


def options(files: dict[str, str]) -> dict[str, object]:
    sources = DictSources({"app.py": APP, **files})
    seen = understood(sources, resolve(sources, lambda _: None), {})
    return {name: value.value for name, value in seen.apps[0].servers[0].options.items()}


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("gunicorn --timeout 0 --limit-request-line=0 app:app", {"timeout": "0", "limit-request-line": "0"}),
        ("gunicorn -t 30 app:app", {"timeout": "30"}),
        ("gunicorn app:app", {}),
        ("uvicorn --log-level trace app:app", {"log-level": "trace"}),
        ("hypercorn --log-level debug app:app", {"log-level": "debug"}),
        ("waitress-serve app:app", {}),
    ],
)
def test_on_the_command_line(command: str, told: dict[str, str]) -> None:
    assert options({"Procfile": f"web: {command}\n"}) == told


def test_in_the_servers_own_file() -> None:
    text = "limit_request_field_size = 0\ntimeout = 0\nloglevel = 'debug'\n"
    told = options({"Procfile": "web: gunicorn --timeout 9 app:app\n", "gunicorn.conf.py": text})
    assert told == {"limit-request-field-size": 0, "timeout": "9", "log-level": "debug"}
    toml = options({"Procfile": "web: hypercorn --config h.toml app:app\n", "h.toml": 'loglevel = "debug"\n'})
    assert toml == {"log-level": "debug"}


@pytest.mark.parametrize(
    ("lines", "ports"),
    [
        ("socket = :3031", [3031]),
        ("socket = *:3031\nsocket = /run/a.sock", [3031]),
        ("uwsgi-socket = [::]:3031\nprotocol = http", [3031]),
        ("socket = :3031\nprotocol = http", []),
        ("socket = :3031\nprotocol = uwsgi", [3031]),
        ("http-socket = :3031", []),
        ("socket = 10.0.0.4:3031", []),
    ],
)
def test_sockets_of_uwsgi(lines: str, ports: list[int]) -> None:
    sources = DictSources({"app.py": APP, "uwsgi.ini": f"[uwsgi]\nmodule = app:app\n{lines}\n"})
    (app,) = understood(sources, resolve(sources, lambda _: None), {}).apps
    found = [port for port, _ in protocol_sockets(app.servers[0])]
    assert found == ports
    assert all(is_reached(app, app.servers[0], port) for port in found)


def test_a_file_of_uwsgi_beside_dockerfiles_is_taken_to_run_in_a_container() -> None:
    ini = {"uwsgi.ini": "[uwsgi]\nmodule = app:app\nsocket = :3031\n", "app.py": APP}
    for more, contained in (({}, False), ({"nginx/Dockerfile": "FROM nginx:1.27\n"}, True)):
        sources = DictSources({**ini, **more})
        (app,) = understood(sources, resolve(sources, lambda _: None), {}).apps
        assert app.servers[0].contained is contained
