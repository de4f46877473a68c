"""Real servers, each in a process of its own on a port of 127.0.0.1 that the kernel chose, ended by its id."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

APPS = Path(__file__).parent / "apps"
_START_S = 30
_ADDRESS = re.compile(rb"(?:https?://|ACCEPT )(127\.0\.0\.1:\d+)")
_KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")


class Started:
    """A server for as long as it is entered.

    One that can take a socket is handed a listening one, as `{fd}` and `{port}` in its command: whoever connects
    waits in its queue until the server is ready. Any other (`prints`) chooses port 0 and prints its address.
    """

    def __init__(
        self,
        *argv: str,
        cwd: Path = APPS,
        prints: bool = False,
        scheme: str = "http",
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.argv = argv
        self.cwd = cwd
        self.scheme = scheme
        self.env = env or {}
        self.prints = prints
        self.files: dict[Path, str] = {}
        """To be written before the start, with what is known then."""
        self.port = 0
        self._listening: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the server runs

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/"

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def __enter__(self) -> Self:
        handed: tuple[int, ...] = ()
        if not self.prints:
            self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
            self.port = self._listening.getsockname()[1]
            handed = (self._listening.fileno(),)
        told = {"fd": str(handed[0]) if handed else "", "port": str(self.port)}
        for path, text in self.files.items():
            path.write_text(_filled(text, told), encoding="utf-8")
        env = {**{name: os.environ[name] for name in _KEPT if name in os.environ}, "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            [_filled(word, told) for word in self.argv],
            cwd=self.cwd,
            env=env | {name: _filled(value, told) for name, value in self.env.items()},
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
            pass_fds=handed,
            start_new_session=True,
        )
        if self._listening is not None:
            self._listening.close()
        else:
            try:
                self.port = self._printed()
            except BaseException:
                self._end()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _printed(self) -> int:
        ends = time.monotonic() + _START_S
        while time.monotonic() < ends:
            found = _ADDRESS.search(self.said())
            if found is not None:
                return int(found[1].rpartition(b":")[2])
            if self._process is None or self._process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"{self.argv[0]} did not say where it listens: {self.said()!r}")

    def said(self) -> bytes:
        """Return what the server has written so far, to both streams."""
        return os.pread(self._said.fileno(), 64 * 1024, 0)

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        for number, seconds in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 5.0)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                break
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what the server itself started
        self._said.close()


def _filled(text: str, told: dict[str, str]) -> str:
    for name, value in told.items():
        text = text.replace("{" + name + "}", value)
    return text


def python(*argv: str, prints: bool = False, cwd: Path = APPS, env: Mapping[str, str] | None = None) -> Started:
    """Return a Python program as a server."""
    return Started(sys.executable, "-u", *argv, prints=prints, cwd=cwd, env=env)


def gunicorn(app: str, **env: str) -> Started:
    """Return an app under gunicorn."""
    return python("-m", "gunicorn", "--bind", "fd://{fd}", "--threads", "4", "--no-control-socket", app, env=env)


def uvicorn(app: str, **env: str) -> Started:
    """Return an app under uvicorn."""
    return python("-m", "uvicorn", "--fd", "{fd}", app, env=env)
