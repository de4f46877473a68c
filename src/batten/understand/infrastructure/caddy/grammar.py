"""Reads a Caddyfile: words, blocks, snippets and imports (Caddy 2.8 `caddyconfig/caddyfile`)."""

from __future__ import annotations

import posixpath
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING

from batten.model import Confidence, Location
from batten.model.data import dataclass
from batten.understand.infrastructure.patterns import wild
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from batten.understand.deploy.reading import Reading

_MOST_WORDS = 50_000
_MOST_NODES = 5_000
_DEEPEST = 30
_WORD = re.compile(
    r"""(?:
      (?P<comment>\#[^\n]*)
    | (?P<heredoc><<(?P<mark>\w+)[ \t]*\n)
    | (?P<newline>\n)
    | (?P<joined>\\\n)
    | "(?P<quoted>(?:[^"\\]|\\.)*)"
    | `(?P<raw>[^`]*)`
    | (?P<bare>[^\s]+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_BLANK = re.compile(r"[ \t]+")
_VARIABLE = re.compile(r"\{\$(\w+)(?::([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Node:
    """One line with its words, and what its block holds."""

    words: tuple[str, ...]
    at: Location
    inside: tuple[Node, ...] | None = None

    @property
    def name(self) -> str:
        """The directive."""
        return self.words[0] if self.words else ""

    @property
    def args(self) -> tuple[str, ...]:
        """What follows it."""
        return self.words[1:]

    def all(self, name: str) -> Iterator[Node]:
        """Yield the lines of its block that begin with a word."""
        return (node for node in self.inside or () if node.name == name)


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its line; nothing stands for the end of a line."""

    text: str | None
    line: int
    quoted: bool = False


def words(text: str) -> list[Word]:
    """Return the words of a text, ends of lines among them."""
    found: list[Word] = []
    at, line = 0, 1
    while at < len(text) and len(found) < _MOST_WORDS:
        blank = _BLANK.match(text, at)
        match = _WORD.match(text, blank.end() if blank is not None else at)
        if match is None:
            at = (blank.end() if blank is not None else at) + 1  # the end, or a blank of another kind
            continue
        line_of = line
        line += match[0].count("\n")
        at = match.end()
        if match["heredoc"]:
            end = re.compile(rf"^[ \t]*{match['mark']}\b", re.MULTILINE).search(text, at)
            stop = end.end() if end is not None else len(text)
            found.append(Word(text[at : end.start() if end is not None else stop], line_of, quoted=True))
            line += text.count("\n", at, stop)
            at = stop
        elif match["newline"]:
            found.append(Word(None, line_of))
        elif match["quoted"] is not None:
            found.append(Word(re.sub(r'\\(["\\])', r"\1", match["quoted"]), line_of, quoted=True))
        elif match["raw"] is not None:
            found.append(Word(match["raw"], line_of, quoted=True))
        elif match["bare"]:
            found.append(Word(match["bare"], line_of))
    return [*found, Word(None, line)]


def parse(text: str, path: str, doubt: Callable[[str, Location], None]) -> tuple[Node, ...]:
    """Return the lines of a Caddyfile, blocks in them; what is not closed goes to `doubt`."""
    stack: list[tuple[tuple[str, ...], Location, list[Node]]] = [((), Location(file=path, line=1), [])]
    held: list[str] = []
    first = 1
    for word in words(text):
        at = Location(file=path, line=word.line)
        if word.text is None:
            if held:
                stack[-1][2].append(Node(tuple(held), Location(file=path, line=first)))
                held = []
        elif word.text == "{" and not word.quoted:
            if len(stack) > _DEEPEST:
                doubt("it is nested too deeply", at)
                break
            stack.append((tuple(held), Location(file=path, line=first) if held else at, []))
            held = []
        elif word.text == "}" and not word.quoted and not held:
            if len(stack) > 1:
                _close(stack)
            else:
                doubt("a brace closes nothing", at)
        else:
            first = first if held else word.line
            held.append(word.text)
    while len(stack) > 1:
        doubt("a brace is not closed", stack[-1][1])
        _close(stack)
    return tuple(stack[0][2])


def _close(stack: list[tuple[tuple[str, ...], Location, list[Node]]]) -> None:
    told, at, inside = stack.pop()
    stack[-1][2].append(Node(told, at, tuple(inside)))


@dataclass(slots=True)
class Config:
    """A Caddyfile with all that it imports."""

    reading: Reading
    options: list[Node] = field(default_factory=list)
    """Of the global block."""
    sites: list[Node] = field(default_factory=list)
    """Words: the addresses."""
    snippets: dict[str, tuple[Node, ...]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """Files that another one imports."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables of its machine, as far as the repository says."""
    defaulted: set[tuple[str, int]] = field(default_factory=set)
    """Lines with a variable that the repository does not set: a fallback stands there, or nothing."""
    first: Location | None = None
    """The first line of the file that is read."""
    _nodes: int = 0

    def surely(self, at: Location, confidence: Confidence = Confidence.CERTAIN) -> Confidence:
        """Return how sure it is what a line says: less where the machine may replace a fallback."""
        return Confidence.LIKELY if (at.file, at.line) in self.defaulted else confidence

    def read(self, path: str) -> None:
        """Read a Caddyfile."""
        self.first = Location(file=path, line=1)
        top = self._file(path)
        top = tuple(self._expanded(top, 0, is_top=True))
        blocks = [node for node in top if node.inside is not None]
        if (top and not blocks) or (top and top[0].inside is None and not _is_addresses(top)):
            # One site without braces: its addresses, and then directives.
            self.sites.append(replace(top[0], inside=top[1:]))
            return
        addresses: list[str] = []
        for node in top:
            if node.inside is None:
                addresses += node.words  # addresses on several lines
            elif not node.words and not addresses:
                self.options += self._expanded(node.inside, 0)
            elif not (node.name.startswith(("(", "&("))):
                inside = tuple(self._expanded(node.inside, 0))
                self.sites.append(Node((*addresses, *node.words), node.at, inside))
                addresses = []

    def _file(self, path: str) -> tuple[Node, ...]:
        told = self.reading.unsure
        text = self.reading.text(path) or ""
        for number, line in enumerate(text.split("\n"), start=1) if "{$" in text else ():
            if any(match[1] not in self.env for match in _VARIABLE.finditer(line)):
                self.defaulted.add((path, number))
        text = _VARIABLE.sub(lambda match: self.env.get(match[1]) or match[2] or match[0], text)
        return parse(text, path, lambda why, at: told(path, why, at))

    def _expanded(self, nodes: Sequence[Node], depth: int, *, is_top: bool = False) -> Iterator[Node]:
        """Yield nodes with imports in their place; snippets are noted."""
        for node in nodes:
            self._nodes += 1
            if self._nodes > _MOST_NODES:
                self.reading.unsure(node.at.file or "", "its imports make too many lines to follow all", self.first)
                return
            if is_top and re.fullmatch(r"\(\S+\)", node.name) and node.inside is not None:
                self.snippets[node.name[1:-1]] = node.inside
            elif node.name == "import" and node.args and depth < _DEEPEST:
                yield from self._imported(node, depth, is_top=is_top)
            elif node.inside is not None and not is_top:
                yield replace(node, inside=tuple(self._expanded(node.inside, depth + 1)))
            else:
                yield node

    def _imported(self, node: Node, depth: int, *, is_top: bool) -> Iterator[Node]:
        name, *args = node.args
        given = {f"{{args[{n}]}}": text for n, text in enumerate(args)}
        given |= {f"{{args.{n}}}": text for n, text in enumerate(args)}
        if name in self.snippets:
            filled = [_filled(inner, given) for inner in self.snippets[name]] if given else self.snippets[name]
            yield from self._expanded(filled, depth + 1)
            return
        folder = posixpath.dirname(node.at.file or "")
        paths = self._matching(name, folder)
        if not paths and "*" not in name:
            self.reading.unsure(f"the file {name}", "it is not in the repository", node.at)
        for path in paths:
            self.used.add(path)
            yield from self._expanded([_filled(inner, given) for inner in self._file(path)], depth + 1, is_top=is_top)

    def _matching(self, name: str, folder: str) -> list[str]:
        """Return the files that an import names: beside the file; of an absolute name the end decides."""
        spelt = [join(folder, name)] if not name.startswith("/") else []
        if name.startswith("/"):
            parts = name.strip("/").split("/")
            spelt = [join(folder, "/".join(parts[start:])) for start in range(len(parts))]
        for pattern in filter(None, spelt):
            if self.reading.is_file(pattern):
                return [pattern]
            found = [path for path in self.reading.files() if "*" in pattern and _fits(pattern, path)]
            if found:
                return found[:100]
        return []


def _fits(pattern: str, path: str) -> bool:
    return pattern.count("/") == path.count("/") and wild(pattern, path)


def _filled(node: Node, given: Mapping[str, str]) -> Node:
    if not given:
        return node
    told = tuple(_text(word, given) for word in node.words)
    inside = tuple(_filled(inner, given) for inner in node.inside) if node.inside is not None else None
    return Node(told, node.at, inside)


def _text(word: str, given: Mapping[str, str]) -> str:
    for mark, text in given.items():
        word = word.replace(mark, text)
    return word


def _is_addresses(top: Sequence[Node]) -> bool:
    """Return whether the first lines are addresses of a block that follows, each ended by a comma."""
    first = next((node for node in top if node.inside is not None or not node.words[-1].endswith(",")), None)
    return first is not None and first.inside is not None
