"""Starts the project's app in a process of its own, and ends it with all that it started."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Self

from batten.model import BattenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_START_S = 20.0
_END_S = 3.0
_SERVE = os.path.join(os.path.dirname(__file__), "serve.py")
_KEPT = frozenset(
    "PATH HOME USER LANG LC_ALL LC_CTYPE TZ TMPDIR TEMP TMP SYSTEMROOT PYTHONPATH VIRTUAL_ENV LD_LIBRARY_PATH".split()
)
"""What an app gets of the caller's own environment: where things are, never what is set at a developer's desk."""
_LAST_LINES = 6
_INCOMPLETE = 4


class StartedApp:
    """One app, served on a free port of 127.0.0.1 for as long as it is entered."""

    def __init__(self, spec: str, directory: str, env: Mapping[str, str], *, command: Sequence[str] = ()) -> None:
        """Prepare to start `module:name` in a directory, with these variables and no others of the caller's.

        `command` is one of a server that takes `--bind`, to be run in place of our own; its first word is its module.
        """
        self.spec = spec
        self.directory = directory
        kept = {name: os.environ[name] for name in _KEPT & os.environ.keys()}
        self.env = {"PYTHONDONTWRITEBYTECODE": "1", **kept, **env}
        self.port = 0
        self._command = tuple(command)
        self._free = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the app runs

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}/"

    def __enter__(self) -> Self:
        """Start it, and wait until it listens.

        Raises:
            BattenError: it does not start (code 4); the message holds the last lines that it wrote.
        """
        python = python_of(self.directory)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the user asked for this app to be started
                [python, *self._words()],
                cwd=self.directory,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._said,
                start_new_session=True,
            )
        except OSError as error:
            raise BattenError(f"{python} cannot be started: {error.strerror}", code=_INCOMPLETE) from error
        try:
            self.port = self._bound(self._process) if self._command else self._port(self._process)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and all that it started."""
        self._end()

    def has_server(self, module: str) -> bool:
        """Return whether the project's Python has a module."""
        asked = [python_of(self.directory), "-c", f"import importlib.util as u; exit(u.find_spec({module!r}) is None)"]
        done = subprocess.run(asked, cwd=self.directory, env=self.env, capture_output=True, timeout=20, check=False)  # noqa: S603 - as above
        return done.returncode == 0

    def _words(self) -> list[str]:
        if not self._command:
            return [_SERVE, self.spec]
        with socket.create_server(("127.0.0.1", 0)) as held:
            self._free = int(held.getsockname()[1])
        server, *rest = self._command
        address = f"127.0.0.1:{self._free}"
        bind = ["--host", "127.0.0.1", "--port", str(self._free)] if server == "uvicorn" else ["--bind", address]
        early = ["--preload"] if server == "gunicorn" else []  # it loads the app before it listens, as the others do
        return ["-m", server, *bind, *early, *rest]

    def _bound(self, process: subprocess.Popen[bytes]) -> int:
        """Return the port that was chosen for the server, once it accepts connections."""
        ends = time.monotonic() + _START_S
        while time.monotonic() < ends:
            if process.poll() is not None:
                raise self._failed("it ended before it listened")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._free), 0.5):
                return self._free
            time.sleep(0.05)
        raise self._failed(f"it did not listen within {_START_S:g} s")

    def _port(self, process: subprocess.Popen[bytes]) -> int:
        """Return the port that the process says it listens on; what the app itself prints is passed over."""
        out = process.stdout
        if out is None:
            raise RuntimeError
        os.set_blocking(out.fileno(), False)
        ends = time.monotonic() + _START_S
        held = b""
        while time.monotonic() < ends:
            ready, _, _ = select.select([out], [], [], 0.1)
            chunk = out.read(4096) if ready else None
            held = (held + (chunk or b""))[-65536:]
            for line in held.split(b"\n")[:-1]:
                if line.startswith(b"port ") and line[5:].strip().isdigit():
                    return int(line[5:])
            if chunk == b"" or (not ready and process.poll() is not None):
                raise self._failed("it ended before it listened")
        raise self._failed(f"it did not listen within {_START_S:g} s")

    def _failed(self, why: str) -> BattenError:
        lines = "\n".join(f"  | {line}" for line in self._last())
        hint = "--env NAME=VALUE for what it needs; --project DIRECTORY for where it is"
        what = f"{self.spec} could not be started: {why}"
        return BattenError(f"{what}\n{lines}" if lines else what, hint=hint, code=_INCOMPLETE)

    def _last(self) -> Iterator[str]:
        """Yield the last lines that the process wrote to standard error."""
        self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, self._said.tell() - 4096))
        text = self._said.read().decode("utf-8", "replace")
        yield from text.splitlines()[-_LAST_LINES:]

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        for number, seconds in ((signal.SIGTERM, _END_S), (signal.SIGKILL, _END_S)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                break
        if process.stdout is not None:
            process.stdout.close()
        self._said.close()


def python_of(directory: str) -> str:
    """Return the interpreter of a project: of its own virtual environment, of the one that is active, else our own."""
    active = os.environ.get("VIRTUAL_ENV", "")
    homes = [os.path.join(directory, name) for name in (".venv", "venv", "env")] + ([active] if active else [])
    for home in homes:
        for place in (("bin", "python"), ("Scripts", "python.exe")):
            path = os.path.join(home, *place)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    return sys.executable
