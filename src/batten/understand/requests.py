"""What the app's functions do at request time, followed with arguments that are not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from batten.understand.evaluate.library import Call
from batten.understand.evaluate.machine import ExhaustedError, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.operators import told
from batten.understand.evaluate.origin import Origin
from batten.understand.words import CODE

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterator

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Cells

KEPT = frozenset(
    {
        *"client token set_cookie jinja session cors tool attribute answer set_header signing_key account made".split(),
        *("password hash", "host link", "service login", "http error", "use"),
    }
)
"""Facts that count when they are made at request time; starting a server inside an uncalled function does not."""
SINKS = re.compile(
    r"verify\s*=|[\"']verify|check_hostname|verify_mode|cert_reqs|CERT_NONE|_unverified|ssl\s*=|(?:set|add)_cookie|"
    r"\bjwt\b|autoescape|Environment\(|Template\(|cross_origin|Access-Control|"
    r"(?:Signer|Serializer)\("
)
"""What a function has to mention to be worth following on its own."""
LATER = re.compile(
    r"_external|host_url|url_root|base_url|hashlib|\bmd5\b|\bsha1\b|hash_password|password_hash|set_password|"
    r"passw\w*\s*=\s*[\"']|connect\(|create_engine|create_pool|MongoClient|Redis\(|from_url"
)
"""What makes it worth following when all others have been: what it calls is followed a few times only."""
ACCOUNTS = frozenset({"account", "made"})
"""Facts that do not count in a function which nothing is seen to call: a command that seeds a desk's database."""
VIEWS = re.compile(SINKS.pattern + r"|format_exc|exc_info|\bsession\b|\bflash\(|\bexcept\b|login_user|get_\w*cookie")
"""What a view has to mention."""
STEPS_EACH = 20_000
STEPS_ALL = 400_000


class Visitor:
    """Calls functions of an evaluated program as requests would, leaving no trace in its state."""

    def __init__(
        self,
        machine: Interpreter,
        typed: Callable[[Interpreter, Function], dict[str, Abstract]] | None = None,
        *,
        steps: int = STEPS_ALL,
        kept: frozenset[str] = frozenset(),
    ) -> None:
        """Follow functions of `machine`'s program, in at most so many steps.

        `typed` returns arguments that a framework gives by their types; facts
        of the kinds `kept` count beside those that always do.
        """
        self.machine = machine
        self.typed = typed
        self.kept = kept
        self.left = steps
        self.made: dict[Class, Instance | None] = {}
        """An object of each class whose methods were followed."""
        self.lines: dict[str, list[str]] = {}
        self.seen: set[Abstract] = set()

    def call(
        self,
        function: Abstract,
        args: list[Abstract] | None = None,
        kept: frozenset[str] = KEPT,
        *,
        whole: bool = False,
    ) -> Abstract | None:
        """Return what a function gives to a request; facts that count are kept, writes are undone.

        None when it always raises or the budget is spent. An object that is
        wanted `whole` keeps what the call put into it.
        """
        machine = self.machine
        if self.left <= 0:
            machine.doubt("the app's functions", "they are too many to follow all of them")
            return None
        begun, most = machine.steps, machine.most_steps
        machine.most_steps = begun + min(STEPS_EACH, self.left)
        record, machine.record = machine.record, _apps(machine)
        doubts, machine.unsure = machine.unsure, {}
        mark, logging = machine.mark(), machine.logging
        was, machine.speculative = machine.speculative, True
        machine.looks.pop(plain_object(function), None)
        self.seen.add(plain_object(function))
        held: list[tuple[Instance, Cells]] = []
        try:
            found = machine.call(function, self._unknown_call(function, args))
            if whole and isinstance(found, Instance):
                held.append((found, dict(found.cells)))
        except (ThrownError, RecursionError, ExhaustedError):
            return None
        else:
            return found
        finally:
            machine.reset_logging(logging)
            machine.rollback(mark)
            for made, cells in held:
                made.cells.update(cells)
            machine.unmark()
            machine.speculative = was
            machine.unsure = doubts
            machine.record = record + [fact for fact in machine.record if fact[0] in kept or fact[0] in self.kept]
            self.left -= machine.steps - begun
            machine.most_steps = most + (machine.steps - begun)

    def _unknown_call(self, function: Abstract, args: list[Abstract] | None) -> Call:
        target = plain_object(function)
        node: Any = target.node if isinstance(target, Function) else None
        path = target.path if isinstance(target, Function) else ""
        named: dict[str, Abstract] = {}
        if self.typed is not None and isinstance(target, Function):
            positional = [*target.node.args.posonlyargs, *target.node.args.args][: len(args or ())]
            taken = {parameter.arg for parameter in positional}
            named = {name: held for name, held in self.typed(self.machine, target).items() if name not in taken}
        return Call(list(args or []), named, (path, node), open=True)

    def all_functions(self, done: set[object] | None = None) -> None:
        """Follow every function of the reached modules that holds something a rule looks at.

        `done` holds the statements of functions that need not be followed again, and takes those that were.
        """
        done = set() if done is None else done
        views = {plain_object(fact[2]) for fact in self.machine.record if fact[0] == "route"}
        for words in (SINKS, LATER, CODE):
            for function in self.machine.functions:  # it grows: functions are made in functions
                if function not in self.seen and function.node not in done and self.mentions(function, words):
                    done.add(function.node)
                    self.call(function, self._receiver(function), KEPT if function in views else KEPT - ACCOUNTS)

    def _receiver(self, function: Function) -> list[Abstract]:
        """Return what a method is called on: an object made with arguments that are not known, or the class."""
        cls = function.owner
        if cls is None or function.kind == "staticmethod":
            return []
        if function.kind == "classmethod":
            return [cls]
        if cls not in self.made:
            self.made[cls] = None
            made = self.call(cls, kept=KEPT - ACCOUNTS, whole=True)
            self.made[cls] = made if isinstance(made, Instance) else None
        held = self.made[cls]
        return [] if held is None else [held]

    def mentions(self, function: Function, words: re.Pattern[str]) -> bool:
        """Return whether a function's own text holds one of the words."""
        node, told = function.node, _MENTIONS.setdefault(function.node, {})
        if words not in told:
            lines = self.lines.get(function.path)
            if lines is None:
                text = self.machine.world.sources.read(function.path) or ""
                lines = self.lines[function.path] = text.splitlines()
            told[words] = bool(lines) and bool(words.search("\n".join(lines[node.lineno - 1 : node.end_lineno])))
        return told[words]


_MENTIONS: WeakKeyDictionary[ast.AST, dict[re.Pattern[str], bool]] = WeakKeyDictionary()
"""What functions mention, by their statements, which all programs of a project share."""


def _apps(machine: Interpreter) -> list[Any]:
    """Return the facts of the apps that there are, for what a request asks of its own (`current_app`)."""
    return [fact for fact in machine.record if fact[0] == "app"]


def leaks(value: Abstract | None, depth: int = 0) -> frozenset[str]:
    """Return what of an error an answer holds: `traceback`, `exception`."""
    found: frozenset[str] = frozenset()
    if value is None or depth > 8:  # noqa: PLR2004 - deeper than any answer
        return found
    for choice in each(value):
        inner = plain_object(choice)
        if isinstance(inner, Unknown):
            # An error that is handed on as it is answers for itself; put into an answer, its text is shown.
            found |= told(inner.labels) if depth else inner.labels
        elif isinstance(inner, Sequence):
            for item in inner.items or (inner.cells["items"],):
                found |= leaks(item, depth + 1)
        elif isinstance(inner, Mapping):
            for item in inner.cells.values():
                found |= leaks(item, depth + 1)
        elif isinstance(inner, Instance):
            for item in inner.facts.get("body", ()):
                found |= leaks(item, depth + 1)
    return found & {"traceback", "exception"}


def response() -> Instance:
    """Return a fresh answer for `after_request` functions to change."""
    return Instance(Library("flask.Response"))


def header_writes(
    machine: Interpreter, hooks: list[Abstract], answer: Instance | None = None
) -> tuple[Mapping | None, str]:
    """Return the headers that functions called with an answer set, and what could not be followed.

    `answer` is Flask's response by default. Flask calls `after_request`
    functions in the reverse order of registration (Flask 3.1
    `Flask.process_response`), Django its middleware in the reverse order of
    the list.
    """
    answer = response() if answer is None else answer
    headers = machine.get_attribute(answer, "headers", None)
    unsure = ""
    mark = machine.mark()
    before = machine.speculative
    machine.speculative = True
    record, machine.record = machine.record, _apps(machine)
    most, begun = machine.most_steps, machine.steps
    try:
        for hook in reversed(hooks):
            machine.most_steps = machine.steps + STEPS_EACH
            target = plain_object(hook)
            try:
                machine.call(hook, Call([answer], {}, ("", None)))
            except (ThrownError, RecursionError, ExhaustedError):
                unsure = f"{getattr(target, 'name', 'a hook')}() could not be followed"
        result = Mapping(dict(headers.cells)) if isinstance(headers, Mapping) else None
        if result is not None and isinstance(headers, Mapping):
            result.more.update(headers.more)
    finally:
        machine.rollback(mark)
        machine.unmark()
        machine.speculative = before
        machine.record = record + [fact for fact in machine.record if fact[0] in KEPT]
        machine.most_steps = most + machine.steps - begun
    return result, unsure


def handled(subject: Abstract | None) -> str:
    """Return which errors a handler is for: `all`, `500`, `http`, or `other`."""
    subject = plain_object(subject) if subject is not None else ABSENT
    if isinstance(subject, Known):
        return "500" if subject.value == 500 else "http" if isinstance(subject.value, int) else "other"  # noqa: PLR2004 - a count of arguments or words
    if isinstance(subject, Library):
        last = subject.name.rpartition(".")[2]
        if last in ("Exception", "BaseException"):
            return "all"
        if last == "InternalServerError":
            return "500"
        if subject.name.startswith("werkzeug.exceptions"):
            return "http"
    if isinstance(subject, Class):
        return "other"
    return "other"


def error_argument(kind: str) -> Abstract:
    """Return what a handler of that kind is called with."""
    labels = frozenset({"error"}) if kind == "all" else frozenset()
    return Unknown("the error", Origin(), kind="runtime", truth=True, labels=labels, of="" if labels else "http error")


def view_functions(app: Instance) -> Iterator[tuple[Abstract, Any]]:
    """Yield the view functions of an app and its blueprints, with the call that registered them."""
    for owner in (app, *blueprints(app)):
        for function, call, _ in owner.facts.get("hooks", {}).get("route", ()):
            yield function, call


def covers(app: Instance, owner: Instance) -> bool:
    """Return whether the hooks of an app, or of one of its blueprints, run for every route that the app has.

    A blueprint's `after_request` and `errorhandler` are for its own routes
    and those of the blueprints in it (Flask 3.1 `App.process_response`).
    """
    inside = {id(one) for one in (owner, *blueprints(owner))}
    others = (one for one in (app, *blueprints(app)) if id(one) not in inside)
    return owner is app or not any(one.facts.get("hooks", {}).get("route") for one in others)


def blueprints(app: Instance, depth: int = 0) -> Iterator[Instance]:
    """Yield the blueprints registered on an app, nested ones too."""
    for blueprint in app.facts.get("blueprints", ()):
        yield blueprint
        if depth < 5:  # noqa: PLR2004 - deeper than any app
            yield from blueprints(blueprint, depth + 1)
