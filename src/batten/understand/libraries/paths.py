"""`pathlib.Path` and reading files (CPython 3.11)."""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from batten.understand.evaluate.environ import placed
from batten.understand.evaluate.library import ALIASES, Call, attribute, calls, inits
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Sequence, Unknown
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

PATH = "pathlib.Path"
ALIASES.update(dict.fromkeys(("pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath"), PATH))


def text_of(machine: Interpreter, value: Abstract, place: Place) -> Abstract:
    """Return a path as text."""
    if isinstance(value, Instance) and value.library == PATH:
        return value.cells.get("text", Unknown("a path that is not known"))
    return machine.special(value, "__fspath__", [], place) or value


def _made(machine: Interpreter, text: Abstract, place: Place) -> Instance:
    made = Instance(Library(PATH), place)
    machine.put(made.cells, "text", text)
    return made


@inits(PATH)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    parts = [text_of(machine, arg, call.place) for arg in call.args] or [Known(".")]
    text = machine.compute(call.place, lambda *texts: str(PurePosixPath(*texts)), *parts, of="str")
    machine.put(instance.cells, "text", text)


def _derived(function: Callable[[str], object]) -> Callable[[Interpreter, Instance, Place], Abstract]:
    def model(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
        return _made(machine, machine.compute(place, function, instance.cells["text"], of="str"), place)

    return model


def _text(function: Callable[[str], str]) -> Callable[[Interpreter, Instance, Place], Abstract]:
    def model(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
        return machine.compute(place, function, instance.cells["text"], of="str")

    return model


attribute(f"{PATH}.parent")(_derived(placed(lambda text: str(PurePosixPath(text).parent))))
attribute(f"{PATH}.name")(_text(posixpath.basename))
attribute(f"{PATH}.stem")(_text(lambda text: posixpath.splitext(posixpath.basename(text))[0]))
attribute(f"{PATH}.suffix")(_text(lambda text: posixpath.splitext(text)[1]))


@attribute(f"{PATH}.parents")
def _parents(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    text = instance.cells["text"]
    if not isinstance(text, Known):
        return Unknown("directories that are not known", Origin(place))
    found = [
        _made(machine, machine.compute(place, placed(lambda _, up=str(up): up), text, of="str"), place)  # type: ignore[misc]
        for up in PurePosixPath(text.value).parents
    ]
    return Sequence("tuple", tuple(found), Origin(place))


@calls(f"{PATH}.resolve", f"{PATH}.absolute")
def _absolute(machine: Interpreter, call: Call) -> Abstract:
    assert isinstance(call.receiver, Instance)  # noqa: S101 - a method of Path
    text = call.receiver.cells["text"]
    if not isinstance(text, Known):
        return call.receiver
    root = machine.world.process_path("" if machine.world.unit.cwd == "." else machine.world.unit.cwd)
    whole = Known(posixpath.join(root, text.value), text.origin)
    return _made(machine, machine.compute(call.place, placed(posixpath.normpath), whole, of="str"), call.place)


@calls(f"{PATH}.expanduser")
def _expanded(machine: Interpreter, call: Call) -> Abstract:
    assert isinstance(call.receiver, Instance)  # noqa: S101 - a method of Path
    text = call.receiver.cells["text"]
    if isinstance(text, Known) and str(text.value).startswith("~"):
        return _made(machine, Unknown("the home directory is not known", of="str"), call.place)
    return call.receiver


@calls(f"{PATH}.__truediv__", f"{PATH}.joinpath")
def _joined(machine: Interpreter, call: Call) -> Abstract:
    assert isinstance(call.receiver, Instance)  # noqa: S101 - a method of Path
    parts = [call.receiver.cells["text"], *(text_of(machine, arg, call.place) for arg in call.args)]
    text = machine.compute(call.place, lambda *texts: str(PurePosixPath(*texts)), *parts, of="str")
    return _made(machine, text, call.place)


@calls(f"{PATH}.__str__", f"{PATH}.__fspath__", f"{PATH}.as_posix")
def _as_text(machine: Interpreter, call: Call) -> Abstract:
    return text_of(machine, call.receiver or Unknown("no path"), call.place)


@calls(f"{PATH}.exists", f"{PATH}.is_file", f"{PATH}.is_dir")
def _exists(machine: Interpreter, call: Call) -> Abstract:
    text = text_of(machine, call.receiver or Unknown("no path"), call.place)
    if isinstance(text, Known):
        found = machine.world.repo_path(text.value)
        if found is not None and machine.world.visible(found):
            return Known(value=True, origin=Origin(call.place))
    return Unknown("whether that file is on the server", Origin(call.place), of="bool")


@calls(f"{PATH}.read_text")
def _read(machine: Interpreter, call: Call) -> Abstract:
    return content(machine, text_of(machine, call.receiver or Unknown("no path"), call.place), call.place)


@calls(f"{PATH}.read_bytes")
def _read_bytes(machine: Interpreter, call: Call) -> Abstract:
    return machine.compute(call.place, str.encode, _read(machine, call), of="bytes")


@calls(f"{PATH}.open")
def _open(machine: Interpreter, call: Call) -> Abstract:
    from batten.understand.libraries.files import opened  # noqa: PLC0415 - that file imports this one

    return opened(machine, Call([call.receiver or Unknown("no path"), *call.args], call.kwargs, call.place))


for _name in ("with_name", "with_stem", "with_suffix"):

    def _renamed(machine: Interpreter, call: Call, name: str = _name) -> Abstract:
        assert isinstance(call.receiver, Instance)  # noqa: S101 - a method of Path
        text = call.receiver.cells["text"]
        new = call.args[0] if call.args else Unknown("no name")
        made = machine.compute(call.place, lambda path, part: str(getattr(PurePosixPath(path), name)(part)), text, new)
        return _made(machine, made, call.place)

    calls(f"{PATH}.{_name}")(_renamed)


@attribute(f"{PATH}.parts")
def _parts(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    return machine.compute(place, lambda text: PurePosixPath(text).parts, instance.cells["text"])


def content(machine: Interpreter, path: Abstract, place: Place) -> Abstract:
    """Return the text of a file that the app reads."""
    if isinstance(path, Known) and isinstance(path.value, str):
        found = machine.world.repo_path(path.value)
        if found is not None:
            text = machine.world.read(found)
            if text is not None:
                return Known(text, Origin((found, None), ((place, f"{found} is read", None),), pinned=True))
        shown = path.value.replace("\0", "").lstrip("/") if "\0" in path.value else path.value
        if machine.catches("FileNotFoundError", "OSError", "IOError"):
            machine.maybe_thrown += 1
        why = f"the content of {shown}, a file that is not in the repository"
        return Unknown(why, Origin(place, ((place, why, None),)), of="str", kind="external")
    return Unknown("the content of a file that is not known", Origin(place), of="str")


def source_of(text: Abstract) -> str | None:
    """Return the repository file whose content a text is, None when it is none's."""
    home = text.origin.home
    whole = isinstance(home, tuple) and home[1] is None and text.origin.pinned
    return str(home[0]) if whole and isinstance(text, Known) else None
