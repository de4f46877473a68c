"""What each outcome is worth, and which letter a score is (MDN HTTP Observatory, algorithms 5 and 6)."""

from __future__ import annotations

VERSIONS = (5, 6)
_SINCE_6 = frozenset({"cross-origin-embedder-policy", "cross-origin-opener-policy"})

_CSP = "csp-implemented-"
_SRI = "sri-not-implemented-"
_CORS = "cross-origin-resource-sharing-"
POINTS: dict[str, dict[str, int]] = {
    "content-security-policy": {
        _CSP + "with-no-unsafe-default-src-none": 10,
        _CSP + "with-no-unsafe": 5,
        _CSP + "with-unsafe-inline-in-style-src-only": 0,
        _CSP + "but-duplicate-directives": 0,
        _CSP + "with-insecure-scheme-in-passive-content-only": -10,
        _CSP + "with-unsafe-eval": -10,
        _CSP + "with-unsafe-inline": -20,
        _CSP + "with-insecure-scheme": -20,
        "csp-header-invalid": -25,
        "csp-not-implemented": -25,
        "csp-not-implemented-but-reporting-enabled": -25,
    },
    "cookies": {
        "cookies-secure-with-httponly-sessions-and-samesite": 5,
        "cookies-secure-with-httponly-sessions": 0,
        "cookies-not-found": 0,
        "cookies-without-secure-flag-but-protected-by-hsts": -5,
        "cookies-session-without-secure-flag-but-protected-by-hsts": -10,
        "cookies-without-secure-flag": -20,
        "cookies-samesite-flag-invalid": -20,
        "cookies-anticsrf-without-samesite-flag": -20,
        "cookies-session-without-httponly-flag": -30,
        "cookies-session-without-secure-flag": -40,
    },
    "cross-origin-embedder-policy": {
        "coep-implemented-with-require-corp": 10,
        "coep-implemented-with-credentialless": 10,
        "coep-implemented-with-unsafe-none": 0,
        "coep-not-implemented": 0,
        "coep-header-invalid": -5,
    },
    "cross-origin-opener-policy": {
        "coop-implemented-with-same-origin": 10,
        "coop-implemented-with-same-origin-allow-popups": 10,
        "coop-implemented-with-noopener-allow-popups": 10,
        "coop-implemented-with-unsafe-none": 0,
        "coop-not-implemented": 0,
        "coop-header-invalid": -5,
    },
    "cross-origin-resource-sharing": {
        _CORS + "not-implemented": 0,
        _CORS + "implemented-with-public-access": 0,
        _CORS + "implemented-with-restricted-access": 0,
        _CORS + "implemented-with-universal-access": -50,
    },
    "redirection": {
        "redirection-to-https": 0,
        "redirection-not-needed-no-http": 0,
        "redirection-all-redirects-preloaded": 0,
        "redirection-off-host-from-http": -5,
        "redirection-not-to-https-on-initial-redirection": -10,
        "redirection-not-to-https": -20,
        "redirection-missing": -20,
        "redirection-invalid-cert": -20,
    },
    "referrer-policy": {
        "referrer-policy-private": 5,
        "referrer-policy-not-implemented": 0,
        "referrer-policy-unsafe": -5,
        "referrer-policy-header-invalid": -5,
    },
    "strict-transport-security": {
        "hsts-preloaded": 5,
        "hsts-implemented-max-age-at-least-six-months": 0,
        "hsts-implemented-max-age-less-than-six-months": -10,
        "hsts-not-implemented": -20,
        "hsts-header-invalid": -20,
        "hsts-not-implemented-no-https": -20,
        "hsts-invalid-cert": -20,
    },
    "subresource-integrity": {
        "sri-implemented-and-all-scripts-loaded-securely": 5,
        "sri-implemented-and-external-scripts-loaded-securely": 5,
        _SRI + "response-not-html": 0,
        _SRI + "but-no-scripts-loaded": 0,
        _SRI + "but-all-scripts-loaded-from-secure-origin": 0,
        _SRI + "but-external-scripts-loaded-securely": -5,
        "sri-implemented-but-external-scripts-not-loaded-securely": -20,
        "html-not-parseable": -20,
        _SRI + "and-external-scripts-not-loaded-securely": -50,
    },
    "x-content-type-options": {
        "x-content-type-options-nosniff": 0,
        "x-content-type-options-not-implemented": -5,
        "x-content-type-options-header-invalid": -5,
    },
    "x-frame-options": {
        "x-frame-options-implemented-via-csp": 5,
        "x-frame-options-sameorigin-or-deny": 5,
        "x-frame-options-allow-from-origin": 0,
        "x-frame-options-not-implemented": -20,
        "x-frame-options-header-invalid": -20,
    },
    "cross-origin-resource-policy": {
        "corp-implemented-with-same-origin": 10,
        "corp-implemented-with-same-site": 10,
        "corp-implemented-with-cross-origin": 0,
        "corp-not-implemented": 0,
        "corp-header-invalid": -5,
    },
}
"""Each test, each of its outcomes, and the points that it adds or takes."""

_PASSED_ALL_THE_SAME = "csp-implemented-with-insecure-scheme-in-passive-content-only"
_BONUS_FROM = 90
_LETTERS = {100: "A+", 95: "A", 90: "A", 85: "A-", 80: "B+", 75: "B", 70: "B", 65: "B-", 60: "C+", 55: "C", 50: "C"} | {
    45: "C-",
    40: "D+",
    35: "D",
    30: "D",
    25: "D-",
}


def asked_by(version: int) -> tuple[str, ...]:
    """Return the names of the tests that a version of the algorithm has."""
    return tuple(name for name in POINTS if version >= max(VERSIONS) or name not in _SINCE_6)


def points(test: str, outcome: str) -> int:
    """Return what an outcome of a test adds to the score, or takes from it."""
    return POINTS[test][outcome]


def is_passed(test: str, outcome: str) -> bool:
    """Return whether an outcome counts as passed."""
    return points(test, outcome) >= 0 or outcome == _PASSED_ALL_THE_SAME


def score_of(outcomes: dict[str, str]) -> int:
    """Return the score of a test's outcome each: bonuses count only from 90 up, and it is never below 0."""
    worth = [points(test, outcome) for test, outcome in outcomes.items()]
    bare = 100 + sum(value for value in worth if value < 0)
    full = bare + sum(value for value in worth if value > 0)
    return max(0, full if bare >= _BONUS_FROM else bare)


def grade_of(score: int) -> str:
    """Return the letter of a score."""
    return _LETTERS.get(min(score, 100) // 5 * 5, "F")
