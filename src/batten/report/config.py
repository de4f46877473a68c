"""The effective configuration for a terminal: what production runs with, and where each value comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Confidence, State
from batten.report.panel import Row, drawn, listed, not_deployed, unsure
from batten.report.settings import lines, table, written
from batten.report.style import Look

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from batten.model import AppSummary, Configuration, Value
    from batten.report.settings import Line

_NOTHING = 3
"""The exit code when no app was found."""
_ABSENT = re.compile(r"(?:^|because )(\w+) is not set\b(?!: the default is)")
"""How the evaluator says that nothing sets a variable."""
_DEMANDED = re.compile(r"^(\w+) is not set: the app does not start|refuses to start without (\w+)")
"""How it says that the app does not start without one."""
_REFUSES = "the app refuses to start: "
_MOST_NAMES = 12
_MEANS = {
    "cors.allow_origin": "Access-Control-Allow-Origin as a page at any other site (https://evil.example) gets it",
    "cors.allow_credentials": "whether such a page may send the visitor's cookies along",
}


def render(
    held: Configuration,
    look: Look | None = None,
    *,
    quiet: bool = False,
    everything: bool = False,
    names: Collection[str] = (),
) -> str:
    """Return the configuration as text for a person.

    `everything` shows settings that do not matter for security too, `names`
    only those, in full; `quiet` leaves a line for each setting.
    """
    look = look or Look()
    sections = [_Section(app, held.apps, everything=everything, names=names) for app in held.apps]
    if quiet:
        return look.finish("".join(f"{line}\n" for line in _plain(sections, look)))
    blocks: list[str] = []
    for number, section in enumerate(sections):
        like = next((other for other in sections[:number] if section.is_like(other)), None)
        blocks.append("\n".join(section.drawn(look, like)))
    footer = drawn(_footer(held, sections, detailed=bool(names)), look)
    return look.finish("\n\n".join([*blocks, *([footer] if footer else [])]) + "\n")


class _Section:
    """One app as one unit starts it."""

    def __init__(
        self, app: AppSummary, apps: Sequence[AppSummary], *, everything: bool, names: Collection[str]
    ) -> None:
        self.app = app
        self.detailed = bool(names)
        wanted = [name for name in app.settings if (name in names if names else everything or name in app.relevant)]
        self.lines: list[Line] = lines(app, wanted, detailed=self.detailed)
        self.values: dict[str, Value] = {name: app.settings[name] for name in wanted}
        self.refused = _refusal(self.values)
        several = sum(other.name == app.name for other in apps) > 1
        self.title = f"{app.name} · {app.entry.unit}" if several and app.entry.unit else app.name

    def is_like(self, other: _Section) -> bool:
        """Return whether most of the table of another section of the same app would be told again."""
        if self.refused or other.refused:
            return False
        same = sum(line in other.lines for line in self.lines)
        return self.app.name == other.app.name and 2 * same >= len(self.lines) > 0 and 2 * same >= len(other.lines)

    def drawn(self, look: Look, like: _Section | None) -> list[str]:
        """Return the lines of the section; of one that is like an earlier one only what differs."""
        told = [*self._opening(look), ""]
        if self.refused:
            return [*told, *_indented(f"it does not start: {self.refused}", look, "high")]
        if not self.lines:
            return [*told, *_indented("nothing here that matters for security", look, "faint")]
        if like is None:
            return [*told, *table(self.lines, look, detailed=self.detailed)]
        other = [line for line in self.lines if line not in like.lines]
        here = {line.name for line in self.lines}
        without = [line.name for line in like.lines if line.name not in here]
        says = f"the same as {like.title}" + (f", without {', '.join(without)}" if without else "")
        if not other:
            return [*told, *_indented(says, look, "strong")]
        return [*told, *_indented(f"{says}, but for:", look, "strong"), "", *table(other, look, detailed=self.detailed)]

    def _opening(self, look: Look) -> Iterator[str]:
        app, entry = self.app, self.app.entry
        where = "" if app.root in ("", ".") else f" in {app.root}/"
        yield f"{look.paint(look.clean(self.title), 'strong')} {look.clean(f'({app.framework}{where})')}"
        others = [name for name in app.environments if name != "production"]
        environment = ", ".join(others) or "production"
        if entry.assumed:
            text = f"{environment} = {entry.command}, assumed: nothing in the repository says what starts it"
            yield from _indented(text, look, "")
            return
        at = f" ({entry.at})" if entry.at else ""
        yield from _indented(f"{environment} = {entry.command or 'no command that the repository names'}{at}", look, "")
        because = "; ".join(f"{hop.at} {hop.text}" for hop in entry.origin)
        if because:
            yield from _indented(because, look, "faint")


def _refusal(values: Mapping[str, Value]) -> str:
    """Return why an app does not start, where that is all there is to tell of its settings."""
    own = [value for name, value in values.items() if "." not in name]
    reasons = {value.why if value.state is State.ERROR else "" for value in own}
    return reasons.pop().removeprefix(_REFUSES) if len(own) > 1 and len(reasons) == 1 else ""


def _indented(text: str, look: Look, meaning: str) -> Iterator[str]:
    for part in look.wrap(text, 2, hanging=2):
        yield f"  {look.paint(part, meaning)}"


def _plain(sections: Sequence[_Section], look: Look) -> Iterator[str]:
    """Yield a line for each setting, to be searched and compared."""
    for section in sections:
        if len(sections) > 1:
            yield look.clean(f"[{section.title}]")
        for line in section.lines:
            value = section.values[line.name]
            told = " or ".join(written(case) for case in value.cases()) if value.state is not State.UNKNOWN else ""
            says = f"{told} ({value.why})" if told and value.why else told or f"{line.sure}: {line.cases[0].says}"
            yield "".join(map(look.visible, f"{line.name} = {says}"))


def _footer(held: Configuration, sections: Sequence[_Section], *, detailed: bool) -> Iterator[Row]:
    if held.code == _NOTHING:
        yield Row("nothing", "no Python web app was found here", "medium")
    elif held.code:
        yield from (Row("incomplete", reason, "high") for reason in held.layers.values())
    values = [value for section in sections for value in section.values.values()]
    yield from _variables(values)
    if not detailed:
        told = {line.name for section in sections if not section.refused for line in section.lines}
        yield from listed("means", (f"{name}: {says}" for name, says in _MEANS.items() if name in told))
    yield from unsure(held.unsure)
    if not detailed:
        yield from not_deployed(held.not_deployed)
    yield from listed("note", held.notes)
    yield from _more(held, sections, detailed=detailed)


def _variables(values: Sequence[Value]) -> Iterator[Row]:
    """Yield which variables decide, and how to say what production sets."""
    refused = [value for value in values if value.state is State.ERROR]
    demanded = dict.fromkeys(
        name for value in refused for pair in _DEMANDED.findall(value.why) for name in pair if name
    )
    likely = [case for value in values for case in (value, *value.cases_) if case.confidence is Confidence.LIKELY]
    absent = [name for value in (*likely, *refused) for hop in value.evidence for name in _ABSENT.findall(hop.says)]
    absent = [name for name in dict.fromkeys(absent) if name not in demanded]
    if demanded:
        yield Row("required", f"the app does not start without {_and(demanded)}")
        yield Row("", f"say what production sets: --env {next(iter(demanded))}=… or --env-file FILE")
    if absent:
        yield Row("likely", f"a default applies, because nothing in the repository sets {_and(absent)}")
        yield Row("", f"say otherwise: --env {absent[0]}=… or --env-file FILE")
    elif likely:
        yield Row("likely", "a default applies, because nothing in the repository sets it otherwise")


def _and(names: Collection[str]) -> str:
    held = sorted(names)
    if len(held) > _MOST_NAMES:
        held = [*held[:_MOST_NAMES], f"{len(held) - _MOST_NAMES} more"]
    return f"{', '.join(held[:-1])} and {held[-1]}" if len(held) > 1 else held[0]


def _more(held: Configuration, sections: Sequence[_Section], *, detailed: bool) -> Iterator[Row]:
    """Yield what is not shown, and what shows it."""
    hidden = 0 if detailed else sum(len(section.app.settings) - len(section.values) for section in sections)
    if hidden:
        yield Row("more", f"{hidden} other setting{'s' if hidden > 1 else ''}: --all")
    masked = any("***" in case.says for section in sections for line in section.lines for case in line.cases)
    if held.bare:
        yield Row("secrets", "shown: keep this screen to yourself", "medium")
    elif masked:
        yield Row("secrets", "masked: --reveal-secrets shows them")
