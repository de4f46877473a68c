"""Conditions of GitHub Actions: whether one can hold under an event.

GitHub docs, Evaluate expressions in workflows and actions; Events that trigger workflows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.ci.expressions import Tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILLED = {
    # a part of the event, and the events that have it
    "github.event.pull_request": frozenset(
        "pull_request pull_request_target pull_request_review pull_request_review_comment".split()
    ),
    "github.head_ref": frozenset("pull_request pull_request_target".split()),
    "github.event.issue": frozenset("issues issue_comment".split()),
    "github.event.comment": frozenset(
        "issue_comment commit_comment pull_request_review_comment discussion_comment".split()
    ),
    "github.event.workflow_run": frozenset(("workflow_run",)),
}
_DEEPEST = 30


def may_hold(condition: str, event: str) -> bool:
    """Return whether a condition can be true in a run that the event started; an empty one always is."""
    text = condition.strip()
    if text.startswith("${{") and text.endswith("}}"):
        text = text[3:-2]
    return not text or "${{" in text or _Condition(text, event).either() is not False


class _Condition(Tokens):
    """Reads one condition; every method returns true, false, or None where the event does not decide it."""

    def __init__(self, text: str, event: str) -> None:
        super().__init__(text)
        self.event = event

    def either(self) -> bool | None:
        found = [self.both()]
        while self.takes("||"):
            found.append(self.both())
        return _joined(found, decides=True)

    def both(self) -> bool | None:
        found = [self.compared()]
        while self.takes("&&"):
            found.append(self.compared())
        return _joined(found, decides=False)

    def compared(self) -> bool | None:
        truth, text = self.plain()
        for sign in ("==", "!=", "<", ">", "<=", ">="):
            if self.takes(sign):
                _, other = self.plain()
                if text is None or other is None or sign not in ("==", "!="):
                    return None
                return (text.lower() == other.lower()) is (sign == "==")
        return truth

    def plain(self) -> tuple[bool | None, str | None]:
        """Return the truth of a value, and its text, as far as the event decides them."""
        self.depth += 1
        if self.depth > _DEEPEST:
            self.place = len(self.tokens)
            return None, None
        if self.takes("!"):
            truth, _ = self.plain()
            found: tuple[bool | None, str | None] = (None if truth is None else not truth), None
        elif self.takes("("):
            found = self.either(), None
            self.takes(")")
        else:
            found = self.value()
        self.depth -= 1
        return found

    def value(self) -> tuple[bool | None, str | None]:
        kind, text = self.next()
        self.place += 1
        if kind == "text":
            held = text[1:-1].replace("''", "'")
            return bool(held), held
        if kind != "name":
            return None, None
        if self.takes("("):
            return self.called(text), None
        name = self.context(text)
        if name == "github.event_name":
            return True, self.event
        for part, events in _FILLED.items():
            if name == part or name.startswith(f"{part}."):
                return (None, None) if self.event in events else (False, "")
        return {"true": True, "false": False}.get(text.lower()), None

    def called(self, name: str) -> bool | None:
        """Read a call; only whether a list of names contains the event's is told."""
        start = self.place
        while self.place < len(self.tokens) and not self.takes(")"):
            before = self.place
            self.either()
            self.takes(",")
            self.place += self.place == before
        inside = self.tokens[start : self.place]
        return _contains(inside, self.event) if name.lower() == "contains" else None


def _contains(tokens: Sequence[tuple[str, str]], event: str) -> bool | None:
    """Return whether `contains(fromJSON('["push"]'), github.event_name)` holds."""
    texts = [text for kind, text in tokens if kind == "text"]
    names = [text for kind, text in tokens if kind == "name"]
    if len(texts) != 1 or names[-2:] != ["github", "event_name"]:
        return None
    return event in re.findall(r"\w+", texts[0])


def _joined(found: Sequence[bool | None], *, decides: bool) -> bool | None:
    if decides in found:
        return decides
    return None if None in found else not decides
