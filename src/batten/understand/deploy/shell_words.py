"""Cuts shell text into words and operators, and words into literals and expansions.

POSIX.1-2024 chapter 2 (Shell Command Language) with what bash adds in common
scripts: arrays and process substitution (kept as text), `$'…'`, here-strings.
"""

from __future__ import annotations

import re

from batten.model.data import dataclass

_DEEPEST = 40


class ShellError(Exception):
    """Shell text that ends too early or nests too deep."""

    def __init__(self, why: str, line: int) -> None:
        """Keep the cause and the line, counted from 1."""
        super().__init__(why)
        self.line = line


@dataclass(frozen=True, slots=True)
class Literal:
    """Text of a word that is what it says."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Expansion:
    """A part of a word that the shell replaces."""

    raw: str
    name: str
    """Empty: command substitution, arithmetic or an operator that is not followed."""
    operator: str = ""
    word: tuple[Segment, ...] = ()
    """What stands behind the operator in `${X:-word}`."""
    quoted: bool = False


Segment = Literal | Expansion


@dataclass(frozen=True, slots=True)
class Raw:
    """A word as written, before expansion."""

    segments: tuple[Segment, ...]
    line: int

    @property
    def plain(self) -> str | None:
        """The text when nothing in it is quoted or expanded: what can be a keyword."""
        first = self.segments[0] if len(self.segments) == 1 else None
        return first.text if isinstance(first, Literal) and not first.quoted else None


@dataclass(frozen=True, slots=True)
class Token:
    """A word, an operator or the end of a line (the operator is then a newline)."""

    line: int
    word: Raw | None = None
    operator: str = ""


_RUN = re.compile(r"""[^\s'"\\$`;&|<>()]+""")
_QUOTED_RUN = re.compile(r"""[^"\\$`]+""")
_OPERATOR = re.compile(r"&&|\|\||;;&|;;|;&|<<<|<<-|<<|&>>|&>|>&|<&|>>|>\||<>|[;&|<>()\n]")
_NAME = re.compile(r"[A-Za-z_]\w*|[0-9]|[@*#?$!-]")
_IN_BRACES = re.compile(r"([A-Za-z_]\w*|[0-9]+|[@*#?$!-])(:?[-=?+]|(?=\}))")
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}


class _Lexer:
    """Cuts shell text into tokens, in one pass."""

    def __init__(self, text: str, line: int) -> None:
        self.text = text
        self.at = 0
        self.line = line
        self.found: list[Token] = []
        self.heredocs: list[tuple[str, bool]] = []

    def run(self) -> None:
        text, size = self.text, len(self.text)
        while self.at < size:
            char = text[self.at]
            if char in " \t\r\f\v":
                self.at += 1
            elif text.startswith("\\\n", self.at):
                self.at += 2
                self.line += 1
            elif char == "#":
                end = text.find("\n", self.at)
                self.at = size if end < 0 else end
            elif text.startswith(("<(", ">("), self.at) or not _OPERATOR.match(text, self.at):
                self._word()
            else:
                self._operator()

    def _operator(self) -> None:
        match = _OPERATOR.match(self.text, self.at)
        operator = match.group() if match else ""
        self.at += len(operator)
        self.found.append(Token(self.line, operator=operator))
        if operator == "\n":
            self.line += 1
            for end, strip in self.heredocs:
                self._skip_heredoc(end, strip=strip)
            self.heredocs.clear()

    def _skip_heredoc(self, end: str, *, strip: bool) -> None:
        while self.at < len(self.text):
            stop = self.text.find("\n", self.at)
            stop = len(self.text) if stop < 0 else stop
            row = self.text[self.at : stop]
            self.at = min(stop + 1, len(self.text))
            self.line += 1
            if (row.lstrip("\t") if strip else row) == end:
                return
        message = f"the here-document that ends with {end} is not closed"
        raise ShellError(message, self.line)

    def _word(self) -> None:
        line = self.line
        segments = self._segments(stop="", depth=0)
        word = Raw(tuple(segments), line)
        last = self.found[-1] if self.found else None
        if last is not None and last.operator in ("<<", "<<-"):
            end = "".join(s.text if isinstance(s, Literal) else s.raw for s in segments)
            self.heredocs.append((end, last.operator == "<<-"))
        digits = word.plain
        if digits and digits.isdigit() and self.text[self.at : self.at + 1] in ("<", ">"):
            return  # the number of a redirected descriptor
        self.found.append(Token(line, word=word))

    def _segments(self, stop: str, depth: int, *, quoted: bool = False) -> list[Segment]:
        """Read a word, or inside braces everything up to `stop`; `'` is plain in quotes."""
        if depth > _DEEPEST:
            message = "expansions nest too deep"
            raise ShellError(message, self.line)
        text, found = self.text, list[Segment]()
        while self.at < len(text):
            char = text[self.at]
            if char == stop:
                return found
            if char == "'" and not quoted:
                found.append(Literal(self._until_quote(), quoted=True))
            elif char == '"':
                self.at += 1
                self._double(found, depth)
            elif char == "\\":
                self._escape(found)
            elif char in "$`":
                found.append(self._expansion(depth, quoted=quoted))
            elif char == "(" and found and _is_array(found[-1]):
                found.append(Expansion(self._skip("(", ")"), ""))
            elif text.startswith(("<(", ">("), self.at) and not stop:
                self.at += 1
                found.append(Expansion(self._skip("(", ")"), ""))
            elif run := _RUN.match(text, self.at):
                cut = run.group().partition(stop)[0] if stop else run.group()
                self.at += len(cut)
                found.append(Literal(cut, quoted=False))
            elif stop:
                self.line += char == "\n"
                self.at += 1
                found.append(Literal(char, quoted=False))
            else:
                return found
        if stop:
            message = f"a {stop} is missing"
            raise ShellError(message, self.line)
        return found

    def _until_quote(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            message = "a ' is not closed"
            raise ShellError(message, self.line)
        inside = self.text[self.at + 1 : end]
        self.line += inside.count("\n")
        self.at = end + 1
        return inside

    def _escape(self, found: list[Segment]) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        if following == "\n":
            self.line += 1
        else:
            found.append(Literal(following or "\\", quoted=True))

    def _double(self, found: list[Segment], depth: int) -> None:
        start = self.line
        found.append(Literal("", quoted=True))
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == '"':
                self.at += 1
                return
            if char == "\\":
                following = self.text[self.at + 1 : self.at + 2]
                if following and following in '$`"\\\n':
                    self._escape(found)
                else:
                    found.append(Literal("\\", quoted=True))
                    self.at += 1
            elif run := _QUOTED_RUN.match(self.text, self.at):
                self.line += run.group().count("\n")
                self.at = run.end()
                found.append(Literal(run.group(), quoted=True))
            else:
                found.append(self._expansion(depth, quoted=True))
        message = 'a " is not closed'
        raise ShellError(message, start)

    def _expansion(self, depth: int, *, quoted: bool) -> Segment:
        text, start = self.text, self.at
        if text[start] == "`":
            end = text.find("`", start + 1)
            if end < 0:
                message = "a ` is not closed"
                raise ShellError(message, self.line)
            self.line += text.count("\n", start, end)
            self.at = end + 1
            return Expansion(text[start : self.at], "", quoted=quoted)
        self.at += 1
        following = text[self.at : self.at + 1]
        if following == "(":
            return Expansion("$" + self._skip("(", ")"), "", quoted=quoted)
        if following == "{":
            return self._braces(start, depth, quoted=quoted)
        if following == "'" and not quoted:
            return Literal(self._ansi(), quoted=True)
        if name := _NAME.match(text, self.at):
            self.at = name.end()
            return Expansion(text[start : self.at], name.group(), quoted=quoted)
        return Literal("$", quoted=True)

    def _braces(self, start: int, depth: int, *, quoted: bool) -> Expansion:
        head = _IN_BRACES.match(self.text, start + 2)
        if head is None:
            return Expansion("$" + self._skip("{", "}"), "", quoted=quoted)
        self.at = head.end()
        word = self._segments("}", depth + 1, quoted=quoted)
        self.at += 1
        raw = self.text[start : self.at]
        return Expansion(raw, head.group(1), head.group(2), tuple(word), quoted)

    def _ansi(self) -> str:
        match = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL).match(self.text, self.at)
        if match is None:
            message = "a $' is not closed"
            raise ShellError(message, self.line)
        self.at = match.end()
        self.line += match.group().count("\n")
        return re.sub(r"\\(.)", lambda m: _ANSI.get(m[1], m[0]), match[1], flags=re.DOTALL)

    def _skip(self, opening: str, closing: str) -> str:
        """Return the text from an opening bracket to its closing one; quotes hide brackets."""
        start, depth, first_line = self.at, 0, self.line
        brackets = re.compile(rf"""\\.|'[^']*'|["\n{re.escape(opening + closing)}]""", re.DOTALL)
        in_quotes = False
        for match in brackets.finditer(self.text, start):
            found = match.group()
            self.line += found.count("\n")
            if found == '"':
                in_quotes = not in_quotes
            elif found == opening:
                depth += 1
            elif found == closing and not (in_quotes and depth == 1 and opening == "("):
                depth -= 1
                if depth == 0:
                    self.at = match.end()
                    return self.text[start : self.at]
        message = f"a {opening} is not closed"
        raise ShellError(message, first_line)


def _is_array(last: Segment) -> bool:
    return isinstance(last, Literal) and not last.quoted and last.text.endswith("=")


def tokens(text: str, line: int = 1) -> tuple[list[Token], ShellError | None]:
    """Cut shell text into tokens; with what is wrong, when it ends too early."""
    lexer = _Lexer(text, line)
    try:
        lexer.run()
    except ShellError as error:
        return lexer.found, error
    return lexer.found, None
