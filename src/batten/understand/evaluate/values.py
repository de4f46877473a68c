"""Values without identity: constants, one of several, unknown, absent."""

from __future__ import annotations

from typing import Any

from batten.understand.evaluate.origin import NOWHERE, Origin


class Abstract:
    """Anything that an expression can be."""

    __slots__ = ()
    origin: Origin = NOWHERE


class Known(Abstract):
    """A constant: None, bool, int, float, str or bytes."""

    __slots__ = ("origin", "value")

    def __init__(self, value: Any, origin: Origin = NOWHERE) -> None:
        """Hold `value`, written or computed at `origin`."""
        self.value = value
        self.origin = origin


class OneOf(Abstract):
    """One of a few values; which one the repository does not decide."""

    __slots__ = ("choices",)

    def __init__(self, choices: tuple[Abstract, ...]) -> None:
        """Hold the alternatives, none of them a `OneOf`."""
        self.choices = choices

    @property
    def origin(self) -> Origin:  # type: ignore[override]
        """The first alternative's."""
        return self.choices[0].origin


class Unknown(Abstract):
    """A value that could not be told, and why."""

    __slots__ = ("kind", "labels", "of", "origin", "prefix", "truth", "why")

    def __init__(  # noqa: PLR0913 - the parts of what is known of it all the same
        self,
        why: str,
        origin: Origin = NOWHERE,
        *,
        kind: str = "unknown",
        truth: bool | None = None,
        of: str = "",
        labels: frozenset[str] = frozenset(),
        prefix: str = "",
    ) -> None:
        """Hold the reason.

        `kind` is `unknown`, `runtime` (random, or settled while the app runs)
        `error` (the app refuses to start without it) or
        `external` (set outside the repository). `truth` is its truth
        value where that is known, `of` its type's name, `labels` what it holds
        (`traceback`, `exception`), `prefix` how it begins, where it is a text.
        """
        self.why = why
        self.origin = origin
        self.kind = kind
        self.truth = truth
        self.of = of
        self.labels = labels
        self.prefix = prefix


class Absent(Abstract):
    """No value at all: an unbound name, a key that is not there."""

    __slots__ = ()


ABSENT = Absent()


class Items(Abstract):
    """The content of a sequence."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Abstract, ...]) -> None:
        """Hold the elements in order."""
        self.items = items
