"""Reads shell text into a small tree: words, lists, branches, loops and functions."""

from __future__ import annotations

import re
from dataclasses import field

from batten.model.data import dataclass
from batten.understand.deploy.shell_words import Literal, Raw, ShellError, Token, tokens

_DEEPEST = 40
_REDIRECTS = frozenset(("<", ">", ">>", ">|", "<>", ">&", "<&", "&>", "&>>", "<<<", "<<", "<<-"))


@dataclass(slots=True)
class Simple:
    """Assignments and a command with its arguments."""

    assigns: list[tuple[str, Raw]]
    words: list[Raw]
    line: int
    redirects: list[tuple[str, Raw]] = field(default_factory=list)
    """Operators and what stands behind them: `>` and a file, `<<<` and a text."""


@dataclass(slots=True)
class Chain:
    """Commands joined by `&&` and `||`."""

    first: Node
    rest: list[tuple[str, Node]]


@dataclass(slots=True)
class Pipe:
    """A pipeline of two or more, or a negated command."""

    nodes: list[Node]
    negated: bool


@dataclass(slots=True)
class Background:
    """A command followed by `&`."""

    node: Node


@dataclass(slots=True)
class Branch:
    """`if`, its `elif`s and its `else`."""

    clauses: list[tuple[list[Node], list[Node]]]
    otherwise: list[Node]
    line: int


@dataclass(slots=True)
class Choice:
    """`case`."""

    subject: Raw
    items: list[tuple[list[Raw], list[Node]]]
    line: int


@dataclass(slots=True)
class Loop:
    """`while`, `until` or `for`."""

    kind: str
    condition: list[Node]
    body: list[Node]
    line: int


@dataclass(slots=True)
class Block:
    """`{ … }` or, in a shell of its own, `( … )`."""

    body: list[Node]
    subshell: bool


@dataclass(slots=True)
class Function:
    """A function's definition."""

    name: str
    body: Node


Node = Simple | Chain | Pipe | Background | Branch | Choice | Loop | Block | Function


@dataclass(slots=True)
class _Parser:
    """Builds the tree from tokens; what does not fit is stepped over."""

    tokens: list[Token]
    problem: ShellError | None = None
    at: int = 0
    depth: int = 0

    def word(self) -> str | None:
        """Return the keyword at hand, or None."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return token.word.plain if token and token.word else None

    def operator(self) -> str:
        return self.tokens[self.at].operator if self.at < len(self.tokens) else "end"

    def line(self) -> int:
        return self.tokens[min(self.at, len(self.tokens) - 1)].line if self.tokens else 1

    def take(self, keyword: str) -> None:
        """Step over the keyword; its absence is a problem, and reading goes on."""
        if self.word() == keyword:
            self.at += 1
        elif self.problem is None:
            self.problem = ShellError(f"`{keyword}` is missing", self.line())

    def body(self, *stops: str) -> list[Node]:
        """Return the commands up to one of the keywords or operators in `stops`."""
        found: list[Node] = []
        while self.at < len(self.tokens):
            operator = self.operator()
            if operator in stops or self.word() in stops:
                break
            if operator in ("\n", ";", "&", ")", ";;", "|", "&&", "||"):
                self.at += 1
                continue
            start = self.at
            node = self.chain()
            self.at += self.at == start
            if self.operator() == "&":
                node = Background(node)
            found.append(node)
        return found

    def chain(self) -> Node:
        first = self.pipe()
        rest: list[tuple[str, Node]] = []
        while self.operator() in ("&&", "||"):
            joint = self.operator()
            self.at += 1
            self.newlines()
            rest.append((joint, self.pipe()))
        return Chain(first, rest) if rest else first

    def newlines(self) -> None:
        while self.operator() == "\n":
            self.at += 1

    def pipe(self) -> Node:
        negated = self.word() == "!"
        self.at += negated
        nodes = [self.command()]
        while self.operator() in ("|", "|&"):
            self.at += 1
            self.newlines()
            nodes.append(self.command())
        return Pipe(nodes, negated) if negated or len(nodes) > 1 else nodes[0]

    def command(self) -> Node:
        word = self.word()
        compound = {
            "if": self.branch,
            "case": self.choice,
            "while": self.loop,
            "until": self.loop,
            "for": self.loop,
            "{": self.block,
            "function": self.function,
        }.get(word or "")
        if compound is None and self.operator() == "(":
            compound = self.block
        if compound is None and word and self.is_definition():
            compound = self.function
        if compound is None:
            return self.simple()
        self.depth += 1
        if self.depth > _DEEPEST:
            message = "commands nest too deep"
            raise ShellError(message, self.line())
        node = compound()
        self.depth -= 1
        while self.operator() in _REDIRECTS:
            self.at += 2
        return node

    def is_definition(self) -> bool:
        following = self.tokens[self.at + 1 : self.at + 3]
        return [token.operator for token in following] == ["(", ")"]

    def simple(self) -> Simple:
        found = Simple([], [], self.line())
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.operator in _REDIRECTS:
                target = self.tokens[self.at + 1].word if self.at + 1 < len(self.tokens) else None
                found.redirects += [(token.operator, target)] if target is not None else []
                self.at += 2
            elif token.word is None:
                break
            elif token.word.plain == "[[" and not found.words:
                self.double_bracket(found)
            else:
                self.at += 1
                assign = None if found.words else as_assignment(token.word)
                if assign:
                    found.assigns.append(assign)
                else:
                    found.words.append(token.word)
        return found

    def double_bracket(self, found: Simple) -> None:
        """Take `[[ … ]]` as words: its operators are not the shell's, and a pattern holds some."""
        in_pattern = False
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            word = token.word or Raw((Literal(token.operator, quoted=False),), token.line)
            if in_pattern and word.plain not in ("]]", "&&", "||"):
                before = found.words.pop()
                found.words.append(Raw((*before.segments, *word.segments), before.line))
                continue
            found.words.append(word)
            if token.word and word.plain == "]]":
                return
            in_pattern = len(found.words) > 1 and found.words[-2].plain == "=~"

    def branch(self) -> Node:
        line = self.line()
        clauses: list[tuple[list[Node], list[Node]]] = []
        while self.word() in ("if", "elif"):
            self.at += 1
            condition = self.body("then")
            self.take("then")
            clauses.append((condition, self.body("elif", "else", "fi")))
        otherwise: list[Node] = []
        if self.word() == "else":
            self.at += 1
            otherwise = self.body("fi")
        self.take("fi")
        return Branch(clauses, otherwise, line)

    def choice(self) -> Node:
        line = self.line()
        self.at += 1
        subject = self.tokens[self.at].word if self.at < len(self.tokens) else None
        self.at += 1
        self.newlines()
        self.take("in")
        items: list[tuple[list[Raw], list[Node]]] = []
        while self.at < len(self.tokens) and self.word() != "esac":
            patterns: list[Raw] = []
            while self.at < len(self.tokens) and self.operator() != ")":
                word = self.tokens[self.at].word
                if word:
                    patterns.append(word)
                self.at += 1
            self.at += 1
            items.append((patterns, self.body(";;", ";&", ";;&", "esac")))
            while self.operator() in ("\n", ";;", ";&", ";;&"):
                self.at += 1
        self.take("esac")
        return Choice(subject or Raw((), line), items, line)

    def loop(self) -> Node:
        line, kind = self.line(), self.word() or ""
        self.at += 1
        condition = self.body("do")
        self.take("do")
        body = self.body("done")
        self.take("done")
        return Loop(kind, condition, body, line)

    def block(self) -> Node:
        subshell = self.operator() == "("
        self.at += 1
        body = self.body(")" if subshell else "}")
        if not subshell:
            self.take("}")
        else:
            self.at += 1
        return Block(body, subshell)

    def function(self) -> Node:
        if self.word() == "function":
            self.at += 1
        name = self.word() or ""
        self.at += 1
        if self.operator() == "(":
            self.at += 2
        self.newlines()
        return Function(name, self.command())


def as_assignment(word: Raw) -> tuple[str, Raw] | None:
    """Return name and value of a word like `X=1`, or None."""
    first = word.segments[0] if word.segments else None
    if not isinstance(first, Literal) or first.quoted:
        return None
    match = re.match(r"([A-Za-z_]\w*)\+?=", first.text)
    if match is None:
        return None
    rest = Literal(first.text[match.end() :], quoted=False)
    return match[1], Raw((rest, *word.segments[1:]), word.line)


def parse(text: str, line: int = 1) -> tuple[list[Node], ShellError | None]:
    """Return the commands of shell text whose first line is `line`.

    With the first thing that is wrong: what could be read is returned all the
    same, except where commands nest too deep.
    """
    found, problem = tokens(text, line)
    parser = _Parser(found, problem)
    try:
        return parser.body(), parser.problem
    except ShellError as error:
        return [], error
