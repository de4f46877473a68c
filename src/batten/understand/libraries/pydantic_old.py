"""`BaseSettings` of pydantic 1.10 (`pydantic.env_settings`): one source for the environment and `.env` files."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from batten.understand.evaluate.items import bound_only
from batten.understand.evaluate.library import Call, inits
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of
from batten.understand.libraries.pydantic_defaults import aliases
from batten.understand.libraries.pydantic_files import secrets, unknown
from batten.understand.libraries.pydantic_fill import Filling, given_of
from batten.understand.libraries.pydantic_models import Declared, Model, model_of
from batten.understand.libraries.pydantic_names import OLD, OLD_SETTINGS
from batten.understand.libraries.pydantic_sources import DEEPEST, SETTINGS_ERROR, complexity, merged
from batten.understand.libraries.pydantic_types import parts
from batten.understand.libraries.pydantic_variables import (
    Options,
    UnclearError,
    Variables,
    of_files,
    of_process,
    options_of,
    over,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

SOURCE = "pydantic.v1.source"
_ARGUMENTS = ("init_settings", "env_settings", "file_secret_settings")


class OldSources:
    """The sources of one call of a settings class of pydantic 1."""

    def __init__(self, machine: Interpreter, model: Model, instance: Instance, call: Call) -> None:
        """Take the options of the class, those of the call over them.

        Raises:
            UnclearError: one of them is not known.
        """
        self.machine = machine
        self.model = model
        self.instance = instance
        self.call = call
        self.given = {name[1:]: held for name, held in call.kwargs.items() if name.startswith("_")}
        self.options: Options = options_of(model.config, self.given)
        self.reads_environment = False

    def option(self, name: str) -> Abstract:
        """Return an option that is a file or a directory."""
        held = self.given.get(name, self.model.config.get(name))
        return Known(None) if held is None else held

    def merged(self) -> Mapping:
        """Return what all sources set, the first one over the others."""
        state = Mapping()
        for source in self.order():
            found = merged(source(), state)
            assert isinstance(found, Mapping)  # noqa: S101 - two dicts make one
            state = found
        return state

    def order(self) -> list[Callable[[], Mapping]]:
        """Return the sources, the first wins."""
        hook = plain_object(self.model.config.get("customise_sources", Known(None)))
        if isinstance(hook, Known):
            return [getattr(self, name) for name in _ARGUMENTS]
        made: dict[str, Abstract] = {}
        for name in _ARGUMENTS:
            source = Instance(Library(SOURCE), self.call.place)
            source.facts["read"] = getattr(self, name)
            made[name] = source
        target = Bound(hook, self.model.cls) if isinstance(hook, Function) and hook.kind == "classmethod" else hook
        found = self.machine.call(target, Call([], made, self.call.place))
        items = self.machine.iterate(found) if isinstance(plain_object(found), Sequence) else None
        if items is None:
            return [partial(unknown, "its sources are chosen in a way that is not followed")]
        return [self._source(item) for item in items]

    def _source(self, item: Abstract) -> Callable[[], Mapping]:
        target = plain_object(item)
        if isinstance(target, Instance) and "read" in target.facts:
            read: Callable[[], Mapping] = target.facts["read"]
            return read
        return partial(self._of_function, item)

    def _of_function(self, function: Abstract) -> Mapping:
        """Return what a function of the project gives, which is handed the object."""
        found = plain_object(self.machine.call_with(function, [self.instance], self.call.place))
        return found if isinstance(found, Mapping) else unknown("a function of the project may set it")

    # The usual sources

    def init_settings(self) -> Mapping:
        """Return the keywords of the call."""
        kwargs = {name: held for name, held in self.call.kwargs.items() if not name.startswith("_")}
        return given_of(Call([], kwargs, self.call.place, open=self.call.open))

    def env_settings(self) -> Mapping:
        """Return what the environment and `.env` files set."""
        self.reads_environment = True
        process = of_process(self.machine, self.options)
        try:
            lower = of_files(self.machine, self.options, self.option("env_file"), self.call.place)
        except UnclearError as why:
            below = unknown(f"an environment file may set it: {why}")
            found = merged(below, self._read(process, files=False))
            assert isinstance(found, Mapping)  # noqa: S101 - two dicts make one
            return found
        return self._read(over(lower, process), files=False)

    def file_secret_settings(self) -> Mapping:
        """Return what files named after the fields hold."""
        directories, read = self.option("secrets_dir"), partial(self._read, files=True)
        return secrets(self.machine, self.model, self.options, directories, self.call.place, read)

    def _read(self, variables: Variables, *, files: bool) -> Mapping:
        data = Mapping()
        for declared in self.model.fields.values():
            found: Abstract = ABSENT
            for name in self.variables_of(declared):
                held = variables.get(name, declared.place)
                found = held if found is ABSENT else join(bound_only(found), held)
                if not any(choice is ABSENT for choice in each(found)):
                    break
            result: Abstract | None = None
            for choice in each(found):
                one = self._prepared(declared, choice, variables, files=files)
                result = one if result is None else join(result, one)
            if result is not None and result is not ABSENT:
                data.cells[self._key(declared)] = result
        return data

    def _key(self, declared: Declared) -> str:
        other = aliases(self.machine, self.model, declared, OLD)
        return str(other[0][0]) if other else declared.name

    def variables_of(self, declared: Declared) -> list[str]:
        """Return the folded names of the variables that may set a field (`Config.prepare_field`)."""
        said = self._configured(declared.name).get("env") or declared.told.get("env")
        target = plain_object(said) if said is not None else Known(None)
        if isinstance(target, Known) and target.value is None:
            return [self.options.folded(f"{self.options.prefix}{declared.name}")]
        names = [target] if isinstance(target, Known) else self.machine.iterate(target, ordered=False) or []
        found = [str(name.value) for name in names if isinstance(name, Known)]
        if len(found) != len(names) or not found:
            declared.doubt = f"the variable of {declared.name} is not known"
        return [self.options.folded(name) for name in found] or [declared.name]

    def _configured(self, name: str) -> dict[str, Abstract]:
        """Return what `Config.fields` says of a field."""
        held = plain_object(self.model.config.get("fields", Known(None)))
        one = plain_object(held.cells.get(name, ABSENT)) if isinstance(held, Mapping) else ABSENT
        return {str(key): value for key, value in one.cells.items()} if isinstance(one, Mapping) else {}

    def _prepared(self, declared: Declared, held: Abstract, variables: Variables, *, files: bool) -> Abstract:
        type_ = Filling(self.machine, self.model, self.instance, self.call.place, OLD).type_of(declared)
        is_complex = None if type_.name == "bare" and type_.kind == "tuple..." else complexity(type_)
        lenient = len([part for part in parts(type_) if part.kind != "none"]) > 1
        if is_complex is None and held is not ABSENT:
            return Unknown(f"the type of {declared.name} is not followed", origin_of(held))
        if not is_complex or (files and (lenient or held is ABSENT)):
            return held
        if held is ABSENT:
            built = self._inner(declared, variables)
            return ABSENT if isinstance(built, Mapping) and not built.cells else built
        value = self._decoded(declared, held, lenient=lenient)
        return merged(value, self._inner(declared, variables)) if isinstance(value, Mapping) and not files else value

    def _decoded(self, declared: Declared, held: Abstract, *, lenient: bool) -> Abstract:
        hook = plain_object(self.model.config.get("parse_env_var", Known(None)))
        if isinstance(hook, Function):
            target: Abstract = Bound(hook, self.model.cls) if hook.kind == "classmethod" else hook
            return self.machine.call_with(target, [Known(declared.name), held], declared.place)
        if not isinstance(held, Known) or "json_loads" in self.model.config:
            return Unknown(getattr(held, "why", "JSON"), origin_of(held), kind=getattr(held, "kind", "unknown"))
        try:
            return self.machine.lift(json.loads(str(held.value)), held.origin)
        except (ValueError, RecursionError):
            if lenient:
                return held
        error = ThrownError(SETTINGS_ERROR, f"error parsing the variable of field {declared.name!r}", declared.place)
        error.unset = held.origin
        raise error

    def _inner(self, declared: Declared, variables: Variables) -> Abstract:
        """Return what nested variables say of a field, as nested dicts of texts (`explode_env_vars`)."""
        built, delimiter = Mapping(), self.options.delimiter
        starts = tuple(f"{name}{delimiter}" for name in self.variables_of(declared)) if delimiter else ()
        for variable, held in variables.items(declared.place):
            if not starts or not variable.startswith(starts):
                continue
            keys = variable[len(self.options.prefix) :].split(delimiter)[1:]
            inner: Mapping | None = built if 0 < len(keys) <= DEEPEST else None
            for key in keys[:-1]:
                deeper = inner.cells.setdefault(key, Mapping()) if inner is not None else None
                inner = deeper if isinstance(deeper, Mapping) else None
            if inner is None or keys[-1] in inner.cells:
                return Unknown(f"variables of {declared.name} contradict each other", origin_of(held))
            inner.cells[keys[-1]] = held
        return built

    def names(self, declared: Declared) -> tuple[str, ...]:
        """Return the variables that would set a field, none when the environment is not read."""
        return tuple(map(self.options.shown, self.variables_of(declared))) if self.reads_environment else ()


@inits(OLD_SETTINGS)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    if not isinstance(instance.of, Class):
        return
    model = model_of(instance.of)
    filling = Filling(machine, model, instance, call.place, OLD)
    try:
        sources = OldSources(machine, model, instance, call)
        state = sources.merged() if not model.doubt else Mapping()
    except UnclearError as why:
        filling.fill(unknown(str(why)))
    else:
        filling.names, filling.exact_case = sources.names, sources.options.exact_case
        filling.delimiter = sources.options.delimiter
        filling.fill(state)
    machine.record.append(("settings", instance, model.cls.name, call.place))
