"""Walks the tree of a shell script: lists, branches and loops, undecided ones on both sides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import field, replace
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy.shell import (
    Background,
    Block,
    Branch,
    Chain,
    Choice,
    Loop,
    Node,
    Pipe,
    Simple,
)
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.understand.deploy.reading import Reading, Word
    from batten.understand.deploy.shell_expand import Expander, State
    from batten.understand.deploy.shell_words import Raw

_MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Ran:
    """One command that a script starts."""

    words: tuple[Word, ...]
    env: Mapping[str, Variable]
    own: tuple[Variable, ...] = ()
    """Assignments in front of the command."""
    cwd: str = ""
    final: bool = False
    """It replaces the script (`exec`)."""
    background: bool = False
    sure: bool = True
    """False: in a branch that could not be decided."""


class Status(Enum):
    """How a command ended, as far as it matters to what follows."""

    YES = "it holds"
    NO = "it does not hold"
    UNDECIDED = "a test that cannot be decided"
    RAN = "a program ran; it is taken to succeed before `&&`"


class Ended(Exception):  # noqa: N818 - no error: the script ends here
    """`exec` or `exit`."""


class Refused(Ended):
    """`exit 1` and its like: what it guards does not start."""


class Returned(Exception):  # noqa: N818 - no error: the function ends here
    """`return`."""


@dataclass
class Walk(ABC):
    """Follows nodes with a state; what simple commands do is the subclass's."""

    reading: Reading
    file: str | None
    ran: list[Ran] = field(default_factory=list)
    last: tuple[Ran, State] | None = None
    """The last program, whatever it is, and the shell that ran it."""
    steps: int = 0
    doubts: int = 0
    """How many undecided branches are around."""
    rests: bool = False
    """A test was decided by a variable that nothing in the repository sets."""
    resting: set[str] = field(default_factory=set)
    """The variables of such tests."""

    @abstractmethod
    def simple(self, node: Simple, state: State) -> Status:
        """Follow assignments and a command."""

    @abstractmethod
    def expander(self) -> Expander:
        """Return what expands the words of the current file."""

    def body(self, nodes: Sequence[Node], state: State) -> Status:
        """Follow commands one after the other."""
        status = Status.YES
        for node in nodes:
            status = self.node(node, state)
        return status

    def node(self, node: Node, state: State) -> Status:
        """Follow one command.

        Raises:
            Ended: the script goes no further.
        """
        self.steps += 1
        if self.steps > _MOST_STEPS:
            at = Location(file=self.file, line=1)
            self.reading.unsure(str(at.file), "the script is too long to follow", at)
            raise Ended
        match node:
            case Simple():
                return self.simple(node, state)
            case Chain():
                return self._chain(node, state)
            case Pipe():
                return self._pipe(node, state)
            case Block(subshell=False):
                return self.body(node.body, state)
            case Block():
                self._apart(node.body, state)
            case Background():
                self._background(node, state)
            case Branch():
                self._branch(node, state)
            case Choice():
                self._choice(node, state)
            case Loop():
                self._loop(node, state)
            case _:
                state.functions[node.name] = node.body
        return Status.RAN

    def _decided(self, nodes: Sequence[Node], state: State) -> tuple[Status, bool]:
        """Return how nodes end, and whether that rests on an unset variable."""
        before, self.rests = self.rests, False
        self.resting = set(self.resting) if before else set()
        status = self.body(nodes, state)
        rested, self.rests = self.rests, before or self.rests
        return status, rested

    def _chain(self, node: Chain, state: State) -> Status:
        outer = state.assumes
        status, rests = self._decided([node.first], state)
        for joint, following in node.rest:
            wanted = Status.YES if joint == "&&" else Status.NO
            state.assumes = outer or rests
            if status is wanted or (status is Status.RAN and joint == "&&"):
                if rests and self._refuses([following], state):
                    status = Status.RAN
                    continue
                status, more = self._decided([following], state)
                rests |= more
            elif status in (Status.UNDECIDED, Status.RAN):
                self._join(state, [state.copy(), self._perhaps([following], state)])
        state.assumes = outer
        return status

    def _refuses(self, nodes: Sequence[Node], state: State) -> bool:
        """Return whether nodes refuse to go on, because of variables that nothing in the repository sets.

        Production is bound to set them, then; to what is not known.
        """
        before, last, resting = len(self.ran), self.last, set(self.resting)
        try:
            self.body(nodes, state.copy())
        except Refused:
            for name in resting:
                held = state.variables.get(name)
                if held is None or held.default:
                    state.put(Variable(name, None, Location(file=self.file), "whoever starts it: it refuses otherwise"))
                    state.exported.add(name)
            return True
        except (Ended, Returned):
            return False
        finally:
            del self.ran[before:]
            self.last, self.resting = last, resting
        return False

    def _pipe(self, node: Pipe, state: State) -> Status:
        if len(node.nodes) == 1:
            status = self.node(node.nodes[0], state)
            return {Status.YES: Status.NO, Status.NO: Status.YES}.get(status, Status.UNDECIDED)
        for part in node.nodes:
            self._apart([part], state)
        return Status.RAN

    def _apart(self, nodes: Sequence[Node], state: State) -> None:
        """Follow commands in a shell of their own."""
        try:
            self.body(nodes, state.copy())
        except (Ended, Returned):
            return

    def _background(self, node: Background, state: State) -> None:
        before, last = len(self.ran), self.last
        self._apart([node.node], state)
        self.ran[before:] = [replace(ran, background=True) for ran in self.ran[before:]]
        self.last = last

    def _perhaps(self, nodes: Sequence[Node], state: State) -> State | None:
        """Return the state after commands that may run; None when they end the script."""
        state, last = state.copy(), self.last
        self.doubts += 1
        try:
            self.body(nodes, state)
        except (Ended, Returned):
            return None
        finally:
            self.doubts -= 1
            self.last = last
        return state

    def _join(self, state: State, ways: Sequence[State | None]) -> None:
        """Go on with what the ways agree on; what they do not becomes unknown.

        Raises:
            Ended: every way ends the script.
        """
        open_ = [way for way in ways if way is not None]
        if not open_:
            raise Ended
        merged = dict(open_[0].variables)
        for name in sorted(_disputed(open_)):
            held = [way.variables.get(name) for way in open_]
            setters = [variable for variable in held if variable is not None]
            if len(setters) == len(held) and len({v.value for v in setters}) == 1:
                continue
            setter = next((v for v in setters if v is not state.variables.get(name)), setters[0])
            merged[name] = replace(setter, value=None)
            if any(name in way.exported for way in open_):
                why = "the script sets it in a branch that the repository does not decide"
                self.reading.unsure(f"the variable {name}", why, setter.at)
        state.variables = merged
        state.exported = {name for way in open_ for name in way.exported}
        if len({way.cwd for way in open_}) == 1:
            state.cwd = open_[0].cwd
        if len({way.arguments for way in open_}) == 1:
            state.arguments = open_[0].arguments

    def _branch(self, node: Branch, state: State) -> None:
        outer, rests = state.assumes, False
        ways: list[State | None] = []
        for condition, body in node.clauses:
            status, rested = self._decided(condition, state)
            rests |= rested
            if status is Status.NO:
                continue
            if status is Status.YES and not ways and rested and self._refuses(body, state):
                continue
            state.assumes = outer or rests
            if status is Status.YES and not ways:
                self.body(body, state)
                state.assumes = outer
                return
            ways.append(self._perhaps(body, state))
            state.assumes = outer
            if status is Status.YES:
                break
        else:
            state.assumes = outer or rests
            if not ways:
                if not (rests and self._refuses(node.otherwise, state)):
                    self.body(node.otherwise, state)
                state.assumes = outer
                return
            ways.append(self._perhaps(node.otherwise, state))
        state.assumes = outer
        self._join(state, ways)

    def _choice(self, node: Choice, state: State) -> None:
        subject = self.expander().value(node.subject, state)
        outer, state.assumes = state.assumes, state.assumes or subject.default
        ways: list[State | None] = []
        for patterns, body in node.items:
            matches = self._matches(subject.text, patterns, state)
            if matches is False:
                continue
            if matches and not ways:
                self.body(body, state)
                state.assumes = outer
                return
            ways.append(self._perhaps(body, state))
            if matches:
                break
        else:
            ways.append(state.copy())
        state.assumes = outer
        self._join(state, ways)

    def _matches(self, subject: str | None, patterns: Sequence[Raw], state: State) -> bool | None:
        texts = [self.expander().value(pattern, state).text for pattern in patterns]
        if "*" in texts:
            return True
        if subject is None or None in texts:
            return None
        return any(fnmatchcase(subject, text) for text in texts if text is not None)

    def _loop(self, node: Loop, state: State) -> None:
        status = Status.RAN if node.kind == "for" else self.body(node.condition, state)
        endless = Status.NO if node.kind == "until" else Status.YES
        if status is endless:
            self.body(node.body, state)
        elif status in (Status.UNDECIDED, Status.RAN):
            self._join(state, [state.copy(), self._perhaps(node.body, state)])


def _disputed(ways: Sequence[State]) -> set[str]:
    """Return the variables that not every way holds as the same object."""
    first = ways[0].variables
    found: set[str] = set()
    for way in ways[1:]:
        other = way.variables
        found.update(name for name, held in first.items() if other.get(name) is not held)
        found.update(other.keys() - first.keys())
    return found
