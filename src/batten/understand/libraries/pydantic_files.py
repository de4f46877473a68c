"""Files that settings are read from: secrets, JSON, TOML and YAML (pydantic-settings 2.16 `sources/providers`)."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Mapping,
    OneOf,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.paths import content, text_of
from batten.understand.libraries.pydantic_names import bare_name
from batten.understand.libraries.pydantic_sources import merged
from batten.understand.libraries.pydantic_variables import Options, Variables

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place
    from batten.understand.libraries.pydantic_models import Model

_READ = {
    "JsonConfigSettingsSource": "json_file",
    "TomlConfigSettingsSource": "toml_file",
    "YamlConfigSettingsSource": "yaml_file",
}
_OTHER_OPTIONS = {"toml_table_header", "json_file_encoding", "yaml_file_encoding", "yaml_config_section"}


def unknown(why: str) -> Mapping:
    """Return what a source sets that is not followed: it may be anything."""
    made = Mapping()
    made.more["rest"] = Unknown(why)
    return made


def secrets(
    machine: Interpreter,
    model: Model,
    options: Options,
    directories: Abstract,
    place: Place,
    read: Callable[[Variables], Mapping],
) -> Mapping:
    """Return what files in the secrets directories set; one outside the repository may set any field."""
    target = plain_object(directories)
    if isinstance(target, Known) and target.value is None:
        return Mapping()
    listed = machine.iterate(directories) if isinstance(target, Sequence) else [directories]
    state = Mapping()
    for directory in listed if listed is not None else [Unknown("directories that are not known")]:
        text = text_of(machine, plain_object(directory), place)
        shown = str(text.value).replace("\0", "").lstrip("/") if isinstance(text, Known) else "a directory"
        path = machine.world.repo_path(str(text.value)) if isinstance(text, Known) else None
        if path is None or not machine.world.visible(path):
            found = _may_be_set(model, f"a file in {shown} may set it")
        else:
            found = read(_files_in(machine, options, path, place))
        over = merged(state, found)
        assert isinstance(over, Mapping)  # noqa: S101 - two dicts make one
        state = over
    return state


def _may_be_set(model: Model, why: str) -> Mapping:
    made = Mapping()
    for declared in model.fields.values():
        told = declared.told.get("validation_alias", declared.told.get("alias"))
        key = told.value if isinstance(told, Known) and isinstance(told.value, str) else declared.name
        made.cells[key] = OneOf((ABSENT, Unknown(why, Origin(declared.place), kind="external", of="str")))
    return made


def _files_in(machine: Interpreter, options: Options, directory: str, place: Place) -> Variables:
    made = Variables(replace(options, ignore_empty=False, none_text=None))
    for path in machine.world.sources.files():
        folder, _, name = path.rpartition("/")
        text = machine.world.read(path) if folder == directory else None
        if text is not None:
            at = Location(file=path, line=1)
            hops = ((at, f"{path} holds", repr(text.strip())), (place, f"{directory} is read", None))
            made.add(name, Known(text.strip(), Origin(at, hops, pinned=True)), over=True)
    return made


def configured(machine: Interpreter, model: Model, source: Instance) -> Mapping:
    """Return what a source of the library reads from a file, as the project made it."""
    short, call = bare_name(source.library), source.facts.get("args")
    option = _READ.get(short)
    if option is None or not isinstance(call, Call) or call.open:
        return unknown(f"{short} may set it, which is not followed")
    held = call.get(option, 1) or model.config.get(option, Known(None))
    if _OTHER_OPTIONS.intersection({*call.kwargs, *model.config}):
        return unknown(f"{short} may set it, which is not followed")
    target = plain_object(held)
    if isinstance(target, Known) and target.value is None:
        return Mapping()
    files = machine.iterate(held) if isinstance(target, Sequence) else [held]
    state = Mapping()
    for file in files if files is not None else [Unknown("files that are not known")]:
        found = _file(machine, file, option, call.place)
        state.cells.update(found.cells)
        state.more.update(found.more)
    return state


def _file(machine: Interpreter, file: Abstract, option: str, place: Place) -> Mapping:
    text = text_of(machine, plain_object(file), place)
    path = machine.world.repo_path(str(text.value)) if isinstance(text, Known) else None
    if not isinstance(text, Known) or str(text.value).startswith("~"):
        return unknown("a file that is not known may set it")
    held_text = machine.world.read(path) if path is not None else None
    if path is None or held_text is None:
        shown = str(text.value).replace("\0", "").lstrip("/")
        return unknown(f"{shown}, a file that is not in the repository, may set it")
    if option == "yaml_file":
        return _yaml(machine, str(text.value), path, place)
    try:
        data = json.loads(held_text) if option == "json_file" else tomllib.loads(held_text)
    except (ValueError, RecursionError) as error:
        raise ThrownError(("ValueError", "Exception"), f"{path} cannot be read: {error}", place) from None
    made = Mapping()
    for key, held in data.items() if isinstance(data, dict) else ():
        at = Location(file=path, line=line_of(key, held_text))
        made.cells[key] = machine.lift(held, Origin(at, ((at, f"{path} sets {key}", None),), pinned=True))
    return made


def _yaml(machine: Interpreter, name: str, path: str, place: Place) -> Mapping:
    """Return what a YAML file sets, as PyYAML's safe loader reads it; nothing of an empty file."""
    from batten.understand.libraries import yaml  # noqa: PLC0415 - most settings read no YAML

    found = plain_object(yaml.values_11(machine, content(machine, Known(name), place), place))
    if isinstance(found, Known) and found.value is None:
        return Mapping()
    return found if isinstance(found, Mapping) else unknown(f"{path} is no mapping")


def line_of(key: Any, text: str) -> int:  # noqa: ANN401 - any key
    """Return the line on which JSON or TOML writes a key of the outermost table."""
    match = re.search(rf"""^[\s{{,\[]*["']?{re.escape(str(key))}["']?\s*[=:\]]""", text, re.MULTILINE)
    return text.count("\n", 0, match.end()) + 1 if match else 1
