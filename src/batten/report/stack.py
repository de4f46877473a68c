"""The stack as text: what runs, which doors lead in, who talks to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.report.style import Look

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.model import Box, Link, Picture

_LAST = ("other", "worker")


def render(
    picture: Picture,
    *,
    color: bool = False,
    width: int = 80,
    links: bool = False,
    ascii: bool = False,  # noqa: A002 - the word for it
) -> str:
    """Return the picture as text for a person; what is reached from outside comes first."""
    look = Look(color=color, width=width, links=links, ascii=ascii)
    if not picture.boxes:
        return look.finish("no deployment file of this repository says what runs\n")
    blocks = ["\n".join(_box(box, picture, look)) for box in ordered(picture)]
    return look.finish("\n\n".join(blocks) + "\n")


def ordered(picture: Picture) -> list[Box]:
    """Return the boxes from the outside in: those with open doors, then those that they lead to."""
    boxes = {box.name: box for box in picture.boxes}
    waiting = [box.name for box in picture.boxes if any(door.is_open for door in box.doors)]
    waiting = [*(n for n in waiting if boxes[n].kind == "proxy"), *(n for n in waiting if boxes[n].kind != "proxy")]
    found: dict[str, None] = {}
    rest = [box.name for kind in (False, True) for box in picture.boxes if (box.kind in _LAST) is kind]
    while waiting or len(found) < len(boxes):
        name = waiting.pop(0) if waiting else next(name for name in rest if name not in found)
        if name not in found:
            found[name] = None
            waiting += [link.end for link in picture.links if link.begin == name and link.end in boxes]
    return [boxes[name] for name in found]


def _box(box: Box, picture: Picture, look: Look) -> Iterator[str]:
    place = f" ({box.at})" if box.at else ""
    title = look.paint(look.clean(box.name), "strong")
    yield f"{title}  {look.clean(f'{box.kind}, {box.runs}' if box.runs and box.runs != box.kind else box.kind)}{place}"
    for door in box.doors:
        inside = f" → {door.inside}" if door.inside is not None and door.inside != door.port else ""
        word, meaning = ("open ", "high") if door.is_open else ("local", "good")
        said = f"{door}{inside}" if door.address else "the platform's router"
        yield f"  {look.paint(word, meaning)} {look.clean(said)}{f' ({door.at})' if door.at else ''}"
    if not box.doors:
        yield f"  {look.paint('inside', 'good')} nothing is published"
    for said in box.says:
        yield from _wrapped("  ", said, look)
    yield from _leads(box, picture.links, look)


def _leads(box: Box, links: Iterable[Link], look: Look) -> Iterator[str]:
    for link in links:
        if link.begin == box.name:
            how = f" {link.says}" if link.says else "" if link.is_known else " (they share a network)"
            yield from _wrapped("  → ", f"{link.end}{how}", look)


def _wrapped(lead: str, text: str, look: Look) -> Iterator[str]:
    first, *more = look.wrap(text, len(lead))
    yield f"{lead}{first}"
    yield from (f"{' ' * len(lead)}{part}" for part in more)
