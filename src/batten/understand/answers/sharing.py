"""Which foreign pages may read an answer, as browsers decide it (WHATWG Fetch, section 4.9, CORS check)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.facts import Fact, FactKind, Where, fact
from batten.understand.answers.http import host_of, is_https
from batten.understand.answers.suffixes import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.visit import Visit

_TEST = "cross-origin-resource-sharing"
_ALLOW = "Access-Control-Allow-Origin"
_CREDENTIALS = "Access-Control-Allow-Credentials"


@dataclass(frozen=True, slots=True)
class Sharing:
    """What one answer says to a page of another origin."""

    url: str
    method: str
    sent: str
    """The Origin that was sent; empty without one."""
    allowed: tuple[str, ...]
    """Each Access-Control-Allow-Origin, as it came."""
    credentials: str | None
    succeeded: bool
    """The status is 2xx: a preflight needs that."""

    @property
    def origin(self) -> str | None:
        """The origin that is allowed, `*` and `null` among them; None where a browser refuses the value."""
        return self.allowed[0] if len(self.allowed) == 1 and not set(", ") & set(self.allowed[0]) else None

    @property
    def with_credentials(self) -> bool:
        """Whether the page reads what the visitor's cookies open: the value is `true`, in that case."""
        return self.credentials == "true" and self.origin not in {None, "*"}

    @property
    def reflects(self) -> bool:
        """Whether the very origin that was sent is allowed."""
        return bool(self.sent) and self.sent != "null" and self.origin == self.sent


def sharing(answer: Answer) -> Sharing | None:
    """Return what an answer says to foreign pages; None where it says nothing."""
    allowed = tuple(value for value in answer.all(_ALLOW) if value)
    if not allowed:
        return None
    sent = next((value for name, value in answer.request.headers if name.lower() == "origin"), "")
    succeeded = answer.status // 100 == 2  # noqa: PLR2004 - 2xx
    return Sharing(answer.url, answer.request.method, sent, allowed, answer.joined(_CREDENTIALS), succeeded)


def sharing_facts(visit: Visit) -> Iterator[Fact]:
    """Yield what is so of CORS where the grade says another thing, each once."""
    chain = visit.preflight
    preflight = sharing(chain.last) if chain is not None and chain.last is not None else None
    crossed = [found for answer in visit.crossed if (found := sharing(answer)) is not None]
    seen: set[FactKind] = set()
    for one in ([preflight] if preflight is not None else []) + crossed:
        for said in _of(one):
            if said.kind not in seen:
                seen.add(said.kind)
                yield said
    readable = next((one for one in crossed if one.origin == "*" or one.reflects), None)
    if readable is not None and chain is not None and (preflight is None or not preflight.succeeded):
        why = "the preflight fails, but a page needs none for a simple GET: foreign pages read this answer"
        at = Where(readable.url, _ALLOW)
        yield fact(FactKind.CORS_GET_ONLY, _TEST, at, readable.allowed[0], why)


def _of(one: Sharing) -> Iterator[Fact]:
    if one.method == "OPTIONS" and not one.succeeded:
        return
    at = Where(one.url, _ALLOW)
    shown = ", ".join(one.allowed)
    if one.origin is None or (one.origin == "*" and one.credentials):
        why = (
            "browsers refuse more than one origin"
            if one.origin is None
            else "browsers send no cookies where * is allowed"
        )
        yield fact(FactKind.CORS_VOID, _TEST, at, shown, why, milder=True)
        return
    if one.credentials and one.credentials != "true":
        why = "browsers take credentials for allowed by `true` alone, in lower case"
        yield fact(FactKind.CORS_VOID, _TEST, Where(one.url, _CREDENTIALS), one.credentials, why, milder=True)
    if not one.with_credentials:
        return
    if one.reflects:
        why = "whatever origin asks is allowed, with the visitor's cookies: any site reads what the visitor may see"
        yield fact(FactKind.CORS_REFLECTED, _TEST, at, f"{_ALLOW}: {shown} to Origin: {one.sent}", why)
    elif one.origin == "null":
        why = "a sandboxed frame of any site has the origin null: it reads what the visitor may see"
        yield fact(FactKind.CORS_NULL_ORIGIN, _TEST, at, shown, why)
    elif is_https(one.url) and one.origin.lower().startswith("http:") and not is_loopback(host_of(one.origin)):
        why = "who sits between the visitor and that http origin reads what the visitor may see"
        yield fact(FactKind.CORS_HTTP_ORIGIN, _TEST, at, shown, why)
