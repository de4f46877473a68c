"""django-split-settings 1.3: settings put together of several files.

Facts from django-split-settings 1.3.2 `split_settings.tools.include`: each file
is run among the names of the module that includes it; a path is relative to the
file that includes, may hold wildcards, and is read once; one that is missing
stops the app unless it is `optional`.
"""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from batten.understand.committed import stays_outside
from batten.understand.evaluate.frame import Frame
from batten.understand.evaluate.library import Call, calls
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Mapping, Unknown, plain_object
from batten.understand.libraries.paths import text_of
from batten.understand.sources import join

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

OPTIONAL = "split_settings.tools._Optional"
_NOT_THERE = ("OSError", "Exception", "BaseException")
_MOST_FILES = 200


@calls("split_settings.tools.optional")
def _optional(machine: Interpreter, call: Call) -> Abstract:
    made = Instance(Library(OPTIONAL), call.place)
    machine.put(made.cells, "path", call.get("filename", 0) or Unknown("no path"))
    return made


@calls("split_settings.tools.include")
def _include(machine: Interpreter, call: Call) -> Abstract:
    """Run files among the names of the module that calls."""
    frame = call.frame
    scope = plain_object(call.kwargs.get("scope", Known(None)))
    names = scope.cells if isinstance(scope, Mapping) else None
    if frame is None or call.open or not (isinstance(scope, Known) or names is frame.globals):
        return _unclear(machine, call, "files that are not known")
    done = machine.hooks.setdefault("split_settings", [])
    for given in call.args:
        one = plain_object(given)
        needed = not (isinstance(one, Instance) and one.library == OPTIONAL)
        path = given if needed else one.cells["path"] if isinstance(one, Instance) else given
        text = text_of(machine, plain_object(path), call.place)
        if not isinstance(text, Known) or not isinstance(text.value, str | None):
            _unclear(machine, call, "a file that is not known")
            continue
        found = _matches(machine, text.value, frame.path) if text.value else []
        if not found and needed:
            raise ThrownError(_NOT_THERE, f"No such file: {text.value}", call.place)
        missing = join(posixpath.dirname(frame.path) or ".", text.value or "") if not found and text.value else None
        if missing is not None and stays_outside(machine.world.sources, missing):
            machine.assume_kept(frame, missing, call.place)
        for file in found:
            if file not in done:
                done.append(file)
                _run(machine, file, frame, call)
    return Known(None)


def _run(machine: Interpreter, file: str, frame: Frame, call: Call) -> None:
    """Run a file as if its text stood in the module that includes it."""
    source = machine.world.read(file)
    tree = machine.parse(file, source) if source is not None else None
    if tree is None:
        _unclear(machine, call, file)
        return
    machine.block(tree.body, Frame(file, frame.globals, frame.globals, None, frame.module))


def _unclear(machine: Interpreter, call: Call, what: str) -> Abstract:
    """Note that any name of the module may be bound anew."""
    machine.doubt("split_settings.tools.include()", f"{what} could not be read", call.place)
    if call.frame is not None:
        machine.may_bind(call.frame, f"{what} may set it")
        machine.put(call.frame.globals, "*", Known(value=True))
    return Known(None)


def _matches(machine: Interpreter, pattern: str, including: str) -> list[str]:
    """Return the files of the repository that a path or a pattern names, as the process sees them."""
    world = machine.world
    folder = posixpath.dirname(including) or "."
    whole = world.repo_path(pattern) if pattern.startswith("/") else join(folder, pattern)
    if whole is None:
        return []
    if not any(letter in whole for letter in "*?["):
        return [whole] if world.visible(whole) and world.sources.read(whole) is not None else []
    parts = whole.split("/")
    found = [
        path
        for path in world.sources.files()
        if path.count("/") == len(parts) - 1
        and all(_fits(name, part) for name, part in zip(path.split("/"), parts, strict=True))
        and world.visible(path)
    ]
    return sorted(found)[:_MOST_FILES]


def _fits(name: str, part: str) -> bool:
    """Return whether `glob.glob` lets a name pass: a wildcard does not match a leading dot."""
    return fnmatchcase(name, part) and (not name.startswith(".") or part.startswith("."))
