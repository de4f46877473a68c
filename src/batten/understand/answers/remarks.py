"""What a comment in a page tells a visitor that was not meant for him."""

from __future__ import annotations

import re

from batten.understand.answers.banners import is_static, versioned

_LONGEST = 2000
_MADE = re.compile(r"(?i)\b(?:powered|generated|created|built|rendered|made|optimi[sz]ed)\s+(?:by|with)\b(.{0,80})")
_INNER = re.compile(
    r"\b(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})\b"
    r"|\b[a-z][a-z0-9-]{0,40}(?:\.[a-z0-9-]{1,40}){0,3}\.(?:internal|intranet|corp|lan|local)\b",
    re.IGNORECASE,
)
_SECRET = re.compile(r"(?i)\b(?:passwords?|passwd|pwd|secret|api[_ -]?key|credentials?)\s*(?:[:=]|is\b)")
_LEFT = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


def telling(comment: str) -> str:
    """Return what a comment tells, in words for a sentence; empty where it is harmless."""
    text = comment[:_LONGEST]
    if text.lstrip().startswith("[if") or text.rstrip().endswith("endif]"):
        return ""
    if _SECRET.search(text):
        return "of a secret"
    if _INNER.search(text):
        return "a name of the inner network"
    made = _MADE.search(text)
    if made is not None and versioned(made[1]) and not is_static(made[1]):
        return "what made the page, with its version"
    return "what is still to be done" if _LEFT.search(text) else ""
