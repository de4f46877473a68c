"""Which files of a repository no visitor of its site should get."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_HIDDEN = re.compile(
    r"(?:.*/)?(?:\.env(?:\.[\w-]+)*|\.flaskenv|\.secrets?(?:\.\w+)?|\.htpasswd|\.netrc|\.pypirc|\.npmrc|\.pgpass|\.my\.cnf"
    r"|\.(?:git|svn|hg|aws|ssh|docker|kube|gnupg)/.*|\.(?:bash|zsh|python)_history)",
    re.IGNORECASE,
)
_SAMPLE = re.compile(r"(?:^|[._-])(?:example|sample|template|dist|tmpl|tpl)(?:[._-]|$)", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:.*/)?(?:[^/]+\.(?:py|pyc|sqlite3?|db|sql|dump|pem|key|p12|pfx|bak|log)|id_(?:rsa|ed25519|ecdsa)"
    r"|(?:docker-)?compose[\w.-]*\.ya?ml|dockerfile|requirements[\w.-]*\.txt|pyproject\.toml|(?:poetry|uv|pipfile)\.lock"
    r"|fly\.toml|render\.yaml|(?:config|settings|secrets|credentials)\.(?:ya?ml|json|toml|ini|cfg)|uwsgi\.ini)",
    re.IGNORECASE,
)
GIT = ".git/config"
"""Stands for the history of a checkout, which no list of its files holds."""
_MOST = 400


@dataclass(frozen=True, slots=True)
class Kept:
    """Files below a directory that a visitor gets and should not."""

    hidden: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def kept_from(files: Iterable[str], folder: str, hands_out: Callable[[str], bool], *, checkout: bool) -> Kept:
    """Return what no visitor should have of the files below a directory and gets.

    `hands_out` is asked with a path below the directory. With `checkout` its history may lie there.
    """
    prefix = "" if folder == "." else f"{folder}/"
    hidden: list[str] = []
    sources: list[str] = []
    asked = 0
    for path in (GIT, *files) if folder == "." and checkout else files:
        inside = path[len(prefix) :] if path.startswith(prefix) else ""
        if not inside or path.endswith(("/__init__.py", ".min.js")):
            continue
        held = hidden if _HIDDEN.fullmatch(inside) else sources if _SOURCE.fullmatch(inside) else None
        if held is None or _SAMPLE.search(path.rpartition("/")[2]) or asked > _MOST:
            continue
        asked += 1
        if hands_out(inside):
            held.append(path)
    return Kept(tuple(hidden), tuple(sources))
