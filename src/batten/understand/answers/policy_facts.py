"""What a browser makes of content security policies where the Observatory makes another thing of them."""

from __future__ import annotations

import re
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from batten.understand.answers.facts import Fact, FactKind, Where, fact
from batten.understand.answers.policies import (
    HANDLER,
    HEADER,
    SCRIPT,
    Policy,
    Sources,
    all_allow,
    allows_inline,
    is_keyed,
    meta_tags,
    of_header,
    of_page,
    trusts_loaded,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.page import Tag

_TEST = "content-security-policy"
_SHORTEST_NONCE = 8
_MOST = 50
"""Sources that are looked at together; no policy that is meant has more."""
_NONCE = re.compile(r"'nonce-([^']*)'", re.IGNORECASE)
_LOOPBACK = re.compile(r"(http|ws)://(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:(\d+|\*))?(/.*)?", re.IGNORECASE)
_BARE_WORD = re.compile(
    r"self|none|unsafe-inline|unsafe-eval|unsafe-hashes|strict-dynamic|report-sample|wasm-unsafe-eval"
    r"|nonce-\S+|sha(256|384|512)-\S+",
    re.IGNORECASE,
)
_LOCAL_SCHEMES = frozenset({"blob:", "filesystem:"})
_BYPASSES = frozenset(
    "ajax.googleapis.com cdnjs.cloudflare.com cdn.jsdelivr.net unpkg.com raw.githack.com rawcdn.githack.com "
    "storage.googleapis.com www.google.com accounts.google.com *.googleapis.com *.cloudflare.com *.google.com".split()
)
"""Hosts that anyone publishes scripts on, or that answer with a callback of the visitor's choice."""
_KNOWN = frozenset(
    "default-src script-src script-src-elem script-src-attr style-src style-src-elem style-src-attr img-src media-src "
    "font-src connect-src object-src frame-src child-src worker-src manifest-src prefetch-src fenced-frame-src "
    "base-uri form-action frame-ancestors navigate-to sandbox report-uri report-to require-trusted-types-for "
    "trusted-types upgrade-insecure-requests block-all-mixed-content plugin-types referrer reflected-xss "
    "require-sri-for webrtc".split()
)
_REPORTS = frozenset({"report-uri", "report-to"})
"""The directives that the Observatory lets stand twice."""
_NOT_SOURCES = frozenset("sandbox report-uri report-to require-trusted-types-for trusted-types plugin-types".split())


def policy_facts(answer: Answer, tags: tuple[Tag, ...]) -> Iterator[Fact]:
    """Yield what is so of the policies of an answer and its page."""
    policies = of_header(answer) + of_page(answer, tags)
    for tag in meta_tags(tags):
        if not tag.in_head or tag.inert:
            at = Where(answer.url, "meta", tag.line)
            why = "browsers take a policy from the head of the page alone, and this tag stands elsewhere"
            yield fact(FactKind.POLICY_IGNORED, _TEST, at, tag.get("content") or "", why)
    if policies:
        yield from _free(policies)
        yield from _inline(policies)
        yield from _bypasses(policies)
    for policy in policies:
        yield from _slips(policy)


def _free(policies: tuple[Policy, ...]) -> Iterator[Fact]:
    """Yield what default-src does not cover and no policy names."""
    content = next((one for one in policies if one.sources(SCRIPT) is not None), None)
    if content is None:
        return
    if not any("form-action" in policy.directives for policy in policies):
        why = "form-action does not fall back to default-src: a form put into the page may send what is typed anywhere"
        yield fact(FactKind.FORM_ACTION_FREE, _TEST, content.at, "form-action", why)
    if not any("base-uri" in policy.directives for policy in policies):
        if all_allow(policies, SCRIPT, lambda sources: sources is None or is_keyed(sources)):
            why = "base-uri does not fall back to default-src: a base element in the page makes scripts that bear the "
            why += "nonce load from another host"
        else:
            why = "base-uri does not fall back to default-src: a base element in the page moves its relative links"
        yield fact(FactKind.BASE_URI_FREE, _TEST, content.at, "base-uri", why)


def _inline(policies: tuple[Policy, ...]) -> Iterator[Fact]:
    """Yield a directive that opens what script-src closes."""
    for names, what in ((SCRIPT, "inline scripts"), (HANDLER, "inline event handlers")):
        if all_allow(policies, names[1:], allows_inline) or not all_allow(policies, names, allows_inline):
            continue
        policy = next(one for one in policies if names[0] in one.directives)
        shown = _shown(names[0], policy.directives[names[0]])
        why = f"{names[0]} counts before script-src, so {what} run"
        yield fact(FactKind.SCRIPT_INLINE, _TEST, policy.at, shown, why)


def _bypasses(policies: tuple[Policy, ...]) -> Iterator[Fact]:
    """Yield sources of scripts that let anyone's script in, where no other policy shuts them out."""
    for source, policy in islice(_candidates(policies).items(), _MOST):
        scheme, host = source.lower(), _host(source)
        if scheme in _LOCAL_SCHEMES:
            if all_allow(policies, SCRIPT, partial(_has, scheme)):
                why = f"a script that can make a {scheme} address runs what it likes from it"
                yield fact(FactKind.SCRIPT_BLOB, _TEST, policy.at, source, why)
        elif all_allow(policies, SCRIPT, partial(_covers, source)):
            why = f"{host} serves scripts that turn markup or an address into code, so the policy can be stepped past"
            yield fact(FactKind.SCRIPT_BYPASS, _TEST, policy.at, source, why)


def _candidates(policies: tuple[Policy, ...]) -> dict[str, Policy]:
    """Return the sources in question, each with the first policy that has it."""
    found: dict[str, Policy] = {}
    for policy in policies:
        sources = policy.sources(SCRIPT) or ()
        if not trusts_loaded(sources):
            for source in sources:
                if source.lower() in _LOCAL_SCHEMES or _host(source) in _BYPASSES:
                    found.setdefault(source, policy)
    return found


def _has(wanted: str, sources: Sources | None) -> bool:
    return sources is None or wanted in (source.lower() for source in sources)


def _covers(wanted: str, sources: Sources | None) -> bool:
    """Return whether a source list allows a host that another one names, told from what is plainly so."""
    if sources is None:
        return True
    return any(source.lower() in {wanted.lower(), "*", "https:", "http:"} for source in sources)


def _host(source: str) -> str:
    """Return the host of a source that allows all of it; empty where a path narrows it."""
    rest = source.lower().partition("://")[2] or source.lower()
    host, _, path = rest.partition("/")
    return "" if path else host.partition(":")[0]


def _slips(policy: Policy) -> Iterator[Fact]:
    """Yield what is written in a way that browsers read otherwise."""
    for name, sources in policy.repeated:
        counted = _shown(name, policy.directives[name])
        why = f"browsers go by the first ({counted}) and pass over this one"
        shown, is_milder = _shown(name, sources), name not in _REPORTS
        yield fact(FactKind.DIRECTIVE_REPEATED, _TEST, policy.at, shown, why, milder=is_milder)
    for name, sources in policy.directives.items():
        if name not in _KNOWN:
            why = "browsers know no directive of that name and pass over it"
            yield fact(FactKind.DIRECTIVE_UNKNOWN, _TEST, policy.at, name, why)
        elif name not in _NOT_SOURCES:
            yield from _odd_sources(policy.at, name, sources)
    script = policy.sources(SCRIPT)
    if script is not None and trusts_loaded(script) and not is_keyed(script):
        why = "'strict-dynamic' voids hosts and 'self', and no nonce or hash lets a first script in: none runs"
        yield fact(FactKind.STRICT_DYNAMIC_ALONE, _TEST, policy.at, " ".join(script), why)


def _odd_sources(at: Where, name: str, sources: Sources) -> Iterator[Fact]:
    for source in dict.fromkeys(sources):
        nonce = _NONCE.fullmatch(source)
        if nonce and len(nonce[1]) < _SHORTEST_NONCE:
            why = f"a nonce of {len(nonce[1])} characters can be guessed"
            yield fact(FactKind.NONCE_SHORT, _TEST, at, f"{name} {source}", why)
        elif _LOOPBACK.fullmatch(source):
            why = "loopback is trustworthy to browsers without TLS: nobody between can change what it serves"
            yield fact(FactKind.LOOPBACK_SOURCE, _TEST, at, f"{name} {source}", why, milder=True)
        elif _BARE_WORD.fullmatch(source):
            why = f"without quotes, {source} is a host of that name and no keyword"
            yield fact(FactKind.KEYWORD_UNQUOTED, _TEST, at, f"{name} {source}", why)
        elif not source.isascii():
            why = "a source with other than ASCII characters matches nothing"
            yield fact(FactKind.SOURCE_VOID, _TEST, at, f"{name} {source}", why)
        elif source.lower() == "'none'" and len(sources) > 1:
            why = "'none' beside other sources is passed over: the others count"
            yield fact(FactKind.NONE_NOT_ALONE, _TEST, at, _shown(name, sources), why)


def _shown(name: str, sources: Sources) -> str:
    """Return a directive as it is written, of a long one the beginning."""
    return " ".join((name, *sources[:_MOST]))


def repeated_nonces(first: Answer, second: Answer) -> Iterator[Fact]:
    """Yield the nonces that two answers to the same request share, which anyone can then use."""
    known = _nonces(first)
    for nonce in sorted(_nonces(second) & known):
        why = "the same nonce came with two answers: whoever read one of them knows it"
        yield fact(FactKind.NONCE_SHORT, _TEST, Where(second.url, HEADER), nonce, why)


def _nonces(answer: Answer) -> set[str]:
    lists = (sources for policy in of_header(answer) for sources in policy.directives.values())
    return {source for sources in lists for source in sources if _NONCE.fullmatch(source)}
