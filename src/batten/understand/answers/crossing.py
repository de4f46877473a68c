"""What the site says to pages of other origins, address by address, and which of those pages may read its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.sharing import Sharing, sharing
from batten.understand.answers.site import parts_of
from batten.understand.answers.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.site import Site

_TWO = 2


@dataclass(frozen=True, slots=True)
class Crossed:
    """One address of the site, got as pages of other origins would get it."""

    answers: tuple[Answer, ...]
    lookalikes: tuple[Answer, ...] = ()
    """Got with origins whose names only resemble the site's own."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """What one address said to other origins."""

    url: str
    said: tuple[Sharing, ...]
    lookalikes: tuple[Sharing, ...] = ()

    @property
    def strangers(self) -> tuple[Sharing, ...]:
        """What was said to origins that no list can name."""
        return tuple(one for one in self.said if one.sent not in {"", "null"})

    @property
    def reflected(self) -> tuple[Sharing, ...]:
        """The answers that sent a stranger's origin back; of one alone nothing follows."""
        found = tuple(one for one in self.strangers if one.reflects)
        return found if len({one.sent for one in found}) >= _TWO else ()

    @property
    def starred(self) -> tuple[Sharing, ...]:
        """The answers that allow every origin by `*`."""
        return tuple(one for one in self.strangers if one.origin == "*")

    @property
    def is_open(self) -> bool:
        """Whether every website may read the answers."""
        return bool(self.reflected or self.starred)

    @property
    def null(self) -> Sharing | None:
        """What was said to the origin `null`, where that may read the answer."""
        return next((one for one in self.said if one.sent == "null" and one.origin == "null"), None)


def crossings(site: Site) -> Iterator[Crossing]:
    """Yield what each address that was asked said to other origins, the landing page first."""
    for visit in parts_of(site, Visit):
        if visit.crossed:
            yield _crossing(visit.crossed, ())
    for part in parts_of(site, Crossed):
        if part.answers:
            yield _crossing(part.answers, part.lookalikes)


def _crossing(answers: tuple[Answer, ...], lookalikes: tuple[Answer, ...]) -> Crossing:
    said = tuple(told for answer in answers if (told := sharing(answer)) is not None)
    like = tuple(told for answer in lookalikes if (told := sharing(answer)) is not None)
    return Crossing(answers[0].url, said, like)


def again(site: Site, answer: Answer) -> Answer | None:
    """Return a second answer to the same address, got while other origins were tried; None where there is none."""
    crossed = (one for visit in parts_of(site, Visit) for one in visit.crossed)
    return next((one for one in crossed if one.url == answer.url), None)
