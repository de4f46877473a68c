"""Which origins a policy really lets in: its patterns are tried on origins, not read."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Confidence, Value
    from batten.understand.subjects import CorsPolicy

STRANGERS = ("https://stranger.example", "https://a.b.stranger.test:8443")
"""Origins that no policy means; one that takes both takes any."""

_LONGEST = 200
"""Characters of a pattern that are looked at; real ones have 20 to 80."""

_MOST_REPEATS = 4
"""Repetitions of a pattern: trying takes the length of an origin to the power of their number."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One answer that a policy gives, with the values that lead to it."""

    origins: Value
    """A known case of the origins."""
    credentials: bool
    confidence: Confidence

    @property
    def allowed(self) -> tuple[str, ...]:
        """The origins or patterns, one by one."""
        value = self.origins.value
        texts = value if isinstance(value, (tuple, list)) else (value,)
        return tuple(text for text in texts if isinstance(text, str))


def grants(policy: CorsPolicy) -> Iterator[Grant]:
    """Yield each combination of origins and credentials that the policy can have."""
    with_credentials = [(bool(c.value), c.confidence) for c in policy.credentials.cases()]
    for origins in policy.origins.cases():
        for credentials, confidence in with_credentials or [(False, origins.confidence)]:
            yield Grant(origins, credentials, origins.confidence.weakest(confidence))


def is_any(policy: CorsPolicy, allowed: str) -> bool:
    """Return whether an entry lets every origin in."""
    return allowed == "*" or (
        is_pattern(policy, allowed) and all(matches(policy, allowed, origin) for origin in STRANGERS)
    )


def is_pattern(policy: CorsPolicy, allowed: str) -> bool:
    """Return whether the library takes an entry for a regular expression.

    Flask-CORS 6.0 `probably_regex` guesses from these characters; a library
    that matches the whole origin takes everything for one.
    """
    return policy.pattern and allowed != "*" and (policy.whole or any(c in "*\\]?$^[()" for c in allowed))


def matches(policy: CorsPolicy, pattern: str, origin: str) -> bool:
    """Return whether the library would let the origin in."""
    compiled = _compiled(pattern)
    if compiled is None:
        return False
    return (compiled.fullmatch(origin) if policy.whole else compiled.match(origin)) is not None


def hole(policy: CorsPolicy, pattern: str) -> str:
    """Return an origin of a stranger that slips through the pattern, or nothing.

    Nothing also when no origin could be made that the pattern is meant for.
    """
    example = _example(pattern)
    meant = example if "://" in example else f"https://{example}"
    if not matches(policy, pattern, meant):
        return ""
    return next((origin for origin in _forged(meant) if matches(policy, pattern, origin)), "")


def _forged(meant: str) -> Iterator[str]:
    """Yield origins that look like the one that is meant, on domains that anyone can buy."""
    scheme, _, host = meant.partition("://")
    if host.startswith("."):  # `https://*.example.com` read as a pattern: `/*` and one character
        host = f"x{host[1:]}"
        yield f"{scheme}://{host}"
    name, colon, port = host.partition(":")
    if not colon:
        yield f"{meant}.evil.test"  # the end is open
    labels = name.split(".")
    if labels[-1].isdigit():  # nobody buys an address
        return
    own = _bought(labels)
    rest = labels[: -len(own)]
    after = "".join((".".join(own), colon, port))
    if rest:  # a dot that takes any character: www.example.com, wwwxexample.com
        yield f"{scheme}://{'.'.join(rest)}x{after}"
    if len(own) > 1:  # no dot after the wildcard: evilexample.com
        yield f"{scheme}://evil{after}"


def _bought(labels: list[str]) -> list[str]:
    """Return the part of a name that somebody bought: `example.com`, `example.co.uk`."""
    under_country = len(labels) > _SECOND and len(labels[-1]) == _SECOND and labels[-2] in _SECOND_LEVELS
    return labels[-3:] if under_country else labels[-2:]


_SECOND = 2
_SECOND_LEVELS = frozenset("ac co com edu gob gov gv ne net nom or org".split())


def _example(pattern: str) -> str:
    """Return an origin that the pattern is made for, as far as a simple reading tells.

    Every repetition is written once, every choice by its first branch. The
    caller tries the result on the pattern itself.
    """
    text = pattern.removeprefix("^").removesuffix("$").removesuffix("\\Z").removeprefix("\\A")
    text = re.sub(r"\(\?(?::|i\)|P<\w+>)", "(", text).replace("()", "")
    while (group := re.search(r"\(([^()]*)\)([*+?]|\{\d+,?\d*\})?", text)) is not None:
        text = text[: group.start()] + group[1].partition("|")[0] + text[group.end() :]
    text = re.sub(rf"(\[[^\]]+\]|\\[wdS]|(?<!\\)\.(?=[*+?{{])){_MANY}", _member, text.partition("|")[0])
    text = re.sub(r"([^\\])[*+?]\??", r"\1", text)
    return re.sub(r"\\(.)", r"\1", text)


_MANY = r"([*+?]\??|\{(\d+),?\d*\})?"
"""A repetition; its second group is how often at least."""


def _member(found: re.Match[str]) -> str:
    """Return the characters of a class that are least likely to be special: letters, else digits."""
    one = "a" if found[1].startswith("[") and re.match(found[1], "a") else "1"
    return one * max(1, min(int(found[3] or 1), _LONGEST_LABEL))


_LONGEST_LABEL = 63
"""RFC 1035 section 2.3.4."""


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return the compiled pattern; None when it is broken or could take for ever to try."""
    repeats = len(re.findall(r"[*+}]", pattern))
    nested = re.search(r"[*+}][^()]*\)[*+{]", pattern)  # (a+)+ backtracks without end
    if len(pattern) > _LONGEST or repeats > _MOST_REPEATS or nested:
        return None
    try:
        return re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return None
