"""The Observatory's reading of content security policies: parse, merge, verdict. Browsers read them in another way."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.understand.answers.observatory.subject import Subject

Merged = dict[str, list[str]]
"""Directives with their sources, in the order of their first mention."""
_SHORTEST = 6
_REPORTS = frozenset({"report-uri", "report-to"})
_DUPLICATE = " duplicate"
"""Stands among the directives where a report directive is repeated; no directive has a space."""
_NOT_IN_META = frozenset({"frame-ancestors", "report-uri", "sandbox"})
_BROAD = frozenset("ftp: http: https: * http://* http://*.* https://* https://*.*".split())
_STRICT_DROPS = ("ftp:", "http:", "https:", "*", "http://*", "https://*")
_KEYED = ("'nonce-", "'sha256-", "'sha384-", "'sha512-")
_INSECURE = ("http:", "ftp:")
_PASSIVE = ("img-src", "media-src")
_COLLATION = {ord(mark): place for place, mark in enumerate("_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$")}
"""How English collation orders what is no letter: all of it before digits and letters (CLDR root)."""
_PASSING = frozenset(
    {
        "csp-implemented-with-no-unsafe-default-src-none",
        "csp-implemented-with-no-unsafe",
        "csp-implemented-with-unsafe-inline-in-style-src-only",
        "csp-implemented-with-insecure-scheme-in-passive-content-only",
    }
)


def verdict(subject: Subject) -> tuple[str, bool]:
    """Return the outcome, and whether the merged policies have frame-ancestors."""
    header = subject.header("content-security-policy")
    of_header = _parsed(header.split(",") if header is not None else [])
    of_meta = _parsed(part for policy in subject.policies for part in policy.split(","))
    if of_header is None or of_meta is None:
        return "csp-header-invalid", False
    if not any(of_header) and not any(name not in _NOT_IN_META for policy in of_meta for name in policy):
        reporting = subject.header("content-security-policy-report-only") is not None
        return "csp-not-implemented-but-reporting-enabled" if reporting else "csp-not-implemented", False
    merged = _merge([*of_header, *of_meta])
    duplicate = merged.pop(_DUPLICATE, None) is not None
    outcome = _judge(merged, is_https=subject.main.is_https)
    if duplicate and outcome in _PASSING:
        outcome = "csp-implemented-but-duplicate-directives"
    return outcome, "frame-ancestors" in merged


def _parsed(texts: Iterable[str]) -> list[Merged] | None:
    """Return the policies; None where one is invalid."""
    policies = []
    for text in texts:
        policy = _policy(text.strip())
        if policy is None:
            return None
        policies.append(policy)
    return policies


def _policy(text: str) -> Merged | None:
    if len(text) < _SHORTEST:
        return None
    policy: Merged = {}
    for part in text.lower().split(";"):
        words = part.split()
        if not words:
            continue
        name, sources = words[0], words[1:]
        if name in policy:
            if name not in _REPORTS:
                return None
            policy[_DUPLICATE] = []
            policy[name] += sources
        else:
            policy[name] = sources or (["'none'"] if name.endswith("-src") else [])
    return policy


def _merge(policies: list[Merged]) -> Merged:
    """Return one policy for several, as the Observatory makes it: what each of them names or lies under."""
    merged: dict[str, list[tuple[str, int]]] = {}
    for name, sources in policies[0].items():
        ordered = sorted(sources, key=_collation)
        kept = ordered[:1] + [source for left, source in pairwise(ordered) if not source.startswith(left)]
        merged[name] = [(source, 0) for source in kept]
    for number, policy in enumerate(policies[1:], start=1):
        for name, sources in policy.items():
            known = merged.get(name, [])
            both = sorted([*known, *((source, number) for source in sources)], key=lambda one: _collation(one[0]))
            both = [right for left, right in pairwise(both) if left[1] != right[1] and _lies_under(left[0], right[0])]
            merged[name] = both or [("'none'", number)]
    return {name: [source for source, _ in sources] for name, sources in merged.items()}


def _collation(source: str) -> str:
    return source.translate(_COLLATION)


def _lies_under(left: str, right: str) -> bool:
    """Return whether a source is another one or a path below it."""
    above, below = left.split("/"), right.split("/")
    if left.endswith("/"):
        above.pop()
        below = below[: len(above)]
    return [unquote(piece) for piece in above] == [unquote(piece) for piece in below]


def _judge(merged: Merged, *, is_https: bool) -> str:
    script = _without_void_inline(_effective(merged, "script-src"))
    style = _without_void_inline(_effective(merged, "style-src"))
    if "'strict-dynamic'" in script:
        if not any(source.startswith(_KEYED) for source in script):
            return "csp-header-invalid"
        script = [
            source
            for source in script
            if source not in {"'self'", "'unsafe-inline'"} and not source.startswith(_STRICT_DROPS)
        ]
    if _is_open(script) or not _BROAD.isdisjoint(_effective(merged, "object-src")):
        return "csp-implemented-with-unsafe-inline"
    outcome = _of_schemes(merged, script) if is_https else None
    if outcome is not None and not outcome.endswith("only"):
        return outcome
    if "'unsafe-eval'" in script or "'unsafe-eval'" in style:
        return "csp-implemented-with-unsafe-eval"
    if outcome is not None:
        return outcome
    if _is_open(style):
        return "csp-implemented-with-unsafe-inline-in-style-src-only"
    none = "-default-src-none" if merged.get("default-src") == ["'none'"] else ""
    return "csp-implemented-with-no-unsafe" + none


def _of_schemes(merged: Merged, script: list[str]) -> str | None:
    """Return the outcome of sources that are loaded unencrypted, None without one."""
    for name, sources in merged.items():
        used = script if name == "script-src" else sources
        if name not in _PASSIVE and any(source.startswith(_INSECURE) for source in used):
            return "csp-implemented-with-insecure-scheme"
    if any(source.startswith(_INSECURE) for name in _PASSIVE for source in _effective(merged, name)):
        return "csp-implemented-with-insecure-scheme-in-passive-content-only"
    return None


def _effective(merged: Merged, name: str) -> list[str]:
    return merged.get(name, merged.get("default-src", ["*"]))


def _without_void_inline(sources: list[str]) -> list[str]:
    """Return sources without 'unsafe-inline' where a nonce or a hash voids it."""
    if any(source.startswith(_KEYED) for source in sources):
        return [source for source in sources if source != "'unsafe-inline'"]
    return sources


def _is_open(sources: list[str]) -> bool:
    return any(source in _BROAD or source in {"'unsafe-inline'", "data:"} for source in sources)
