"""Runs programs with the real pydantic in a process of their own, and the same programs through the evaluator.

Run as a script it is that process: it reads pickled requests `(source, environment, files)` and answers each with the
name of what was raised (or None) and the module-level names as plain data.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.understand.evaluate.objects import Abstract

OPAQUE = "<an object>"
"""Stands for a value that is no plain data."""


@dataclass
class Program:
    """A program with its environment and the files beside it."""

    source: str
    env: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return it as a person reads it."""
        files = "\n".join(f"--- {path}\n{text}" for path, text in self.files.items())
        return f"{self.source}\n--- environment {self.env}\n{files}"


class Pydantic:
    """One worker process, for as long as the context lasts."""

    def __enter__(self) -> Self:
        """Start the process."""
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"]},
        )
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=10)

    def run(self, program: Program) -> tuple[str | None, dict[str, Any]]:
        """Return what the program raises, and its names."""
        assert self._process.stdin
        assert self._process.stdout
        _send(self._process.stdin, (program.source, program.env, program.files))
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


# The real one


def plain(value: Any) -> Any:  # noqa: ANN401 - any object
    """Return an object as plain data, tagged with its kind where data alone would not tell."""
    kind = type(value).__name__
    simple = isinstance(value, bool | int | float | str | bytes) and type(value).__module__ == "builtins"
    if value is None or simple:
        return value
    if hasattr(value, "get_secret_value"):
        return ("secret", value.get_secret_value())
    if isinstance(value, list | tuple | set | frozenset | range):
        items = [plain(item) for item in value]
        return (kind, sorted(items, key=repr) if isinstance(value, set | frozenset) else items)
    if isinstance(value, dict):
        return ("dict", {key: plain(item) for key, item in value.items()})
    if hasattr(value, "__members__") or hasattr(type(value), "__members__"):
        return ("enum", value.name)
    if isinstance(value, Path):
        return ("path", str(value))
    if type(value).__module__.startswith("pydantic") and kind.endswith(("Url", "Dsn")):
        return ("url", str(value))
    fields = getattr(type(value), "model_fields", None) or getattr(type(value), "__fields__", None)
    if fields is not None:
        extra = getattr(value, "__pydantic_extra__", None) or {}
        return ("model", {name: plain(item) for name, item in {**extra, **vars(value)}.items()})
    return OPAQUE


def _run(source: str, environment: Mapping[str, str], files: Mapping[str, str]) -> tuple[str | None, dict[str, Any]]:
    names: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    os.environ.clear()
    os.environ.update(environment)
    raised = None
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        for path, text in files.items():
            place = Path(directory) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        main = type(sys)("__main__")
        main.__dict__.update(names)
        sys.modules["__main__"] = main
        old = sys.modules.get("pydantic.v1.class_validators")
        if old is not None:
            old._FUNCS.clear()  # else it refuses a second validator of the same name
        try:
            exec(compile(source, "app.py", "exec"), main.__dict__)  # the worker's whole purpose
        except BaseException as error:  # noqa: BLE001 - whatever the program raises is the answer
            raised = f"{type(error).__name__}: {error}"
        os.chdir("/")
    return raised, {name: plain(value) for name, value in vars(main).items() if name.startswith("r")}


def _serve() -> None:
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    while True:
        try:
            source, environment, files = _receive(requests)
        except EOFError:
            return
        _send(answers, _run(source, environment, files))


# The evaluator


def understood(value: Abstract) -> Any:  # noqa: ANN401 - plain data
    """Return a value of the evaluator in the form of `plain`; a part that is not known is `Unclear`."""
    from batten.understand.evaluate import objects  # noqa: PLC0415 - the real process has no need of it

    target = objects.plain_object(value)
    if isinstance(target, objects.Known):
        return target.value
    if isinstance(target, objects.Sequence):
        if target.items is None:
            return Unclear
        items = [understood(item) for item in target.items]
        if target.of in {"set", "frozenset"}:
            return (target.of, sorted({repr(item): item for item in items}.values(), key=repr))
        return (target.of, items)
    if isinstance(target, objects.Mapping):
        entries = {key: understood(item) for key, item in target.cells.items()}
        return Unclear if target.open else ("dict", entries)
    if isinstance(target, objects.Instance):
        return _object(target)
    return Unclear


def _object(target: Any) -> Any:  # noqa: ANN401 - an instance
    from batten.understand.evaluate import objects  # noqa: PLC0415 - the real process has no need of it

    short = target.library.rpartition(".")[2]
    if short in {"SecretStr", "SecretBytes"}:
        return ("secret", understood(target.cells["hidden"]))
    if target.library == "pathlib.Path":
        return ("path", understood(target.cells["text"]))
    if short.endswith(("Url", "Dsn")):
        return ("url", understood(target.cells["text"]))
    if isinstance(target.of, objects.Class) and target.of.facts.get("enum"):
        return ("enum", understood(target.cells["name"]))
    if isinstance(target.of, objects.Class) and "pydantic" in target.of.facts:
        shown = {name: understood(held) for name, held in target.cells.items() if not name.startswith("_")}
        return ("model", shown)
    return Unclear


class Unclear:
    """A value that is not known."""


def differs(mine: Any, real: Any) -> bool:  # noqa: ANN401 - plain data
    """Return whether something that is known differs from what is so."""
    if mine is Unclear or (real == OPAQUE and not isinstance(mine, tuple)):
        return mine is not Unclear
    if isinstance(mine, tuple) and isinstance(real, tuple):
        return mine[0] != real[0] or differs(mine[1], real[1])
    if isinstance(mine, list) and isinstance(real, list):
        return len(mine) != len(real) or any(map(differs, mine, real))
    if isinstance(mine, dict) and isinstance(real, dict):
        return mine.keys() != real.keys() or any(differs(mine[key], real[key]) for key in mine)
    if isinstance(mine, float) and isinstance(real, float) and mine != mine:  # noqa: PLR0124 - nan
        return real == real  # noqa: PLR0124 - nan
    return type(mine) is not type(real) or bool(mine != real)


def clear(mine: Any) -> tuple[int, int]:  # noqa: ANN401 - plain data
    """Return how many leaves are known, of how many."""
    if isinstance(mine, tuple):
        return clear(mine[1])
    if isinstance(mine, list | dict):
        parts = [clear(part) for part in (mine.values() if isinstance(mine, dict) else mine)]
        return sum(known for known, _ in parts), sum(total for _, total in parts)
    return int(mine is not Unclear), 1


if __name__ == "__main__":
    _serve()
