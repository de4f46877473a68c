"""`argparse` (CPython 3.11): what the options are that the deployment's command passes.

The command line is read by argparse itself, with the actions that the program
declares; defaults and types stay values, and keep where they come from.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NoReturn

from batten.understand.evaluate.library import CALLS, Call, calls, inits
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Instance,
    Known,
    Library,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.command_line import command_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.interpreter import Interpreter

PARSER = "argparse.ArgumentParser"
_SUBPARSERS = "argparse subparsers"
_GROUP = "argparse group"
_NAMESPACE = "argparse.Namespace"
_FLAGS: dict[str, bool] = {"store_true": True, "store_false": False}
_PASSED_ON = ("action", "nargs", "const", "choices", "required", "dest")
"""Keywords of an argument that decide how the words are taken."""


class _RefusedError(Exception):
    """The words do not fit the declared arguments."""


class _UnclearError(Exception):
    """An argument is declared in a way that is not followed."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _RefusedError(message)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise _RefusedError(message or f"it exits with {status}")


@inits(PARSER)
def _parser(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts.update({"arguments": {}, "defaults": {}, "subparsers": [], "call": call})
    parents = call.kwargs.get("parents")
    own = set(call.kwargs) - {"prog", "usage", "description", "epilog", "formatter_class", "add_help", "allow_abbrev"}
    instance.facts["unclear"] = bool(own) or call.open or parents is not None


def _declaring(receiver: Abstract | None) -> Instance | None:
    """Return the parser that a parser or a group of one declares arguments for."""
    found = plain_object(receiver or Known(None))
    return found.facts.get("parser", found) if isinstance(found, Instance) else None


@calls(f"{PARSER}.add_argument", f"{_GROUP}.add_argument")
def _add_argument(machine: Interpreter, call: Call) -> Abstract:
    del machine
    parser = _declaring(call.receiver)
    if parser is not None:
        key = tuple(str(arg.value) if isinstance(arg, Known) else "" for arg in call.args)
        parser.facts["arguments"][key or ("",)] = call
    return Unknown("an action of argparse", Origin(call.place))


@calls(f"{PARSER}.add_argument_group", f"{PARSER}.add_mutually_exclusive_group", f"{_GROUP}.add_argument_group")
def _group(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = Instance(Library(_GROUP), call.place)
    made.facts["parser"] = _declaring(call.receiver)
    return made


@calls(f"{PARSER}.set_defaults")
def _set_defaults(machine: Interpreter, call: Call) -> Abstract:
    del machine
    parser = _declaring(call.receiver)
    if parser is not None:
        parser.facts["defaults"].update(call.kwargs)
        parser.facts["unclear"] |= call.open
    return Known(None)


@calls(f"{PARSER}.add_subparsers")
def _add_subparsers(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = Instance(Library(_SUBPARSERS), call.place)
    made.facts.update({"parsers": {}, "call": call})
    parser = _declaring(call.receiver)
    if parser is not None:
        parser.facts["subparsers"].append(made)
    return made


@calls(f"{_SUBPARSERS}.add_parser")
def _add_parser(machine: Interpreter, call: Call) -> Abstract:
    made = Instance(Library(PARSER), call.place, Origin(call.place))
    own = {name: held for name, held in call.kwargs.items() if name not in {"name", "help", "aliases"}}
    _parser(machine, made, Call([], own, call.place, open=call.open or "aliases" in call.kwargs))
    owner = plain_object(call.receiver or Known(None))
    name = call.get("name", 0)
    if isinstance(owner, Instance):
        owner.facts["parsers"][str(name.value) if isinstance(name, Known) else ""] = made
    return made


# Reading the command line


class _Reader:
    """Builds parsers as the program declares them, and keeps what their values are made with."""

    def __init__(self, machine: Interpreter) -> None:
        self.machine = machine
        self.defaults: dict[str, Abstract] = {}
        self.types: dict[str, Abstract] = {}
        self.fixed: dict[str, Abstract] = {}

    def fill(self, parser: argparse.ArgumentParser, declared: Instance) -> None:
        """Add the arguments of a declared parser.

        Raises:
            _UnclearError: one of them is not followed.
        """
        if declared.facts["unclear"]:
            raise _UnclearError
        for call in declared.facts["arguments"].values():
            self._add(parser, call)
        for sub in declared.facts["subparsers"]:
            self._branches(parser, sub)
        for name, held in declared.facts["defaults"].items():
            self.fixed.setdefault(name, held)

    def _add(self, parser: argparse.ArgumentParser, call: Call) -> None:
        names = [arg.value if isinstance(arg, Known) else None for arg in call.args]
        options = dict(self._options(call))
        if call.open or not all(isinstance(name, str) for name in names):
            raise _UnclearError
        kind = call.kwargs.get("type")
        try:
            action = parser.add_argument(*names, **options, default=None)  # type: ignore[arg-type]
        except (TypeError, ValueError, argparse.ArgumentError) as error:
            raise _UnclearError from error
        action.default = argparse.SUPPRESS
        if kind is not None:
            self.types[action.dest] = kind
        told = call.kwargs.get("default")
        if told is not None:
            self.defaults[action.dest] = told
        elif options.get("action") in _FLAGS:
            self.defaults[action.dest] = Known(not _FLAGS[str(options["action"])], Origin(call.place))
        elif action.dest not in self.defaults and action.dest != argparse.SUPPRESS:
            self.defaults[action.dest] = Known(None, Origin(call.place))

    def _options(self, call: Call) -> Iterator[tuple[str, Any]]:
        for name in _PASSED_ON:
            held = call.kwargs.get(name)
            if held is None:
                continue
            if name == "action" and plain_name(held) == "argparse.BooleanOptionalAction":
                yield name, argparse.BooleanOptionalAction
                continue
            if name == "choices":
                continue  # a word that is not among them stops the app: production passes none
            plain = self.machine.plain(held)
            if plain is None:
                raise _UnclearError
            yield name, plain[0]

    def _branches(self, parser: argparse.ArgumentParser, declared: Instance) -> None:
        call: Call = declared.facts["call"]
        dest = call.kwargs.get("dest")
        given = {"dest": str(dest.value)} if isinstance(dest, Known) else {}
        branches = parser.add_subparsers(parser_class=_Parser, **given)  # type: ignore[call-overload]
        if given:
            self.defaults[given["dest"]] = Known(None, Origin(call.place))
        for name, branch in declared.facts["parsers"].items():
            inner = _Reader(self.machine)
            made = branches.add_parser(name, add_help=True)
            inner.fill(made, branch)
            made.set_defaults(**{f"\0{name}": inner})
            self.types |= inner.types


def plain_name(held: Abstract) -> str:
    """Return the dotted name of something of a library, nothing for anything else."""
    target = plain_object(held)
    return target.name if isinstance(target, Library) else ""


def _words(machine: Interpreter, call: Call) -> tuple[list[str], Origin] | None:
    """Return the words that are parsed, None where they are not known."""
    given = call.get("args", 0)
    if given is not None and not (isinstance(given, Known) and given.value is None):
        plain = machine.plain(given)
        if plain is None or not all(isinstance(word, str) for word in plain[0]):
            return None
        return list(plain[0]), Origin(call.place)
    return command_words(machine)


def _parsed(machine: Interpreter, call: Call, *, rest: bool) -> tuple[Abstract, list[str]]:
    made = Instance(Library(_NAMESPACE), call.place, Origin(call.place))
    declared = _declaring(call.receiver)
    words = _words(machine, call)
    reader, parser = _Reader(machine), _Parser(prog="program")
    unclear = Unknown("options of a command line that is not known", Origin(call.place), kind="runtime")
    if declared is None or words is None or call.get("namespace", 1) is not None:
        return unclear, []
    try:
        reader.fill(parser, declared)
    except _UnclearError:
        return unclear, []
    try:
        read, left = parser.parse_known_args(words[0])
    except _RefusedError as error:
        raise ThrownError(("SystemExit", "BaseException"), f"the command line: {error}", call.place) from None
    if left and not rest:
        raise ThrownError(("SystemExit", "BaseException"), f"unrecognized arguments: {left[0]}", call.place)
    _fill(machine, made, reader, vars(read), words[1], call.place)
    return made, left


def _fill(
    machine: Interpreter, made: Instance, reader: _Reader, read: dict[str, Any], origin: Origin, place: Place
) -> None:
    for inner in [held for name, held in read.items() if name.startswith("\0")]:
        reader.defaults |= inner.defaults
        reader.fixed |= inner.fixed
    for name, default in reader.defaults.items():
        kind = reader.types.get(name)
        held = reader.fixed.pop(name, default)
        text = isinstance(held, Known) and isinstance(held.value, str)
        machine.put(made.cells, name, machine.call_with(kind, [held], place) if kind is not None and text else held)
    for name, held in reader.fixed.items():
        machine.put(made.cells, name, held)
    for name, given in read.items():
        if not name.startswith("\0"):
            machine.put(made.cells, name, _given(machine, given, reader.types.get(name), origin, place))


def _given(machine: Interpreter, given: Any, kind: Abstract | None, origin: Origin, place: Place) -> Abstract:  # noqa: ANN401 - plain data
    if kind is None or not isinstance(given, str | list):
        return machine.lift(given, origin)
    if isinstance(given, list):
        return Sequence("list", tuple(_given(machine, one, kind, origin, place) for one in given), origin)
    return machine.call_with(kind, [Known(given, origin)], place)


@calls(f"{PARSER}.parse_args")
def _parse_args(machine: Interpreter, call: Call) -> Abstract:
    return _parsed(machine, call, rest=False)[0]


@calls(f"{PARSER}.parse_known_args")
def _parse_known(machine: Interpreter, call: Call) -> Abstract:
    found, left = _parsed(machine, call, rest=True)
    others = Sequence("list", tuple(map(Known, left)), Origin(call.place))
    return Sequence("tuple", (found, others if isinstance(found, Instance) else found), Origin(call.place))


for _name in ("print_help", "print_usage", "format_help"):
    CALLS[f"{PARSER}.{_name}"] = lambda _machine, _call: Known(None)


@calls(f"{PARSER}.error", f"{PARSER}.exit")
def _stop(machine: Interpreter, call: Call) -> Abstract:
    del machine
    raise ThrownError(("SystemExit", "BaseException"), "argparse ends the program", call.place)
