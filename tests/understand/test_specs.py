"""Runs the specs of the evaluator: `specs/*.md`, what Batten claims about Python configuration.

A heading is a test, a fence with a file name is a file, and a comment is an assertion::

    NAME = …                    # is: True
    NAME = …                    # is: likely 'dev', from config.py:3
    NAME = …                    # is: one of 'a', 'b'
    NAME = …                    # is: unknown (why, or a part of it)
    app.config["NAME"] = …      # is: True
    app.run(debug=…)            # is: False

It speaks of what the name, class attribute or setting holds in the end. `from` is the place that decides the value;
the states `unknown`, `runtime`, `error` and `unset` may be followed by the reason in brackets, and a value by its
confidence (`certain`, `likely`, `possible`) before it. A file that nothing imports is run as `python FILE`, in the
environment of the first process that the deployment files start.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from batten.model import Confidence, Location, State, Value
from batten.understand import DictSources, resolve, understand
from batten.understand.entry import Program, Trees, evaluate
from batten.understand.evaluate.objects import ABSENT, Class, Module
from batten.understand.evaluate.outcome import value_of
from batten.understand.stack import Start, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

SPECS = Path(__file__).parent / "specs"
_HEADING = re.compile(r"#+ +(.+)")
_FENCE = re.compile(r"```(\w+) +(\S+)")
_IS = re.compile(
    r"# is: (?:(?P<confidence>certain|likely|possible) )?(?P<what>.+?)(?: \((?P<why>[^()]+)\))?(?:, from (?P<at>\S+))?"
)
_STATES = {state.value: state for state in State if state not in {State.KNOWN, State.ONE_OF}}


@dataclass
class Spec:
    """One heading: its files."""

    id: str
    files: dict[str, str] = field(default_factory=dict)


def specs() -> Iterator[Spec]:
    """Yield each heading that has files under it, in order."""
    for path in sorted(SPECS.glob("*.md")):
        spec, name, lines = Spec(path.stem), "", list[str]()
        for line in path.read_text("utf-8").splitlines():
            if name and line == "```":
                spec.files[name], name = "\n".join([*lines, ""]), ""
            elif name:
                lines.append(line)
            elif fence := _FENCE.fullmatch(line):
                name, lines = fence[2], []
            elif heading := _HEADING.fullmatch(line):
                yield from [spec] * bool(spec.files)
                spec = Spec(f"{path.stem}: {heading[1]}")
        yield from [spec] * bool(spec.files)


def assertions(file: str, text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the subject (`NAME`, `Class.NAME`, `setting NAME`) and the comment of each assertion."""
    subjects = dict(_subjects(ast.parse(text, file).body, ""))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and token.string.startswith("# is:"):
            line = token.start[0]
            assert line in subjects, f"{file}:{line}: no name is assigned here, so nothing is asserted"
            yield line, subjects[line], token.string


def _subjects(body: list[ast.stmt], prefix: str) -> Iterator[tuple[int, str]]:
    """Yield the last line of each assignment, and what it assigns."""
    for node in body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and call.keywords and ast.unparse(call.func).endswith("app.run"):
            yield node.end_lineno or 0, f"setting run.{call.keywords[0].arg}"
        elif isinstance(target, ast.Name) and not isinstance(node, ast.For):
            yield node.end_lineno or 0, f"{prefix}{target.id}"
        elif isinstance(target, ast.Subscript) and ast.unparse(target.value) == "app.config":
            yield node.end_lineno or 0, f"setting {ast.literal_eval(target.slice)}"
        inner = f"{prefix}{node.name}." if isinstance(node, ast.ClassDef) else prefix
        for part in ("body", "handlers", "orelse", "finalbody", "cases"):
            for child in getattr(node, part, ()):
                yield from _subjects([child] if isinstance(child, ast.stmt) else child.body, inner)


class Seen:
    """What Batten understands of the files of a spec."""

    def __init__(self, files: dict[str, str]) -> None:
        """Evaluate all that they deploy."""
        self.sources = DictSources(files)
        self.stack = resolve(self.sources, lambda _: None)
        found = understand(self.sources, self.stack, {})
        self.programs, self.apps = found.programs, found.apps

    def value(self, file: str, subject: str) -> Value:
        """Return the value of a name of a file, or of a setting of the app."""
        if subject.startswith("setting "):
            assert self.apps, "no app was found"
            return self.apps[0].setting(subject.removeprefix("setting "))
        program, module = self._module(file)
        if program.stopped:
            return Value(State.UNKNOWN, why=program.stopped)
        *classes, name = subject.split(".")
        owner: Module | Class = module
        for step in classes:
            inner = owner.cells[step]
            assert isinstance(inner, Class), f"{step} is no class"
            owner = inner
        return value_of(program.machine, owner.cells.get(name, ABSENT))

    def _module(self, file: str) -> tuple[Program, Module]:
        if not any(module.path == file for p in self.programs for module in p.machine.modules.values()):
            at = Location(file=file, line=1)
            unit = next(iter(self.stack.units), Unit("spec", "assumed", Start("python", file), f"python {file}", at))
            unit = replace(unit, start=replace(unit.start, server="python", target=file, is_module=False, options={}))
            self.programs.append(evaluate(self.sources, self.stack, unit, {}, Trees(lambda _: None)))
        held = ((p, m) for p in self.programs for m in p.machine.modules.values())
        return next((program, module) for program, module in held if module.path == file)


def difference(value: Value, comment: str) -> str:
    """Return how a value differs from its assertion, nothing when it does not."""
    match = _IS.fullmatch(comment)
    assert match, f"not an assertion: {comment}"
    what = match["what"]
    if what in _STATES:
        same = value.state is _STATES[what] and (match["why"] or "") in value.why
    elif what.startswith("one of "):
        wanted = ast.literal_eval(f"({what.removeprefix('one of ')},)")
        same = value.state is State.ONE_OF and {repr(case.value) for case in value.cases()} == set(map(repr, wanted))
    else:
        same = value.state is State.KNOWN and repr(value.value) == repr(ast.literal_eval(what))
    same = same and (not match["at"] or str(value.at) == match["at"])
    same = same and (not match["confidence"] or value.confidence is Confidence[match["confidence"].upper()])
    if same:
        return ""
    return f"{value.confidence.name.lower()} {value}" + f" ({value.why})" * bool(value.why) + f", from {value.at}"


@pytest.mark.parametrize("spec", [pytest.param(spec, id=spec.id) for spec in specs()])
def test_spec(spec: Spec) -> None:
    seen = Seen(spec.files)
    wrong, count = [], 0
    for file, text in spec.files.items():
        for line, subject, comment in assertions(file, text) if file.endswith(".py") else ():
            count += 1
            if differs := difference(seen.value(file, subject), comment):
                wrong.append(f"{file}:{line}: {subject}\n  the spec says  {comment}\n  Batten says    # is: {differs}")
    assert count, "the spec asserts nothing"
    assert not wrong, "\n" + "\n".join(wrong)
