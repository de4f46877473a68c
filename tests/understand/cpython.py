"""Runs many small programs in one real CPython process: the judge of the evaluator's answers.

Run as a script it is that process: it reads pickled requests `(files, environments)` and answers each with one
result per environment: what the program raised (or None) and its module-level names as plain data. A program is the
files of a project by their paths; `settings.py` is run, the others may be imported.
"""

from __future__ import annotations

import builtins
import functools
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import warnings
from collections import OrderedDict
from enum import Enum
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
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

    def run(self, files: Mapping[str, str], environments: Sequence[Mapping[str, str]]) -> list[Result]:
        """Return what a program gives in each environment."""
        assert self._process.stdin
        assert self._process.stdout
        _send(self._process.stdin, (dict(files), [dict(e) for e in environments]))
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


class _Project(MetaPathFinder, Loader):
    """Imports the files of a program."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        del path, target
        place = name.replace(".", "/")
        for found, package in ((f"{place}/__init__.py", True), (f"{place}.py", False)):
            if found in self.files:
                spec = ModuleSpec(name, self, origin=f"{HOME}/{found}", is_package=package)
                spec.has_location = True
                return spec
        return None

    def exec_module(self, module: ModuleType) -> None:
        place = str(module.__file__)
        exec(compile(self.files[place.removeprefix(f"{HOME}/")], place, "exec"), module.__dict__)


class _Kept:
    """What programs change of the process itself, put back after each."""

    def __init__(self) -> None:
        self.owners = [os, os.environ, os.path, sys, builtins, json, signal, threading, functools]
        self.held = [dict(vars(owner)) for owner in self.owners]

    def put_back(self) -> None:
        for owner, held in zip(self.owners, self.held, strict=True):
            now = vars(owner)
            for name in [name for name in now if name not in held]:
                delattr(owner, name)
            for name in [name for name, value in held.items() if now.get(name) is not value]:
                setattr(owner, name, held[name])
        for name in [name for name in sys.modules if name.partition(".")[0] not in sys.stdlib_module_names]:
            if name != "__main__":
                del sys.modules[name]


def _run(files: Mapping[str, str], code: Any, environment: Mapping[str, str], kept: _Kept) -> Result:  # noqa: ANN401 - compiled code
    main, worker = ModuleType("__main__"), sys.modules["__main__"]
    names = main.__dict__
    names |= {"__file__": f"{HOME}/settings.py", "__builtins__": __builtins__}
    os.environ.clear()
    os.environ.update(environment)
    sys.modules["__main__"] = main
    finder = _Project(files)
    sys.meta_path.insert(0, finder)
    signal.alarm(SECONDS_EACH)
    raised = None
    try:
        exec(code, names)  # the worker's whole purpose
    except BaseException as error:  # noqa: BLE001 - whatever the program raises is the answer
        raised = f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
        kept.put_back()
        sys.meta_path.remove(finder)
        sys.modules["__main__"] = worker
    return raised, {name: _told(value) for name, value in names.items() if not name.startswith("__")}


def _told(value: object) -> Any:  # noqa: ANN401 - plain data
    try:
        return plain(value)
    except RecursionError:
        return OPAQUE  # it holds itself


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    message = "the program runs for too long"
    raise TimeoutError(message)


def _serve() -> None:
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, _too_long)
    kept = _Kept()
    while True:
        try:
            files, environments = _receive(requests)
        except EOFError:
            return
        try:
            code = compile(files["settings.py"], f"{HOME}/settings.py", "exec")
        except SyntaxError as error:
            _send(answers, [(f"SyntaxError: {error}", {}) for _ in environments])
        else:
            _send(answers, [_run(files, code, environment, kept) for environment in environments])


if __name__ == "__main__":
    _serve()
