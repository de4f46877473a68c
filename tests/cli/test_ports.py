"""`batten ports` as a user types it: a process of its own, beside sockets of this one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from batten.cli.ports import ports

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process


def started(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    argv = (sys.executable, "-m", "batten", "ports", "--format", "json", *words)
    return subprocess.Popen(argv, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def ended(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    try:
        said, wrong = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        raise
    assert said, wrong
    held: dict[str, Any] = json.loads(said)
    return held


def test_ctrl_c_while_a_port_is_asked_leaves_what_was_seen(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        process = started(tmp_path, "127.0.0.1", "--ports", str(port))
        silent.settimeout(40)
        silent.accept()[0].close()  # the scan
        with silent.accept()[0]:  # the first question
            begun = time.monotonic()
            os.kill(process.pid, signal.SIGINT)
            report = ended(process)
    assert process.returncode == 130
    assert time.monotonic() - begun < 5
    assert report["layers"]["ports"] == "interrupted"
    assert [(one["port"], one["says"]) for one in report["listeners"]] == [(port, "interrupted")]
    assert "interrupted" in {doubt["why"] for doubt in report["unsure"]}


def test_ctrl_c_while_the_ports_are_scanned_leaves_what_is_listed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as late:
        port = first.getsockname()[1]
        rest = f"{port},1-{port - 1},{port + 1}-65535"  # the first port that is asked tells that the scan runs
        process = started(tmp_path, "127.0.0.1", "--ports", rest)
        first.settimeout(40)
        first.accept()[0].close()
        os.kill(process.pid, signal.SIGINT)
        report = ended(process)
        listed = {one["port"] for one in report["listeners"]}
        assert {port, late.getsockname()[1]} <= listed
    assert process.returncode == 130
    assert report["layers"]["ports"] == "interrupted"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_what_another_user_may_not_see_is_told() -> None:
    code = (
        "import os, sys; from batten import run; asked = run.PortsRequest(scan=False); run.open_ports(asked); "
        "os.setgroups([]); os.setgid(65534); os.setuid(65534); report = run.open_ports(asked); "
        "print([doubt.what for doubt in report.unsure]); "
        "print([(one['process'], one['says']) for one in report.listeners if one['port'] == int(sys.argv[1])])"
    )
    with socket.create_server(("127.0.0.1", 0)) as held:
        argv = (sys.executable, "-c", code, str(held.getsockname()[1]))
        done = subprocess.run(argv, cwd="/", capture_output=True, text=True, check=False, timeout=60)
    assert "the processes of this machine" in done.stdout, done.stderr
    assert "[(None, 'it keeps silent')]" in done.stdout


def test_a_stranger_needs_a_word() -> None:
    done = CliRunner().invoke(ports, ["192.0.2.7"])
    assert done.exception is not None
    assert "--i-own" in f"{done.exception} {getattr(done.exception, 'hint', '')}"


@pytest.mark.parametrize("text", ["x", "1-x", "0", "5-4", "70000"])
def test_a_list_of_ports_that_is_none(text: str) -> None:
    done = CliRunner().invoke(ports, ["--ports", text])
    assert "is no" in str(done.exception)
