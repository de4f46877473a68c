from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.deploy import resolve
from batten.understand.sources import DictSources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.model import Unsure
    from batten.understand.stack import Stack, Unit


class Resolved:
    """A stack, and what could not be told."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.unsure: list[Unsure] = []
        self.stack: Stack = resolve(DictSources(files), self.unsure.append)

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.stack.units

    @property
    def unit(self) -> Unit:
        assert len(self.units) == 1, [(u.name, u.command) for u in self.units]
        return self.units[0]

    @property
    def names(self) -> list[str]:
        return [unit.name for unit in self.units]

    @property
    def commands(self) -> list[str]:
        return [unit.command for unit in self.units]

    @property
    def doubts(self) -> str:
        return "\n".join(f"{u.what}: {u.why} ({u.at})" for u in self.unsure)

    def env(self, name: str) -> str | None:
        return self.unit.env[name].value

    def place(self, name: str) -> str:
        return str(self.unit.env[name].at)


@pytest.fixture
def resolved() -> Callable[[Mapping[str, str]], Resolved]:
    return Resolved
