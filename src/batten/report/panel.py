"""The summary under the findings: what production is, what is not known, the score, the gate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.model import AppSummary, Location, NotDeployed, Report, Unsure
    from batten.report.style import Look

_LABEL = 12
"""Columns of the label beside the summary, right-aligned as cargo prints its progress."""
_MOST_GROUPS = 8
_MOST_PLACES = 3
_MOST_POINTS = 10
"""Rules whose points are told one by one; the costliest come first."""
_NOTHING = 3
"""The gate's exit code when there was nothing to audit."""
_INCOMPLETE = 4
_DETAIL = re.compile(r"(?<=valid Python \d\.\d\d): [^;]*")
"""What is wrong with the syntax of one file."""
_PLAIN_STATES = ("evaluated", "not asked")
NOTHING = "nothing found"
"""States of a layer that the coverage line need not spell out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the summary, before it is wrapped."""

    label: str
    """Empty where the row continues the one above."""
    text: str
    meaning: str = ""
    """The colour's meaning; empty for none."""
    mark: str = ""
    """A bullet or a number before the text; further lines of the text stand below its start."""


def drawn(held: Iterable[Row], look: Look) -> str:
    """Return the rows as text, their labels aligned."""
    lines: list[str] = []
    indent = " " * (_LABEL + 2)
    for row in held:
        label = look.paint(f"{row.label:>{_LABEL}}", "strong") + "  " if row.label else indent
        first, *rest = look.wrap(row.text, len(indent) + len(row.mark))
        lines.append(f"{label}{row.mark}{look.paint(first, row.meaning)}")
        deeper = " " * (len(indent) + len(row.mark))
        lines += [f"{deeper}{look.paint(part, row.meaning)}" for part in rest]
    return "\n".join(lines)


def rows(report: Report, *, show_inputs: bool = False) -> Iterator[Row]:
    """Yield the rows in the order in which a reader wants them; the gate comes last."""
    yield from _production(report)
    yield from _sites(report)
    yield from _listeners(report)
    yield from unsure(report.unsure)
    told = {(one.at.file, one.at.line) for one in report.findings}
    yield from not_deployed([one for one in report.not_deployed if (one.at.file, one.at.line) not in told])
    yield from _suppressed(report)
    yield from listed("note", report.notes)
    if show_inputs:
        yield from _inputs(report)
    if report.gate.code != _NOTHING:
        yield _coverage(report)
        yield from _score(report)
    says, meaning = gate(report)
    yield Row("gate", says, meaning)


def gate(report: Report) -> tuple[str, str]:
    """Return what the gate says, and the meaning that gives the colour."""
    held = report.gate
    reasons = "; ".join(held.why)
    if held.passed:
        word, meaning = "✓ passed", "good"
    elif held.code == _NOTHING:
        word, meaning = "nothing to audit", "medium"
    elif held.code == _INCOMPLETE:
        word, meaning = "incomplete", "medium"
    else:
        word, meaning = "✗ failed", "high"
    return (f"{word}: {reasons}" if reasons else word), meaning


def _production(report: Report) -> Iterator[Row]:
    for number, app in enumerate(report.apps):
        yield Row("" if number else "production", _app(app), "strong")
        yield Row("", _entry(app))
    if not report.apps and not report.http and not report.listeners and report.gate.code not in {_NOTHING, _INCOMPLETE}:
        yield Row("production", "no web app was found: only what the code itself does was judged", "strong")


def _sites(report: Report) -> Iterator[Row]:
    """Yield each site that was looked at, with its grade as others give it."""
    for number, site in enumerate(report.http):
        yield Row(
            "" if number else "site", f"{site['url']} ({_count(int(str(site['requests'])), 'request')})", "strong"
        )
        yield Row("", f"Observatory {_grade(site)}")
        behind = site.get("as_deployed")
        if isinstance(behind, Mapping):
            yield Row("", f"as deployed, behind TLS: Observatory {_grade(behind)}")


def _listeners(report: Report) -> Iterator[Row]:
    """Yield each open port: where it listens, what it is, who is let in; many that nothing is known of as one."""
    alike: dict[tuple[str, ...], list[Mapping[str, object]]] = {}
    for number, one in enumerate(report.listeners):
        is_known = bool(one.get("service")) or bool(one.get("exposed"))
        alike.setdefault((_told(one), str(one["address"]), str(number) if is_known else ""), []).append(one)
    few = [(key, held[:1] if len(held) > _MANY else held, len(held)) for key, held in alike.items()]
    width = max((len(place(one)) for _, held, _ in few for one in held), default=0)
    label = "ports"
    for (text, *_), held, total in few:
        for one in held:
            worst = str(one["auth"]) in {"none", "default"} and one.get("exposed")
            more = f", and {total - 1:,} ports like it" if total > _MANY else ""
            yield Row(label, text + more, "high" if worst else "", mark=f"{place(one):<{width}}  ")
            label = ""


_MANY = 8


def _told(one: Mapping[str, object]) -> str:
    """Return what a port is, whose it is, and who is let in."""
    known = " ".join(str(one[key]) for key in ("service", "version") if one.get(key)) or _unknown(one)
    process = f"{one['process']}{' as ' + str(one['user']) if one.get('user') else ''}" if one["process"] else ""
    told = [known, process, _LET_IN.get(str(one["auth"]), ""), "" if one.get("exposed") else "this machine only"]
    return ", ".join(part for part in told if part)


def _unknown(one: Mapping[str, object]) -> str:
    """Return why a service is not known, briefly: the reason of many ports stands once, among what is unsure."""
    if one.get("protocol") == "udp":
        return "not asked: UDP"
    return "not recognised" if not str(one.get("says") or "").startswith(_NOT_ASKED) else "not asked"


_NOT_ASKED = ("the time was up before", "it was not asked", "interrupted")
_LET_IN = {"none": "no password", "default": "a password that everybody knows", "required": "locked"}


def place(one: Mapping[str, object]) -> str:
    """Return where a port is open: `[::]:53/udp`."""
    address = str(one["address"])
    protocol = "/udp" if one.get("protocol") == "udp" else ""
    return f"{f'[{address}]' if ':' in address else address}:{one['port']}{protocol}"


def _grade(site: Mapping[str, object]) -> str:
    told = site["observatory"]
    if not isinstance(told, Mapping) or site["grade"] is None:
        return f"gives no grade: {told['refused']}" if isinstance(told, Mapping) and "refused" in told else "no grade"
    return f"{site['grade']}, {site['score']} points (version {told['version']})"


def _app(app: AppSummary) -> str:
    where = "" if app.root in ("", ".") else f" in {app.root}/"
    others = [name for name in app.environments if name != "production"]
    also = f", also as {', '.join(others)}" if others else ""
    return f"{app.name} ({app.framework}{where}{also})"


def _entry(app: AppSummary) -> str:
    if app.entry.assumed:
        return f"assumed: {app.entry.command} (nothing in the repository says what starts it)"
    at = f" ({app.entry.at})" if app.entry.at else ""
    return f"started by {app.entry.command or 'nothing that the repository names'}{at}"


def unsure(doubts: Sequence[Unsure]) -> Iterator[Row]:
    """Yield what could not be told, and why."""
    groups: dict[tuple[str, str], list[Unsure]] = {}
    for doubt in doubts:
        groups.setdefault(_alike(doubt), []).append(doubt)
    if groups:
        yield Row("unsure", f"{_count(len(doubts), 'thing')} could not be told", "medium")
        yield from _few(_doubted(held) for held in groups.values())


def _alike(doubt: Unsure) -> tuple[str, str]:
    """Return what doubts have in common that are told together: of whole files, the reason without its details."""
    if doubt.at is not None and doubt.what == doubt.at.file:
        return "", _DETAIL.sub("", doubt.why)
    return doubt.what, doubt.why


def _doubted(doubts: Sequence[Unsure]) -> str:
    places = [doubt.at for doubt in doubts if doubt.at is not None]
    what, why = doubts[0].what, doubts[0].why
    if len({doubt.what for doubt in doubts}) == 1:
        where = [str(at) for at in places if str(at) != what]
        return f"{what}: {why}{_places(places) if where else ''}"
    return f"{len(doubts)} files: {_DETAIL.sub('', why)}{_places(places)}"


def not_deployed(spared: Sequence[NotDeployed]) -> Iterator[Row]:
    """Yield what production never reaches."""
    if spared:
        yield Row("not deployed", f"{_count(len(spared), 'thing')} that production never reaches")
        # Of a whole file that is set aside the place says no more than its name.
        yield from _few(f"{'' if one.what == one.at.file else f'{one.at}: '}{one.what} ({one.why})" for one in spared)


def _suppressed(report: Report) -> Iterator[Row]:
    if report.suppressed:
        yield Row("accepted", f"{_count(len(report.suppressed), 'finding')}, with a reason")
    for held in report.suppressed:
        until = f" until {held.until}" if held.until else ""
        owner = f" by {held.owner}" if held.owner else ""
        text = f"{held.finding.rule}{until}{owner}: {held.reason} ({held.at})"
        yield Row("", text, mark="- ")


def _inputs(report: Report) -> Iterator[Row]:
    """Yield what decided the verdict: the settings that somebody wrote, and the files read."""
    decided = [
        f"{name} = {value} ({value.at})"
        for app in report.apps
        for name, value in sorted(app.settings.items())
        if not value.default and value.at is not None
    ]
    yield from listed("decided by", decided)
    yield from listed("files read", report.inputs or ("none",))


def _coverage(report: Report) -> Row:
    odd = [f"{layer}: {state}" for layer, state in report.layers.items() if state not in (*_PLAIN_STATES, NOTHING)]
    bare = [layer for layer, state in report.layers.items() if state == NOTHING]
    if bare:
        odd.append(f"nothing found for {', '.join(bare)}")
    checks = f"{report.score.evaluated} of {report.score.applicable} checks had evidence"
    return Row("coverage", "; ".join([checks, *odd]))


def _score(report: Report) -> Iterator[Row]:
    score = report.score
    cap = f", {score.cap}" if score.cap else ""
    meaning = "good" if score.letter.startswith("A") else "strong"
    yield Row("score", f"{score.points} of 100, {score.letter}{cap} (score {score.version})", meaning)
    costs: dict[str, list[float]] = {}
    for row in score.table:
        costs.setdefault(row.rule, []).append(row.cost)
    ranked = sorted(costs.items(), key=lambda held: (-sum(held[1]), held[0]))
    for number, (rule, each) in enumerate(ranked[:_MOST_POINTS]):
        times = f" ×{len(each)}" if len(each) > 1 else ""
        yield Row("" if number else "points", f"{rule}{times}", mark=f"{-sum(each):>+5g}  ")
    left = ranked[_MOST_POINTS:]
    if left:
        rest = sum(sum(each) for _, each in left)
        yield Row("", f"{len(left)} other rules together", mark=f"{-rest:>+5.3g}  ")
    places = {finding.fingerprint: finding.at for finding in report.findings}
    for number, step in enumerate(step for step in score.next if step.gain):
        at = places.get(step.fingerprint)
        text = f"{step.rule} ({at})" if at else step.rule
        yield Row("" if number else "next fixes", text, mark=f"{step.gain:>+5}  ")


def listed(label: str, texts: Iterable[str]) -> Iterator[Row]:
    """Yield a row for each text, the label beside the first."""
    for number, text in enumerate(texts):
        yield Row("" if number else label, text)


def _few(texts: Iterable[str]) -> Iterator[Row]:
    """Yield the first few texts as bullets, then how many more there are."""
    held = list(texts)
    for text in held[:_MOST_GROUPS]:
        yield Row("", text, mark="- ")
    if len(held) > _MOST_GROUPS:
        yield Row("", f"and {len(held) - _MOST_GROUPS} more (--format json lists all)", mark="- ")


def _places(places: Sequence[Location]) -> str:
    """Return the first few places in brackets, empty where there is none."""
    names = list(dict.fromkeys(map(str, places)))
    if not names:
        return ""
    more = f" and {len(names) - _MOST_PLACES} more" if len(names) > _MOST_PLACES else ""
    return f" ({', '.join(names[:_MOST_PLACES])}{more})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
