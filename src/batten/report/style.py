"""How text looks: colour, links, width, and what a terminal must never be sent."""

from __future__ import annotations

import textwrap
import unicodedata

from batten.model.data import dataclass

_CODES = {
    "critical": "1;97;41",
    "high": "1;31",
    "medium": "1;33",
    "low": "1;36",
    "info": "1;34",
    "good": "1;32",
    "strong": "1",
    "frame": "1;34",
    "faint": "2",
}
"""SGR parameters (ECMA-48 8.3.117) by meaning; `critical` is white on red, to be told from high."""

_PLAIN = str.maketrans(
    {"…": "...", "·": "-", "–": "-", "—": "-", "→": "->", "×": "x", "≥": ">=", "≤": "<=", "’": "'"}
    | {"“": '"', "”": '"', "✓": "+", "✗": "x", "│": "|"}
)
_TAB = "    "


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is to look on the reader's screen."""

    color: bool = False
    width: int = 80
    links: bool = False
    """The terminal opens OSC 8 hyperlinks."""
    ascii: bool = False
    """Nothing outside ASCII may be printed."""

    def paint(self, text: str, meaning: str) -> str:
        """Return the text in the colour of a meaning (empty: none), or as it is."""
        return f"\x1b[{_CODES[meaning]}m{text}\x1b[0m" if self.color and text and meaning else text

    def link(self, text: str, url: str) -> str:
        """Return the text as a hyperlink (OSC 8), or as it is."""
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if self.links else text

    def clean(self, text: str) -> str:
        """Return foreign text on one line, with nothing in it that a terminal would obey."""
        return "".join(self.visible(c) for c in " ".join(text.split()))

    def visible(self, character: str) -> str:
        """Return one character of foreign text as it may be shown.

        Control characters, bidirectional overrides (CVE-2021-42574) and lone
        surrogates come out as Python's escapes, a tab as spaces.
        """
        if character == "\t":
            return _TAB
        if self.ascii and not character.isascii():
            character = character.translate(_PLAIN)
        if character.isprintable() and (character.isascii() or not self.ascii):
            return character
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")

    def wrap(self, text: str, indent: int, hanging: int = 0) -> list[str]:
        """Return foreign text in lines that fit behind an indent of so many columns.

        The second and later lines begin with `hanging` further spaces.
        """
        return textwrap.wrap(
            self.clean(text),
            max(self.width - indent, _NARROWEST),
            subsequent_indent=" " * hanging,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]

    def finish(self, text: str) -> str:
        """Return the whole output, our own signs made plain where only ASCII may be printed."""
        return text.translate(_PLAIN) if self.ascii else text


_NARROWEST = 20
"""Text is never set narrower than this; on a smaller screen the terminal breaks the line."""


def columns(text: str) -> int:
    """Return how many columns of the screen the text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(c) for c in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
