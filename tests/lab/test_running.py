"""The lab as it runs: started on 127.0.0.1 only, edited, ended with nothing left behind."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

import batten
from batten.cli import run
from batten.collect.lab import Child, copied, free_port, pythons
from batten.model import BattenError
from batten.run.lab import Stack, running

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = str(Path(batten.__file__).parents[1])
WAIT_S = 40


@contextmanager
def lab_up(*args: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Type `batten lab up`, wait until it tells its doors, and end it by its id if the test did not."""
    words = [sys.executable, "-m", "batten", "lab", "up", *args]
    env = {"PYTHONPATH": SOURCE, "PATH": "/usr/bin:/bin:/usr/local/bin", **more}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        said = ""
        try:
            for line in process.stdout:
                said += line
                if line.startswith("Ctrl-C"):
                    break
            else:
                assert process.stderr is not None
                pytest.fail(process.stderr.read())
            yield process, said
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(WAIT_S)


def told(said: str, name: str) -> str:
    return next(line for line in said.splitlines() if line.strip().startswith(name)).split()[-1]


def answer(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as held:
            return held.status, held.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def started_by(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def has_ended(process: psutil.Process) -> bool:
    """Return whether a process is gone, waiting a little; one that nobody has waited for has ended."""
    for _ in range(100):
        with suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                time.sleep(0.05)
                continue
        return True
    return False


@pytest.mark.process
def test_every_door_is_open_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "shop"
    with lab_up("--port", "0", str(directory)) as (process, said):
        shop = told(said, "shop")
        assert shop.startswith("http://127.0.0.1:")
        status, page = answer(f"{shop}price/anchor/usd")
        assert (status, "EVALEX = true" in page, "store.GOODS[item]" in page) == (500, True, True)
        assert "Interactive Console" in answer(f"{shop}console")[1]
        assert "Traceback (most recent call last)" in answer(f"{shop}api/orders")[1]
        assert "MAIL_PASSWORD=" in answer(f"{shop}.env")[1]
        assert answer(f"{shop}.git/HEAD") == (200, "ref: refs/heads/main\n")
        assert "1001.txt" in answer(f"{shop}files/")[1]
        children = started_by(process)
        assert children
        held = {at.laddr.ip for child in children for at in child.net_connections("tcp") if at.status == "LISTEN"}
        assert held == {"127.0.0.1"}
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT_S) == 0
    assert all(has_ended(child) for child in children)
    assert (directory / "app.py").is_file()
    assert running(int(shop.rstrip("/").rpartition(":")[2])) is None


@pytest.mark.process
def test_ended_by_a_signal_it_removes_its_own_copy() -> None:
    with lab_up("--port", "0", "--hardened") as (process, said):
        assert said.startswith("The chandlery, hardened")
        where = Path(next(line for line in said.splitlines() if "served from" in line).split()[2])
        assert (where / "app.py").is_file()
        shop = told(said, "shop")
        assert answer(f"{shop}price/anchor/usd") == (500, "Something went wrong on our side. It is in our log.")
        assert answer(f"{shop}.env")[0] == answer(f"{shop}console")[0] == answer(f"{shop}files/")[0] == 404
        children = started_by(process)
        process.terminate()
        assert process.wait(WAIT_S) == 0
    assert not where.parent.exists()
    assert all(has_ended(child) for child in children)


@pytest.mark.process
def test_the_debugger_ends_even_where_its_parent_is_killed(tmp_path: Path) -> None:
    with lab_up("--port", "0", str(tmp_path / "shop"), TMPDIR=str(tmp_path)) as (process, _):
        shop = [child for child in started_by(process) if any("serve.py" in word for word in child.cmdline())]
        others = [child for child in started_by(process) if child not in shop]
        process.kill()
        process.wait(WAIT_S)
        for child in others:  # Redis does not watch its parent
            child.terminate()
    assert len(shop) == 1
    assert has_ended(shop[0])


@pytest.mark.process
def test_an_edit_starts_it_again_and_a_broken_one_waits(tmp_path: Path) -> None:
    directory = tmp_path / "shop"
    with lab_up("--port", "0", str(directory)) as (process, said):
        assert process.stderr is not None
        config = directory / "config.py"
        text = config.read_text()
        config.write_text(text + "no python\n")
        assert "the shop could not be started" in process.stderr.readline()
        config.write_text(text.replace('"SHOP_DEBUG", "true"', '"SHOP_DEBUG", "false"'))
        while "started again on" not in process.stderr.readline():
            assert process.poll() is None
        assert answer(f"{told(said, 'shop')}console")[0] == 404


@pytest.mark.process
def test_on_a_terminal_the_walk_waits_for_enter(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "batten", "lab", "tour", "--port", "1"]
    env = {"PYTHONPATH": SOURCE, "PATH": "/usr/bin:/bin:/usr/local/bin", "NO_COLOR": "1", "TMPDIR": str(tmp_path)}
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        said = b""
        for _ in range(2):
            while not said.endswith(b"Ctrl-C ends.\r\n"):
                said += os.read(ours, 4096)
            os.write(ours, b"\n")
            said += os.read(ours, 4096)
        assert b"2 of 8" in said
        process.send_signal(signal.SIGINT)
        with suppress(OSError):  # Linux tells so that the other end is closed
            while os.read(ours, 4096):
                pass
        os.close(ours)
        assert process.wait(WAIT_S) == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "localhost"])
def test_any_other_address_is_refused(capsys: pytest.CaptureFixture[str], host: str) -> None:
    assert run(["lab", "up", "--host", host]) == 2
    assert f"the lab is not started on {host}" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        assert run(["lab", "up", "--port", str(port)]) == 2
    said = capsys.readouterr().err
    assert f"port {port} of 127.0.0.1 is taken" in said
    assert "--port N" in said


def test_a_directory_that_holds_something_else_is_left_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    assert run(["lab", "up", "--port", "0", str(tmp_path)]) == 2
    assert "neither empty nor a copy of the lab" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    assert run(["lab", "check", str(tmp_path)]) == 2
    assert "holds no copy of the lab" in capsys.readouterr().err


def test_both_copies_are_told_apart_and_a_copy_is_not_made_another(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["lab", "copy", str(tmp_path)]) == 0
    assert run(["lab", "up", "--port", "0", str(tmp_path)]) == 2
    assert f"batten lab up {tmp_path / 'unlocked'}" in capsys.readouterr().err
    assert run(["lab", "up", "--port", "0", "--hardened", str(tmp_path / "unlocked")]) == 2
    assert "holds a copy already" in capsys.readouterr().err


def test_without_flask_it_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pythons, "_ASK", "raise SystemExit(1)")
    with pytest.raises(BattenError, match="no Python here has all that it needs") as raised:
        Stack()
    assert "pip install 'batten[lab]'" in raised.value.hint


@pytest.mark.process
def test_an_app_that_opens_another_address_is_ended_at_once(tmp_path: Path) -> None:
    copy = copied("unlocked", str(tmp_path / "shop"))
    app = Path(copy.directory, "app.py")
    extra = "import socket\nheld = socket.create_server(('0.0.0.0', 0))\n"
    app.write_text(extra + app.read_text().partition("\n")[2])
    with pytest.raises(BattenError, match=r"it listened on 0\.0\.0\.0 too, and was ended at once") as raised:
        Stack(directory=copy.directory).__enter__()
    assert raised.value.code == 4


@pytest.mark.process
def test_what_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "print('no bread'); raise SystemExit(3)"]
    with pytest.raises(BattenError, match=r"it ended before it listened\n  \| no bread"):
        Child("the galley", words, str(tmp_path), {}, free_port())


def test_compose_says_how_redis_is_started(tmp_path: Path) -> None:
    copy = copied("hardened", str(tmp_path / "shop"))
    assert copy.cache({"REDIS_PASSWORD": "a b"}) == ["--requirepass", "a", "b"]
    assert "REDIS_PASSWORD" in copy.required()
    assert copy.given() == {}
    compose = Path(copy.directory, "compose.yaml")
    compose.write_text(
        'services:\n  kept:\n    image: redis\n    command: ["redis-server", "/etc/app.py.conf", "${X:-y}"]\n'
    )
    assert copy.cache({}) == ["/etc/app.py.conf", "y"]
    Path(copy.directory, "app.py.conf").touch()
    assert copy.cache({}) == [f"{copy.directory}/app.py.conf", "y"]
    for broken in ("services: [", "services: 3", "[]", "services: {shop: {image: x}}"):
        compose.write_text(broken)
        assert copy.cache({}) is None


def test_an_env_file_is_handed_over_where_compose_says_so(tmp_path: Path) -> None:
    copy = copied("unlocked", str(tmp_path / "shop"))
    assert copy.given()["MAIL_SERVER"] == "mail.chandlery.example"
    before = copy.stamp()
    Path(copy.directory, ".env").unlink()
    assert copy.given() == {}
    assert copy.stamp() != before
