"""Takes out the findings that somebody accepted, and says which suppressions no longer serve.

An inline comment speaks for a finding when it stands on one of the finding's
lines, or alone on the line above: the first and last line of its place, and
the lines of its evidence in the same file. People put the comment where they
read the value, which for a chain is not always the line that is reported.
Evidence in another file does not count: there it would reach too far.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.judge.comments import Comment, comments
from batten.judge.ignores import Ignore, nearest
from batten.model import Finding, Location, Suppressed
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from batten.model import Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """Findings after suppression."""

    kept: tuple[Finding, ...]
    """With a note where a suppression was meant for it and does not hold."""
    suppressed: tuple[Suppressed, ...]
    unused: tuple[tuple[Location, str], ...]
    """Suppressions that met no finding, or that name no rule, with the sentence that says so."""


def suppress(  # noqa: PLR0913 - the findings, and each kind of thing that decides on them
    findings: Iterable[Finding],
    ignores: Sequence[Ignore],
    *,
    rules: Collection[Rule],
    source: Callable[[str], str | None],
    today: date,
    files: Iterable[str] = (),
    ran: Collection[str] | None = None,
    others: Callable[[], Iterable[Rule]] = tuple,
) -> Outcome:
    """Return the findings that stay, those that are suppressed, and suppressions without use.

    `source` gives the text of a file; comments are looked for in `files` and
    in the files of the findings. `rules` are all that could be asked, `ran` the
    ids of those that were (all, when None): a suppression is called unused
    only when a rule that it names had the chance to speak. `others` gives
    further rules that a suppression may name.
    """
    findings = tuple(findings)
    wanted = {*files, *(finding.at.file for finding in findings if finding.at.file)}
    inline = {file: tuple(comments(file, source(file) or "")) for file in sorted(wanted)}
    known = names((*rules, *others())) if ignores or any(inline.values()) else {}
    ledger = _Ledger(known, today, inline, tuple(ignores))
    kept, suppressed = [], []
    for finding in findings:
        outcome = ledger.judged(finding)
        if isinstance(outcome, Suppressed):
            suppressed.append(outcome)
        else:
            kept.append(outcome)
    asked = {rule.id for rule in rules} if ran is None else set(ran)
    return Outcome(tuple(kept), tuple(suppressed), tuple(ledger.unused(asked)))


def names(rules: Iterable[Rule]) -> dict[str, frozenset[str]]:
    """Return every name a suppression may use (id, former id, topic) with the ids it stands for."""
    known: dict[str, set[str]] = {}
    for rule in rules:
        for name in (rule.id, rule.topic, *rule.aliases):
            known.setdefault(name, set()).add(rule.id)
    return {name: frozenset(ids) for name, ids in known.items()}


class _Ledger:
    """The suppressions of one audit, and which of them met a finding."""

    def __init__(
        self,
        known: Mapping[str, frozenset[str]],
        today: date,
        inline: Mapping[str, tuple[Comment, ...]],
        central: tuple[Ignore, ...],
    ) -> None:
        self.inline = inline
        self.central = central
        self._known = known
        self._today = today
        self._met: set[tuple[Ignore, str]] = set()

    def judged(self, finding: Finding) -> Finding | Suppressed:
        """Return the finding, with a note where a suppression fails it, or what suppresses it."""
        refusal = ""
        taken: Ignore | None = None
        for ignore in self._meant(finding):
            refused = ignore.refused(self._today)
            if refused:
                refusal = refusal or f"{refused} ({ignore.at})"
            else:
                taken = taken or ignore
        if taken is not None:
            return Suppressed(finding, taken.reason, taken.at, taken.until, taken.owner)
        if not refusal:
            return finding
        return replace(finding, note="; ".join(filter(None, (finding.note, refusal))))

    def unused(self, asked: Collection[str]) -> Iterator[tuple[Location, str]]:
        """Yield the place and the sentence for each name that did nothing."""
        written = [comment.ignore for group in self.inline.values() for comment in group]
        for ignore in (*written, *self.central):
            if ignore.problem:
                yield ignore.at, f"suppression {ignore.problem}"
            for name in ignore.rules:
                ids = self._known.get(name)
                if ids is None:
                    near = nearest(name, self._known)
                    hint = f"; did you mean {near}?" if near else ""
                    yield ignore.at, f"suppression names no rule or topic: {name}{hint}"
                elif (ignore, name) not in self._met and not ids.isdisjoint(asked):
                    yield ignore.at, f"suppression of {name} is not needed: nothing was found there"

    def _meant(self, finding: Finding) -> Iterator[Ignore]:
        """Yield the suppressions that speak for a finding, whether they hold or not."""
        lines = frozenset(_lines(finding))
        for comment in self.inline.get(finding.at.file or "", ()):
            if not lines.isdisjoint(comment.lines) and self._names(comment.ignore, finding):
                yield comment.ignore
        for ignore in self.central:
            if _in_scope(ignore, finding) and self._names(ignore, finding):
                yield ignore

    def _names(self, ignore: Ignore, finding: Finding) -> bool:
        """Return whether it names the finding's rule, and remember by which names."""
        hits = {(ignore, name) for name in ignore.rules if finding.rule in self._known.get(name, ())}
        self._met |= hits
        return bool(hits) or (bool(ignore.problem) and not ignore.rules)


def _in_scope(ignore: Ignore, finding: Finding) -> bool:
    return (
        ignore.covers_file(finding.at.file)
        and ignore.app in ("", finding.app)
        and ignore.env in ("", finding.environment)
    )


def _lines(finding: Finding) -> Iterator[int]:
    """Yield the lines of its own file that a finding stands on; a whole file stands on line 1."""
    yield finding.at.line or 1
    yield finding.at.end_line or finding.at.line or 1
    for evidence in finding.evidence:
        if evidence.at.file == finding.at.file and evidence.at.line is not None:
            yield evidence.at.line
