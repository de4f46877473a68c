"""What live rules look at: a site as a visitor saw it, and its pages."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from batten.model import Evidence, Location
from batten.model.data import dataclass
from batten.understand.answers.http import host_of, is_https

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer, Chain

P = TypeVar("P")
LOOPBACK = ("localhost", "::1")
_OF_APPS = frozenset({401, 403, 404, 405, 410, 422, 500})
"""Errors that apps answer with; 400, 413, 414, 431 and 502 to 504 usually are the server's before it."""


class PageKind(Enum):
    """Why a page was looked at."""

    LANDING = "landing"
    """The address that was named."""
    LINKED = "linked"
    """The site itself links to it."""
    ERROR = "error"
    """The answer to a request that fails."""
    API = "api"
    """An answer to a program: JSON, XML."""


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the site, and the answer at the end of its redirects."""

    kind: PageKind
    chain: Chain
    answer: Answer

    @property
    def at(self) -> Location:
        """Where it is."""
        return Location(url=self.answer.url)

    @property
    def is_html(self) -> bool:
        """Whether browsers show it as a page."""
        return self.answer.media_type in ("text/html", "application/xhtml+xml")

    @property
    def is_data(self) -> bool:
        """Whether it is an answer for programs: JSON."""
        kind = self.answer.media_type or ""
        return kind == "application/json" or kind.endswith("+json")

    @property
    def is_the_apps(self) -> bool:
        """Whether the app itself answered, not a server before it, whose own errors carry none of the app's headers."""
        status = self.answer.status
        return status < 400 or status in _OF_APPS  # noqa: PLR2004 - statuses of errors


@dataclass(frozen=True, slots=True)
class Site:
    """One site as a visitor saw it: the address that was named, and what was found there."""

    url: str
    """As it was named, absolute."""
    pages: tuple[Page, ...] = ()
    """The landing page first."""
    parts: tuple[object, ...] = ()
    """What was seen there: subjects that live rules ask about by their class."""
    framework: str = ""
    """What it is made with, where the project or the answers say so: `flask`, `django`."""
    as_deployed: bool = False
    """Batten stood in for the TLS proxy."""

    @property
    def name(self) -> str:
        """Host and port: what the site's findings are told apart by."""
        return self.url.partition("://")[2].partition("/")[0]

    @property
    def at(self) -> Location:
        """Where it is."""
        return Location(url=self.url)

    @property
    def is_https(self) -> bool:
        """Whether the address that was named is reached over TLS."""
        return is_https(self.url)

    @property
    def is_loopback(self) -> bool:
        """Whether the address that was named is this machine's own."""
        host = host_of(self.url)
        return host in LOOPBACK or host.endswith(".localhost") or host.startswith("127.")

    @property
    def landing(self) -> Page | None:
        """The page that was named; None where it did not answer."""
        return next((page for page in self.pages if page.kind is PageKind.LANDING), None)


def parts_of(site: Site, kind: type[P]) -> Iterator[P]:
    """Yield the parts of a site that are of a kind."""
    return (part for part in site.parts if isinstance(part, kind))


def seen(answer: Answer, says: str, value: str | None = None, *, secret: bool = False) -> Evidence:
    """Return what was seen in an answer, as evidence."""
    return Evidence(Location(url=answer.url), says, value, secret=secret)
