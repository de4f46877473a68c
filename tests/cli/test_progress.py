"""How far a probe is: on a terminal, late enough to matter, and gone when it ends."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from batten.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> Callable[[io.StringIO], str]:
    """Return what a stream was told by twenty steps of a tenth of a second, and a line in between."""

    def steps(stream: io.StringIO) -> str:
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.delenv("TERM", raising=False)
        with Progress(lambda: clock[0]) as progress:
            for number in range(1, 21):
                clock[0] = number / 20
                progress.show(f"{number} of 20")
                if number == 15:
                    progress.tell("half past")
        return stream.getvalue()

    return steps


def test_nothing_is_shown_in_the_first_half_second_and_all_is_erased(told: Callable[[io.StringIO], str]) -> None:
    said = told(Terminal())
    shown = [part for part in said.replace("\r\x1b[K", "\n").split("\n") if part]
    assert shown == ["10 of 20", "12 of 20", "14 of 20", "half past", "16 of 20", "18 of 20", "20 of 20"]
    assert "14 of 20\r\x1b[Khalf past\n" in said
    assert said.endswith("\r\x1b[K")


def test_a_pipe_is_told_lines_only(told: Callable[[io.StringIO], str]) -> None:
    assert told(io.StringIO()) == "half past\n"
