"""Content security policies as browsers read them (CSP Level 3, sections 2.2, 3.3 and 6.7)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.facts import Where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from batten.understand.answers.http import Answer
    from batten.understand.answers.page import Tag

HEADER = "Content-Security-Policy"
SCRIPT = ("script-src-elem", "script-src", "default-src")
HANDLER = ("script-src-attr", "script-src", "default-src")
NOT_IN_META = frozenset({"frame-ancestors", "report-uri", "sandbox"})
KEYED = re.compile(r"'(nonce|sha256|sha384|sha512)-[A-Za-z0-9+/_-]+={0,2}'", re.IGNORECASE)
"""A nonce or a hash (2.3.1)."""

Sources = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy that is enforced."""

    directives: Mapping[str, Sources]
    """Of a directive that stands twice, the first."""
    repeated: tuple[tuple[str, Sources], ...]
    """The later ones, which are ignored."""
    at: Where

    def sources(self, names: tuple[str, ...]) -> Sources | None:
        """Return the source list that counts: of the first directive that is there; None where nothing is forbidden."""
        return next((self.directives[name] for name in names if name in self.directives), None)


def read(text: str, at: Where) -> Policy | None:
    """Return a policy without what stands in the wrong place; None where it says nothing."""
    directives: dict[str, Sources] = {}
    repeated = []
    for part in text.split(";"):
        words = part.split()
        if not words:
            continue
        name, sources = words[0].lower(), tuple(words[1:])
        if name in directives:
            repeated.append((name, sources))
        else:
            directives[name] = sources
    return Policy(directives, tuple(repeated), at) if directives else None


def of_header(answer: Answer, name: str = HEADER) -> tuple[Policy, ...]:
    """Return the policies that an answer's headers hold."""
    texts = (text for value in answer.all(name) for text in value.split(","))
    found = (read(text, Where(answer.url, name)) for text in texts)
    return tuple(policy for policy in found if policy is not None)


def of_page(answer: Answer, tags: tuple[Tag, ...]) -> tuple[Policy, ...]:
    """Return the policies of meta tags in the head, less the directives that a meta tag may not hold."""
    found = []
    for tag in meta_tags(tags):
        policy = read(tag.get("content") or "", Where(answer.url, "meta", tag.line))
        if policy is not None and tag.in_head and not tag.inert:
            kept = {name: sources for name, sources in policy.directives.items() if name not in NOT_IN_META}
            repeated = tuple(one for one in policy.repeated if one[0] in kept)
            found.append(Policy(kept, repeated, policy.at))
    return tuple(found)


def meta_tags(tags: tuple[Tag, ...]) -> Iterator[Tag]:
    """Yield the meta tags that mean to hold a policy."""
    for tag in tags:
        if tag.name == "meta" and (tag.get("http-equiv") or "").strip().lower() == HEADER.lower():
            yield tag


def allows_inline(sources: Sources | None) -> bool:
    """Return whether a source list lets any inline script run (6.7.3.2)."""
    if sources is None:
        return True
    lower = [source.lower() for source in sources]
    return "'unsafe-inline'" in lower and not is_keyed(sources) and "'strict-dynamic'" not in lower


def is_keyed(sources: Sources) -> bool:
    """Return whether a source list names scripts by nonce or hash."""
    return any(KEYED.fullmatch(source) for source in sources)


def trusts_loaded(sources: Sources) -> bool:
    """Return whether hosts and schemes are void because scripts vouch for each other."""
    return "'strict-dynamic'" in (source.lower() for source in sources)


def all_allow(policies: tuple[Policy, ...], names: tuple[str, ...], test: Callable[[Sources | None], bool]) -> bool:
    """Return whether each policy allows a thing: what one forbids is forbidden."""
    return all(test(policy.sources(names)) for policy in policies)
