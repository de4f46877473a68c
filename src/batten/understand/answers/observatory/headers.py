"""The Observatory's tests of single headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.answers.structured import token

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer
    from batten.understand.answers.observatory.subject import Subject

PROBE_ORIGIN = "https://http-observatory.security.mozilla.org"
"""The Origin of its preflight."""
_PRIVATE = frozenset({"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"})
_UNSAFE = frozenset({"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"})
_CORP = frozenset({"same-origin", "same-site", "cross-origin"})
_COEP = frozenset({"require-corp", "credentialless", "unsafe-none"})
_COOP = frozenset({"same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"})


def referrer_policy(subject: Subject) -> str:
    """Return the outcome of Referrer-Policy: the last token that is known, of the header and then of the meta tag."""
    told = [value for value in (subject.header("referrer-policy"), subject.referrer) if value is not None]
    if not told:
        return "referrer-policy-not-implemented"
    tokens = [part.strip().lower() for part in ",".join(told).split(",")]
    known = [part for part in tokens if part in _PRIVATE or part in _UNSAFE]
    if not known:
        return "referrer-policy-header-invalid"
    return "referrer-policy-private" if known[-1] in _PRIVATE else "referrer-policy-unsafe"


def content_type_options(subject: Subject) -> str:
    """Return the outcome of X-Content-Type-Options."""
    value = subject.header("x-content-type-options")
    if not value:
        return "x-content-type-options-not-implemented"
    return "x-content-type-options-" + ("nosniff" if value.lower() == "nosniff" else "header-invalid")


def frame_options(subject: Subject, *, has_ancestors: bool) -> str:
    """Return the outcome of X-Frame-Options, which any frame-ancestors overrides."""
    value = (subject.header("x-frame-options") or "").lower()
    if has_ancestors:
        return "x-frame-options-implemented-via-csp"
    if not value:
        return "x-frame-options-not-implemented"
    if value in {"deny", "sameorigin"}:
        return "x-frame-options-sameorigin-or-deny"
    return "x-frame-options-" + ("allow-from-origin" if value.startswith("allow-from") else "header-invalid")


def resource_policy(subject: Subject) -> str:
    """Return the outcome of Cross-Origin-Resource-Policy."""
    value = (subject.header("cross-origin-resource-policy") or "").lower()
    if not value:
        return "corp-not-implemented"
    return f"corp-implemented-with-{value}" if value in _CORP else "corp-header-invalid"


def embedder_policy(subject: Subject) -> str:
    """Return the outcome of Cross-Origin-Embedder-Policy."""
    return _item("coep", subject.header("cross-origin-embedder-policy"), _COEP)


def opener_policy(subject: Subject) -> str:
    """Return the outcome of Cross-Origin-Opener-Policy."""
    return _item("coop", subject.header("cross-origin-opener-policy"), _COOP)


def _item(prefix: str, value: str | None, known: frozenset[str]) -> str:
    if not value:
        return f"{prefix}-not-implemented"
    found = token(value)
    return f"{prefix}-implemented-with-{found}" if found in known else f"{prefix}-header-invalid"


def sharing(subject: Subject) -> str:
    """Return the outcome of CORS, seen at a preflight: what a live scan says, which never reaches universal access."""
    chain = subject.visit.preflight
    answer = chain.last if chain is not None else None
    allowed = _allowed(answer)
    if not allowed:
        return "cross-origin-resource-sharing-not-implemented"
    kind = "public" if allowed == "*" else "restricted"
    return f"cross-origin-resource-sharing-implemented-with-{kind}-access"


def _allowed(answer: Answer | None) -> str:
    """Return Access-Control-Allow-Origin of a preflight that succeeded, else nothing."""
    succeeded = answer is not None and answer.status // 100 == 2  # noqa: PLR2004 - 2xx
    return (answer.joined("access-control-allow-origin") or "").strip() if answer is not None and succeeded else ""
