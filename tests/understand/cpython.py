"""Runs many small programs in one real CPython process: the judge of the evaluator's answers.

Run as a script it is that process: it reads pickled requests `(source, environments)` and answers each with one
result per environment: what the program raised (or None) and its module-level names as plain data.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import warnings
from collections import OrderedDict
from enum import Enum
from typing import TYPE_CHECKING, Any, BinaryIO, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

SECONDS_EACH = 2
HOME = "/srv/app"
OPAQUE = "<an object>"
"""Stands for a value that is no plain data."""

Names = dict[str, Any]
Result = tuple[str | None, Names]


class CPython:
    """One worker process, for as long as the context lasts."""

    def __enter__(self) -> Self:
        """Start the process."""
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}
        )
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=10)

    def run(self, source: str, environments: Sequence[Mapping[str, str]]) -> list[Result]:
        """Return what a program gives in each environment."""
        assert self._process.stdin
        assert self._process.stdout
        _send(self._process.stdin, (source, [dict(e) for e in environments]))
        return _receive(self._process.stdout)  # type: ignore[no-any-return]


def _send(pipe: BinaryIO | Any, data: object) -> None:  # noqa: ANN401 - subprocess calls it IO
    text = pickle.dumps(data)
    pipe.write(struct.pack("!I", len(text)) + text)
    pipe.flush()


def _receive(pipe: BinaryIO | Any) -> Any:  # noqa: ANN401 - any pickle; subprocess calls the pipe IO
    head = pipe.read(4)
    if len(head) < 4:
        raise EOFError
    return pickle.loads(pipe.read(struct.unpack("!I", head)[0]))


def plain(value: object) -> Any:  # noqa: ANN401 - plain data
    """Return plain data as it is, a member that is a text or number too as that, anything else as `OPAQUE`."""
    if isinstance(value, Enum) and isinstance(value, bool | int | float | str):
        return value.value
    kind = type(value)
    if value is None or kind in (bool, int, float, str, bytes):
        return value
    if isinstance(value, list | tuple | set | frozenset) and kind in (list, tuple, set, frozenset):
        items = [plain(item) for item in value]
        return kind(items) if OPAQUE not in items else OPAQUE
    if kind in (dict, OrderedDict) and isinstance(value, dict):
        entries = {key: plain(item) for key, item in value.items()}
        return OPAQUE if any(v is OPAQUE for v in entries.values()) or OPAQUE in map(plain, entries) else entries
    return OPAQUE


def _run(code: Any, environment: Mapping[str, str]) -> Result:  # noqa: ANN401 - compiled code
    names: Names = {"__name__": "__main__", "__file__": f"{HOME}/settings.py", "__builtins__": __builtins__}
    os.environ.clear()
    os.environ.update(environment)
    signal.alarm(SECONDS_EACH)
    raised = None
    try:
        exec(code, names)  # the worker's whole purpose
    except BaseException as error:  # noqa: BLE001 - whatever the program raises is the answer
        raised = f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    return raised, {name: plain(value) for name, value in names.items() if not name.startswith("__")}


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    message = "the program runs for too long"
    raise TimeoutError(message)


def _serve() -> None:
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, _too_long)
    while True:
        try:
            source, environments = _receive(requests)
        except EOFError:
            return
        try:
            code = compile(source, f"{HOME}/settings.py", "exec")
        except SyntaxError as error:
            _send(answers, [(f"SyntaxError: {error}", {}) for _ in environments])
        else:
            _send(answers, [_run(code, environment) for environment in environments])


if __name__ == "__main__":
    _serve()
