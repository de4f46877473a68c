"""Builds the large tree: a small Flask app among half a million lines of Python.

The lines are copies of what this Python already has, its standard library and
the packages of this environment, taken in the order of their names: the same
Python and the same requirements give the same tree.
"""

from __future__ import annotations

import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES = 500_000

LEFT_OUT = frozenset({"__pycache__", "site-packages", "test", "tests", "idle_test"})
"""Folders not copied; the standard library's tests hold broken files on purpose."""

APP = {
    "Dockerfile": """\
FROM python:3.13-slim
WORKDIR /srv
COPY . .
ENV SHOP_DEBUG=1
CMD ["python", "app.py"]
""",
    "app.py": """\
from flask import Flask

import shop_settings

app = Flask(__name__)
app.config.from_object(shop_settings)


@app.get("/")
def index():
    return "shop"


if __name__ == "__main__":
    app.run(host="0.0.0.0", debug=app.config["DEBUG"])
""",
    "shop_settings.py": """\
import os

DEBUG = os.environ.get("SHOP_DEBUG", "0") == "1"
SECRET_KEY = os.environ.get("SHOP_SECRET_KEY", "change-me")
""",
}


@dataclass(frozen=True, slots=True)
class Tree:
    """What was built."""

    root: Path
    files: int
    """Python files."""
    lines: int
    """Lines of the Python files."""


def build(root: Path, lines: int = LINES) -> Tree:
    """Fill the empty folder `root` until it holds `lines` lines of Python."""
    files = count = 0
    for name, text in APP.items():
        (root / name).write_text(text, encoding="utf-8")
        if name.endswith(".py"):
            files, count = files + 1, count + text.count("\n")
    for origin, target in _origins():
        if count >= lines:
            break
        content = origin.read_bytes()
        path = root / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        files, count = files + 1, count + content.count(b"\n")
    return Tree(root, files, count)


def _origins() -> Iterator[tuple[Path, Path]]:
    """Yield each file to copy with its place in the tree."""
    for key, folder in (("stdlib", "standard"), ("purelib", "packages")):
        home = Path(sysconfig.get_path(key))
        for path in sorted(home.rglob("*.py")):
            inside = path.relative_to(home)
            if LEFT_OUT.isdisjoint(inside.parts) and path.is_file():
                yield path, Path("libs", folder, inside)
