"""Asks for the files that no site should give away, and for a name beside each that cannot be there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from batten.model.data import dataclass
from batten.understand.exposures.entries import ENTRIES, Exposed
from batten.understand.exposures.proofs import is_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.run.live.scene import Scene, Stage
    from batten.understand.answers.http import Answer, Chain
    from batten.understand.answers.wish import Wish
    from batten.understand.exposures.entries import Entry
    from batten.understand.exposures.proofs import Proved

_WALLS = frozenset({401, 403, 429, 503})
"""What a name that cannot be there is answered where a firewall, a login or a limit stands before everything."""
_TOO_MANY = 429
_SEVERAL = 3
_FILES = "which files are served"
_TOPIC = "exposed-path"


@dataclass(frozen=True, slots=True)
class _Hit:
    entry: Entry
    path: str
    answer: Answer
    proved: Proved


def exposed(scene: Scene) -> Stage:
    """Ask for every entry; keep what its own content proves, and what no name beside it is answered with as well."""
    asked = [(entry, base + path) for base in _bases(scene) for entry in ENTRIES for path in entry.paths]
    nobody = f"/{scene.nobody('/')}"
    first, *chains = yield [_plain(scene, nobody), *(_plain(scene, path) for _, path in asked)]
    _judge_walls(scene, first, chains)
    hits = list(_hits(asked, chains))
    beside = yield [_plain(scene, _beside(scene, hit.path)) for hit in hits]
    return [_exposed(hit) for hit, chain in zip(hits, beside, strict=True) if not _proves_nothing(hit, chain)]


def _plain(scene: Scene, path: str) -> Wish:
    return scene.wish(path, with_cookies=False)


def _bases(scene: Scene) -> Iterator[str]:
    """Yield where the site begins: the root, and the folder of the address that was named."""
    yield "/"
    folder = urlsplit(scene.url).path.rpartition("/")[0] + "/"
    if folder != "/":
        yield folder


def _hits(asked: Sequence[tuple[Entry, str]], chains: Sequence[Chain]) -> Iterator[_Hit]:
    for (entry, path), chain in zip(asked, chains, strict=True):
        answer = chain.last
        if answer is not None and is_file(answer):
            proved = entry.proof(answer)
            if proved is not None:
                yield _Hit(entry, path, answer, proved)


def _proves_nothing(hit: _Hit, beside: Chain) -> bool:
    """Return whether a name that cannot be there is answered alike: then the answer says nothing of the file."""
    answer = beside.last
    return answer is None or (is_file(answer) and hit.entry.proof(answer) is not None)


def _exposed(hit: _Hit) -> Exposed:
    severity = hit.entry.severity or hit.proved.severity
    return Exposed(hit.entry.kind, hit.entry.what, hit.answer, hit.proved.line, severity)


def _beside(scene: Scene, path: str) -> str:
    """Return a name in the same folder, with the same ending, that cannot be there."""
    folder, slash, name = path.rpartition("/")
    dot = "." if name.startswith(".") else ""
    stem, mark, ending = name.removeprefix(".").rpartition(".")
    return folder + slash + dot + scene.nobody(path) + (mark + ending if stem else "")


def _judge_walls(scene: Scene, first: Chain, chains: Sequence[Chain]) -> None:
    """Note what stands before everything: then nothing can be said of the files behind it."""
    if first.last is None:
        why = first.failure.kind.value if first.failure else "no answer"
        scene.doubt(_FILES, f"a name that cannot be there was not answered: {why}", _TOPIC)
        return
    status = first.last.status
    if status in _WALLS or first.last.is_redirect:
        where = f" to {first.last.first('location')}" if first.last.is_redirect else ""
        why = f"a name that cannot be there is answered {status}{where}: a login or a firewall stands before everything"
        scene.doubt(_FILES, why, _TOPIC)
        return
    limited = sum(1 for chain in chains if chain.last is not None and chain.last.status == _TOO_MANY)
    silent = sum(1 for chain in chains if chain.last is None)
    for count, says in ((limited, "answered 429, too many requests"), (silent, "not answered")):
        if count >= _SEVERAL:
            scene.doubt(_FILES, f"{count} of {len(chains)} requests were {says}", _TOPIC)
