"""An app of the project's own, in a process of its own: WSGI and ASGI, what it gets, how it fails, how it ends."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest

from batten.collect.app import StartedApp
from batten.collect.app.started import python_of
from batten.collect.http import Fetcher, consented
from batten.model import BattenError
from batten.understand.answers.wish import get

pytestmark = pytest.mark.process

WSGI = """\
import os

print("port of call")


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [(os.environ.get("GREETING", "-") + os.environ.get("FLASK_DEBUG", "-")).encode()]


def make():
    return app
"""
ASGI = """\
async def application(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"async"})
"""


def living(group: int) -> list[int]:
    """Return the processes of a group that have not ended; one that nobody has waited for has."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of = stat.read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                found.append(int(stat.parent.name))
    return found


def read(started: StartedApp) -> tuple[str, str | None]:
    with Fetcher([consented(started.url)]) as fetch:
        (chain,) = fetch([get(started.url)])
    assert chain.last is not None
    return chain.last.text, chain.last.first("server")


@pytest.mark.parametrize("spec", ["shop:app", "shop:make()", "shop"])
def test_a_wsgi_app_gets_what_is_given_and_nothing_of_the_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spec: str
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    (tmp_path / "shop.py").write_text(WSGI)
    with StartedApp(spec, str(tmp_path), {"GREETING": "ahoy"}) as started:
        assert read(started) == ("ahoy-", None)
    assert [path.name for path in tmp_path.iterdir()] == ["shop.py"]


def test_an_asgi_app_is_served_by_a_server_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(ASGI)
    with StartedApp("shop:application", str(tmp_path), {}) as started:
        assert read(started) == ("async", None)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed where Linux lists them")
def test_nothing_is_left_running(tmp_path: Path) -> None:
    child = "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    (tmp_path / "shop.py").write_text(child + WSGI)
    with StartedApp("shop:app", str(tmp_path), {}) as started:
        group = started._process.pid if started._process else 0
        assert len(living(group)) == 2
    assert living(group) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("raise RuntimeError('no SECRET_KEY')\n", "no SECRET_KEY"),
        ("import sys\nsys.exit('bye')\n", "bye"),
        ("other = 1\n", "AttributeError"),
    ],
)
def test_an_app_that_does_not_start_says_why(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "shop.py").write_text(text)
    with pytest.raises(BattenError, match="could not be started") as told, StartedApp("shop:app", str(tmp_path), {}):
        pass
    assert why in str(told.value)
    assert told.value.code == 4


def test_the_interpreter_is_the_project_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    assert python_of(str(tmp_path)) == sys.executable
    home = tmp_path / ".venv" / "bin"
    home.mkdir(parents=True)
    (home / "python").symlink_to(sys.executable)
    assert python_of(str(tmp_path)) == str(home / "python")
