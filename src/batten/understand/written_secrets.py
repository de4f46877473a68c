"""Passwords and tokens that the code itself names so: literals beside a name like `password`, wherever they stand."""

from __future__ import annotations

import ast
import re
from itertools import permutations
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.assumed import set_aside
from batten.understand.code_subjects import WrittenSecret
from batten.understand.evaluate.outcome import known_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.sources import Sources

MOST_FILES = 400
"""Files that are parsed only for this."""
WORDS = (
    "pass",
    "Pass",
    "PASS",
    "pwd",
    "PWD",
    "token",
    "Token",
    "TOKEN",
    "secret",
    "Secret",
    "SECRET",
    "pasw",
    "phrase",
)
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:settings|configs?|conf)[/_.-](?:\w+[_.-])?(?:ci|tests?|testing|dev\w*|local\w*)\.py$", re.IGNORECASE
)
"""Settings that are not for production."""
_NAME = r"(?:pas+wo?r?d|pass(?:phrase)?|pwd|token|secrete?)"
NAMED = re.compile(rf"(?:^|_){_NAME}(?:$|_)", re.IGNORECASE)
"""Names of which a literal is looked at."""
_BESIDE = re.compile(
    rf"{_NAME}\w*[\"']?\]?\s*(?::[^=\n]{{0,40}})?(?:[=!]=|=|:|,|\bnot\s+in\b|\bin\b)\s*[\[({{]?\s*[rbuf]*[\"']|"
    rf"[\"']\s*[=!]=\s*[\w.]*{_NAME}|"
    rf"{_NAME}\w*\s*(?::[^=\n]{{0,40}})?(?:=|[=!]=)\s*(?:\\|\(|\w+\s*=)",
    re.IGNORECASE,
)
"""What makes a file worth parsing: the name and, beside it, a text."""


def written(
    sources: Sources, parse: Callable[[str, str], ast.Module | None], only: str = ""
) -> Iterator[WrittenSecret]:
    """Yield each literal that stands where its name says that it is a password, a token or a secret."""
    parsed = 0
    for path in (only,) if only else sources.mentioning(WORDS):
        text = sources.read(path) if only or not (set_aside(path) or _ELSEWHERE.search(path)) else None
        if text and parsed < MOST_FILES and _BESIDE.search(text):
            parsed += 1
            tree = parse(path, text)
            for node in ast.walk(tree) if tree is not None else ():
                for name, how, literal in _pairs(node):
                    at = Location(
                        file=path,
                        line=literal.lineno,
                        column=literal.col_offset + 1,
                        end_line=literal.end_lineno,
                        end_column=(literal.end_col_offset or 0) + 1,
                    )
                    held = known_value(literal.value, at, f"{name} is {how} this text").hidden()
                    yield WrittenSecret(name, how, held, at)


def _pairs(node: ast.AST) -> Iterator[tuple[str, str, ast.Constant]]:
    """Yield the names, how they meet a literal, and the literal, of one node."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _pair(_name(target), "set to", node.value)
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        yield from _pair(_name(node.target), "set to", node.value)
    elif isinstance(node, ast.Compare):
        for one, other in permutations([node.left, *node.comparators], 2):  # `a == b == "text"` compares all of them
            yield from _pair(_name(one), "compared with", other)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield from _pair(key.value, "mapped to", value)
    elif isinstance(node, ast.Call):
        for keyword in node.keywords:
            yield from _pair(keyword.arg or "", f"given to {_name(node.func) or 'a call'} as", keyword.value)
    elif isinstance(node, ast.arguments):
        yield from _defaults(node)


def _defaults(node: ast.arguments) -> Iterator[tuple[str, str, ast.Constant]]:
    """Yield the parameters that are a literal where the caller does not say otherwise."""
    named, held = [*node.posonlyargs, *node.args], node.defaults
    pairs = [
        *zip(named[len(named) - len(held) :], held, strict=True),
        *zip(node.kwonlyargs, node.kw_defaults, strict=True),
    ]
    for parameter, default in pairs:
        if default is not None:
            yield from _pair(parameter.arg, "by default", default)


def _pair(name: str, how: str, value: ast.expr) -> Iterator[tuple[str, str, ast.Constant]]:
    if NAMED.search(name) and isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
        yield name, how, value


def _name(node: ast.expr) -> str:
    """Return the name that an expression ends with: of a variable, an attribute, a key."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value
    return ""
