"""Reads the pipelines of GitLab."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.yamltree import Table, Text, documents, entries, items, text_of
from batten.understand.evaluate.outcome import known_value
from batten.understand.infrastructure.ci.nouns import CiVariable, Include, Injection, JobImages, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.yamltree import Node
    from batten.understand.infrastructure.ground import Ground

_SCRIPTS = ("before_script", "script", "after_script")
_WRITTEN = (
    r"CI_(?:MERGE_REQUEST_(?:TITLE|DESCRIPTION|SOURCE_BRANCH_NAME)|COMMIT_(?:MESSAGE|TITLE|DESCRIPTION|AUTHOR|BRANCH"
    r"|REF_NAME|TAG|TAG_MESSAGE)|EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME)"
)
"""Predefined variables whose text comes from whoever pushes or opens a merge request (GitLab 17 docs)."""
_INNER = re.compile(
    rf"\beval\b[^;|&]*\$\{{?({_WRITTEN})\b"
    rf"|(?:\b(?:ba|da|z|k)?sh\s+-\w*c|\bpython3?\s+-c|\b(?:node|perl|ruby)\s+-e|\bssh\s[^\"']*)\s*\"[^\"]*\$\{{?({_WRITTEN})\b"
)
"""A shell puts the variable into the text of another program; by itself it only expands it, which is harmless."""


def read(ground: Ground) -> Iterator[JobImages | CiVariable | Include | Injection]:
    """Yield the images, variables and includes of each pipeline, and where text of others becomes a program in it."""
    for path in ground.files.get("gitlab", ()):
        for document in documents(ground.reading, path):
            if isinstance(document, Table):
                scopes = (document, *(node for _, node in entries(document).values() if isinstance(node, Table)))
                yield JobImages(path, tuple(image for scope in scopes for image in _images(path, scope)))
                for scope in scopes:
                    yield from _variables(path, scope)
                yield from _includes(path, entries(document).get("include", (None, None))[1])
                yield from _injections(path, document)


def _images(path: str, scope: Table) -> Iterator[Words]:
    told = entries(scope)
    held = [told["image"][1]] if "image" in told else []
    for node in (*held, *items(told.get("services", (None, None))[1])):
        named = node.get("name") if isinstance(node, Table) else node
        if named is not None and (text := text_of(named)) is not None:
            yield Words(text, Location(file=path, line=named.line), "image")


def _variables(path: str, scope: Table) -> Iterator[CiVariable]:
    for name, (key, node) in entries(entries(scope).get("variables", (None, None))[1]).items():
        value = text_of(node.get("value") if isinstance(node, Table) else node)
        if value is not None and "$" not in value:
            at = Location(file=path, line=key.line)
            yield CiVariable(name, known_value(value, at, f"{name} is this text").hidden(), at)


def _includes(path: str, node: Node | None) -> Iterator[Include]:
    """Yield what is included from elsewhere without a fixed version."""
    for item in (node,) if isinstance(node, Table) else items(node):
        told = entries(item)
        remote = text_of(told.get("remote", (None, item))[1])
        project = text_of(told.get("project", (None, None))[1])
        at = Location(file=path, line=item.line)
        if remote is not None and remote.startswith(("http://", "https://")) and "integrity" not in told:
            yield Include(remote, at, plain=remote.startswith("http://"))
        elif project is not None and "ref" not in told:
            yield Include(project, at)


def _injections(path: str, document: Table) -> Iterator[Injection]:
    for name, (_, node) in entries(document).items():
        held = [(name, node)] if name in _SCRIPTS else [(key, inner) for key, (_, inner) in entries(node).items()]
        for key, script in held:
            for item in items(script) if key in _SCRIPTS else ():
                text = text_of(item) or ""
                below = (
                    isinstance(item, Text) and not item.plain and "\n" in text
                )  # a block begins a line below its mark
                for row, line in enumerate(text.split("\n")):
                    for match in _INNER.finditer(line[:5_000]):
                        at = Location(file=path, line=item.line + row + below)
                        yield Injection(f"${match[1] or match[2]}", key, at, outsiders=True, privileged=False)
