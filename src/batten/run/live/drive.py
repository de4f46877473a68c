"""Drives the stages of a probe: gathers what they want, has it asked once, and hands the answers back."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from batten.model import Location, Unsure
from batten.run.live.scene import LAYER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from batten.run.live.scene import Plan, Scene, Stage
    from batten.understand.answers.http import Chain
    from batten.understand.answers.wish import Wish

    Fetch = Callable[[Sequence[Wish]], Sequence[Chain]]


class _Asked:
    """Answers by wish: what was asked before is not asked again."""

    def __init__(self, fetch: Fetch, scene: Scene) -> None:
        self.fetch = fetch
        self.scene = scene
        self.known: dict[Wish, Chain] = {}

    def __call__(self, batches: Sequence[Sequence[Wish]]) -> list[list[Chain]]:
        new = [wish for wish in dict.fromkeys(wish for batch in batches for wish in batch) if wish not in self.known]
        if new:
            chains = self.fetch(new)
            self.scene.left -= sum(max(1, len(chain.hops)) for chain in chains)
            self.known.update(zip(new, chains, strict=True))
        return [[self.known[wish] for wish in batch] for batch in batches]


def drive(plan: Plan, scene: Scene, fetch: Fetch) -> None:
    """Run the phases in their order; what the stages see is kept in the scene.

    A site that shows no page in the first phase is asked nothing more. A stage
    that breaks is a bug of ours: it becomes an `Unsure`, and the others go on.
    """
    asked = _Asked(fetch, scene)
    for number, phase in enumerate(plan):
        if number and not scene.pages:
            return
        waiting: list[tuple[str, Stage, tuple[Wish, ...]]] = [(_named(begin), begin(scene), ()) for begin in phase]
        chains: Sequence[list[Chain] | None] = [None] * len(waiting)
        while waiting:
            steps = zip(waiting, chains, strict=True)
            waiting = [(n, stage, wishes) for (n, stage, _), told in steps for wishes in _step(scene, n, stage, told)]
            chains = asked([wishes for _, _, wishes in waiting])


def _named(begin: Callable[[Scene], Stage]) -> str:
    return getattr(begin, "__name__", "of a probe")


def _step(scene: Scene, name: str, stage: Stage, told: list[Chain] | None) -> Iterator[tuple[Wish, ...]]:
    """Let a stage go on; yield its next wishes, or nothing at its end."""
    try:
        yield tuple(stage.send(told))  # type: ignore[arg-type]  # a generator is begun with None
    except StopIteration as end:
        scene.parts += end.value or ()
    except Exception as error:  # noqa: BLE001 - a bug of ours must not end the probe
        why = f"a bug in Batten: {type(error).__name__}: {error}"
        at = Location(url=scene.url)
        scene.doubts.append(Unsure(f"the stage {name}", why, at, LAYER, traceback.format_exc()))
