"""What a probe brings back of one site, and its row in the report's `http`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.observatory import grade
from batten.understand.answers.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def summary(seen: Seen, algorithm: int) -> Mapping[str, object]:
    """Return the site's row of the report: address, grade, how it was graded, what it cost."""
    graded = grade(seen.visit, version=algorithm)
    told: dict[str, object] = {"version": graded.version, "grade": graded.grade, "score": graded.score}
    told["tests"] = dict(graded.tests or {})
    if graded.refused:
        told["refused"] = graded.refused
    return {
        "url": seen.scene.url,
        "grade": graded.grade,
        "score": graded.score,
        "observatory": told,
        "requests": seen.requests,
    }
