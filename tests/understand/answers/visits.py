"""Visits written as text: a small site in memory, visited as a probe visits a real one.

A case is a block of lines. A header line changes the page that every case begins with: the first use of a name
replaces its value, a second one adds to it, `- Name` takes it away. Other lines:

    > https GET /home 200 page     another answer follows; `page` gives it the headers of the page
    > http none                    nothing answers over plain http
    ! host shop.example.dev        the site's name (127.0.0.1 else)
    ! cert                         its certificate is not trusted
    ! path /app/                   what is visited
    ! defect                       the bytes of the answer are malformed
    body: TEXT                     the body, as JSON writes a string
    = 115 A+ OUTCOME...            score, letter, and the outcomes that the page alone does not have
    = 125 A+ / 115 A+ OUTCOME...   by algorithm 6, by algorithm 5
    = refused                      no grade
    ? FACT...                      what Batten says beside it
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from batten.understand.answers.http import (
    FOLLOWED,
    Answer,
    Chain,
    Defect,
    DefectKind,
    Failure,
    FailureKind,
    Request,
)
from batten.understand.answers.observatory import PROBE_ORIGIN
from batten.understand.answers.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    (
        "Content-Security-Policy",
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)
BODY = "<!doctype html><title>page</title><p>ok</p>"
PORTS = {"http": 9080, "https": 9443}
MOST_REDIRECTS = 10
CROSSED = ("https://one.probe.example", "https://two.probe.example", "null")


@dataclass
class Planned:
    """An answer that the site gives."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""
    defects: tuple[Defect, ...] = ()


@dataclass
class Case:
    """A site, and what is to be said of it."""

    text: str
    answers: dict[tuple[str, str, str], Planned] = field(default_factory=dict)
    host: str = "127.0.0.1"
    path: str = "/"
    trusted: bool = True
    silent: set[str] = field(default_factory=set)
    expected: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The first line, to find the case by."""
        return self.text.partition("\n")[0][:70]

    def visit(self) -> Visit:
        """Visit the site as a probe does."""
        https = self._follow("GET", self._url("https"))
        http = self._follow("GET", self._url("http"))
        seen = https if https.hops and not _broken(https) else http
        preflight, crossed = None, []
        if seen.hops:
            last = seen.hops[-1].url
            asked = (("Origin", PROBE_ORIGIN), ("Access-Control-Request-Method", "GET"))
            preflight = self._follow("OPTIONS", last, asked)
            got = [self._ask(Request("GET", last, (("Origin", origin),))) for origin in CROSSED]
            crossed = [answer for answer in got if isinstance(answer, Answer)]
        return Visit(self._url("https"), http, https, preflight, tuple(crossed))

    def _url(self, scheme: str) -> str:
        return f"{scheme}://{self.host}:{PORTS[scheme]}{self.path}"

    def _follow(self, method: str, url: str, headers: tuple[tuple[str, str], ...] = ()) -> Chain:
        hops: list[Answer] = []
        while True:
            asked = Request(method, url, headers)
            if len(hops) > MOST_REDIRECTS:
                return Chain(tuple(hops), Failure(asked, FailureKind.TOO_MANY_REDIRECTS))
            answer = self._ask(asked)
            if isinstance(answer, Failure):
                return Chain(tuple(hops), answer)
            hops.append(answer)
            if not answer.is_redirect:
                return Chain(tuple(hops))
            url = urljoin(url, answer.first("location") or "")

    def _ask(self, request: Request) -> Answer | Failure:
        parts = urlsplit(request.url)
        if parts.port not in PORTS.values() or parts.scheme in self.silent:
            return Failure(request, FailureKind.REFUSED)
        verified = self.trusted if parts.scheme == "https" else None
        plan = self.answers.get((parts.scheme, request.method, parts.path))
        if plan is None and request.method == "OPTIONS":
            plan = self.answers.get((parts.scheme, "GET", parts.path))
        if plan is None:
            return Answer(request, 404, headers=(("Content-Type", "text/plain"),), verified=verified)
        sent = dict(request.headers).get("Origin", "null")
        headers = tuple((name, self._filled(value).replace("{origin}", sent).strip()) for name, value in plan.headers)
        body = self._filled(plan.body).encode()
        return Answer(request, plan.status, headers=headers, body=body, defects=plan.defects, verified=verified)

    def _filled(self, text: str) -> str:
        for scheme, port in PORTS.items():
            text = text.replace(f"{{{scheme}}}", f"{scheme}://{self.host}:{port}")
            text = text.replace(f"{{{scheme}_other}}", f"{scheme}://127.0.0.2:{port}")
        return text.replace("{dead}", "https://127.0.0.1:1")


def _broken(chain: Chain) -> bool:
    return chain.failure is not None and chain.failure.kind is not FailureKind.TOO_MANY_REDIRECTS


def cases(text: str) -> Iterator[Case]:
    """Yield the cases of a text; paragraphs that begin with `#` are the reader's."""
    for block in text.strip().split("\n\n"):
        if not block.startswith("#"):
            yield _case(block)


def _case(block: str) -> Case:
    case = Case(block)
    plan = case.answers["https", "GET", "/"] = Planned(200, list(PAGE), BODY)
    used: set[str] = set()
    for line in block.split("\n"):
        mark, _, rest = line.partition(" ")
        if mark == ">":
            plan, used = _planned(case, rest.split()), set()
        elif mark == "!":
            _site(case, plan, *rest.split())
        elif mark == "=":
            case.expected = rest.split()
        elif mark == "?":
            case.facts = rest.split()
        elif mark == "-":
            plan.headers = [one for one in plan.headers if one[0].lower() != rest.lower()]
        elif mark == "body:":
            plan.body = json.loads(rest)
        else:
            _header(plan, used, line)
    if ("http", "GET", case.path) not in case.answers:
        case.answers["http", "GET", case.path] = Planned(301, [("Location", "{https}" + case.path)])
    return case


def _planned(case: Case, words: list[str]) -> Planned:
    if words[1] == "none":
        case.silent.add(words[0])
        return Planned(0)
    scheme, method, path, status, *kind = words
    is_page = kind == ["page"]
    plan = Planned(int(status), list(PAGE) if is_page else [], "" if int(status) in FOLLOWED else BODY)
    case.answers[scheme, method, path] = plan
    return plan


def _site(case: Case, plan: Planned, what: str, value: str = "") -> None:
    if what == "host":
        case.host = value
    elif what == "path":
        case.path = value
        case.answers["https", "GET", value] = case.answers.pop(("https", "GET", "/"))
    elif what == "cert":
        case.trusted = False
    else:
        plan.defects = (Defect(DefectKind[value]),)


def _header(plan: Planned, used: set[str], line: str) -> None:
    name, _, value = line.partition(":")
    if name.lower() not in used:
        plan.headers = [one for one in plan.headers if one[0].lower() != name.lower()]
        used.add(name.lower())
    plan.headers.append((name, value.strip()))
