"""Makes the site fail, a little: bad names, types, encodings and lengths at what it links to itself.

Everything is a GET; where the user allows it (`active`), a few forms are sent with values that no form takes, and a
method that no server knows. What comes back is read for a debug page, a traceback or a driver's words; and each answer
that failed is kept as an error page, whose headers count like any other's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from batten.run.live.crawl import shape
from batten.understand.answers.links import may_change
from batten.understand.answers.site import PageKind
from batten.understand.answers.traces import SeenDebugger, console_in, is_console, is_debugger_script, trace_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.run.live.scene import Scene, Stage
    from batten.understand.answers.wish import Wish

_MOST = 24
"""Requests that are to fail, beside those that every site gets."""
_OTHERS = 9
"""Those that every site gets."""
_LOGINS = 20
"""What the logins, which come later, mostly take."""
_MOST_SENT = 6
"""Requests that send something."""
_PAGES = 2
"""Error pages that are kept, for their headers."""
_ODD = ("x'\"", "-1", "9" * 25, "%ff", "[]")
_FAILED = 400
_FORM = ("Content-Type", "application/x-www-form-urlencoded")
_HTML = ("Accept", "text/html,application/xhtml+xml")


def errors(scene: Scene) -> Stage:
    """Provoke errors, and return what their answers give away."""
    sent = list(_sent(scene))[:_MOST_SENT] if scene.active else []
    wishes = [*_everywhere(scene), *sent, *list(_linked(scene))[: _most(scene)]]
    chains = yield wishes
    traces = [trace for chain in chains if chain.last is not None and (trace := trace_in(chain.last))]
    silent = [chain for chain in chains if chain.last is None]
    if 2 * len(silent) > len(chains):
        failure = silent[-1].failure
        why = f"{len(silent)} of {len(chains)} requests were not answered: {failure.kind.value if failure else '-'}"
        scene.doubt("what an error gives away", why, "debug-mode", "verbose-errors")
    failed = [chain for chain in chains if chain.last is not None and chain.last.status >= _FAILED]
    for chain in failed[:_PAGES]:
        scene.show(PageKind.ERROR, chain)
    return traces


def _most(scene: Scene) -> int:
    """Return how many of the site's own addresses are made to fail, of what is left of the requests."""
    return max(0, min(_MOST, scene.left - _OTHERS - (_LOGINS + _MOST_SENT if scene.active else 0)))


def debugger(scene: Scene) -> Stage:
    """Ask for the script of Werkzeug's debugger, which answers on any address, and for its console.

    Nothing has to fail for that, and the PIN does not matter (Werkzeug 3.1 `DebuggedApplication.__call__`).
    """
    address = scene.url.partition("?")[0]
    query = "__debugger__=yes&cmd=resource&f="
    wishes = [
        scene.wish(f"{address}?{query}debugger.js", with_cookies=False),
        scene.wish(f"{address}?{query}{scene.nobody(query)}.js", with_cookies=False),
        scene.wish("/console", with_cookies=False),
    ]
    script, beside, console = yield wishes
    if script.last is None or not is_debugger_script(script.last):
        return ()
    if beside.last is not None and is_debugger_script(beside.last):
        return ()
    page = console.last if console.last is not None and is_console(console.last) else None
    before = console_in(page.text) if page is not None else ""
    return [SeenDebugger(page or script.last, before)]


def _everywhere(scene: Scene) -> Iterator[Wish]:
    """Yield what every site is asked: a name that is not there, bytes that are no text, a name that is too long."""
    nobody = scene.nobody("errors")
    yield scene.wish(f"/{nobody}", _HTML)
    yield scene.wish(f"/{nobody}.json")
    yield scene.wish(f"/%ff%fe{nobody}", _HTML)
    yield scene.wish(f"/%00{nobody}", _HTML)
    yield scene.wish(f"/?{nobody}=%ff&{nobody}[]=1", _HTML)
    yield scene.wish("/" + "a" * 6000, _HTML)
    yield scene.wish(scene.url, ("Host", "batten-odd_host.example"), _HTML)
    yield scene.wish(scene.url, ("Cookie", "session=batten; sessionid=batten; csrftoken=x"), _HTML, with_cookies=False)
    yield scene.wish(scene.url, ("Range", "bytes=batten"), ("If-Modified-Since", "batten"), _HTML)


def _linked(scene: Scene) -> Iterator[Wish]:
    """Yield the site's own addresses with values of another kind, each shape of address once."""
    told: set[tuple[str, ...]] = set()
    queries: list[str] = []
    paths: list[str] = []
    for url in scene.links.pages:
        if shape(url) in told:
            continue
        told.add(shape(url))
        (queries if urlsplit(url).query else paths).append(url)
    forms = [form for form in scene.links.forms if form.method == "GET"]
    for odd in _ODD:
        yield from (scene.wish(address, _HTML) for url in queries for address in _with_query(url, odd))
        for form in forms:
            yield scene.wish(_asking(form.action, [(field.name, odd) for field in form.fields]), _HTML)
        yield from (scene.wish(address, _HTML) for url in paths for address in _with_segment(url, odd))
    yield from (scene.wish(form.action.partition("?")[0], _HTML) for form in forms)


def _sent(scene: Scene) -> Iterator[Wish]:
    """Yield an odd method, and the site's forms with odd values and with none; no login, and none that takes away."""
    yield scene.wish(scene.url, _HTML, method="BATTEN")
    for form in scene.links.forms:
        is_login = any(field.kind == "password" for field in form.fields)
        if form.method != "POST" or is_login or may_change(form.action):
            continue
        tokens = [(field.name, field.value) for field in form.fields if field.kind == "hidden"]
        odd = [(field.name, _ODD[0]) for field in form.fields if field.kind not in {"hidden", "file"}]
        for pairs in (tokens + odd, tokens):
            body = urlencode(pairs).encode()
            yield scene.wish(form.action, _HTML, _FORM, ("Referer", form.page), method="POST", body=body)


def _with_query(url: str, odd: str) -> Iterator[str]:
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    for index, (name, _) in enumerate(pairs):
        yield _asking(url, [*pairs[:index], (name, odd), *pairs[index + 1 :]])


def _with_segment(url: str, odd: str) -> Iterator[str]:
    """Yield the address with its last number replaced."""
    parts = urlsplit(url)
    words = parts.path.split("/")
    numbers = [index for index, word in enumerate(words) if word.isdigit()]
    if numbers:
        words[numbers[-1]] = odd if odd.startswith("%") else odd.replace('"', "%22").replace("'", "%27")
        yield f"{parts.scheme}://{parts.netloc}{'/'.join(words)}"


def _asking(url: str, pairs: list[tuple[str, str]]) -> str:
    query = urlencode([(name, value) for name, value in pairs if not value.startswith("%")])
    raw = "&".join(f"{name}={value}" for name, value in pairs if value.startswith("%"))
    return url.partition("?")[0] + "?" + "&".join(part for part in (query, raw) if part)
