"""What a visitor saw: requests, answers, and the chains that redirects make of them.

Nothing is repaired here: headers keep their order, casing and duplicates, and what was wrong on the wire stands beside
them as a defect. Bytes of a header are text as Latin-1 (RFC 9110 section 5.5), which loses none of them.
"""

from __future__ import annotations

import codecs
import re
from enum import Enum
from urllib.parse import urlsplit

from batten.model.data import dataclass

Headers = tuple[tuple[str, str], ...]
"""Names as they were sent, values without the white space around them; in order, with duplicates."""
FOLLOWED = frozenset({301, 302, 303, 307, 308})
"""The statuses that send a visitor on (WHATWG Fetch, redirect status)."""
_FOR_PAGES = re.compile(r"(?!utf-7)(ascii|utf|iso8859|cp\d|koi8|gb|big5|euc|shift|iso2022|mac)")


class DefectKind(Enum):
    """What was wrong with the bytes of an answer."""

    STATUS_LINE = "the status line is malformed"
    NO_COLON = "a header line has no colon"
    BAD_NAME = "a header's name is no token"
    SPACE_BEFORE_COLON = "white space stands before a header's colon"
    FOLDED = "a header goes on in the next line"
    CONTROL = "a header's value holds a control character"
    BARE_LF = "a line ends with a line feed alone"
    BARE_CR = "a carriage return stands alone"
    LENGTH_REPEATED = "Content-Length stands twice"
    LENGTH_INVALID = "Content-Length is no number"
    LENGTH_AND_CHUNKED = "Content-Length and Transfer-Encoding stand together"
    CHUNK = "the chunked body is malformed"
    SHORT_BODY = "the body is shorter than announced"
    SLOW_BODY = "the body had not ended when the time was up"
    ENCODING = "the body is not encoded as labelled"
    UNKNOWN_CODING = "the body's coding was not asked for and is not known"
    HEAD_TOO_LONG = "the head is longer than the reader's limit"
    HEAD_UNFINISHED = "the head had not ended when the connection or the time did"


CUT_HEADS = frozenset({DefectKind.HEAD_TOO_LONG, DefectKind.HEAD_UNFINISHED})
"""The defects of a head that was not read to its end."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong on the wire, with the bytes that show it."""

    kind: DefectKind
    line: bytes = b""
    """The line as it came, cut to what a message can hold."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    method: str
    url: str
    """Absolute, as it was sent: path and query are not normalized."""
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to one request."""

    request: Request
    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""
    """With the transfer coding and the content coding taken off, up to the reader's limit."""
    defects: tuple[Defect, ...] = ()
    verified: bool | None = None
    """Whether the certificate was trusted and named the host; None without TLS."""
    protocol: str = "HTTP/1.1"
    elapsed_s: float = 0.0
    cut: bool = False
    """The body is longer than what was read of it."""
    early: tuple[tuple[int, Headers], ...] = ()
    """The informational answers (1xx) that came first."""

    @property
    def url(self) -> str:
        """The address that was asked."""
        return self.request.url

    @property
    def is_head_whole(self) -> bool:
        """Whether every header was read; where not, one that is missing may have been sent."""
        return not any(defect.kind in CUT_HEADS for defect in self.defects)

    @property
    def is_https(self) -> bool:
        """Whether the answer came over TLS."""
        return is_https(self.request.url)

    @property
    def is_redirect(self) -> bool:
        """Whether a browser goes on from here."""
        return self.status in FOLLOWED and self.first("location") is not None

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of each header of that name, in order, case set aside."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if len(key) == len(wanted) and key.lower() == wanted)

    def first(self, name: str) -> str | None:
        """Return the value of the first header of that name, None without one."""
        return next(iter(self.all(name)), None)

    def joined(self, name: str) -> str | None:
        """Return the values of that name as one list (RFC 9110 section 5.3), None without one."""
        values = self.all(name)
        return ", ".join(values) if values else None

    @property
    def media_type(self) -> str | None:
        """The type without its parameters, in lower case; None where none is given."""
        value = self.first("content-type")
        return value.partition(";")[0].strip().lower() or None if value is not None else None

    @property
    def charset(self) -> str:
        """The encoding that Content-Type names and Python knows, else `utf-8`."""
        for parameter in (self.first("content-type") or "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return _known(value.strip().strip("\"'"))
        return "utf-8"

    @property
    def text(self) -> str:
        """The body as text, what is not of its encoding replaced."""
        return self.body.decode(self.charset, "replace")


def _known(label: str) -> str:
    """Return the codec of an encoding that pages are written in; Python has others, which run code or raise."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return "utf-8"
    return name if _FOR_PAGES.match(name) else "utf-8"


class FailureKind(Enum):
    """Why a request has no answer, or was not sent."""

    UNRESOLVED = "the name has no address"
    REFUSED = "the connection was refused"
    UNREACHABLE = "the host is not reachable"
    TIMEOUT = "no answer came in time"
    TLS = "the TLS handshake failed"
    CLOSED = "the connection was closed before an answer"
    NOT_HTTP = "the answer is not HTTP"
    HEAD = "the head of the answer could not be read to its end"
    TOO_MANY_REDIRECTS = "there were too many redirects"
    BAD_LOCATION = "the redirect names no address that can be asked"
    NOT_ASKED = "the address is outside what may be asked"
    METHOD = "the method may change something and was not allowed"
    BUDGET = "the budget of requests was used up"
    OUT_OF_TIME = "the time of the run was used up"
    STOPPED = "the target had begun to fail and was left alone"


@dataclass(frozen=True, slots=True)
class Failure:
    """A request without an answer, and why."""

    request: Request
    kind: FailureKind
    says: str = ""
    """What the system said of it, in its own words."""
    defects: tuple[Defect, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """One address asked, each redirect followed; ends with an answer or with a failure."""

    hops: tuple[Answer, ...] = ()
    failure: Failure | None = None

    @property
    def last(self) -> Answer | None:
        """The answer at the end; None where the end was not reached."""
        return self.hops[-1] if self.hops and self.failure is None else None

    @property
    def route(self) -> tuple[str, ...]:
        """Each address that was asked or was to be asked, in order."""
        ends = (self.failure.request.url,) if self.failure is not None else ()
        return (*(hop.url for hop in self.hops), *ends)


def is_https(url: str) -> bool:
    """Return whether an address is reached over TLS."""
    return url[:6].lower() == "https:"


def host_of(url: str) -> str:
    """Return the host's name of an address, in lower case, without port and brackets; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
