"""What browsers or RFCs say of an answer where the Observatory's verdict says another thing, or nothing."""

from __future__ import annotations

from enum import Enum

from batten.model.data import dataclass

_LONGEST = 200


class FactKind(Enum):
    """One way in which a grade and a browser differ."""

    ANSWER_IS_NO_PAGE = "answer-is-no-page"
    ANCESTORS_ANY = "frame-ancestors-any"
    ANCESTORS_FREE = "frame-ancestors-free"
    ANCESTORS_IN_META = "frame-ancestors-in-meta"
    ALLOW_FROM = "allow-from-is-ignored"
    BASE_URI_FREE = "base-uri-free"
    COOKIE_DELETED = "cookie-is-deleted"
    COOKIE_HARMLESS = "cookie-name-is-harmless"
    COOKIE_KEPT = "cookie-is-kept"
    COOKIE_OVER_HTTP = "cookie-over-http"
    COOKIE_REFUSED = "cookie-is-refused"
    COOKIE_SESSION = "cookie-is-a-session"
    COOKIE_XSRF = "cookie-is-against-csrf"
    CORS_GET_ONLY = "cors-on-get-only"
    CORS_HTTP_ORIGIN = "cors-http-origin-with-credentials"
    CORS_NULL_ORIGIN = "cors-null-with-credentials"
    CORS_REFLECTED = "cors-reflected-with-credentials"
    CORS_VOID = "cors-value-is-void"
    DIRECTIVE_REPEATED = "directive-repeated"
    DIRECTIVE_UNKNOWN = "directive-unknown"
    DOUBLED = "header-doubled"
    ERROR_PAGE = "error-page"
    FORM_ACTION_FREE = "form-action-free"
    HSTS_FIRST_HOP = "hsts-on-first-hop"
    HSTS_INVALID = "hsts-is-invalid"
    HSTS_OVER_HTTP = "hsts-over-http"
    HSTS_VALID = "hsts-is-valid"
    INTEGRITY_EMPTY = "integrity-without-hash"
    INTEGRITY_BLOCKS = "integrity-without-crossorigin"
    KEYWORD_UNQUOTED = "keyword-unquoted"
    LOOPBACK_SOURCE = "loopback-source"
    MODULE_FOREIGN = "module-from-elsewhere"
    NONCE_SHORT = "nonce-short"
    NONE_NOT_ALONE = "none-not-alone"
    POLICY_IGNORED = "policy-in-body"
    SCRIPT_BLOB = "script-from-blob"
    SCRIPT_BYPASS = "script-host-with-bypass"
    SCRIPT_FOREIGN = "script-from-elsewhere"
    SCRIPT_INLINE = "inline-scripts-allowed"
    SCRIPT_LOADS_SAFELY = "script-loads-over-https"
    SOURCE_VOID = "source-is-void"
    STRICT_DYNAMIC_ALONE = "strict-dynamic-alone"
    STRICT_PARSER = "answer-refused-by-strict-parsers"
    STYLE_FOREIGN = "stylesheet-from-elsewhere"
    TYPE_IN_CAPITALS = "type-in-capitals"


@dataclass(frozen=True, slots=True)
class Where:
    """A part of an answer."""

    url: str
    part: str
    """A header's name, or the name of an element of the page."""
    line: int | None = None
    """Of the page; counts from 1."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is so, and why it matters."""

    kind: FactKind
    test: str
    """The Observatory's test that it stands beside."""
    at: Where
    shown: str
    """The piece of the answer that shows it."""
    why: str
    milder: bool = False
    """A browser has less against it than the grade."""


def fact(kind: FactKind, test: str, at: Where, shown: str, why: str, *, milder: bool = False) -> Fact:
    """Return a fact whose piece of the answer fits a message."""
    return Fact(kind, test, at, shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…", why, milder)
