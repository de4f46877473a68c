"""What a check wants to be asked of a site: equal wishes are sent once."""

from __future__ import annotations

from batten.model.data import dataclass
from batten.understand.answers.http import Request


@dataclass(frozen=True, slots=True)
class Wish:
    """One request, and how far to go for its answer."""

    request: Request
    follow: bool = False
    """Go where redirects lead, as far as they stay on the host that was named."""
    with_cookies: bool = True
    """Send the cookies that the site has set, and the ones that the user gave."""
    jar: str = "main"
    """Whose cookies: each jar is a visitor of its own. `main` reads pages; a login that is tried has one of its own."""


def get(url: str, *headers: tuple[str, str], follow: bool = False) -> Wish:
    """Return the wish to read an address."""
    return Wish(Request("GET", url, headers), follow=follow)
