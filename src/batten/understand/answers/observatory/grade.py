"""A visit graded as the MDN HTTP Observatory would (1.6.3 and its main branch of 2026-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.http import FOLLOWED
from batten.understand.answers.observatory import cookies, csp, headers, scale, scripts, transport
from batten.understand.answers.observatory.subject import Subject
from batten.understand.answers.preload import is_preloaded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.understand.answers.visit import Visit

_TAKEN = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Grade:
    """Its verdict: a letter, or why there is none."""

    version: int
    """Of the algorithm."""
    score: int | None = None
    grade: str | None = None
    tests: Mapping[str, str] | None = None
    """The outcome of each test, by its name."""
    refused: str | None = None
    """Why it gives no grade."""


def grade(visit: Visit, *, version: int = 6, preloaded: Callable[[str], bool] = is_preloaded) -> Grade:
    """Return the Observatory's grade of a visit by a version of its algorithm, 5 or 6."""
    subject = Subject(visit, preloaded)
    refused = _refusal(subject)
    if refused is not None:
        return Grade(version, refused=refused)
    try:
        outcomes = _outcomes(subject)
    except scripts.UnreadableAddressError as error:
        return Grade(version, refused=f"the address of a script is none: {str(error)[:80]}")
    tests = {name: outcomes[name] for name in scale.asked_by(version)}
    score = scale.score_of(tests)
    return Grade(version, score, scale.grade_of(score), tests)


def _refusal(subject: Subject) -> str | None:
    if subject.unasked is not None:
        return f"it asks for {subject.unasked.request.url[:80]} too: {subject.unasked.kind.value}"
    if not subject.session:
        return "neither http nor https gave an answer that it reads"
    main = subject.main
    if main.status in FOLLOWED and main.first("location") is None:
        return f"status {main.status} without a Location"
    if not (200 <= main.status < 400 or main.status in _TAKEN):  # noqa: PLR2004 - the statuses that it takes
        return f"status {main.status}"
    return None


def _outcomes(subject: Subject) -> dict[str, str]:
    policy, has_ancestors = csp.verdict(subject)
    transported = transport.strict_transport(subject)
    has_hsts = scale.is_passed("strict-transport-security", transported)
    return {
        "content-security-policy": policy,
        "cookies": cookies.verdict(subject, has_hsts=has_hsts),
        "cross-origin-embedder-policy": headers.embedder_policy(subject),
        "cross-origin-opener-policy": headers.opener_policy(subject),
        "cross-origin-resource-sharing": headers.sharing(subject),
        "redirection": transport.redirection(subject),
        "referrer-policy": headers.referrer_policy(subject),
        "strict-transport-security": transported,
        "subresource-integrity": scripts.verdict(subject),
        "x-content-type-options": headers.content_type_options(subject),
        "x-frame-options": headers.frame_options(subject, has_ancestors=has_ancestors),
        "cross-origin-resource-policy": headers.resource_policy(subject),
    }
