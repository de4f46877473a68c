"""One question to one kind of subject, with its examples."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeVar

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from batten.model.finding import Finding
    from batten.model.scale import Severity

    Check = Callable[[Any], Iterator[Finding]]

C = TypeVar("C", bound="Callable[[Any], Iterator[Finding]]")


@dataclass(frozen=True, slots=True)
class Bad:
    """A project, or a site, that the rule must complain about, at what is marked `# <- here`."""

    says: str
    files: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] | None = None
    """The files after the fix's edits, where the fix has edits."""
    env: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    """A live example: what the site answers, as `batten.run.live.memory` reads it. `{"GET /.env # <- here":
    "HTTP/1.1 200 OK\\n\\nSECRET_KEY=…"}`; the mark stands at the address that has to be complained about."""
    listeners: str = ""
    """An example of a machine: a line for each port, as `batten.run.ports.memory` reads it:
    `0.0.0.0:6379 redis-server: redis 7.2, none as default  # <- here`."""


@dataclass(frozen=True, slots=True)
class Good:
    """A near miss: one change away from a bad example, and the rule is silent."""

    says: str
    files: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    listeners: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """The same question put to another kind of subject: one id, one finding, two proofs."""

    over: type
    """The kind of subject that it reads: a site, or what stands around the apps, or a part of them."""
    bad: tuple[Bad, ...]
    good: tuple[Good, ...]
    check: Check
    layer: str = ""
    """What its findings belong to, where that is not the rule's own layer."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with all that its page, its tests and the reports need."""

    id: str
    severity: Severity
    cwe: int
    over: type
    """The kind of subject it reads."""
    sources: tuple[str, ...]
    bad: tuple[Bad, ...]
    good: tuple[Good, ...]
    check: Check
    doc: str
    """The module's docstring: the page."""
    module: str
    persona: str = "regular"
    aliases: tuple[str, ...] = ()
    live: Question | None = None
    """What it asks of a running site besides."""
    around: Question | None = None
    """What it asks besides of what stands around the apps."""
    host: Question | None = None
    """What it asks besides of the machine's open ports."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return all that it asks, its own question first."""
        own = Question(self.over, self.bad, self.good, self.check, self.layer)
        return (own, *(more for more in (self.live, self.around, self.host) if more is not None))

    @property
    def topic(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]

    @property
    def layer(self) -> str:
        """The layer folder that holds the rule."""
        return self.module.split(".")[2]

    @property
    def title(self) -> str:
        """The first line of the page, without its full stop."""
        return self.doc.strip().split("\n", 1)[0].rstrip(".")


def rule(  # noqa: PLR0913 - one keyword for each part of the page
    *,
    id: str,  # noqa: A002 - the word that users type
    severity: Severity,
    cwe: int,
    over: type,
    sources: Sequence[str],
    bad: Iterable[Bad],
    good: Iterable[Good],
    persona: str = "regular",
    aliases: Sequence[str] = (),
) -> Callable[[C], C]:
    """Return a decorator that makes the function the check of a rule.

    The rule is stored as the function's attribute `rule`; its page is the
    docstring of the module.
    """

    def mark(check: C) -> C:
        check.rule = Rule(  # type: ignore[attr-defined]
            id=id,
            severity=severity,
            cwe=cwe,
            over=over,
            sources=tuple(sources),
            bad=tuple(bad),
            good=tuple(good),
            check=check,
            doc=check.__globals__.get("__doc__") or "",
            module=check.__module__,
            persona=persona,
            aliases=tuple(aliases),
        )
        return check

    return mark


def live(*, over: type, bad: Iterable[Bad], good: Iterable[Good]) -> Callable[[C], C]:
    """Return a decorator that makes the function the live check of the rule in the same file.

    It is stored as the function's attribute `live`; the rule's list of all
    rules puts the two together.
    """

    def mark(check: C) -> C:
        check.live = Question(over=over, bad=tuple(bad), good=tuple(good), check=check)  # type: ignore[attr-defined]
        return check

    return mark


def around(*, over: type, layer: str, bad: Iterable[Bad], good: Iterable[Good]) -> Callable[[C], C]:
    """Return a decorator that makes the function the rule's check of what stands around the apps.

    It is stored as the function's attribute `around`, in the rule's own file;
    its findings belong to `layer`.
    """

    def mark(check: C) -> C:
        check.around = Question(over=over, bad=tuple(bad), good=tuple(good), check=check, layer=layer)  # type: ignore[attr-defined]
        return check

    return mark


def host(*, over: type, bad: Iterable[Bad], good: Iterable[Good]) -> Callable[[C], C]:
    """Return a decorator that makes the function the check of the machine's open ports, of the rule in the same file.

    It is stored as the function's attribute `host`.
    """

    def mark(check: C) -> C:
        check.host = Question(over=over, bad=tuple(bad), good=tuple(good), check=check, layer="ports")  # type: ignore[attr-defined]
        return check

    return mark
