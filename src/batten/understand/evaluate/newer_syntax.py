"""Source for a newer Python than the one that runs Batten, written so that this one can parse it.

Lines stay where they are, and columns before what was changed. Followed are Python 3.12's type parameters, `type`
statements (PEP 695, 696) and quotes inside f-strings (PEP 701), and Python 3.14's `except A, B:` (PEP 758).
"""

from __future__ import annotations

import ast
import io
import re
import token
import tokenize

_SKIPPED = frozenset({tokenize.COMMENT, tokenize.NL, token.INDENT, token.DEDENT})
_BEGINS = re.compile(r"(?<!\w)([a-zA-Z]{0,2})(\"\"\"|'''|\"|')|#[^\n]*")
_DEPTH = {**dict.fromkeys("([{", 1), **dict.fromkeys(")]}", -1)}


def parse(text: str, path: str) -> ast.Module | None:
    """Return the syntax tree of source that this Python cannot parse as it is, None when it is no newer source."""
    for source in (text, _quoted(text)):
        try:
            older = _Older(source)
            tree = ast.parse(older.text(), filename=path)
        except (SyntaxError, ValueError, tokenize.TokenError, RecursionError, MemoryError):
            continue
        bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        start = next((n for n, held in enumerate(tree.body) if not _comes_first(held)), len(tree.body))
        # A type parameter stands for any type, as `typing.Any` does.
        tree.body[start:start] = [
            ast.ImportFrom("typing", [ast.alias("Any", name, lineno=1, col_offset=0)], 0, lineno=1, col_offset=0)
            for name in dict.fromkeys(older.parameters)
            if name not in bound
        ]
        return tree
    return None


def _comes_first(node: ast.stmt) -> bool:
    """Return whether a statement has to stand before all others: a docstring, `from __future__`."""
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return text or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


class _Older:
    """A text whose newer statements are written in the older way."""

    def __init__(self, text: str) -> None:
        """Rewrite `text`.

        Raises:
            tokenize.TokenError, SyntaxError: it has no tokens of Python.
        """
        self.parameters: list[str] = []
        self.lines = text.splitlines(keepends=True)
        self._added: list[tuple[tuple[int, int], str]] = []
        read = tokenize.generate_tokens(io.StringIO(text).readline)
        self.tokens = [one for one in read if one.type not in _SKIPPED]
        begins = True
        for place, one in enumerate(self.tokens):
            if one.string in {"def", "class"}:
                self._without_parameters(place + 2)
            elif begins and one.string == "type":
                self._alias(place)
            elif begins and one.string == "except":
                self._caught(place)
            begins = one.type == token.NEWLINE or one.string in {";", ":"}

    def text(self) -> str:
        """Return the text."""
        for (row, column), added in sorted(self._added, reverse=True):
            line = self.lines[row - 1]
            self.lines[row - 1] = line[:column] + added + line[column:]
        self._added.clear()
        return "".join(self.lines)

    def _word(self, place: int) -> str:
        return self.tokens[place].string if place < len(self.tokens) else ""

    def _blank(self, first: int, last: int) -> None:
        """Write spaces over tokens; a statement that they stand in goes on over the ends of their lines."""
        start, end = self.tokens[first].start, self.tokens[last].end
        for row in range(start[0], end[0] + 1):
            line = self.lines[row - 1]
            left = start[1] if row == start[0] else 0
            right = end[1] if row == end[0] else len(line.rstrip("\n"))
            goes_on = "\\" if row < end[0] else ""
            self.lines[row - 1] = line[:left] + " " * (right - left) + goes_on + line[right:]

    def _without_parameters(self, place: int) -> int:
        """Take away `[T: int = str, *Ts]`, if it is there; return the place after it."""
        if self._word(place) != "[":
            return place
        depth = 0
        for end in range(place, len(self.tokens)):
            before = self._word(end - 1)
            if depth == 1 and self.tokens[end].type == token.NAME and before in {"[", ",", "*", "**"}:
                self.parameters.append(self._word(end))
            depth += _DEPTH.get(self._word(end), 0)
            if not depth:
                self._blank(place, end)
                return end + 1
        return place

    def _alias(self, place: int) -> None:
        """Write `type Name = Type`, which is evaluated late, as `Name = lambda: Type`."""
        if place + 1 >= len(self.tokens) or self.tokens[place + 1].type != token.NAME:
            return
        after = self._without_parameters(place + 2)
        if self._word(after) == "=":
            start = self.tokens[place].start
            self._blank(place, place)
            name = self.tokens[place + 1]
            if name.start[0] == start[0]:  # the name moves to where `type` stood, or it would be indented
                row = self.lines[start[0] - 1]
                width = name.end[1] - start[1]
                self.lines[start[0] - 1] = row[: start[1]] + name.string.ljust(width) + row[name.end[1] :]
            self._added.append((self.tokens[after].end, " lambda:"))

    def _caught(self, place: int) -> None:
        """Put brackets around `except A, B:`."""
        first = place + (2 if self._word(place + 1) == "*" else 1)
        depth, commas = 0, False
        for end in range(first, len(self.tokens)):
            word = self._word(end)
            if not depth and word in {":", "as"}:
                if commas:
                    self._added += [(self.tokens[first].start, "("), (self.tokens[end - 1].end, ")")]
                return
            commas = commas or (not depth and word == ",")
            depth += _DEPTH.get(word, 0)


def _quoted(text: str) -> str:
    """Return the text with other quotes inside f-strings than around them."""
    kept: list[str] = []
    place = 0
    while (match := _BEGINS.search(text, place)) is not None:
        if match[2] is None:
            end, inside = match.end(), match[0]
        else:
            formatted = "f" in match[1].lower()
            end = _end(text, match.end(), match[2], formatted=formatted)
            inside = _other_quotes(text[match.start() : end], match, formatted=formatted)
        kept += [text[place : match.start()], inside]
        place = end
    return "".join([*kept, text[place:]])


def _end(text: str, place: int, quote: str, *, formatted: bool) -> int:
    """Return where a string ends that began before `place`; a quote in one of its fields does not end it."""
    depth = 0
    while place < len(text):
        if text[place] == "\\" and not depth:
            place += 2
        elif formatted and text[place] in "{}":
            doubled = text[place : place + 2] in {"{{", "}}"} and not depth
            depth += 0 if doubled else 1 if text[place] == "{" else -1
            place += 2 if doubled else 1
        elif depth > 0 and (inner := _BEGINS.match(text, place)) is not None and inner[2] is not None:
            place = _end(text, inner.end(), inner[2], formatted="f" in inner[1].lower())
        elif text.startswith(quote, place) and depth <= 0:
            return place + len(quote)
        else:
            place += 1
    return len(text)


def _other_quotes(whole: str, match: re.Match[str], *, formatted: bool) -> str:
    """Return a string with the quotes in its fields exchanged for the ones that are not around it."""
    quote = match[2]
    start, end = len(match[0]), len(whole) - len(quote)
    if not formatted:
        return whole
    if len(quote) == 1 and "\n" in whole:
        return _unknown(whole)  # a field of several lines
    other = "'" if quote == '"' else '"'
    kept, field, depth, place = [whole[:start]], "", 0, start
    while place < end:
        sign = whole[place]
        if sign in "{}" and not depth and whole[place + 1 : place + 2] == sign:
            kept.append(sign)
            place += 1
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
        elif depth and len(quote) == 1 and sign == other and quote in whole[start:end]:
            return _unknown(whole)  # both quotes are taken
        kept.append(other if depth and sign == quote else sign)
        field += kept[-1] if depth else " "
        place += 1
    return "".join([*kept, whole[end:]]) if _quoted(field) == field else _unknown(whole)


def _unknown(whole: str) -> str:
    """Return an expression for a text that is not known, as many lines high."""
    lines = "\n" * whole.count("\n")
    return f"str(object({lines}))"


__all__ = ["parse"]
