"""A list of which only the beginning is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.objects import Sequence
from batten.understand.evaluate.origin import NOWHERE

if TYPE_CHECKING:
    from batten.understand.evaluate.objects import Abstract
    from batten.understand.evaluate.origin import Origin


class OpenEnded(Sequence):
    """A list that may have more elements than are known: the arguments of a command that is only assumed."""

    __slots__ = ("why",)

    def __init__(self, items: tuple[Abstract, ...], why: str, origin: Origin = NOWHERE) -> None:
        """Hold the elements that are known; `why` says why there may be more."""
        super().__init__("list", items, origin)
        self.why = why
