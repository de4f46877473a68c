"""`.env` files as django-environ reads them (0.14 `Env.read_env`; 0.10 and 0.11 read comments without being asked)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.evaluate.objects import ABSENT, Abstract, Known, Unknown, each
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import dotenv
from batten.understand.libraries.paths import text_of
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import Call

_LINE = re.compile(r"(?:export )?([A-Za-z_0-9]+)=(.*)")
_OWN = frozenset({"env_file", "overwrite", "parse_comments", "encoding"})


def parse(text: str, path: str, *, comments: bool = False) -> dict[str, Variable]:
    """Return the variables of a file, the last one of a name wins; with `comments` what follows a `#` is left out."""
    found: dict[str, Variable] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is not None:
            value = _value(match[2], comments=comments)
            found.pop(match[1], None)
            found[match[1]] = Variable(match[1], value, Location(file=path, line=number), path)
    return found


def _value(text: str, *, comments: bool) -> str:
    if comments:
        text = _uncommented(text)
    elif len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1]
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = re.sub(r"\\(.)", lambda match: match[0] if match[1] in "rnt" else match[1], text[1:-1])
    return text


def _uncommented(text: str) -> str:
    """Return what stands between single quotes, or all before the first `#`.

    The last quote counts that nothing but spaces and a comment follows, as the greedy pattern finds it.
    """
    inner = text.lstrip()
    if inner.startswith("'"):
        for at in range(len(inner) - 1, 0, -1):
            if inner[at] == "'" and (not inner[at + 1 :].strip() or inner[at + 1 :].lstrip().startswith("#")):
                return inner[1:at]
    return text.partition("#")[0]


def _path(machine: Interpreter, call: Call) -> tuple[str | None, str]:
    """Return the repository path of the file, None when there is none, and its name."""
    asked = call.get("env_file", 0)
    if asked is None or (isinstance(asked, Known) and asked.value is None):
        directory = str(call.place[0]).rpartition("/")[0]
        return machine.world.beside(directory, ".env"), ".env"
    text = text_of(machine, asked, call.place)
    if not isinstance(text, Known) or not isinstance(text.value, str):
        return None, "a file that is not known"
    shown = text.value.replace("\0", "").lstrip("/") if "\0" in text.value else text.value
    found = machine.world.repo_path(text.value)
    return (found if found and machine.world.visible(found) else None), shown


def read_env(machine: Interpreter, call: Call) -> Abstract:
    """Do what `Env.read_env` does to the environment; a file that is not there is passed over."""
    path, name = _path(machine, call)
    comments = machine.truth(call.get("parse_comments", 2) or Known(value=False))
    if not machine.world.at_least("django-environ", 0, 12):
        comments = True
    overwrite = machine.truth(call.get("overwrite", 1) or Known(value=False))
    values: dict[str, Abstract] = {}
    for key, held in call.kwargs.items():
        if key not in _OWN:
            values[key] = machine.compute(call.place, str, held, of="str")
    if path is None:
        machine.record.append(("dotenv missing", name, call.place))
        if call.get("env_file", 0) is None:
            return Known(None)
    else:
        text = machine.world.read(path) or ""
        for key, variable in parse(text, path, comments=bool(comments)).items():
            values[key] = dotenv.variable(variable, call.place)
            if comments is None and "#" in str(variable.value):
                values[key] = Unknown(f"{path} is read in a way that is not known", Origin(call.place), of="str")
    for key, value in values.items():
        _set(machine, key, value, overwrite=overwrite)
    return Known(None)


def _set(machine: Interpreter, name: str, value: Abstract, *, overwrite: bool | None) -> None:
    present = machine.environ.cells.get(name, ABSENT)
    if overwrite or present is ABSENT:
        machine.put(machine.environ.cells, name, value)
    elif overwrite is None:
        machine.put(machine.environ.cells, name, machine.either(present, value))
    elif any(choice is ABSENT for choice in each(present)):
        kept = [choice for choice in each(present) if choice is not ABSENT]
        for choice in kept:
            value = machine.either(choice, value)
        machine.put(machine.environ.cells, name, value)
