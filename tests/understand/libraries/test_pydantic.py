"""pydantic and pydantic-settings: whatever the evaluator calls known is what the real libraries make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.understand.libraries import pydantic_programs as programs
from tests.understand.libraries.pydantic_process import Program, Pydantic, Unclear, clear, differs, understood

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.understand.libraries.conftest import Understand

ALL = {
    "types of pydantic 2": (programs.of_types(old=False), 0.7),
    "types of pydantic 1": (programs.of_types(old=True), 0.7),
    "written for pydantic 2": (programs.written(old=False), 0.8),
    "written for pydantic 1": (programs.written(old=True), 0.8),
}


@pytest.fixture(scope="module")
def library() -> Iterator[Pydantic]:
    with Pydantic() as worker:
        yield worker


@pytest.mark.process
@pytest.mark.parametrize("kind", ALL)
def test_what_is_known_is_what_pydantic_makes(kind: str, library: Pydantic, understand: Understand) -> None:
    known = total = 0
    wrong: list[str] = []
    chosen, least = ALL[kind]
    for program in chosen:
        raised, real = library.run(program)
        found = understand(program.source, files=program.files, env=program.env)
        if raised is not None or found.stopped:
            if raised is None or not (found.stopped or raised.startswith("Syntax")):
                wrong.append(f"{_end(program)}\nreally {raised}, understood {found.stopped or 'to run'}")
            continue
        names = found.names
        for name, value in ((name, value) for name, value in real.items() if name[1:].isdecimal() or name == "r"):
            mine = understood(found.value(name)) if name in names else Unclear
            if differs(mine, value):
                wrong.append(f"{_end(program, name)}\n{name} is {value!r}, understood as {mine!r}")
            told, all_ = clear(mine)
            known, total = known + told, total + all_
    assert not wrong, "\n\n".join(wrong)
    assert known / total > least, f"{known} of {total} values are known"


def _end(program: Program, name: str = "") -> str:
    """Return what is particular to a program, of one with many lines only the type and the line of a name."""
    text = str(program).partition("return type(error).__name__\n")[2]
    if len(text) < 2_000:
        return text
    lines = text.splitlines()
    return "\n".join([*lines[:2], *(line for line in lines if line.startswith(f"{name} = "))])
