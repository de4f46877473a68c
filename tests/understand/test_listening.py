"""Where commands listen and what their own configuration files say, against the real gunicorn and Hypercorn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from batten.understand import DictSources, resolve, understand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batten.model import Unsure
    from batten.understand.subjects import App

APP = """\
import os
from flask import Flask
app = Flask(__name__)
app.config["A"] = os.environ.get("A", "unset")
app.config["HERE"] = "root"
"""

GUNICORN = """\
import json, os, sys
from gunicorn.app.wsgiapp import WSGIApplication
sys.path.insert(0, os.getcwd())
served = WSGIApplication("gunicorn")
cfg = served.cfg
os.environ.update(cfg.env)
sys.path[:0] = [os.path.abspath(path) for path in (cfg.pythonpath or "").split(",") if path]  # as its run() does
app = served.load()
address = cfg.address[0]
print(json.dumps({
    "host": address[0] if isinstance(address, tuple) else "a Unix socket",
    "port": str(address[1]) if isinstance(address, tuple) else None,
    "reload": cfg.reload, "A": app.config["A"], "HERE": app.config["HERE"],
}))
"""

CASES: list[tuple[str, str, dict[str, str]]] = [
    ("nothing", "gunicorn app:app", {}),
    ("the command line", "gunicorn -b 0.0.0.0:80 app:app", {}),
    ("a port of the environment", "gunicorn app:app", {".env": "PORT=5000"}),
    ("every interface by a colon", "gunicorn --bind :8080 app:app", {}),
    ("an address alone", "gunicorn --bind 10.0.0.1 app:app", {}),
    ("version 6", "gunicorn --bind [::]:8080 app:app", {}),
    ("a socket", "gunicorn --bind unix:/run/app.sock app:app", {}),
    ("the file that lies there", "gunicorn app:app", {"gunicorn.conf.py": "bind = '0.0.0.0:81'\nreload = True\n"}),
    ("the command line over the file", "gunicorn -b 127.0.0.1:82 app:app", {"gunicorn.conf.py": "bind = '0.0.0.0:81'"}),
    ("a list", "gunicorn app:app", {"gunicorn.conf.py": "bind = ['0.0.0.0:83', '127.0.0.1:84']"}),
    ("several", "gunicorn app:app", {"gunicorn.conf.py": "bind = ['0.0.0.0:83', '127.0.0.1:84']"}),
    (
        "computed",
        "gunicorn app:app",
        {"gunicorn.conf.py": "import os\nbind = f\"0.0.0.0:{os.getenv('WEB_PORT', '85')}\"\nreload = 'false'\n"},
    ),
    ("another file", "gunicorn -c conf/g.py app:app", {"conf/g.py": "bind = '10.0.0.1:86'", "gunicorn.conf.py": "1/0"}),
    ("a file without an ending", "gunicorn --config conf/g app:app", {"conf/g": "bind = '10.0.0.1:86'"}),
    ("file:", "gunicorn -c file:conf/g.py app:app", {"conf/g.py": "bind = '10.0.0.1:86'"}),
    ("a module", "gunicorn -c python:conf.g app:app", {"conf/g.py": "bind = '10.0.0.2:87'", "conf/__init__.py": ""}),
    ("arguments of the environment", "gunicorn app:app", {".env": 'GUNICORN_CMD_ARGS="--bind=0.0.0.0:88 --reload"'}),
    (
        "arguments of the environment over the file",
        "gunicorn app:app",
        {".env": "GUNICORN_CMD_ARGS=--bind=0.0.0.0:88", "gunicorn.conf.py": "bind = ':89'"},
    ),
    ("the app in the file", "gunicorn", {"gunicorn.conf.py": "wsgi_app = 'app:app'\nbind = ':90'"}),
    ("variables in the file", "gunicorn app:app", {"gunicorn.conf.py": "raw_env = ['A=file', 'B=x']"}),
    ("one variable in the file", "gunicorn app:app", {"gunicorn.conf.py": "raw_env = 'A=file'"}),
    (
        "variables over the environment",
        "gunicorn app:app",
        {".env": "A=env", "gunicorn.conf.py": "raw_env = ['A=file']"},
    ),
    (
        "variables on the command line",
        "gunicorn -e A=line app:app",
        {".env": "A=env", "gunicorn.conf.py": "raw_env = ['A=file']"},
    ),
    ("a file that sets a variable", "gunicorn app:app", {"gunicorn.conf.py": "import os\nos.environ['A'] = 'set'"}),
    (
        "another directory",
        "gunicorn app:app",
        {"gunicorn.conf.py": "chdir = 'sub'", "sub/app.py": APP.replace("root", "sub")},
    ),
    (
        "another place to import from",
        "gunicorn inner:app",
        {"gunicorn.conf.py": "pythonpath = 'lib'", "lib/inner.py": APP.replace("root", "lib")},
    ),
]


def seen(files: Mapping[str, str]) -> tuple[App, list[Unsure]]:
    """Return the one app of a project."""
    doubts: list[Unsure] = []
    sources = DictSources(files)
    found = understand(sources, resolve(sources, doubts.append), {})
    assert len(found.apps) == 1, [str(doubt) for doubt in [*doubts, *found.unsure]]
    return found.apps[0], [*doubts, *found.unsure]


def service(command: str, files: Mapping[str, str]) -> dict[str, str]:
    """Return a project that systemd starts with that command, in the environment of `.env`."""
    given = {name: text for name, text in files.items() if name != ".env"}
    lines = "".join(f"Environment={line}\n" for line in files.get(".env", "").splitlines())
    if files.get(".env", "").startswith("GUNICORN"):
        name, _, value = files[".env"].partition("=")
        lines = f"Environment='{name}={value.strip(chr(34))}'\n"
    unit = f"[Service]\nWorkingDirectory=/srv/shop\n{lines}ExecStart=/usr/bin/{command}\n"
    return {"app.py": APP, **given, "shop.service": unit}


@pytest.mark.process
@pytest.mark.parametrize(("command", "files"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_gunicorn(tmp_path: Path, command: str, files: dict[str, str]) -> None:
    for name, text in {"app.py": APP, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    env = dict(line.split("=", 1) for line in files.get(".env", "").splitlines())
    env = {name: value.strip('"') for name, value in env.items()}
    words = [sys.executable, "-c", GUNICORN, *command.split()[1:]]
    told = subprocess.run(
        words, cwd=tmp_path, env={"PATH": os.environ["PATH"], **env}, capture_output=True, text=True, check=True
    )
    real: dict[str, Any] = json.loads(told.stdout)
    app, doubts = seen(service(command, files))
    assert not doubts
    server = app.servers[0]
    assert (server.host.value, server.port.value if server.port.value is None else str(server.port.value)) == (
        real["host"] or "0.0.0.0",
        real["port"],
    )
    assert server.reload.value is real["reload"]
    assert {name: app.settings[name].value for name in ("A", "HERE")} == {name: real[name] for name in ("A", "HERE")}


def test_what_gunicorns_file_leaves_open() -> None:
    conf = "import os\nbind = f\"0.0.0.0:{os.environ['WEB_PORT']}\"\nraw_env = [f\"A={os.environ['WEB_PORT']}\"]\n"
    app, _ = seen(service("gunicorn app:app", {"gunicorn.conf.py": conf}))
    assert (app.servers[0].host.value, app.servers[0].port.value) == ("0.0.0.0", None)
    assert app.settings["A"].state.value == "unknown"
    app, doubts = seen(service("gunicorn -c /etc/shop/gunicorn.py app:app", {}))
    assert app.servers[0].host.state.value == "unknown"
    assert "the server's configuration is not in the repository" in {doubt.why for doubt in doubts}
    app, _ = seen({"app.py": APP, "Procfile": "web: gunicorn app:app\n"})
    assert (app.servers[0].host.value, app.servers[0].port.value) == ("0.0.0.0", None), "the platform sets PORT"
    app, _ = seen(service("gunicorn app:app", {"gunicorn.conf.py": "import os\nchdir = os.environ['DIR']\n"}))
    assert app.settings["HERE"].value == "root"


def test_where_it_is_written() -> None:
    app, _ = seen(service("gunicorn app:app", {"gunicorn.conf.py": "workers = 2\nbind = '0.0.0.0:81'\n"}))
    assert str(app.servers[0].host.at) == "gunicorn.conf.py:2"
    app, _ = seen(service("hypercorn -c h.toml app:app", {"h.toml": "workers = 2\nbind = '0.0.0.0:81'\n"}))
    assert str(app.servers[0].host.at) == "h.toml:2"


HYPERCORN: list[tuple[str, dict[str, str], tuple[str, str | None, bool]]] = [
    ("hypercorn app:app", {}, ("127.0.0.1", "8000", False)),
    ("hypercorn --bind 0.0.0.0:80 --reload app:app", {}, ("0.0.0.0", "80", True)),
    ("hypercorn -b :80 app:app", {}, ("0.0.0.0", "80", False)),
    ("hypercorn -c h.toml app:app", {"h.toml": "bind = '0.0.0.0:80'\nuse_reloader = true\n"}, ("0.0.0.0", "80", True)),
    ("hypercorn -c h.toml app:app", {"h.toml": "bind = ['[::]:80', '127.0.0.1:81']\n"}, ("::", "80", False)),
    ("hypercorn -c h.toml -b 127.0.0.1:82 app:app", {"h.toml": "bind = '0.0.0.0:80'\n"}, ("127.0.0.1", "82", False)),
    ("hypercorn -c file:h.py app:app", {"h.py": "bind = '0.0.0.0:83'\n"}, ("0.0.0.0", "83", False)),
    ("hypercorn -c python:h app:app", {"h.py": "bind = ['0.0.0.0:84']\n"}, ("0.0.0.0", "84", False)),
    ("hypercorn -c h.toml app:app", {"h.toml": "bind = 'unix:/run/a'\n"}, ("a Unix socket", None, False)),
]


@pytest.mark.parametrize(("command", "files", "expected"), HYPERCORN)
def test_hypercorn(command: str, files: dict[str, str], expected: tuple[str, str | None, bool]) -> None:
    app, _ = seen(service(command, files))
    server = app.servers[0]
    port = None if server.port.value is None else str(server.port.value)
    assert (server.host.value, port, server.reload.value) == expected


def test_what_hypercorns_file_leaves_open() -> None:
    for files in ({}, {"h.toml": "bind = ["}):
        app, doubts = seen(service("hypercorn -c h.toml app:app", files))
        assert app.servers[0].host.state.value == "unknown"
        assert "h.toml" in {doubt.what for doubt in doubts}


OTHERS = [
    ("uvicorn app:app", ("127.0.0.1", "8000")),
    ("uvicorn app:app --host 0.0.0.0 --port 80", ("0.0.0.0", "80")),
    ("uvicorn app:app --host $HOST --port $PORT", (None, None)),
    ("uvicorn app:app --port 80", ("127.0.0.1", "80")),
    ("uvicorn app:app --host=''", ("0.0.0.0", "8000")),
    ("uvicorn app:app --uds /run/a.sock", ("a Unix socket", None)),
    ("granian app:app", ("127.0.0.1", "8000")),
    ("daphne app:app", ("127.0.0.1", "8000")),
    ("daphne -b 0.0.0.0 app:app", ("0.0.0.0", "8000")),
    ("waitress-serve app:app", ("0.0.0.0", "8080")),
    ("waitress-serve --listen=*:80 app:app", ("0.0.0.0", "80")),
    ("waitress-serve --listen=127.0.0.1:80 app:app", ("127.0.0.1", "80")),
    ("waitress-serve --host=127.0.0.1 app:app", ("127.0.0.1", "8080")),
    ("gunicorn -b 0.0.0.0:$PORT app:app", ("0.0.0.0", None)),
    ("gunicorn -b $HOST:80 app:app", (None, None)),
    ("uwsgi --http :80 --module app:app", ("0.0.0.0", "80")),
    ("uwsgi --socket /run/a.sock --module app:app", ("a Unix socket", None)),
]


@pytest.mark.parametrize(("command", "expected"), OTHERS)
def test_other_servers(command: str, expected: tuple[str | None, str | None]) -> None:
    app, _ = seen({"app.py": APP, "Dockerfile": f"FROM python:3.12\nCOPY . .\nCMD {command}\n"})
    server = app.servers[0]
    assert (server.host.value, None if server.port.value is None else str(server.port.value)) == expected


def test_a_server_reloads() -> None:
    for command, on in (
        ("uvicorn app:app --reload", True),
        ("uvicorn app:app --no-reload", False),
        ("uwsgi --http :80 --module app:app --py-autoreload 1", True),
        ("uwsgi --http :80 --module app:app --py-autoreload=0", False),
    ):
        app, _ = seen({"app.py": APP, "Dockerfile": f"FROM python:3.12\nCOPY . .\nCMD {command}\n"})
        assert app.servers[0].reload.value is on, command


@pytest.mark.parametrize(
    ("command", "port"),
    [
        ("gunicorn -b :8080 app:app", 8080),
        ("uvicorn app:app", 8000),
        ("flask run -p 9000", 9000),
        ("python app.py", 7000),
        ("gunicorn -b :$PORT app:app", None),
    ],
)
def test_a_port_is_a_number(command: str, port: int | None) -> None:
    text = APP + "if __name__ == '__main__':\n    app.run(port=7000)\n"
    app, _ = seen(service(command, {"app.py": text}))
    assert app.settings["run.port"].value == port
