"""The list of all rules, made by looking at which files there are; nothing is registered."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from batten.model import BattenError, Question, Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_ROOM = "batten.rules"
_LIVE = ("http", "ports")
"""The layers of the rules that read nothing but answers."""
_MORE = ("live", "around", "host")
"""The attributes of functions that hold the other questions of a rule."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, sorted by layer and id."""
    return tuple(sorted((rule_in(name) for name in _details()), key=lambda r: (r.layer, r.id)))


@cache
def static_rules() -> tuple[Rule, ...]:
    """Return every rule that reads more than answers, sorted by layer and id; what reads those is not imported."""
    held = (rule_in(name) for name in _details(but=_LIVE))
    return tuple(sorted(held, key=lambda r: (r.layer, r.id)))


@cache
def _index() -> dict[str, list[str]]:
    """Return each rule's module below `batten.rules`, to the names of the classes that it looks at.

    It is generated (`make docs`): so an audit imports the rules only that have something to look at.
    """
    import json  # noqa: PLC0415 - beside its only use
    from importlib.resources import files  # noqa: PLC0415 - likewise

    found: dict[str, list[str]] = json.loads(files(_ROOM).joinpath("index.json").read_text("ascii"))
    return found


def rules_over(kinds: set[str], examined: set[str]) -> tuple[Rule, ...]:
    """Return the static rules that look at one of these classes, or that are named as examined; sorted."""
    names = []
    for module, over in _index().items():
        layer, topic, detail = module.split(".")
        topic = topic.replace("_", "-")
        told = {topic, f"{topic}/{detail.replace('_', '-')}"}
        if layer not in _LIVE and not (kinds.isdisjoint(over) and examined.isdisjoint(told)):
            names.append(module)
    held = (rule_in(f"{_ROOM}.{name}") for name in names)
    return tuple(sorted(held, key=lambda r: (r.layer, r.id)))


def rules_of(layer: str, room: str) -> tuple[Rule, ...]:
    """Return the rules of a layer, and those of others that ask about classes of a room too; sorted."""
    names = [
        module
        for module, over in _index().items()
        if module.startswith(f"{layer}.") or any(name.startswith(f"{room}.") for name in over)
    ]
    held = (rule_in(f"{_ROOM}.{name}") for name in names)
    return tuple(sorted(held, key=lambda r: (r.layer, r.id)))


def rules_named(ids: Collection[str]) -> tuple[Rule, ...]:
    """Return the rules of these ids, sorted; no other is imported."""
    held = []
    for module in _index():
        _, topic, detail = module.split(".")
        if f"{topic}/{detail}".replace("_", "-") in ids:
            held.append(rule_in(f"{_ROOM}.{module}"))
    return tuple(sorted(held, key=lambda r: (r.layer, r.id)))


def index() -> dict[str, list[str]]:
    """Return what the index has to hold, from the rules themselves."""
    found = {}
    for rule in all_rules():
        asked = [one.over for one in rule.questions]
        found[rule.module.removeprefix(f"{_ROOM}.")] = [f"{over.__module__}.{over.__qualname__}" for over in asked]
    return dict(sorted(found.items()))


@cache
def topics() -> tuple[str, ...]:
    """Return every topic, sorted."""
    return tuple(sorted({rule.topic for rule in all_rules()}))


def find(name: str) -> tuple[Rule, ...]:
    """Return the rule of that id or alias, or all the rules of that topic.

    Raises:
        BattenError: there is none; the hint names what is spelt alike.
    """
    rules = all_rules()
    found = tuple(r for r in rules if name in (r.id, r.topic) or name in r.aliases)
    if found:
        return found
    import difflib  # noqa: PLC0415 - only a misspelt name needs it

    known = sorted({word for r in rules for word in (r.id, r.topic, *r.aliases)})
    alike = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=3)
    hint = f"did you mean {' or '.join(alike)}?" if alike else "`batten rules` lists them all"
    message = f"there is no rule or topic called {name!r}"
    raise BattenError(message, hint=hint)


def rule_in(module: str) -> Rule:
    """Return the rule that a module holds.

    Raises:
        LookupError: it holds none, or several (a bug of ours, or of a third party's rule).
    """
    held = [thing for thing in vars(import_module(module)).values() if getattr(thing, "__module__", None) == module]
    own = [rule for thing in held if isinstance(rule := getattr(thing, "rule", None), Rule)]
    more = {
        name: [found for thing in held if isinstance(found := getattr(thing, name, None), Question)] for name in _MORE
    }
    if len(own) != 1 or any(len(found) > 1 for found in more.values()):
        message = f"{module} holds {len(own)} rules; one file is one rule, with one check of each other kind at most"
        raise LookupError(message)
    live, beside, host = (found[0] if found else None for found in more.values())
    return replace(own[0], live=live, around=beside, host=host)


def _details(but: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the module of each rule; a file whose name starts with `_` is shared by its topic.

    The layers `but` are left out.
    """
    for layer in _folders(_ROOM):
        if layer.rpartition(".")[2] in but:
            continue
        for topic in _folders(layer):
            for name, is_folder in _inside(topic):
                if not is_folder and not name.startswith("_"):
                    yield f"{topic}.{name}"


def _folders(package: str) -> Iterator[str]:
    return (f"{package}.{name}" for name, is_folder in _inside(package) if is_folder)


def _inside(package: str) -> Iterator[tuple[str, bool]]:
    """Yield the modules and folders of a package, in the order of their names."""
    found = iter_modules(import_module(package).__path__)
    return iter(sorted((module.name, module.ispkg) for module in found))
