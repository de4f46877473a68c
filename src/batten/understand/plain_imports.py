"""Imports of modules that can do nothing but talk without encryption: `telnetlib`, `ftplib` without `FTP_TLS`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.assumed import set_aside
from batten.understand.code_subjects import PlainImport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.sources import Sources

_PLAIN = {"telnetlib": ("telnet", "Telnet", ""), "ftplib": ("ftp", "FTP", "FTP_TLS")}
"""Modules of the standard library: their protocol, the class that speaks it, the class that encrypts it."""


def plain_imports(
    sources: Sources, parse: Callable[[str, str], ast.Module | None], only: str = ""
) -> Iterator[PlainImport]:
    """Yield each import of such a module in a file that names no class of it which encrypts."""
    for path in (only,) if only else sources.mentioning(tuple(_PLAIN)):
        text = sources.read(path) if only or not set_aside(path) else None
        tree = parse(path, text) if text and any(module in text for module in _PLAIN) else None
        for node in ast.walk(tree) if tree is not None else ():
            module = _imported(node)
            protocol, _, encrypts = _PLAIN.get(module, ("", "", ""))
            if protocol and not (encrypts and encrypts in (text or "")):
                at = Location(file=path, line=getattr(node, "lineno", 1))
                yield PlainImport(module, protocol, at)


def _imported(node: ast.AST) -> str:
    """Return the module of the table that an import binds, or takes the unencrypted class from."""
    if isinstance(node, ast.Import):
        return next((alias.name for alias in node.names if alias.name in _PLAIN), "")
    if isinstance(node, ast.ImportFrom) and node.module in _PLAIN and not node.level:
        wanted = _PLAIN[node.module][1]
        return node.module if any(alias.name in {wanted, "*"} for alias in node.names) else ""
    return ""
