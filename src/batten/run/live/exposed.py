"""Asks for the files that no site should give away, and for a name beside each that cannot be there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from batten.run.live.siblings import doubles, hit, judge_losses, standing
from batten.understand.answers.links import links
from batten.understand.answers.listings import is_listing, listed
from batten.understand.exposures.entries import Entry, Exposed, entries_for
from batten.understand.exposures.known import copies, known
from batten.understand.exposures.proofs import as_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.run.live.scene import Scene, Stage
    from batten.run.live.siblings import Hit
    from batten.understand.answers.http import Answer, Chain
    from batten.understand.answers.wish import Wish

_WALLS = frozenset({401, 403, 429, 503})
"""What a name that cannot be there is answered where a firewall, a login or a limit stands before everything."""
_FILES = "which files are served"
_TOPIC = "exposed-path"
_MOST_KNOWN, _MOST_ASKED = 12, 15
"""Of a known project: its files, and these with the copies of editors beside them."""
_BESIDE = 6
"""Requests that are kept for names beside what is found."""
_IN_FOLDER = frozenset({"git", "env", "database", "source", "config"})
_WORST = frozenset({"git", "env", "key", "credentials", "database"})
_AT_ROOT = "/"


def exposed(scene: Scene) -> Stage:
    """Ask for every entry; keep what its own content proves, and what no name beside it is answered with as well."""
    asked = list(dict(_wanted(scene)).items())
    nobody = f"/{scene.nobody('/')}"
    first, *chains = yield [_plain(scene, nobody), *(_plain(scene, path) for path, _ in asked)]
    if not _is_wall(scene, first):
        judge_losses(scene, _FILES, chains, _TOPIC)
    hits = list(_hits(asked, chains))
    beside = yield doubles(scene, hits)
    return [_exposed(one) for one in standing(hits, beside) if one.answer.url not in _meant(scene)]


def rarely_exposed(scene: Scene) -> Stage:
    """Ask for the rarer names, as many as what is left of the requests allows."""
    if _TOPIC in scene.unseen:
        return ()
    entries = sorted(_entries(scene), key=lambda entry: entry.kind not in _WORST)
    found = [(_AT_ROOT + path, entry) for entry in entries if not _is_told(scene, entry) for path in entry.rarer]
    asked = found[: max(0, scene.left - _BESIDE)]
    (nobody,) = yield [_plain(scene, f"/{scene.nobody('the end')}")]
    if _is_wall(scene, nobody):
        return ()  # it had not stood there when the probe began
    chains = yield [_plain(scene, path) for path, _ in asked]
    judge_losses(scene, _FILES, chains, _TOPIC)
    hits = list(_hits(asked, chains))
    beside = yield doubles(scene, hits)
    return [_exposed(one) for one in standing(hits, beside)]


def _meant(scene: Scene) -> frozenset[str]:
    """Return what the landing page itself loads or links to: Python that runs in the browser is meant to be read."""
    landing = scene.site().landing
    if landing is None or not landing.is_html or is_listing(landing.answer):
        return frozenset()
    found = links(landing.answer)
    return frozenset((*found.pages, *found.assets))


def _is_told(scene: Scene, entry: Entry) -> bool:
    """Return whether the project is known and so are its names of that kind."""
    return bool(scene.known_files) and entry.is_committed


def _plain(scene: Scene, path: str) -> Wish:
    return scene.wish(path, with_cookies=False)


def _wanted(scene: Scene) -> Iterator[tuple[str, Entry]]:
    """Yield what is asked: the names that are known to be there, then the usual ones; in a folder the worst of them."""
    landing = scene.site().landing
    names = (*scene.known_files, *(listed(landing.answer) if landing is not None else ()))
    exact = [*list(known(names))[:_MOST_KNOWN], *copies(scene.known_files)][:_MOST_ASKED]
    yield from ((_AT_ROOT + path, entry) for path, entry in exact)
    entries = _entries(scene)
    folder = urlsplit(scene.url).path.rpartition("/")[0] + "/"
    if folder != _AT_ROOT:
        yield from ((folder + path, entry) for entry in entries if entry.kind in _IN_FOLDER for path in entry.paths[:1])
    for entry in entries:
        if not _is_told(scene, entry):
            yield from ((_AT_ROOT + path, entry) for path in entry.paths)


def _entries(scene: Scene) -> tuple[Entry, ...]:
    landing = scene.site().landing
    server = landing.answer.first("server") if landing is not None else None
    return entries_for(urlsplit(scene.url).hostname or "", server or "")


def _hits(asked: Sequence[tuple[str, Entry]], chains: Sequence[Chain]) -> Iterator[Hit]:
    found = (hit(entry, path, chain, as_file(entry.proof)) for (path, entry), chain in zip(asked, chains, strict=True))
    return (one for one in found if one is not None)


def _exposed(one: Hit) -> Exposed:
    entry = one.entry
    assert isinstance(entry, Entry)  # noqa: S101 - this stage makes hits of files only
    return Exposed(entry.kind, entry.what, one.answer, one.proved.line, entry.severity or one.proved.severity)


def _is_wall(scene: Scene, first: Chain) -> bool:
    """Note what stands before everything: then nothing can be said of the files behind it."""
    if first.last is None:
        why = first.failure.kind.value if first.failure else "no answer"
        scene.doubt(_FILES, f"a name that cannot be there was not answered: {why}", _TOPIC)
        return True
    status = first.last.status
    if status in _WALLS or (first.last.is_redirect and not _adds_slash(first.last)):
        where = f" to {first.last.first('location')}" if first.last.is_redirect else ""
        means = "every name is sent elsewhere" if where else "a login or a firewall stands before everything"
        why = f"a name that cannot be there is answered {status}{where}: {means}"
        scene.doubt(_FILES, why, _TOPIC)
        return True
    return False


def _adds_slash(answer: Answer) -> bool:
    """Return whether a redirect leads to the same name as a folder's (Django's `APPEND_SLASH`)."""
    there = urlsplit(urljoin(answer.url, answer.first("location") or ""))
    here = urlsplit(answer.url)
    return (there.netloc, there.path) == (here.netloc, f"{here.path}/")
