"""INI files as `configparser` reads them, with the line of each option (CPython 3.11).

The parser of the standard library does the reading; a dict of its own notes the lines.
"""

from __future__ import annotations

import configparser
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Sections = dict[str, dict[str, tuple["str | None", int]]]
"""Section to option to value and line."""
UNKNOWN = "\ue000{}\ue000"
"""Stands for a text that is not known, by its number."""


class _Lined(dict[str, Any]):
    """A section that notes on which line an option was written."""

    at: list[int]

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}

    def __setitem__(self, name: str, value: object) -> None:
        if self.at:
            self.lines[name] = self.at[-1]
        super().__setitem__(name, value)


class _Reader(configparser.RawConfigParser):
    """Writes option names as `names` says."""

    names: Mapping[str, str] | None = None

    def optionxform(self, optionstr: str) -> str:
        """Return the name under which an option is kept."""
        return optionstr if self.names is None else self.names[optionstr]


def parse(text: str, options: Mapping[str, Any], names: Callable[[list[str]], Mapping[str, str]]) -> Sections:
    """Return the sections of a text, that of the defaults among them.

    `options` are the arguments of `RawConfigParser`; `names` is asked under which names options are kept.

    Raises:
        configparser.Error: the text is not what the parser takes.
    """
    at: list[int] = []

    class Lined(_Lined):
        pass

    Lined.at = at
    written = _Reader(dict_type=Lined, **{**options, "strict": False})
    written.read_file(_counted(text, []))
    raw = [name for section in (written.defaults(), *(written[s] for s in written.sections())) for name in section]
    reader = _Reader(dict_type=Lined, **options)
    reader.names = dict(names(list(dict.fromkeys(raw))))
    reader.read_file(_counted(text, at))
    held: dict[str, Any] = {reader.default_section: reader.defaults(), **reader._sections}  # type: ignore[attr-defined]  # noqa: SLF001 - no other way to the values as written
    return {
        section: {name: (value, entries.lines.get(name, 1)) for name, value in entries.items()}
        for section, entries in held.items()
    }


def _counted(text: str, at: list[int]) -> Iterator[str]:
    """Yield the lines of a text; `at` holds the number of the present one, nothing at the end."""
    for number, line in enumerate(io.StringIO(text), start=1):
        at[:] = [number]
        yield line
    at.clear()


class Told(configparser.RawConfigParser):
    """All texts of a parser, as far as they are known; notes which ones interpolation looked at."""

    def __init__(self, sections: Mapping[str, Mapping[str, str | None]], default_section: str) -> None:
        """Hold the texts of each section; names are as they are kept."""
        super().__init__(interpolation=None, allow_no_value=True, default_section=default_section)
        self.optionxform = str  # type: ignore[method-assign,assignment]
        self.read_dict(sections)
        self.seen: list[tuple[str, str]] = []

    def get(self, section: str, option: str, **more: Any) -> Any:  # type: ignore[override]  # noqa: ANN401 - as the original
        """Return a text as it is written, and note that it was looked at."""
        self.seen.append((section, option))
        return super().get(section, option, **more)


class _Seen(dict[str, Any]):
    """The texts that a reference may name; notes those that are named."""

    def __init__(self, texts: Mapping[str, str | None], told: Told, section: str) -> None:
        super().__init__(texts)
        self.told = told
        self.section = section

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a text or None
        self.told.seen.append((self.section, name))
        return super().__getitem__(name)


def interpolated(text: str, kind: str, told: Told, section: str, option: str, texts: Mapping[str, str | None]) -> str:
    """Return a text with its references replaced, `basic` (`%(x)s`) or `extended` (`${s:x}`).

    Raises:
        configparser.Error: a reference leads nowhere, or is not written as one.
    """
    interpolation = configparser.BasicInterpolation() if kind == "basic" else configparser.ExtendedInterpolation()
    return str(interpolation.before_get(told, section, option, text, _Seen(texts, told, section)))


def refuses(text: str, kind: str) -> bool:
    """Return whether `set()` refuses a text because its references are not written as such."""
    if kind == "none":
        return False
    interpolation = configparser.BasicInterpolation() if kind == "basic" else configparser.ExtendedInterpolation()
    try:
        interpolation.before_set(configparser.RawConfigParser(), "s", "o", text)
    except ValueError:
        return True
    return False
