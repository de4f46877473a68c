"""The evaluator's state: budget, what was noted, what may have been raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.model import Unsure
from batten.understand.evaluate.journal import Journal, Writes
from batten.understand.evaluate.objects import Abstract, OwnCells, join
from batten.understand.evaluate.origin import NOWHERE, Hop, Origin, Place, combined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence as Seq

    from batten.understand.evaluate.environ import World
    from batten.understand.evaluate.objects import Module

MOST_STEPS = 400_000
DEEPEST_CALL = 40

VALUE_ERRORS = frozenset(
    "ValueError TypeError AttributeError ArithmeticError ZeroDivisionError OverflowError UnicodeError "
    "UnicodeDecodeError UnicodeEncodeError JSONDecodeError SyntaxError Exception BaseException".split()
)
"""What an operation on a value that is not known may raise."""
LOOKUP_ERRORS = VALUE_ERRORS | {"KeyError", "IndexError", "LookupError"}
"""What reading an item may raise, too."""
ANY_ERROR = frozenset({"*"})


class ThrownError(Exception):
    """The evaluated program raises, for certain, here."""

    def __init__(self, kinds: tuple[str, ...], message: str, place: Place, value: Abstract | None = None) -> None:
        """Keep the names of the exception's class and its bases, the message and the place."""
        super().__init__(message)
        self.kinds = kinds
        self.message = message
        self.place = place
        self.value = value
        self.control: tuple[Origin, ...] = ()
        self.unset = NOWHERE
        """The variable whose absence raises."""

    def because(self, *origins: Origin) -> ThrownError:
        """Return the error, raised because of what these origins depend on."""
        found = [origin for origin in origins if origin.unset]
        if found:
            self.unset = combined(None, self.unset, *found)
        return self


class ExhaustedError(Exception):
    """The budget is spent."""


class Machine(Journal):
    """State that every part of the evaluator shares."""

    pardoned: frozenset[Any] = frozenset()
    """Statements that end the program, which are passed over to see what it would have made."""

    def __init__(self, world: World) -> None:
        """Start with an empty record in `world`."""
        super().__init__()
        self.world = world
        self.steps = 0
        self.depth = 0
        self.modules: dict[str, Module] = {}
        self.unsure: dict[tuple[str, str], Unsure] = {}
        self.record: list[Any] = []
        """Facts that library models noted, in order."""
        self.conditions: dict[int, tuple[Any, Hop]] = {}
        """Facts that were noted under a condition which could not be decided, by identity, and the condition."""
        self.functions: list[Any] = []
        """Functions of the project that were defined, in order."""
        self.patched: Any = OwnCells()
        """What the program put in the place of a library's attributes, by their dotted names."""
        self.endless: set[Any] = set()
        """Functions that called themselves too deeply once: they are not followed far again."""
        self.mentioned: dict[Any, list[Any]] = {}
        """The nodes of a function that is not followed, by its own."""
        self.defining: list[str] = []
        """The functions whose decorators are being called, the innermost last."""
        self.speculative = False
        """The body being evaluated runs at request time, with arguments that are not known."""
        self.looks: dict[Abstract, int] = {}
        """How often each function was followed at request time."""
        self.most_steps = MOST_STEPS
        self.catching: list[frozenset[str]] = []
        self.maybe_thrown = 0
        """How often something may have been raised, of any kind."""
        self.maybe: list[frozenset[str]] = []
        """The names of exceptions that may have been raised, each time; only inside a `try`."""
        self.passed_by: Any = None
        """The last function of the project that was called and not followed."""
        self.awaited: Any = None
        """The call whose coroutine is awaited at once."""
        self.touching: set[int] = set()
        """The cells of dicts whose content is being made unknown."""
        self.failed = NOWHERE
        """Why the last attribute that was tried is not there: variables that are not set."""

    # Budget

    def step(self, cost: int = 1) -> None:
        """Spend budget.

        Raises:
            ExhaustedError: nothing is left.
        """
        self.steps += cost
        if self.steps > self.most_steps:
            raise ExhaustedError

    def doubt(self, what: str, why: str, place: Place = None) -> None:
        """Note once that something could not be told."""
        from batten.understand.evaluate.origin import locate  # noqa: PLC0415 - used rarely

        self.unsure.setdefault((what, why), Unsure(what, why, locate(place)))

    def either_way(self, ways: Seq[Callable[[], Abstract]]) -> Abstract:
        """Return what one of several computations gives, what each writes joined.

        Raises:
            ThrownError: all of them raise.
        """
        if len(ways) == 1:
            return ways[0]()
        mark, error = self.mark(), None
        found: list[tuple[Writes, None]] = []
        values: list[Abstract] = []
        for way in ways:
            try:
                values.append(way())
            except ThrownError as thrown:
                error = thrown
                self.may_throw(frozenset(thrown.kinds))
                self.rollback(mark)
            else:
                found.append((self.rollback(mark), None))
        if error is not None and not found:
            self.unmark()
            raise error
        self.replay(self.joined(found))
        self.unmark()
        result = values[0]
        for value in values[1:]:
            result = join(result, value)
        return result

    # Exceptions that may be raised

    def may_throw(self, kinds: frozenset[str]) -> None:
        """Note that the program may raise one of these exceptions here."""
        if self.catching:
            self.maybe.append(kinds)

    def watch(self) -> tuple[int, int, int]:
        """Begin to remember every write, for the handlers of a `try`; return the position."""
        self._watching += 1
        return len(self._history), self.maybe_thrown, len(self.maybe)

    def unwatch(self, position: tuple[int, int, int]) -> tuple[Writes, frozenset[str]]:
        """End what `watch` began.

        Returns what the cells may hold wherever an exception left the body, and the names of the exceptions that
        may have left it (`*` for any, none when it cannot be left so).
        """
        start, thrown, kinds = position
        self._watching -= 1
        held: Writes = {}
        for cells, key, old, value in self._history[start:]:
            ident = (id(cells), key)
            held[ident] = (cells, key, join(held[ident][2] if ident in held else old, value))
        if not self._watching:
            self._history.clear()
        names = frozenset().union(*self.maybe[kinds:])
        return held, names | ANY_ERROR if self.maybe_thrown > thrown else names
