"""What an error page gives away: a framework's debug page, a traceback, the words of a database driver.

Each is known by marks that the framework itself writes (versions beside them), of an answer that says that it failed:
documentation and forums quote tracebacks with status 200. A page is looked at once, in linear time.
"""

from __future__ import annotations

import html
import re
from enum import Enum
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer

_READ_BYTES = 256 * 1024
_FAILED = 400
_FRAME = re.compile(r"File [\"']([^\"'\n]{1,200}\.py[\w]?)[\"'], line (\d{1,6})")
_TRACEBACK = "Traceback (most recent call last)"
_LAST = re.compile(
    r"^((?:[A-Za-z_]\w{0,60}\.){0,6}[A-Z]\w{0,60}"
    r"(?:Error|Exception|Warning|Exit|Interrupt|NotFound|DoesNotExist))\b",
    re.MULTILINE,
)
_SANIC_NAME = re.compile(r"(?:class=\"?exctype\"?>|\"type\":\"|^ {2})([A-Za-z_]\w{0,60})(?:: |:<|\")", re.MULTILINE)
_SANIC_FRAME = re.compile(
    r"(?:frame-location\">|\"file\":\"|File )([^<>\"\n]{1,200}\.py)(?:<span[^>]{0,40}>:|\",\"line\":|, line )(\d{1,6})"
)
_TITLE = re.compile(r"<title>\s*((?:\w+\.)*[A-Z]\w*[a-z][A-Z]\w{0,60})\s*(?:at\b|//|<)")
"""A title that begins with the name of an error, as Django's (`DisallowedHost at /`) and Werkzeug's do."""
_DRIVER = re.compile(
    r"\b((?:psycopg2?|sqlite3|pymysql|MySQLdb|mysql\.connector|asyncpg|oracledb|cx_Oracle|pyodbc|sqlalchemy\.exc|"
    r"django\.db\.utils|pymongo|redis)(?:\.errors\.[A-Z]\w{2,40}|(?:\.[a-z]\w{0,20}){0,2}\.[A-Z]\w{0,40}"
    r"(?:Error|Exception|Violation|Failure)))\b"
    r"|(SQLSTATE\[\w{5}\])|(ORA-\d{5}): |(You have an error in your SQL syntax)"
)


class TraceKind(Enum):
    """What wrote the page."""

    WERKZEUG = "Werkzeug's debugger"
    DJANGO = "Django's technical page"
    STARLETTE = "Starlette's debug page"
    SANIC = "Sanic's debug page"
    TRACEBACK = "a traceback"
    DRIVER = "a database driver's words"


FRAMEWORKS = {
    TraceKind.WERKZEUG: "flask",
    TraceKind.DJANGO: "django",
    TraceKind.STARLETTE: "starlette",
    TraceKind.SANIC: "sanic",
}
"""What a site is made with that shows such a page."""
_LEAKS = {
    TraceKind.WERKZEUG: "the source around each frame, and a console in it",
    TraceKind.DJANGO: "the source, the local variables and the settings' names",
    TraceKind.STARLETTE: "the source and the local variables of each frame",
    TraceKind.SANIC: "the source around each frame",
    TraceKind.TRACEBACK: "files, lines and the error's own text",
    TraceKind.DRIVER: "the driver, and what it was asked",
}
_LOCKED, _OPEN = "a PIN stands before the console", "no PIN stands before the console"


@dataclass(frozen=True, slots=True)
class SeenTrace:
    """An answer that told a visitor why it failed."""

    kind: TraceKind
    answer: Answer
    says: str
    """The error's name and the first file, as far as the page tells them; no value of a variable."""
    console: str = ""
    """Of a console, what stands before it; empty where there is none."""

    @property
    def leaks(self) -> str:
        """What such a page shows."""
        return _LEAKS[self.kind]


@dataclass(frozen=True, slots=True)
class SeenDebugger:
    """Werkzeug's debugger, which answers on the site."""

    answer: Answer
    console: str
    """What stands before its console; empty where that did not answer."""


def trace_in(answer: Answer) -> SeenTrace | None:
    """Return what an answer that failed gives away; None where it keeps the error to itself."""
    if answer.status < _FAILED or not answer.body:
        return None
    text = _text(answer)
    kind = _kind(text)
    if kind is None:
        return None
    return SeenTrace(kind, answer, _said(text, kind), console_in(text) if kind is TraceKind.WERKZEUG else "")


def console_in(text: str) -> str:
    """Return what a page of Werkzeug 2 or 3 says of its console; empty where it has none (`evalex=False`)."""
    if not re.search(r"\bEVALEX = true\b", text):
        return ""
    return _OPEN if re.search(r"\bEVALEX_TRUSTED = true\b", text) else _LOCKED


def is_debugger_script(answer: Answer) -> bool:
    """Return whether an answer is the script of Werkzeug's debugger (2.0 to 3.1, `debug/shared/debugger.js`)."""
    text = answer.body[:_READ_BYTES]
    is_script = (answer.media_type or "").endswith("javascript")
    return answer.status < _FAILED and is_script and b"EVALEX_TRUSTED" in text and b"CONSOLE_MODE" in text


def is_console(answer: Answer) -> bool:
    """Return whether an answer is the console page of Werkzeug's debugger."""
    return answer.status < _FAILED and b"CONSOLE_MODE = true" in answer.body[:_READ_BYTES]


def _text(answer: Answer) -> str:
    text = answer.body[:_READ_BYTES].decode("utf-8", "replace")
    if "\\n" in text and (answer.media_type or "").endswith("json"):
        text = text.replace("\\n", "\n").replace('\\"', '"')
    return html.unescape(text) if "&" in text else text


def _kind(text: str) -> TraceKind | None:
    if "Werkzeug Debugger" in text and "EVALEX = " in text:
        return TraceKind.WERKZEUG
    if _is_django(text):
        return TraceKind.DJANGO
    if "Starlette Debugger" in text and "traceback-container" in text:
        return TraceKind.STARLETTE
    if _is_sanic(text):
        return TraceKind.SANIC
    if _TRACEBACK in text and _FRAME.search(text):
        return TraceKind.TRACEBACK
    return TraceKind.DRIVER if _DRIVER.search(text) else None


def _is_django(text: str) -> bool:
    """Return whether it is a technical page of Django 3.2 to 6.0 (`django/views/templates`), as HTML or as text."""
    because = "seeing this error because you have" in text and "DEBUG = True" in text
    return because or ("Request Method:" in text and "Django Version:" in text and "Exception Type:" in text)


def _is_sanic(text: str) -> bool:
    """Return whether it is an answer of debug mode, as HTML, JSON or text (Sanic 23.6 to 25.12 `sanic.errorpages`)."""
    if "Sanic debug mode only" in text or ("Traceback of" in text and "while handling path" in text):
        return True
    return '"exceptions":[' in text and all(f'"{name}":' in text for name in ("description", "frames", "src"))


def _said(text: str, kind: TraceKind) -> str:
    if kind is TraceKind.DRIVER:
        found = _DRIVER.search(text)
        return next((part for part in found.groups() if part), "") if found else ""
    if kind is TraceKind.SANIC:
        names, frames = _SANIC_NAME.findall(text), _SANIC_FRAME.findall(text)
        return " at ".join([*names[-1:], *(":".join(frame) for frame in frames[-1:])])
    title = _TITLE.search(text[:4096])
    names = _LAST.findall(text)
    name = names[-1] if names else title[1] if title else ""
    frames = _FRAME.findall(text)
    place = f"{frames[-1][0]}:{frames[-1][1]}" if frames else ""
    return " at ".join(part for part in (name, place) if part)
