"""Logins that a site has, and what an answer to one says: let in, turned away, or locked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.links import links

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer, Chain
    from batten.understand.answers.links import Field, Form

PAIRS = (("admin", "admin"), ("admin", "password"), ("admin", "changeme"))
"""Tried in this order, after a login that must fail; more would lock accounts out."""
_LOCKED = re.compile(r"(?i)too many|locked|try again (?:later|in)|rate limit|captcha|temporarily")
_LOCKS = frozenset({403, 423, 429, 503})
_USER_KINDS = ("text", "email", "tel")
_DENIED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Taken:
    """A login that everybody knows, and that the site takes."""

    user: str
    password: str
    how: str
    """`HTTP Basic`, `the form`."""
    answer: Answer
    """What it was answered."""


def asks_basic(answer: Answer) -> bool:
    """Return whether an answer asks for a login by HTTP Basic (RFC 7617)."""
    held = (value.strip().lower() for value in answer.all("www-authenticate"))
    return answer.status == 401 and any(value.startswith("basic") for value in held)  # noqa: PLR2004 - Unauthorized


def is_locked(chain: Chain) -> bool:
    """Return whether an answer says that it was tried too often: then nothing more may be tried."""
    answer = chain.last
    return answer is None or answer.status in _LOCKS or bool(_LOCKED.search(answer.text[:20_000]))


def login_form(answer: Answer) -> Form | None:
    """Return the form of a page that asks for one password; one with two of them registers or changes it."""
    for form in links(answer).forms:
        passwords = [field for field in form.fields if field.kind == "password"]
        if form.method == "POST" and len(passwords) == 1 and user_field(form) is not None:
            return form
    return None


def user_field(form: Form) -> Field | None:
    """Return the field of a login form that takes the name: the last one of text before the password."""
    before = None
    for field in form.fields:
        if field.kind == "password":
            return before
        if field.kind in _USER_KINDS:
            before = field
    return None


def filled(form: Form, user: str, password: str) -> tuple[tuple[str, str], ...]:
    """Return what a browser sends of a login form with that name and password."""
    named = user_field(form)
    sent = []
    for field in form.fields:
        if field.kind == "password":
            sent.append((field.name, password))
        elif named is not None and field.name == named.name:
            sent.append((field.name, user))
        elif field.kind not in ("checkbox", "radio", "file", "button", "reset", "image"):
            sent.append((field.name, field.value))
    return tuple(sent)


def is_inside(turned_away: Chain, let_in: Chain) -> bool:
    """Return whether the second answer lets a visitor in, where the first, to a login that is none, did not."""
    failed, told = turned_away.last, let_in.last
    if failed is None or told is None or told.status >= 400:  # noqa: PLR2004 - it failed
        return False
    if login_form(told) is not None:
        return False
    was_refused = failed.status in _DENIED or login_form(failed) is not None
    return was_refused and (told.url != failed.url or told.body != failed.body)
