"""Asks whether the site does what visitors should not be able to: echo a request, or keep a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.answers.methods import SeenPut, SeenTrace, is_echo

if TYPE_CHECKING:
    from batten.run.live.scene import Scene, Stage

_KEPT = frozenset({200, 201, 204})
_HEADER = "X-Batten"


def methods(scene: Scene) -> Stage:
    """Send a TRACE, and a PUT of one small file, which is taken away again; only where that was allowed."""
    if not scene.active:
        return ()
    mark = scene.nobody("methods")
    path = f"/batten-{mark}.txt"
    echo, kept = yield [
        scene.wish("/", (_HEADER, mark), method="TRACE", with_cookies=False),
        scene.wish(path, ("Content-Type", "text/plain"), method="PUT", body=mark.encode(), with_cookies=False),
    ]
    found: list[object] = []
    if echo.last is not None and is_echo(echo.last, _HEADER, mark):
        found.append(SeenTrace(echo.last))
    if kept.last is None or kept.last.status not in _KEPT:
        return found
    (held,) = yield [scene.wish(path, with_cookies=False)]
    if held.last is None or held.last.text.strip() != mark:
        return found
    yield [scene.wish(path, method="DELETE", with_cookies=False)]
    (left,) = yield [scene.wish(path, ("Cache-Control", "no-cache"), with_cookies=False)]
    is_left = left.last is not None and left.last.text.strip() == mark
    return [*found, SeenPut(kept.last, held.last, is_left=is_left)]
