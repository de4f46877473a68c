"""A walk through the open doors: each is tried as a visitor would, and so is the hardened twin. No code is ever run."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from batten.collect.host.conversation import identify
from batten.collect.http import Fetcher, consented
from batten.collect.lab import ADDRESS
from batten.model.data import dataclass
from batten.model.lab import Step
from batten.run.lab.lessons import LESSONS
from batten.understand.answers.http import Request
from batten.understand.answers.wish import Wish, get
from batten.understand.services.talk import Manners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.run.lab.lessons import Lesson
    from batten.understand.answers.http import Answer

_FORM = ("Content-Type", "application/x-www-form-urlencoded")
_TAG = re.compile(r"<(script|style|title)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_TOLD = re.compile(r"Traceback \(most recent call last\):\n.*?(?=\n\s*\n|</pre>|-->|$)", re.DOTALL)
_SOURCE = re.compile(r'<pre class="line (before|current|after)">(.*?)</pre>', re.DOTALL)
"""A line of the source around a frame (Werkzeug 3.1 `debug/tbtools.py`)."""
_AROUND = 5
"""Lines that it shows before and after the one that failed."""
_SWITCHES = re.compile(r"EVALEX = true|SECRET = \"[^\"]+\"|The console is locked and needs to be unlocked")
_LINES = 5


@dataclass(frozen=True, slots=True)
class Site:
    """One twin that runs: where its shop and its Redis are."""

    url: str
    cache_port: int | None = None
    no_cache: str = ""


def tour(unlocked: Site, hardened: Site) -> Iterator[Step]:
    """Yield the steps, each tried when it is asked for."""
    with (
        Fetcher([consented(unlocked.url)], active=True) as here,
        Fetcher([consented(hardened.url)], active=True) as there,
    ):
        for lesson in LESSONS:
            if lesson.is_redis:
                got, twin = _redis(unlocked), _redis(hardened)
            else:
                got, twin = _asked(here, unlocked, lesson), _asked(there, hardened, lesson)
            yield Step(lesson.title, lesson.asked, got, twin, _paragraphs(lesson.why), lesson.rules)


def _asked(fetch: Fetcher, site: Site, lesson: Lesson) -> tuple[str, ...]:
    url = site.url.rstrip("/") + lesson.path
    wish = get(url)
    if lesson.form:
        (page,) = fetch([get(url, follow=True)])
        token = _token(page.last)
        body = urlencode({**lesson.form, **({"csrf_token": token} if token else {})}).encode()
        wish = Wish(Request("POST", url, (_FORM, ("Referer", url)), body), follow=True)
    (chain,) = fetch([wish])
    if chain.last is None:
        return ("no answer",)
    return (f"{chain.last.status} {chain.last.reason}".strip(), *_telling(chain.last))


def _telling(answer: Answer) -> list[str]:
    """Return the few lines of an answer that say what it gives away."""
    text = answer.text
    traceback = [found for found in _TOLD.findall(html.unescape(text)) if "File " in found]
    switches = _SWITCHES.findall(text)
    if traceback:
        lines = traceback[-1].rstrip().splitlines()
        return [lines[0], "  ...", *lines[-_LINES + 1 :], *_source(text), *switches]
    if (answer.media_type or "").startswith("text/html"):
        text = html.unescape(_TAG.sub("\n", text))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [*lines[: _LINES + 2], *(["..."] if len(lines) > _LINES + 2 else []), *switches]


def _source(page: str) -> list[str]:
    """Return the source around the last frame, as the debugger's page shows it."""
    lines = [(kind, html.unescape(_TAG.sub("", text)).split("\n")[0].rstrip()) for kind, text in _SOURCE.findall(page)]
    if not lines:
        return []
    last = max(number for number, (kind, _) in enumerate(lines) if kind == "current")
    around = lines[max(0, last - _AROUND) : last + _AROUND + 1]
    return ["the source around it:", *(f"{'>' if kind == 'current' else ' '} {text}" for kind, text in around)]


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split("\n\n"))


def _token(answer: Answer | None) -> str:
    return answer.text.partition('name="csrf_token" value="')[2].partition('"')[0] if answer is not None else ""


def _redis(site: Site) -> tuple[str, ...]:
    if site.cache_port is None:
        return (f"not tried: {site.no_cache}",)
    spoken = identify(ADDRESS, site.cache_port, Manners(logins=False)).spoken
    return (spoken.says,) if spoken is not None else ("no answer",)


def running(port: int) -> Site | None:
    """Return the lab that runs on a port of this machine; None where none does."""
    url = f"http://{ADDRESS}:{port}/"
    with Fetcher([consented(url)], active=True) as fetch:
        (chain,) = fetch([get(url)])
    if chain.last is None or "<title>Chandlery</title>" not in chain.last.text:
        return None
    spoken = identify(ADDRESS, port + 1, Manners(logins=False)).spoken
    return Site(url, port + 1) if spoken is not None else Site(url, None, f"nothing answers on port {port + 1}")
