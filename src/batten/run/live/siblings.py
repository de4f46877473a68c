"""A name beside each that was asked for, which cannot be there: what both are answered alike proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.run.live.scene import Scene
    from batten.understand.answers.http import Answer, Chain
    from batten.understand.answers.wish import Wish
    from batten.understand.exposures.proofs import Proof, Proved

_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer that its own content proves to be what was asked for."""

    entry: object
    """What was looked for."""
    path: str
    """From the root, with its query."""
    answer: Answer
    proved: Proved
    proof: Proof


def hit(entry: object, path: str, chain: Chain, proof: Proof) -> Hit | None:
    """Return the hit that an answer is, None where it proves nothing."""
    proved = proof(chain.last) if chain.last is not None else None
    return Hit(entry, path, chain.last, proved, proof) if chain.last is not None and proved is not None else None


def doubles(scene: Scene, hits: Sequence[Hit]) -> list[Wish]:
    """Return the wish for a name beside each hit."""
    return [scene.wish(sibling(scene, one.path), *one.answer.request.headers, with_cookies=False) for one in hits]


def standing(hits: Sequence[Hit], chains: Sequence[Chain]) -> Iterator[Hit]:
    """Yield the hits that a name which cannot be there is not answered like."""
    for one, chain in zip(hits, chains, strict=True):
        if chain.last is not None and one.proof(chain.last) is None:
            yield one


def sibling(scene: Scene, path: str) -> str:
    """Return a name in the same folder, with the same ending and query, that cannot be there.

    Names of one folder and ending share theirs, so that it is asked once. The
    last segment that has a name counts: beside `/admin/` stands another folder.
    """
    bare, mark, query = path.partition("?")
    if bare == "/":
        return f"/{scene.nobody('/')}{mark}{query}"
    end = "/" if bare.endswith("/") else ""
    folder, slash, name = bare.removesuffix("/").rpartition("/")
    dot = "." if name.startswith(".") else ""
    stem, point, ending = name.removeprefix(".").rpartition(".")
    kept = point + ending if stem else ""
    return folder + slash + dot + scene.nobody(f"{folder}/{dot}*{kept}{end}") + kept + end + mark + query


def judge_losses(scene: Scene, what: str, chains: Sequence[Chain], *topics: str) -> None:
    """Note answers that did not come, or came as a limit: what they would have shown is not known."""
    limited = sum(1 for chain in chains if chain.last is not None and chain.last.status == _TOO_MANY)
    silent = sum(1 for chain in chains if chain.last is None)
    for count, says in ((limited, "answered 429, too many requests"), (silent, "not answered")):
        if count:
            scene.doubt(what, f"{count} of {len(chains)} requests were {says}", *topics)
