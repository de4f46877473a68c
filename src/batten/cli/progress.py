"""One line on standard error that says how far the work is, and is gone when it ends."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Self

from batten.cli import terminal

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_S = 0.5
"""What is done by then needs no progress."""
_EVERY_S = 0.1
_ERASED = "\r\x1b[K"
"""To the beginning of the line, and everything after it erased (ECMA-48, CR and EL)."""


class Progress:
    """The line: shown on a terminal only, and after half a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin without showing anything."""
        self._clock = clock
        self._due = clock() + _FIRST_S
        self._is_shown = False
        self._is_wanted = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""
        self._erase()

    def show(self, text: str) -> None:
        """Show a text in place of the one before it."""
        if self._is_wanted and self._clock() >= self._due:
            self._due = self._clock() + _EVERY_S
            self._is_shown = True
            self._write(f"{_ERASED}{text}")

    def tell(self, text: str) -> None:
        """Write a line that stays, above the progress."""
        self._erase()
        terminal.tell(text)

    def _erase(self) -> None:
        if self._is_shown:
            self._is_shown = False
            self._write(_ERASED)

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
