"""What the reader's terminal can show, and the only two ways to write to it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from batten.cli.codes import INCOMPLETE
from batten.model import BattenError
from batten.report.style import Look

if TYPE_CHECKING:
    from typing import TextIO

PIPED_WIDTH = 80
_WIDEST = 120
"""Prose in longer lines is hard to read."""
_SIGNS = "…·✓✗×"


def look(color: str = "auto") -> Look:
    """Return how text may look on standard output; `color` is auto, always or never."""
    colored = has_color(color, sys.stdout)
    return Look(
        color=colored,
        width=_width(),
        links=colored and sys.stdout.isatty() and not _any_set("NO_HYPERLINKS", "CI"),
        ascii=not _can_encode(sys.stdout, _SIGNS),
    )


def has_color(wish: str, stream: TextIO) -> bool:
    """Return whether to colour: the wish, then NO_COLOR, then FORCE_COLOR, then the stream."""
    if wish != "auto":
        return wish == "always"
    if _any_set("NO_COLOR"):
        return False
    if _any_set("FORCE_COLOR", "CLICOLOR_FORCE"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def out(text: str) -> None:
    """Write text for a person to standard output; what it cannot encode is escaped."""
    encoding = sys.stdout.encoding or "ascii"
    _write(text.encode(encoding, "backslashreplace"))


def out_utf8(text: str) -> None:
    """Write text for a program to standard output, UTF-8 whatever the locale says."""
    _write(text.encode("utf-8", "backslashreplace"))


def tell(text: str) -> None:
    """Write a line for a person to standard error."""
    encoding = sys.stderr.encoding or "ascii"
    line = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def flush() -> None:
    """Flush both streams; a reader that has gone away changes nothing."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            _silence(stream)


def _write(data: bytes) -> None:
    """Write to standard output; a closed pipe is no error, and the verdict stands."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
    except OSError as error:
        _silence(sys.stdout)
        raise BattenError(f"the report could not be written: {error.strerror}", code=INCOMPLETE) from error


def _silence(stream: TextIO) -> None:
    """Point a stream nowhere, so that the interpreter's last flush succeeds (Python docs, `signal`, SIGPIPE)."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _width() -> int:
    if not sys.stdout.isatty():
        return PIPED_WIDTH
    told = os.environ.get("COLUMNS", "")
    try:
        columns = int(told) if told.isdecimal() else os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        columns = 0
    return min(columns or PIPED_WIDTH, _WIDEST)


def _can_encode(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _any_set(*names: str) -> bool:
    """Return whether one of the variables is set to something; `0` counts as nothing but for NO_COLOR."""
    return any(os.environ.get(name, "") not in ("", *(("0",) if name != "NO_COLOR" else ())) for name in names)
