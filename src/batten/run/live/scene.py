"""What the stages of a probe share while it runs: the target, what was seen, what could not be told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from batten.model import Location, Unsure
from batten.understand.answers.http import Chain, Request
from batten.understand.answers.links import Links
from batten.understand.answers.made_with import made_with
from batten.understand.answers.site import Page, PageKind, Site
from batten.understand.answers.traces import FRAMEWORKS, SeenTrace
from batten.understand.answers.wish import Wish

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer

Stage = Generator[Sequence[Wish], Sequence[Chain], Iterable[object]]
"""Yields what it wants to be asked, is sent a chain for each, and returns the parts of the site that it saw."""
Plan = Sequence[Sequence[Callable[["Scene"], Stage]]]
"""The stages by phase: those of one phase run side by side, and none before the phase above has ended."""
LAYER = "http"
MOST_REQUESTS = 150
"""Of one site, where the user says nothing else."""


class Scene:
    """One site while it is being looked at."""

    def __init__(
        self,
        url: str,
        *,
        http_url: str = "",
        framework: str = "",
        active: bool = False,
        deployed_from: str = "",
    ) -> None:
        """Begin with the absolute address that was named.

        `http_url` is where plain HTTP is served beside an https target; `active`
        allows POST, PUT, TRACE and logins. `deployed_from` is the local address
        that Batten stands before, in the place of the TLS proxy.
        """
        self.deployed_from = deployed_from
        self.url = url
        self.http_url = http_url
        self.framework = framework
        self.active = active
        self.pages: list[Page] = []
        self.parts: list[object] = []
        self.doubts: list[Unsure] = []
        self.unseen: set[str] = set()
        self.links = Links()
        self.known_files: Sequence[str] = ()
        """The files of the project behind the site, where it is known."""
        self.left = MOST_REQUESTS
        """Requests that may still be sent: what matters less waits for what is left."""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the target, without a slash at the end."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def wish(
        self,
        path: str,
        *headers: tuple[str, str],
        method: str = "GET",
        body: bytes = b"",
        follow: bool = False,
        with_cookies: bool = True,
        jar: str = "main",
    ) -> Wish:
        """Return the wish for a path of the target, which is sent byte for byte; or for an absolute address."""
        url = path if "://" in path else self.origin + path if path.startswith("/") else urljoin(self.url, path)
        return Wish(Request(method, url, headers, body), follow=follow, with_cookies=with_cookies, jar=jar)

    @property
    def as_deployed(self) -> bool:
        """Whether Batten stands in for the TLS proxy."""
        return bool(self.deployed_from)

    def nobody(self, where: str) -> str:
        """Return a name that cannot be there, the same in each run, so that two reports can be compared."""
        return hashlib.sha256(f"{self.origin} {where}".encode("utf-8", "replace")).hexdigest()[:12]

    def show(self, kind: PageKind, chain: Chain) -> Page | None:
        """Keep a page that answered, once, for every later stage; None where nothing did."""
        if chain.last is None:
            return None
        known = next((page for page in self.pages if page.chain is chain), None)
        if known is not None:
            return known
        page = Page(kind, chain, chain.last)
        self.pages.append(page)
        return page

    def doubt(self, what: str, why: str, *topics: str, url: str = "") -> None:
        """Note something that could not be told, and the topics of the rules that it leaves without evidence."""
        self.unseen.update(topics)
        self.doubts.append(Unsure(what, why, Location(url=url or self.url), LAYER))

    def site(self) -> Site:
        """Return what was seen, for the rules."""
        shown = {FRAMEWORKS.get(part.kind, "") for part in self.parts if isinstance(part, SeenTrace)} - {""}
        told = shown.pop() if len(shown) == 1 else made_with(page.answer for page in self.pages)
        framework = self.framework or told
        return Site(self.url, tuple(self.pages), tuple(self.parts), framework, self.as_deployed)


def answers(chains: Iterable[Chain]) -> list[Answer]:
    """Return the answers at the end of those chains that have one."""
    return [chain.last for chain in chains if chain.last is not None]
