"""The demo stack: the shop and its cache, on 127.0.0.1 for as long as it is entered."""

from __future__ import annotations

import re
import secrets
import shlex
import shutil
import tempfile
from typing import TYPE_CHECKING, Self

from batten.collect.lab import ADDRESS, SERVE, Child, Copy, copied, free_pair, is_free, python_for
from batten.model import BattenError

if TYPE_CHECKING:
    from types import TracebackType

TWINS = ("unlocked", "hardened")
_REDIS = ("redis-server", "valkey-server")
_MISSING = re.compile(r"KeyError: '([A-Z][A-Z0-9_]*)'\s*$")
"""How Python ends where `os.environ[NAME]` has no value."""
_MOST_VARIABLES = 8
_PIN = re.compile(r"Debugger PIN: ([\d-]+)")


class Stack:
    """A copy of one demo app, and what it runs beside it."""

    def __init__(self, twin: str = TWINS[0], directory: str = "", port: int = 0) -> None:
        """Make the copy, in a directory of its own that is gone afterwards where none is given.

        The shop is on this port and the cache on the next; 0 takes two that are free.

        Raises:
            BattenError: the directory holds something else, a port is taken, or no Python here has Flask.
        """
        self._python = python_for()
        first = port or free_pair()
        self.ports = (first, first + 1)
        for number in self.ports:
            if not is_free(number):
                raise BattenError(f"port {number} of {ADDRESS} is taken", hint="another one: --port N")
        self._own = tempfile.mkdtemp(prefix="batten-lab-")
        self.is_kept = bool(directory)
        self._shop: Child | None = None
        self._cache: Child | None = None
        self._stamp = 0
        self.values: dict[str, str] = {}
        """The variables that production would set; the lab makes up their values."""
        try:
            self.copy: Copy = copied(twin, directory or f"{self._own}/chandlery")
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """Where the shop answers."""
        return f"http://{ADDRESS}:{self.ports[0]}/"

    @property
    def cache_port(self) -> int | None:
        """Where Redis answers; None where it does not run."""
        return self.ports[1] if self._cache is not None else None

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that it started."""
        return tuple(child.pid for child in (self._shop, self._cache) if child is not None)

    @property
    def pin(self) -> str:
        """The PIN that Werkzeug wrote to the terminal; empty where no debugger runs."""
        found = _PIN.search(self._shop.said()) if self._shop is not None else None
        return found[1] if found else ""

    @property
    def no_cache(self) -> str:
        """Why no Redis runs; empty where one does."""
        if self._cache is not None:
            return ""
        if self.copy.cache({}) is None:
            return "the compose file of this copy has none"
        return "no redis-server is installed here (Debian: apt install redis-server; macOS: brew install redis)"

    def __enter__(self) -> Self:
        """Start both.

        Raises:
            BattenError: one does not start, or listens elsewhere too (code 4).
        """
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all, and remove what is not to be kept."""
        self.close()

    def start(self) -> None:
        """Start the shop and the cache as the copy says now; what ran before is ended first."""
        self.end()
        self._stamp = self.copy.stamp()
        made_up = {name: self.values.get(name) or secrets.token_hex(24) for name in self.copy.required()}
        self.values |= made_up
        self._shop = self._started()
        options = self.copy.cache(self.values)
        program = next(filter(None, map(shutil.which, _REDIS)), None)
        if options is not None and program is not None:
            last = [
                "--bind",
                ADDRESS,
                "--port",
                str(self.ports[1]),
                "--daemonize",
                "no",
                "--save",
                "",
                "--dir",
                self._own,
            ]
            self._cache = Child("redis", [program, *options, *last], self.copy.directory, {}, self.ports[1])

    def end(self) -> None:
        """End what runs."""
        for child in (self._shop, self._cache):
            if child is not None:
                child.end()
        self._shop = self._cache = None

    def close(self) -> None:
        """End what runs and remove what is not to be kept."""
        self.end()
        shutil.rmtree(self._own, ignore_errors=True)

    def is_edited(self) -> bool:
        """Return whether the copy is another one than the one that was started last."""
        return self.copy.stamp() != self._stamp

    def trouble(self) -> str:
        """Return what ended by itself, and what it said; empty while all runs."""
        for child in (self._shop, self._cache):
            if child is not None and not child.is_running:
                return f"{child.name} ended: {child.said()[-500:].strip()}"
        return ""

    def _started(self) -> Child:
        """Return the shop, started; what it asks for by `os.environ[NAME]` is made up."""
        words = self._words()
        database = {"DATABASE_URL": f"sqlite:///{self._own}/chandlery.db"}
        for _ in range(_MOST_VARIABLES):
            env = {**self.copy.given(), **self.values, **database}
            try:
                return Child("the shop", words, self.copy.directory, env, self.ports[0])
            except BattenError as error:
                found = _MISSING.search(str(error))
                if found is None or found[1] in env:
                    raise
                self.values[found[1]] = secrets.token_hex(24)
        raise BattenError(f"the shop asks for more than {_MOST_VARIABLES} variables", code=4)

    def _words(self) -> list[str]:
        """Return the command: gunicorn where production runs it, else Flask's own server, as `python app.py` does."""
        command = _production(self.copy.directory)
        if command[:1] == ["gunicorn"]:
            bind = f"{ADDRESS}:{self.ports[0]}"
            return [self._python, "-m", "gunicorn", "--bind", bind, "--preload", command[-1]]
        return [self._python, SERVE, str(self.ports[0])]


def _production(directory: str) -> list[str]:
    """Return the command that the copy's deployment files start the app with; empty where none says."""
    from batten.run.configuration import config  # noqa: PLC0415 - the evaluator
    from batten.run.request import Request  # noqa: PLC0415 - likewise

    apps = config(Request(target=directory)).apps
    try:
        return shlex.split(apps[0].entry.command) if apps else []
    except ValueError:
        return []
