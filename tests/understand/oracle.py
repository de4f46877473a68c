"""Compares what the evaluator says of a program with what CPython makes of it."""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING, Any

from batten.model import Confidence, Location, State, Value
from batten.understand import DictSources
from batten.understand.entry import Program, Trees, evaluate
from batten.understand.evaluate.objects import ABSENT
from batten.understand.evaluate.outcome import value_of
from batten.understand.stack import Stack, Start, Unit, Variable
from tests.understand import cpython
from tests.understand.expressions import GIVEN, SAMPLES, UNSET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEEPEST = 6_000


class Share:
    """How many names were told, of how many."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.programs = self.names = self.known = self.one_of = self.raising = 0

    def __str__(self) -> str:
        """Return the share as a sentence."""
        told = self.known + self.one_of
        part = 100 * told / self.names if self.names else 0
        return (
            f"{self.programs:,} programs ({self.raising:,} raise): {part:.1f} % of {self.names:,} names told "
            f"({self.known:,} known, {self.one_of:,} one of several)"
        )


def files_of(program: str | Mapping[str, str]) -> dict[str, str]:
    """Return the files of a program, which is one file's text or several by their paths."""
    if not isinstance(program, str):
        return dict(program)
    main, *others = program.split("### ")
    parts = [other.partition("\n") for other in others]
    return {"settings.py": main, **{path.strip(): text for path, _, text in parts}}


def understood(program: str | Mapping[str, str], variables: Mapping[str, str | None]) -> Program:
    """Return the program as the evaluator follows it; a variable of value None is set, to something unknown."""
    sources = DictSources(files_of(program))
    env = {
        name: Variable(name, value, Location(file="Procfile", line=1), "Procfile") for name, value in variables.items()
    }
    unit = Unit(
        "web", "procfile", Start("python", "settings.py"), "python settings.py", None, home=cpython.HOME, env=env
    )
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEPEST))
    try:
        return evaluate(sources, Stack((unit,)), unit, {}, Trees(lambda _: None))
    finally:
        sys.setrecursionlimit(limit)


def values(program: Program) -> dict[str, Value]:
    """Return what the evaluator says of each module-level name."""
    module = program.machine.modules["__main__"]
    return {
        name: value_of(program.machine, held)
        for name, held in module.cells.items()
        if isinstance(name, str) and not name.startswith("__") and name != "*"
    }


def environments(unknown: Sequence[str]) -> list[dict[str, str]]:
    """Return environments with each unknown variable set to several values."""
    if len(unknown) == 2:  # two in five of all pairs, every value of each among them
        pairs = [(a, b) for i, a in enumerate(SAMPLES) for j, b in enumerate(SAMPLES) if (i + 2 * j) % 5 == 0]
        return [{**GIVEN, **dict(zip(unknown, pair, strict=True))} for pair in pairs]
    combinations = itertools.product(SAMPLES, repeat=len(unknown))
    return [{**GIVEN, **dict(zip(unknown, found, strict=True))} for found in combinations]


def same(one: Any, two: Any) -> bool:  # noqa: ANN401 - plain data
    """Return whether two pieces of plain data are equal in value, type and order."""
    if type(one) is not type(two):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, dict):
        return same(list(one.items()), list(two.items()))
    if isinstance(one, set | frozenset):
        return bool(one == two) and sorted(map(repr, one)) == sorted(map(repr, two))
    return bool(one == two) or (one != one and two != two)  # noqa: PLR0124 - not a number


def faults(source: str | Mapping[str, str], unknown: Sequence[str], python: cpython.CPython, share: Share) -> list[str]:
    """Return what the evaluator says wrongly of a program."""
    worlds = environments(unknown)
    if not any(name in text for name in unknown for text in files_of(source).values()):
        worlds = worlds[:1]
    answers = python.run(files_of(source), worlds)
    program = understood(source, {**GIVEN, **dict.fromkeys(unknown)})
    share.programs += 1
    finished = [(world, names) for world, (raised, names) in zip(worlds, answers, strict=True) if raised is None]
    if not finished:
        share.raising += 1
        return []
    if "refuses" in program.stopped:
        return [f"{program.stopped}: it does not with {shown(finished[0][0], unknown)}"]
    return [] if program.stopped else _wrong(program, finished, unknown, share)


def _wrong(
    program: Program, finished: list[tuple[dict[str, str], cpython.Names]], unknown: Sequence[str], share: Share
) -> list[str]:
    found: list[str] = []
    said = values(program)
    missing = {name for _, names in finished for name in names} - set(said)
    unread = "*" in program.machine.modules["__main__"].cells
    found += [
        f"{name} is not bound" for name in sorted(missing) if not unread and finished[0][1].get(name) != cpython.OPAQUE
    ]
    for name, value in said.items():
        share.names += any(names.get(name) != cpython.OPAQUE for _, names in finished)
        share.known += value.state is State.KNOWN
        share.one_of += value.state is State.ONE_OF
        for world, names in finished:
            if not fits(value, names.get(name, ABSENT)):
                real = names.get(name, "unbound")
                found.append(f"{name} is {value.state.value} {value}; {real!r} with {shown(world, unknown)}")
                break
    return found


def unsteady(source: str | Mapping[str, str], python: cpython.CPython, share: Share) -> list[str]:
    """Return what the evaluator calls certain although a variable that nothing sets would change it."""
    choices = (None, *SAMPLES)
    pairs = [(a, b) for i, a in enumerate(choices) for j, b in enumerate(choices) if (i + 3 * j) % 4 == 0]
    worlds = [
        {**GIVEN, **{name: held for name, held in zip(UNSET, pair, strict=True) if held is not None}} for pair in pairs
    ]
    if not any(name in text for name in UNSET for text in files_of(source).values()):
        worlds = [worlds[0], worlds[-1]]
    answers = python.run(files_of(source), worlds)
    finished = [(world, names) for world, (raised, names) in zip(worlds, answers, strict=True) if raised is None]
    program = understood(source, GIVEN)
    share.programs += 1
    if not finished or program.stopped:
        share.raising += 1
        return []
    found: list[str] = []
    for name, value in values(program).items():
        certain = value.state is State.KNOWN and value.confidence is Confidence.CERTAIN
        steady = value.state is State.KNOWN and all(fits(value, names.get(name, ABSENT)) for _, names in finished)
        share.names += steady
        share.known += certain
        for world, names in finished if certain else ():
            if not fits(value, names.get(name, ABSENT)):
                set_ = {name: world.get(name) for name in UNSET}
                found.append(f"{name} is certain {value}; {names.get(name, 'unbound')!r} with {set_}")
                break
    return found


def fits(value: Value, real: object) -> bool:
    """Return whether what CPython made is what the evaluator allows."""
    if value.state is State.KNOWN:
        return same(value.value, real)
    if value.state is State.ONE_OF:
        return (real is ABSENT and bool(value.why)) or any(same(case.value, real) for case in value.cases_)
    if value.state is State.UNSET:
        return real is ABSENT
    return True


def shown(world: Mapping[str, str], unknown: Sequence[str]) -> str:
    """Return the variables that tell one world from another."""
    return ", ".join(f"{name}={world[name]!r}" for name in unknown) or "the given variables"
