"""What a probe brings back of one site, and its row in the report's `http`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.observatory import grade
from batten.understand.answers.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.run.live.scene import Scene


@dataclass(frozen=True, slots=True)
class Seen:
    """One site, looked at."""

    scene: Scene
    requests: int
    """How many were sent."""

    @property
    def unreachable(self) -> str:
        """Why the address that was named gave no answer; empty where it did."""
        if self.scene.pages:
            return ""
        visit = self.visit
        failures = [chain.failure for chain in (visit.https, visit.http) if chain is not None and chain.failure]
        if not failures:
            return "no answer"
        said = f" ({failures[0].says})" if failures[0].says else ""
        return failures[0].kind.value + said

    @property
    def visit(self) -> Visit:
        """How the address met its visitors."""
        found = next((part for part in self.scene.parts if isinstance(part, Visit)), None)
        return found or Visit(self.scene.url)


def rows(sights: Sequence[Seen], algorithm: int) -> tuple[Mapping[str, object], ...]:
    """Return a row for each site: address, grade, how it was graded, what it cost; the deployed site within it."""
    deployed = {sight.scene.deployed_from: sight for sight in sights if sight.scene.as_deployed}
    return tuple(
        _row(sight, deployed.get(sight.scene.url), algorithm) for sight in sights if not sight.scene.as_deployed
    )


def _row(sight: Seen, behind: Seen | None, algorithm: int) -> Mapping[str, object]:
    row = {"url": sight.scene.url, **_graded(sight, algorithm)}
    if behind is not None:
        row["as_deployed"] = _graded(behind, algorithm)
    row["requests"] = sight.requests + (behind.requests if behind else 0)
    return row


def _graded(sight: Seen, algorithm: int) -> dict[str, object]:
    graded = grade(sight.visit, version=algorithm)
    told: dict[str, object] = {"version": graded.version, "grade": graded.grade, "score": graded.score}
    told["tests"] = dict(graded.tests or {})
    if graded.refused:
        told["refused"] = graded.refused
    return {"grade": graded.grade, "score": graded.score, "observatory": told}
