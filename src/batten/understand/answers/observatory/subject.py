"""What the Observatory's tests look at: the answers that it would have seen, the main one first."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from batten.understand.answers.http import FailureKind, host_of, is_https
from batten.understand.answers.page import Tag, tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.answers.http import Answer, Chain, Failure
    from batten.understand.answers.visit import Visit

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_MOST_HOPS = 11
"""It follows ten redirects and takes the answer that it then has, itself a redirect."""
_OWN_LIMITS = frozenset(
    {
        FailureKind.NOT_ASKED,
        FailureKind.METHOD,
        FailureKind.BUDGET,
        FailureKind.OUT_OF_TIME,
        FailureKind.STOPPED,
    }
)
LONGEST_HEAD_BYTES = 16 * 1024
"""Node 22 reads no longer one."""


class Subject:
    """One visit as the Observatory reads it; what costs time is read once."""

    def __init__(self, visit: Visit, preloaded: Callable[[str], bool]) -> None:
        """Hold the visit; `preloaded` says whether browsers reach a host over https only."""
        self.visit = visit
        self._preloaded = preloaded
        self.http = _answers(visit.http)
        self.https = _answers(visit.https)
        self.beyond = self._beyond()
        """Where plain http sends a visitor on and nobody asked: over https, so that the outcome can be told."""
        self.session = self.https or self.http
        """The answers of the session that the main one ends, oldest first; empty without any."""

    def _beyond(self) -> str | None:
        stop = _stopped(self.visit.http)
        known = stop is not None and stop.kind is FailureKind.NOT_ASKED and is_https(stop.request.url)
        return stop.request.url if stop is not None and known and self.https else None

    @property
    def unasked(self) -> Failure | None:
        """The request that this run's own limits kept back and the Observatory sends; None where there is none."""
        stop = None if self.beyond else _stopped(self.visit.http)
        return _stopped(self.visit.https) or stop

    @property
    def main(self) -> Answer:
        """The answer that is graded."""
        return self.session[-1]

    def header(self, name: str) -> str | None:
        """Return a header of the main answer as Node joins and trims it."""
        value = self.main.joined(name)
        return value.strip() if value is not None else None

    @cached_property
    def media_type(self) -> str | None:
        """The media type in the case that it was sent in; None without a Content-Type."""
        value = self.main.first("content-type")
        return value.partition(";")[0].strip() or None if value is not None else None

    @cached_property
    def is_html(self) -> bool:
        """Whether the body is labelled as a page."""
        return self.media_type in _HTML

    @cached_property
    def text(self) -> str:
        """The body, read as UTF-8 whatever its label says."""
        return self.main.body.decode("utf-8", "replace")

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """The start tags of the body."""
        return tags(self.text)

    @cached_property
    def policies(self) -> tuple[str, ...]:
        """Content security policies of meta tags, in order."""
        metas = self._metas()
        return tuple(
            content
            for tag in metas
            if (tag.get("http-equiv") or "").lower() == "content-security-policy" and (content := tag.get("content"))
        )

    @cached_property
    def referrer(self) -> str | None:
        """The referrer policy of the last meta tag that has one."""
        last = None
        for tag in self._metas():
            content = tag.get("content")
            if content and not tag.get("http-equiv") and (tag.get("name") or "").lower() == "referrer":
                last = content
        return last

    def _metas(self) -> tuple[Tag, ...]:
        return tuple(tag for tag in self.tags if tag.name == "meta") if self.is_html else ()

    def is_preloaded(self, url: str) -> bool:
        """Return whether the list of browsers has the host of an address."""
        return self._preloaded(host_of(url))


def _stopped(chain: Chain | None) -> Failure | None:
    """Return the request that was not sent because it might not, or not any more."""
    failure = chain.failure if chain is not None else None
    return failure if failure is not None and failure.kind in _OWN_LIMITS else None


def _answers(chain: Chain | None) -> tuple[Answer, ...]:
    """Return the answers of a session, none where it ended without one."""
    if chain is None or not (chain.failure is None or chain.failure.kind is FailureKind.TOO_MANY_REDIRECTS):
        return ()
    hops = chain.hops[:_MOST_HOPS]
    return hops if all(map(_is_read, hops)) else ()


def _is_read(answer: Answer) -> bool:
    """Return whether Node's strict parser gets an answer at all: to it, any defect is a site that is down."""
    return not answer.defects and head_bytes(answer) < LONGEST_HEAD_BYTES


def head_bytes(answer: Answer) -> int:
    """Return how long the headers of an answer are, as Node counts them."""
    return sum(len(name) + len(value) for name, value in answer.headers)
