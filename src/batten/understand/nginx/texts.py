"""nginx's texts as they lie in a repository: plain, or templates that are filled in before nginx reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from batten.understand.nginx.syntax import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.understand.stack import Variable

UNKNOWN = "$_filled_in_later"
"""Stands where a template holds an expression, whose value the repository does not say."""
_TEMPLATE = re.compile(r"\.(?:template|tmpl|tpl|erb|j2|jinja2?|in)$", re.IGNORECASE)
_EXPRESSION = re.compile(r"\{\{-?[^{}\n]*-?\}\}|<%=[^%\n]*%>")
_REMARK = re.compile(r"\{#.*?#\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%|<%")
_SHELL = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}|\$([A-Z][A-Z0-9_]*)\b")
_LOOKS = re.compile(
    r"^[ \t]*(?:(?:server|http|events|upstream[ \t]+\S+|location[ \t][^{\n]*|map[ \t][^{\n]*)[ \t\r\n]*\{"
    r"|(?:add_header|proxy_(?:pass|set_header)|ssl_protocols|server_tokens|client_max_body_size|(?:uwsgi|fastcgi)_pass)"
    r"[ \t][^\n]*;)",
    re.MULTILINE,
)


class Plain(NamedTuple):
    """A text ready to be read, or why it is not."""

    text: Text
    problem: Problem | None = None


def looks(text: str) -> bool:
    """Return whether a text is nginx's, and not that of a server whose files have the same names."""
    return _LOOKS.search(text) is not None


def is_template(path: str) -> bool:
    """Return whether a file is named as one that is filled in."""
    return _TEMPLATE.search(path) is not None


def plain_name(path: str) -> str:
    """Return the name that a template has when it is filled in."""
    return _TEMPLATE.sub("", path)


def plain(held: Text, env: Mapping[str, Variable] | None = None) -> Plain:
    """Return a text without what Jinja or `envsubst` would fill in; places it leaves open are told by `UNKNOWN`.

    What a template decides by conditions or loops is not worked out.
    """
    from batten.model import Location  # noqa: PLC0415 - only where a template has to be told

    text = held.text
    if is_template(held.path) or "{{" in text or "{%" in text or "<%" in text:
        text = _EXPRESSION.sub(UNKNOWN, _REMARK.sub(_same_lines, text))
        statement = _STATEMENT.search(text)
        if statement is not None:
            line = held.line + text.count("\n", 0, statement.start())
            return Plain(held, Problem("a template, which is not filled in", Location(file=held.path, line=line)))
        text = _SHELL.sub(lambda match: _value(match, env or {}), text)
    return Plain(held._replace(text=text))


def _same_lines(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def _value(match: re.Match[str], env: Mapping[str, Variable]) -> str:
    """Return what `envsubst` puts for a variable: only what is set is replaced (nginx's image, 20-envsubst)."""
    variable = env.get(match[1] or match[2])
    if variable is None or variable.value is None or "\n" in variable.value:
        return match[0]  # nginx has no variables in capitals: to it this one is not known
    return variable.value
