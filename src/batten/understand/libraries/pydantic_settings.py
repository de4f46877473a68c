"""pydantic-settings 2.16: where the values of settings come from, and which source wins.

Init keywords stand over the environment, that over `.env` files, that over
secret files, that over defaults; `settings_customise_sources` may change it.

The fact `("settings", instance, name, place)` says that the program made an
object of settings: `name` is its class's, `place` the call. The object's cells
hold the fields by name.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

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
    OneOf,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.libraries import pydantic
from batten.understand.libraries.pydantic_defaults import aliases, by_field_name, marked
from batten.understand.libraries.pydantic_files import configured, secrets
from batten.understand.libraries.pydantic_fill import Filling, given_of
from batten.understand.libraries.pydantic_models import Declared, Model, model_of
from batten.understand.libraries.pydantic_names import NEW, SETTINGS
from batten.understand.libraries.pydantic_objects import dumped
from batten.understand.libraries.pydantic_sources import Reader, SecretReader, extra_of, merged, names_of
from batten.understand.libraries.pydantic_variables import (
    UnclearError,
    Variables,
    of_files,
    of_process,
    options_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

SOURCE = "pydantic_settings.source"
_ARGUMENTS = ("init_settings", "env_settings", "dotenv_settings", "file_secret_settings")


class Sources:
    """The sources of one call of a settings class."""

    def __init__(self, machine: Interpreter, model: Model, call: Call) -> None:
        """Take the options of the class, those of the call over them.

        Raises:
            UnclearError: one of them is not known.
        """
        self.machine = machine
        self.model = model
        self.call = call
        self.given = {name[1:]: held for name, held in call.kwargs.items() if name.startswith("_")}
        self.options = options_of(model.config, self.given)
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
        return self.restored(self.with_defaults(state))

    def with_defaults(self, state: Mapping) -> Mapping:
        """Return what is set of nested models over their defaults (`nested_model_default_partial_update`)."""
        if self.machine.truth(self.option("nested_model_default_partial_update")) is False:
            return state
        filling = Filling(self.machine, self.model, Instance(self.model.cls), self.call.place, NEW)
        filling.names, filling.exact_case, filling.delimiter = (
            self.names,
            self.options.exact_case,
            self.options.delimiter,
        )
        for declared in self.model.fields.values():
            key = self._keys(declared)[0]
            held, default = state.cells.get(key, ABSENT), plain_object(declared.default or ABSENT)
            if declared.factory is not None or not isinstance(default, Instance | OneOf | Unknown) or held is ABSENT:
                continue
            copy = plain_object(marked(default, filling.at(declared)))
            paths = aliases(self.machine, self.model, declared, NEW) or ()
            if any(len(path) > 1 for path in paths) or not isinstance(held, Mapping) or not isinstance(copy, Instance):
                state.cells[key] = Unknown("what is set of it is joined with its default unseen")
            elif isinstance(copy.of, Class) and "pydantic" in copy.of.facts:
                below = dumped(self.machine, copy, model_of(copy.of), Call([], {}, self.call.place))
                state.cells[key] = merged(below, held)
        return state

    def order(self) -> list[Callable[[], Mapping]]:
        """Return the sources, the first wins."""
        usual = {name: getattr(self, name) for name in _ARGUMENTS}
        first = [*usual.values()]
        hook = next((c.cells[_HOOK] for c in self.model.cls.order if isinstance(c, Class) and _HOOK in c.cells), None)
        if hook is not None:
            first = self.customised(hook)
        if self.machine.truth(self.model.config.get("cli_parse_args", Known(None))) is not False:
            first.insert(0, partial(_unknown, "the command line may set it"))
        return first

    def customised(self, hook: Abstract) -> list[Callable[[], Mapping]]:
        """Return the sources that the project chooses."""
        made = {name: self._object(name) for name in _ARGUMENTS}
        function = plain_object(hook)
        target: Abstract = Bound(function, self.model.cls) if isinstance(function, Function) else hook
        found = self.machine.call(target, Call([self.model.cls], made, self.call.place))
        items = self.machine.iterate(found) if isinstance(plain_object(found), Sequence) else None
        if items is None:
            return [partial(_unknown, "its sources are chosen in a way that is not followed")]
        return [self._source(item) for item in items]

    def _object(self, name: str) -> Abstract:
        made = Instance(Library(SOURCE), self.call.place)
        made.facts["read"] = getattr(self, name)
        return made

    def _source(self, item: Abstract) -> Callable[[], Mapping]:
        target = plain_object(item)
        if isinstance(target, Instance) and "read" in target.facts:
            read: Callable[[], Mapping] = target.facts["read"]
            return read
        if isinstance(target, Instance) and isinstance(target.of, Library):
            return partial(configured, self.machine, self.model, target)
        name = target.of.name if isinstance(target, Instance) else "a source that is not known"
        return partial(_unknown, f"{name} may set it, which is not followed")

    # The usual sources

    def init_settings(self) -> Mapping:
        """Return the keywords of the call, by the name under which pydantic wants them."""
        call = Call([], {k: v for k, v in self.call.kwargs.items() if not k.startswith("_")}, self.call.place)
        call.open = self.call.open
        given = given_of(call)
        made = Mapping(origin=given.origin, more=given.more)
        for declared in self.model.fields.values():
            names = self._keys(declared)
            wanted = dict.fromkeys(self.options.folded(name) for name in names)
            found = [key for name in wanted for key in given.cells if self.options.folded(str(key)) == name]
            if found:
                made.cells[names[0]] = given.cells[found[0]]
                for key in found:
                    del given.cells[key]
        made.cells.update(given.cells)
        return made

    def _keys(self, declared: Declared) -> list[str]:
        """Return the keywords that set a field, the one that pydantic is given first."""
        found = aliases(self.machine, self.model, declared, NEW) if self._by_alias else None
        plain = [str(path[0]) for path in found or () if len(path) == 1]
        names = plain or [str(path[0]) for path in (found or [(declared.name,)])[:1]]
        by_name = [declared.name] if by_field_name(self.machine, self.model.config) else []
        return list(dict.fromkeys([*names, *by_name]))

    @property
    def _by_alias(self) -> bool:
        return self.machine.truth(self.model.config.get("validate_by_alias", Known(value=True))) is not False

    def restored(self, state: Mapping) -> Mapping:
        """Return what is set, keywords under the names that the call uses (`_settings_restore_init_kwarg_names`)."""
        for declared in self.model.fields.values():
            keys = self._keys(declared)
            target = next((key for key in self.call.kwargs if key in keys), None)
            held = [key for key in keys if key in state.cells]
            if target is not None and held:
                value = state.cells[held[0]]
                for key in held:
                    del state.cells[key]
                state.cells[target] = value
        return state

    def env_settings(self) -> Mapping:
        """Return what the environment sets."""
        self.reads_environment = True
        return Reader(self.machine, self.model, self.options, of_process(self.machine, self.options)).read()

    def dotenv_settings(self) -> Mapping:
        """Return what `.env` files set, and what they set beside the fields."""
        files = self.option("env_file")
        try:
            variables = of_files(self.machine, self.options, files, self.call.place)
        except UnclearError as why:
            return _unknown(f"an environment file may set it: {why}")
        reader = Reader(self.machine, self.model, self.options, variables)
        data = reader.read()
        if self.options.filtering == "only_existing":
            return data
        if self.options.filtering is not None:
            data.more["rest"] = Unknown("an environment file may set it")
            return data
        extra_of(reader, data)
        return data

    def file_secret_settings(self) -> Mapping:
        """Return what files named after the fields hold."""

        def read(variables: Variables) -> Mapping:
            return SecretReader(self.machine, self.model, self.options, variables).read()

        directories = self.option("secrets_dir")
        return secrets(self.machine, self.model, self.options, directories, self.call.place, read)

    def names(self, declared: Declared) -> tuple[str, ...]:
        """Return the variables that would set a field, none when the environment is not read."""
        if not self.reads_environment:
            return ()
        found = names_of(self.machine, self.model, declared, self.options)
        return tuple(dict.fromkeys(self.options.shown(name.variable) for name in found))


_HOOK = "settings_customise_sources"


def _unknown(why: str) -> Mapping:
    made = Mapping()
    made.more["rest"] = Unknown(why)
    return made


@inits(SETTINGS)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    if not isinstance(instance.of, Class):
        return
    if call.args and not call.open:
        kinds = ("TypeError", "Exception", "BaseException")
        raise ThrownError(kinds, f"{instance.of.name}() takes keywords only", call.place)
    model = model_of(instance.of)
    filling = Filling(machine, model, instance, call.place, NEW)
    try:
        sources = Sources(machine, model, call)
        state = sources.merged() if not model.doubt else Mapping()
    except UnclearError as why:
        state = _unknown(str(why))
        filling.fill(state)
    else:
        filling.names, filling.exact_case = sources.names, sources.options.exact_case
        filling.delimiter = sources.options.delimiter
        filling.fill(state)
    instance.facts["model"] = model
    machine.record.append(("settings", instance, model.cls.name, call.place))


__all__ = ["pydantic"]
