"""Open files (CPython 3.11 `open`, `io`): read to the end, line by line, in part.

The text of a repository file has its newlines as Python's text mode gives
them; of a file opened in binary mode they are taken to be the same.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import CALLS, Call, calls
from batten.understand.evaluate.objects import (
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.paths import content, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

FILE = "open file"
_UNICODE = frozenset({"utf-8", "utf8", "utf-8-sig", "utf_8", "ascii", "us-ascii"})


def opened(machine: Interpreter, call: Call) -> Abstract:
    """Return an open file."""
    path = text_of(machine, call.get("file", 0) or Unknown("no path"), call.place)
    mode = call.get("mode", 1) or Known("r")
    if not isinstance(mode, Known) or not str(mode.value).startswith("r") or "+" in str(mode.value):
        return Instance(Library("open file for writing"), call.place)
    text = content(machine, path, call.place)
    encoding = call.get("encoding", 3) or Known(None)
    plain = isinstance(encoding, Known) and (encoding.value is None or str(encoding.value).lower() in _UNICODE)
    if not plain and not (isinstance(text, Known) and str(text.value).isascii()):
        text = Unknown("the content of a file in an encoding that is not followed", text.origin, of="str")
    return made(machine, text, call, binary="b" in str(mode.value))


def made(machine: Interpreter, text: Abstract, call: Call, *, binary: bool = False) -> Instance:
    """Return an open file of a text."""
    file = Instance(Library(FILE), call.place, Origin(call.place))
    machine.put(file.cells, "text", text)
    file.facts.update({"whole": text, "binary": binary})
    return file


def _of(call: Call) -> tuple[Instance, Abstract] | None:
    """Return the file whose method is called, and what is left of its text."""
    file = plain_object(call.receiver or Known(None))
    return (file, file.cells["text"]) if isinstance(file, Instance) and "text" in file.cells else None


def _given(machine: Interpreter, file: Instance, text: Abstract, call: Call) -> Abstract:
    """Return a text as a file of its mode gives it."""
    if file.facts.get("binary"):
        return machine.compute(call.place, str.encode, text, of="bytes")
    return text


@calls(f"{FILE}.read")
def _read(machine: Interpreter, call: Call) -> Abstract:
    """Return what is left of a file, or so many characters of it."""
    found = _of(call)
    if found is None:
        return Unknown("a file that is not known", Origin(call.place))
    file, text = found
    size = call.get("size", 0) or Known(None)
    if isinstance(size, Known) and (size.value is None or size.value == -1):
        machine.put(file.cells, "text", machine.compute(call.place, lambda _: "", text, of="str"))
        return _given(machine, file, text, call)
    if file.facts.get("binary") and not (isinstance(text, Known) and str(text.value).isascii()):
        return machine.unknown_of(call.place, text, Unknown("a part of a file", Origin(call.place)), of="bytes")
    machine.put(
        file.cells, "text", machine.compute(call.place, lambda whole, count: whole[count:], text, size, of="str")
    )
    part = machine.compute(call.place, lambda whole, count: whole[:count], text, size, of="str")
    return _given(machine, file, part, call)


@calls(f"{FILE}.readline", f"{FILE}.__next__")
def _read_line(machine: Interpreter, call: Call) -> Abstract:
    found = _of(call)
    if found is None or call.args:
        return Unknown("a line of a file that is not known", Origin(call.place))
    file, text = found
    rest = machine.compute(call.place, lambda whole: whole[len(_first(whole)) :], text, of="str")
    machine.put(file.cells, "text", rest)
    return _given(machine, file, machine.compute(call.place, _first, text, of="str"), call)


def _first(text: str) -> str:
    return io.StringIO(text).readline()


@calls(f"{FILE}.readlines", f"{FILE}.__iter__")
def _read_lines(machine: Interpreter, call: Call) -> Abstract:
    found = _of(call)
    if found is None or call.args:
        return Unknown("lines of a file that is not known", Origin(call.place))
    file, text = found
    lines = machine.compute(call.place, lambda whole: io.StringIO(whole).readlines(), text)
    machine.put(file.cells, "text", machine.compute(call.place, lambda _: "", text, of="str"))
    items = machine.iterate(lines) if isinstance(lines, Sequence) else None
    if items is None:
        return lines
    return Sequence("list", tuple(_given(machine, file, item, call) for item in items), lines.origin)


@calls(f"{FILE}.seek")
def _seek(machine: Interpreter, call: Call) -> Abstract:
    found = _of(call)
    if found is not None:
        start = isinstance(call.get("offset", 0), Known) and call.args[0].value == 0  # type: ignore[attr-defined]
        whole = found[0].facts["whole"]
        machine.put(found[0].cells, "text", whole if start and len(call.args) == 1 else Unknown("a part of a file"))
    return Unknown("a position in a file", Origin(call.place), of="int")


def _nothing(machine: Interpreter, call: Call) -> Abstract:
    del machine, call
    return Known(None)


CALLS[f"{FILE}.close"] = _nothing


def _in_memory(*, binary: bool) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        held = call.get("initial_bytes" if binary else "initial_value", 0) or Known(b"" if binary else "")
        text = machine.compute(call.place, bytes.decode, held, of="str") if binary else held
        return made(machine, text, call, binary=binary)

    return model


CALLS["io.StringIO"] = _in_memory(binary=False)
CALLS["io.BytesIO"] = _in_memory(binary=True)


def text_in(machine: Interpreter, value: Abstract | None, call: Call) -> Abstract:
    """Return the text that a reader of a file, a text or bytes takes; a file is read to its end."""
    target = plain_object(value or Unknown("nothing to read"))
    if isinstance(target, Instance) and "text" in target.cells and target.library == FILE:
        text = target.cells["text"]
        machine.put(target.cells, "text", machine.compute(call.place, lambda _: "", text, of="str"))
        return text
    if isinstance(target, Known) and isinstance(target.value, bytes):
        return machine.compute(call.place, bytes.decode, target, of="str")
    if isinstance(target, Instance | Mapping | Sequence):
        return Unknown("a text that is not known", Origin(call.place), of="str")
    return value or target
