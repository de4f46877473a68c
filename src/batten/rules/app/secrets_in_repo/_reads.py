"""Whether a text beside a name reads as a secret, or as a label, a path, a type, a place to fill in."""

from __future__ import annotations

import re

from batten.rules.dsn import is_known

LONG = 24
"""A text of letters and digits that is longer than any word."""
_SHORTEST = 4
"""Characters of a word that is a password."""
_FEWEST = 3
"""Fewer different characters are a mask."""
_HOLES = re.compile(r"\s|\{.*\}|<.*>|^\$|\$\{|%[(s]|^\*|^\.\.\.$|^x+$", re.IGNORECASE)
"""Sentences, places to fill in, masks."""
_PLACE = re.compile(r"://|^[/.~]|^\w+(?:[./][a-z_]\w*)+$|/$|\.\w{2,4}$|^#|^--?\w|:$|^\w+/\w+$")
"""URLs, paths, dotted names, selectors, options."""
_IDENTIFIER = re.compile(r"[A-Za-z]+\d{0,3}(?:[-_:.][A-Za-z0-9]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+|[a-z]+(?:[A-Z][a-z]+)+")
"""Names of other things: `reset-password`, `DB_PASSWORD`, `grantType`."""
_PHRASE = re.compile(r"[a-z][\w'-]*(?: [a-z0-9][\w'-]*)+")
"""Words in small letters, without an end: what a form asks for begins with a capital."""
_WORD = re.compile(r"[A-Za-z]+")
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[!-~]{6,}")
_COUNTED = re.compile(r"[A-Za-z]+[-_]?\d{1,3}")
"""`oauth2`, `sha256`, `step-1`: a word and its number."""
_TYPES = frozenset(
    "string str text hidden required optional none null true false yes no bearer basic digest header cookie query "
    "body form login logout email key value field char varchar uuid unset missing invalid empty csrf".split()
)
"""Words that tell what a thing is or may be, no thing."""
_ENTERS = re.compile(r"given to \w*(?:log_?in|sign_?in|connect|auth|session)", re.IGNORECASE)
"""A call that a password is entered with."""
_LABEL = re.compile(r"pass(?:word|wd|phrase)|pwd|token|secret", re.IGNORECASE)
"""A text that speaks of passwords is seldom one."""
_AT_END = re.compile(r"(?:^|_)(pas+wo?r?d|pass(?:phrase)?|pwd|secrete?|token)_*$", re.IGNORECASE)
_OF_PEOPLE = re.compile(r"(?:^|_)(?:pas+wo?r?d|pass(?:phrase)?|pwd)(?:$|_)", re.IGNORECASE)


def reads_as_secret(name: str, how: str, text: str) -> bool:
    """Return whether `text`, met by `name` as told, is more likely a secret than anything else.

    A text that looks random always is. A plain word is one only where a
    password is kept, given by default or compared with: a keyword and a key
    of a dict often name a label, a type, a translation.
    """
    if _is_phrase(name, how, text):
        return True
    if _HOLES.search(text) or len(set(text)) < _FEWEST or text.lower() in _TYPES or _echoes(name, text):
        return False
    if text.startswith("eyJ") or _is_random(text):
        return True
    if _PLACE.search(text) or _AT_END.search(name) is None:
        return False
    if is_known(text):
        return "token" not in name.lower()
    if (
        len(text) < _SHORTEST
        or _OF_PEOPLE.search(name) is None
        or (_IDENTIFIER.fullmatch(text) and (name.isupper() or how == "mapped to"))
    ):
        return False
    return how in {"set to", "compared with", "by default"} or _ENTERS.search(how) is not None


def _is_phrase(name: str, how: str, text: str) -> bool:
    """Return whether a password is compared with words: `password == "open sesame"`."""
    holds = _AT_END.search(name) is not None and _OF_PEOPLE.search(name) is not None
    return holds and how == "compared with" and _PHRASE.fullmatch(text) is not None


def _is_random(text: str) -> bool:
    """Return whether letters and digits mix as in no word."""
    if _PLACE.search(text) and not re.fullmatch(r"[A-Za-z0-9+=_-][A-Za-z0-9+/=_-]{19,}", text):
        return False
    changes = len(re.findall(r"[A-Za-z]\d|\d[A-Za-z]", text))
    mixed = _MIXED.fullmatch(text) is not None and not _COUNTED.fullmatch(text) and changes > 1
    return mixed and (not _IDENTIFIER.fullmatch(text) or changes > LONG // 8)


def _echoes(name: str, text: str) -> bool:
    """Return whether a text only says again what the name says: `PASSWORD = "password"`."""
    words = {word.lower() for word in _WORD.findall(name)}
    said = {word.lower() for word in _WORD.findall(text)}
    flat = "".join(_WORD.findall(text)).lower()
    if bool(said) and (said <= words or flat in "".join(_WORD.findall(name)).lower()):
        return True
    return _LABEL.search(text) is not None and not is_known(text) and not _is_random(text)
