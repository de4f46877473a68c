"""What a probe brings back of one site, and its row in the report's `http`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.http import FailureKind, host_of, is_https
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
    is_tls: bool = False
    """Whether the port of an address on plain HTTP speaks TLS."""

    @property
    def unreachable(self) -> str:
        """Why the address that was named gave no answer; empty where it did."""
        if self.scene.pages:
            return ""
        visit = self.visit
        failures = [chain.failure for chain in (visit.https, visit.http) if chain is not None and chain.failure]
        if not failures:
            return "no answer"
        if self.scene.as_deployed and failures[0].kind is FailureKind.TOO_MANY_REDIRECTS:
            return "it sends visitors on to https who came over https: it does not read X-Forwarded-Proto"
        if self.leads_to_https:
            return "it sends every visitor on to https: --as-deployed stands in for the proxy that has the certificate"
        if self.is_tls:
            return f"the port speaks TLS: try https{self.scene.url.removeprefix('http')}"
        said = f" ({failures[0].says})" if failures[0].says else ""
        return failures[0].kind.value + said

    @property
    def leads_to_https(self) -> bool:
        """Whether nothing but the way to https on the same host was seen, where nobody asked."""
        chain = self.visit.http
        stop = chain.failure if chain is not None else None
        if self.scene.pages or stop is None or stop.kind is not FailureKind.NOT_ASKED or is_https(self.scene.url):
            return False
        return is_https(stop.request.url) and host_of(stop.request.url) == host_of(self.scene.url)

    @property
    def visit(self) -> Visit:
        """How the address met its visitors."""
        found = next((part for part in self.scene.parts if isinstance(part, Visit)), None)
        return found or Visit(self.scene.url)


def rows(sights: Sequence[Seen], algorithm: int) -> tuple[Mapping[str, object], ...]:
    """Return a row for each site: address, grade, how it was graded, what it cost; the deployed site within it."""
    deployed = {sight.scene.deployed_from: sight for sight in sights if sight.scene.as_deployed}
    known = {sight.scene.url for sight in sights}
    return tuple(
        _row(sight, sight if sight.scene.as_deployed else deployed.get(sight.scene.url), algorithm)
        for sight in sights
        if sight.scene.deployed_from not in known
    )


def _row(sight: Seen, behind: Seen | None, algorithm: int) -> Mapping[str, object]:
    row = {"url": sight.scene.deployed_from or sight.scene.url, **_graded(sight, algorithm)}
    if behind is not None:
        row["as_deployed"] = _graded(behind, algorithm)
    row["requests"] = sight.requests + (behind.requests if behind is not None and behind is not sight else 0)
    return row


def _graded(sight: Seen, algorithm: int) -> dict[str, object]:
    graded = grade(sight.visit, version=algorithm)
    told: dict[str, object] = {"version": graded.version, "grade": graded.grade, "score": graded.score}
    told["tests"] = dict(graded.tests or {})
    if graded.refused:
        told["refused"] = graded.refused
    return {"grade": graded.grade, "score": graded.score, "observatory": told}
