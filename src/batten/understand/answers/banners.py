"""What the head of an answer and its page tell of the software that made them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.answers.page import tags
from batten.understand.answers.shown import is_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer

_VERSION = re.compile(r"\b[A-Za-z][\w.+-]{0,40}[/ ]v?\d+(?:\.\d+)+|\b[A-Za-z][\w.+-]{0,40}/v?\d+\b|^v?\d+(?:\.\d+)+")
_HEADERS = (
    "X-Powered-By",
    "X-AspNet-Version",
    "X-AspNetMvc-Version",
    "X-Generator",
    "X-Drupal-Version",
    "X-Django-Version",
)
_STATIC = re.compile(
    r"\s*(sphinx|docutils|mkdocs|hugo|jekyll|pelican|nikola|lektor|gatsby|eleventy|11ty|astro|docusaurus|vitepress|"
    r"vuepress|hexo|zola|pdoc|asciidoctor|antora|zensical|quarto|pandoc|jupyter)\b",
    re.IGNORECASE,
)
"""Generators whose pages are files when they come to the server."""


def versioned(value: str) -> bool:
    """Return whether a banner holds a version beside a name: `nginx/1.24.0`, not `Apache (Debian 12)`."""
    return _VERSION.search(value[:200]) is not None


def is_static(made: str) -> bool:
    """Return whether a generator makes files before they come to the server."""
    return _STATIC.match(made) is not None


def made_by(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield each header that says what the site is made with, and a generator tag with a version."""
    for name in _HEADERS:
        value = answer.joined(name)
        if value:
            yield name, value
    if is_page(answer):
        for tag in tags(answer.text):
            content = (tag.get("content") or "").strip()
            is_told = tag.name == "meta" and (tag.get("name") or "").strip().lower() == "generator"
            if is_told and versioned(content) and not is_static(content):
                yield "the generator tag", content
                return
