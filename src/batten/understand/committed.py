"""Which files `.gitignore` keeps out of the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.understand.sources import Sources


def uncommitted(sources: Sources) -> frozenset[str]:
    """Return the files that the root's `.gitignore` keeps out of the repository."""
    text = sources.read(".gitignore") if sources.exists(".gitignore") else None
    if not text:
        return frozenset()
    from batten.understand.deploy.ignore import ignored  # noqa: PLC0415 - only where there is such a file

    # gitignore(5): a pattern without a slash matches at any depth, in `.dockerignore` only at the top.
    rows = [row.strip() for row in text.splitlines()]
    deep = [
        row if row.startswith("#") or "/" in row.rstrip("/") else f"{'!' * row.startswith('!')}**/{row.lstrip('!')}"
        for row in rows
        if row
    ]
    wanted = [path for path in sources.files() if not path.endswith((".py", ".html", ".js", ".css"))]
    return frozenset(ignored(wanted, "\n".join(deep)))
