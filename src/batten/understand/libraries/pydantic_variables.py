"""Variables as settings read them: names folded, files over files, and the options of `SettingsConfigDict`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy import dotenv as grammar
from batten.understand.evaluate.environ import SYSTEM
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Known,
    OneOf,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.paths import text_of
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place


class NoneText(str):
    """A variable's text that stands for None (`env_parse_none_str`)."""

    __slots__ = ()


class UnclearError(Exception):
    """An option of the settings is not known; the message says which."""


@dataclass(frozen=True, slots=True)
class Options:
    """How one class of settings, or one call of it, reads variables (pydantic-settings 2.16 `main`)."""

    prefix: str = ""
    prefix_target: str = "variable"
    delimiter: str = ""
    splits: int | None = None
    exact_case: bool = False
    ignore_empty: bool = False
    none_text: str | None = None
    enums: bool = False
    decodes: bool = True
    filtering: str | None = None
    depth: int = 0

    def folded(self, name: str) -> str:
        """Return a variable's name as it is compared."""
        return name if self.exact_case else name.lower()

    def shown(self, name: str) -> str:
        """Return a variable's name as a person would set it."""
        return name if self.exact_case else name.upper()


_NAMES = {
    "prefix": "env_prefix", "prefix_target": "env_prefix_target", "delimiter": "env_nested_delimiter",
    "splits": "env_nested_max_split", "exact_case": "case_sensitive", "ignore_empty": "env_ignore_empty",
    "none_text": "env_parse_none_str", "enums": "env_parse_enums", "decodes": "enable_decoding",
    "filtering": "dotenv_filtering", "depth": "env_file_depth",
}  # fmt: skip


def options_of(config: Mapping[str, Abstract], given: Mapping[str, Abstract]) -> Options:
    """Return the options that a class has, those of a call over them (`_env_prefix=...`).

    Raises:
        UnclearError: one of them is not known.
    """
    found = {}
    for field, name in _NAMES.items():
        held = given.get(name)
        if held is None or (isinstance(held, Known) and held.value is None):
            held = config.get(name)
        if held is None or (isinstance(held, Known) and held.value is None):
            continue
        if not isinstance(held, Known):
            raise UnclearError(f"{name} is not known")
        found[field] = held.value
    return Options(**found)


class Variables:
    """Variables of one source by their folded names."""

    def __init__(self, options: Options, *, system: bool = False) -> None:
        """Start with none; `system` for the environment, where the machine sets some of its own."""
        self.options = options
        self.values: dict[str, Abstract] = {}
        self.names: dict[str, str] = {}
        """Folded name to the name as it is written."""
        self.bare: set[str] = set()
        """Names that a file writes without a value."""
        self.system = system

    def add(self, name: str, value: Abstract, *, over: bool) -> None:
        """Add a variable; of two that differ only by case, or lie in two files, the later counts if `over`."""
        folded, found = self.options.folded(name), self._taken(value)
        if value is ABSENT:  # a line without `=`
            self.values[folded] = ABSENT
            self.bare.add(folded)
            return
        self.bare.discard(folded)
        before = self.values.get(folded, ABSENT)
        if over:
            kept = [choice for choice in each(found) if choice is not ABSENT]
            if not kept:
                return
            partly = len(kept) < len(list(each(found)))
            self.values[folded] = join(before, found) if partly and before is not ABSENT else found
        else:
            self.values[folded] = found if before is ABSENT else join(before, found)
        self.names[folded] = name

    def _taken(self, value: Abstract) -> Abstract:
        """Return a value with empty texts left out, and the text for None told apart."""
        found: Abstract | None = None
        for choice in each(value):
            one = choice
            if isinstance(choice, Known) and choice.value == "" and self.options.ignore_empty:
                one = ABSENT
            elif isinstance(choice, Known) and choice.value == self.options.none_text:
                one = Known(NoneText(choice.value), choice.origin)
            elif isinstance(choice, Unknown) and choice.kind == "unknown" and self.options.ignore_empty:
                one = OneOf((ABSENT, choice))
            found = one if found is None else join(found, one)
        return ABSENT if found is None else found

    def get(self, name: str, place: Place) -> Abstract:
        """Return the value of a variable by its folded name, ABSENT when it is not set."""
        held = self.values.get(name, ABSENT)
        shown = self.names.get(name, self.options.shown(name))
        if held is ABSENT and self.system and self.options.shown(name) in SYSTEM:
            why = f"{self.options.shown(name)} may be set by the system"
            return OneOf((ABSENT, Unknown(why, Origin(place), of="str")))
        return _seen(held, shown, place)

    def items(self, place: Place) -> Iterator[tuple[str, Abstract]]:
        """Yield each variable by its folded name."""
        yield from ((name, Known(None)) for name in sorted(self.bare))
        for name, held in list(self.values.items()):
            if held is not ABSENT:
                yield name, _seen(held, self.names[name], place)


def over(lower: Variables, upper: Variables) -> Variables:
    """Return two sets of variables as one; what `upper` holds counts."""
    made = Variables(upper.options, system=upper.system)
    for part in (lower, upper):
        for name, held in part.values.items():
            before = made.values.get(name, ABSENT)
            kept = [choice for choice in each(held) if choice is not ABSENT]
            if name in part.bare:
                made.bare.add(name)
            if not kept:
                continue
            made.bare.discard(name)
            made.values[name] = held if len(kept) == len(list(each(held))) else join(before, held)
            made.names[name] = part.names.get(name, name)
    return made


def _seen(held: Abstract, name: str, place: Place) -> Abstract:
    """Return a value with the place that reads it."""
    if isinstance(held, Known):
        return Known(held.value, held.origin.then((place, f"{name} is read", None)))
    if isinstance(held, OneOf):
        return OneOf(tuple(_seen(choice, name, place) for choice in held.choices))
    return held


def of_process(machine: Interpreter, options: Options) -> Variables:
    """Return the variables of the process."""
    made = Variables(options, system=True)
    for name, held in machine.environ.cells.items():
        if isinstance(name, str) and held is not ABSENT:
            made.add(name, held, over=False)
    return made


def of_files(machine: Interpreter, options: Options, files: Abstract, place: Place) -> Variables:
    """Return the variables of `.env` files, a later one over an earlier.

    Raises:
        UnclearError: which files are read is not known.
    """
    made = Variables(options)
    for file in _listed(machine, files):
        path, origin = _path(machine, file, place)
        if path is None:
            continue
        if options.depth and not machine.world.visible(path):
            raise UnclearError(f"{path} is looked for in the directories above")
        text = machine.world.read(path) if machine.world.visible(path) else None
        if text is None:
            machine.record.append(("dotenv missing", path, place))
            continue
        for name, held in _lines(machine, path, text, place):
            made.add(name, machine.tainted(held, Origin(None, (), origin.unset)), over=True)
    return made


def _listed(machine: Interpreter, files: Abstract) -> list[Abstract]:
    target = plain_object(files)
    if isinstance(target, Known) and target.value is None:
        return []
    if not isinstance(target, Sequence):
        return [files]
    found = machine.iterate(files)
    if found is None:
        raise UnclearError("which files are read is not known")
    return found


def _path(machine: Interpreter, file: Abstract, place: Place) -> tuple[str | None, Origin]:
    """Return the repository path that a file would have, and what the choice of it depends on."""
    text = text_of(machine, plain_object(file), place)
    if not isinstance(text, Known) or not isinstance(text.value, str) or text.value.startswith("~"):
        raise UnclearError("which file is read is not known")
    found = machine.world.repo_path(text.value)
    if found is None:
        machine.record.append(("dotenv missing", text.value.replace("\0", "").lstrip("/"), place))
    return found, origin_of(file).also(text.origin)


def _lines(machine: Interpreter, path: str, text: str, place: Place) -> Iterator[tuple[str, Abstract]]:
    """Yield the variables of a file, as python-dotenv's `dotenv_values` gives them."""
    around = {
        str(name): Variable(str(name), held.value if isinstance(held, Known) else None, Location(file=path), "environ")
        for name, held in machine.environ.cells.items()
        if held is not ABSENT
    }
    found = grammar.parse(text, path, around, override=True)
    last = {name: value for name, value, _ in grammar.bindings(text)}
    for name, value in last.items():
        variable = found.get(name)
        if value is None or variable is None:
            yield name, ABSENT
            continue
        hops = (
            (variable.at, f"{path} sets {name} to", repr(variable.value)),
            (place, f"{path} is loaded", None),
        )
        unset = frozenset({name}) if variable.default else frozenset()
        origin = Origin(variable.at, hops, unset, pinned=True)
        if variable.value is None:
            yield name, Unknown(f"{name} is made from a variable that is not known", origin, of="str")
        else:
            yield name, Known(variable.value, origin)
