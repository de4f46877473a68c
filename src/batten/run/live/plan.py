"""Which stages a probe has, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.run.live.exposed import exposed
from batten.run.live.landing import landing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from batten.run.live.scene import Plan, Scene, Stage


def plan(only: Collection[str] = ()) -> Plan:
    """Return the phases; `only` names the parts that are wanted (`PARTS` of the request), empty means all."""

    def wanted(part: str, *stages: Callable[[Scene], Stage]) -> tuple[Callable[[Scene], Stage], ...]:
        return stages if not only or part in only else ()

    return ((landing,), wanted("paths", exposed))
