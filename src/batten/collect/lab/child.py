"""One process of the lab: started in a session of its own, seen to listen on 127.0.0.1 only, ended by its id."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

from batten.model import BattenError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ADDRESS = "127.0.0.1"
SERVE = os.path.join(os.path.dirname(__file__), "serve.py")
"""Runs the shop where production runs `python app.py`; started by its path, with any Python that has Flask."""
_START_S = 20.0
_END_S = 3.0
_STEP_S = 0.05
_KEPT = frozenset("PATH HOME USER LANG LC_ALL LC_CTYPE TZ TMPDIR SYSTEMROOT LD_LIBRARY_PATH".split())
"""What a process gets of the caller's own environment: where things are, never what is set at a developer's desk."""
_LAST_LINES = 6
_SAID = 64 * 1024
_INCOMPLETE = 4
_MOST_TRIES = 50
_FIRST_PORT, _PAIRS = 20_000, 6_000
"""Below what Linux (from 32,768) and macOS (from 49,152) give to clients."""


class Child:
    """One server of the lab, from its start to its end."""

    def __init__(self, name: str, words: Sequence[str], directory: str, env: Mapping[str, str], port: int) -> None:
        """Start it, and wait until it listens on its port.

        Raises:
            BattenError: it does not, or it listens on another address as well (code 4); it has been ended then.
        """
        self.name = name
        self.port = port
        kept = {key: os.environ[key] for key in _KEPT & os.environ.keys()}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the process runs
        self._process = subprocess.Popen(  # noqa: S603 - the user asked for the lab to be started
            list(words),
            cwd=directory,
            env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **kept, **env},
            stdin=subprocess.PIPE,  # held open: serve.py ends when it is closed
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C is for the parent, which then ends this one
        )
        try:
            self._wait()
        except BaseException:
            self.end()
            raise

    @property
    def pid(self) -> int:
        """Its process id, which is its group's too."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process.poll() is None

    def said(self) -> str:
        """Return the end of what it wrote."""
        self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, self._log.tell() - _SAID))
        return self._log.read().decode("utf-8", "replace")

    def end(self) -> None:
        """End it and all that it started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_S)
                break
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)  # what its first process left behind
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._log.close()

    def _wait(self) -> None:
        ends = time.monotonic() + _START_S
        while time.monotonic() < ends:
            if not self.is_running:
                raise self._failed("it ended before it listened")
            open_at = self._listens()
            elsewhere = sorted({at for at, _ in open_at if at != ADDRESS})
            if elsewhere:
                raise self._failed(f"it listened on {', '.join(elsewhere)} too, and was ended at once")
            if (ADDRESS, self.port) in open_at:
                return
            time.sleep(_STEP_S)
        raise self._failed(f"it did not listen within {_START_S:g} s")

    def _listens(self) -> set[tuple[str, int]]:
        """Return where it and all that it started accept connections."""
        import psutil  # noqa: PLC0415 - only this asks for it

        found = set()
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(self.pid)
            for one in (first, *first.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    found |= {(c.laddr.ip, c.laddr.port) for c in one.net_connections("tcp") if c.status == "LISTEN"}
        return found

    def _failed(self, why: str) -> BattenError:
        lines = "\n".join(f"  | {line}" for line in self.said().splitlines()[-_LAST_LINES:])
        what = f"{self.name} could not be started: {why}"
        return BattenError(f"{what}\n{lines}" if lines else what, code=_INCOMPLETE)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.create_server((ADDRESS, 0)) as held:
        return int(held.getsockname()[1])


def free_pair() -> int:
    """Return a port of 127.0.0.1 that nothing listens on, as nothing does on the next.

    It is none that the system gives to clients by itself: one of those may be taken before a server has started.

    Raises:
        BattenError: many were tried.
    """
    for _ in range(_MOST_TRIES):
        port = _FIRST_PORT + 2 * secrets.randbelow(_PAIRS)
        if is_free(port) and is_free(port + 1):
            return port
    raise BattenError(f"no two free ports were found on {ADDRESS}", code=_INCOMPLETE)


def is_free(port: int) -> bool:
    """Return whether nothing listens on a port of 127.0.0.1."""
    try:
        with socket.create_server((ADDRESS, port)):
            return True
    except OSError:
        return False
