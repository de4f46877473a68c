"""What a setting can be in one environment, with its evidence."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.model.place import Evidence, Location, mask
from batten.model.scale import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator


class State(Enum):
    """What is known of a value (`state` in the JSON report)."""

    KNOWN = "known"
    ONE_OF = "one-of"
    UNSET = "unset"
    RUNTIME = "runtime"
    """Random, or settled only while the app runs."""
    ERROR = "error"
    """The app refuses to start."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Value:
    """Known, one of several, or not known and why."""

    state: State
    value: object = None
    """Plain data (None, bool, int, float, str, bytes, tuple, list, dict) when known."""
    cases_: tuple[Value, ...] = ()
    """The known alternatives when the state is one-of."""
    confidence: Confidence = Confidence.CERTAIN
    at: Location | None = None
    """Where a person wrote what decides the value."""
    evidence: tuple[Evidence, ...] = ()
    why: str = ""
    """Why the value is not known, or why the app refuses to start."""
    secret: bool = False
    plain: bool = False
    """`at` spans a literal that can be replaced by another."""
    external: bool = False
    """Not known, and known to be set outside the repository (an operator's variable, a secret store)."""
    veiled: object = None
    """What may be shown of a value that is only in part a secret: an address without its password."""
    default: bool = False
    """The framework's own default: nothing in the project writes this setting."""

    def cases(self) -> Iterator[Value]:
        """Yield each value it can be, known ones only."""
        if self.state is State.KNOWN:
            yield self
        yield from self.cases_

    def may_be(self, wanted: object) -> bool:
        """Return whether `wanted` is one of the values it can be (same type, equal)."""
        return any(type(c.value) is type(wanted) and c.value == wanted for c in self.cases())

    def is_true(self) -> bool:
        """Return whether every value it can be is known and truthy."""
        return self.state is State.KNOWN and bool(self.value)

    def is_false(self) -> bool:
        """Return whether it is known and falsy."""
        return self.state is State.KNOWN and not self.value

    def hidden(self) -> Value:
        """Return the value marked as secret, in its evidence too."""
        return replace(
            self,
            secret=True,
            evidence=tuple(e.hidden() for e in self.evidence),
            cases_=tuple(c.hidden() for c in self.cases_),
        )

    def bared(self) -> Value:
        """Return the value, its evidence too, no longer marked as secret."""
        return replace(
            self,
            secret=False,
            veiled=None,
            evidence=tuple(e.bared() for e in self.evidence),
            cases_=tuple(c.bared() for c in self.cases_),
        )

    def __str__(self) -> str:
        """Return the value as the reader sees it, secrets masked."""
        if self.state is State.KNOWN:
            return shown(self.value, secret=self.secret) if self.veiled is None else shown(self.veiled)
        if self.state is State.ONE_OF:
            return " or ".join(str(case) for case in self.cases_)
        return str(self.state.value)


def shown(value: object, *, secret: bool = False) -> str:
    """Return plain data as Python writes it, cut to a readable length, secrets masked."""
    if secret and value and value is not True:
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        return mask(text)
    text = python(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def python(value: object, depth: int = 0) -> str:
    """Return plain data as Python writes it, in full; a set in order, which `repr` leaves to chance."""
    if depth < _DEEPEST and isinstance(value, list | tuple | dict | set | frozenset):
        if isinstance(value, dict):
            items = [f"{python(key, depth + 1)}: {python(item, depth + 1)}" for key, item in value.items()]
            return f"{{{', '.join(items)}}}"
        items = [python(item, depth + 1) for item in value]
        if isinstance(value, list):
            return f"[{', '.join(items)}]"
        if isinstance(value, tuple):
            return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
        held = f"{{{', '.join(sorted(items))}}}" if items else ""
        return (held or "set()") if isinstance(value, set) else f"frozenset({held})"
    return repr(value)


_DEEPEST = 20
_LONGEST_SHOWN = 120

UNSET = Value(State.UNSET)
