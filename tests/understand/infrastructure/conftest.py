"""Surveys a project held in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.run.evaluated import understood
from batten.understand import DictSources, resolve
from batten.understand.infrastructure import survey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.model import Unsure


@pytest.fixture
def doubts() -> list[Unsure]:
    """Hold what could not be told."""
    return []


@pytest.fixture
def parts(doubts: list[Unsure]) -> Callable[..., list[object]]:
    """Return the parts of a kind that stand around the apps of a project; no reader may break."""

    def surveyed(files: Mapping[str, str], kind: type = object) -> list[object]:
        sources = DictSources(files)
        stack = resolve(sources, doubts.append)
        seen = understood(sources, stack, {})
        around = survey(sources, stack, seen, doubts.append)
        bugs = [doubt.detail for doubt in doubts if doubt.detail]
        assert not bugs, bugs[0]
        return [part for part in around.parts if isinstance(part, kind)]

    return surveyed
