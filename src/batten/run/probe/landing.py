"""The first stage: the address that was named, redirects followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.answers.site import PageKind

if TYPE_CHECKING:
    from batten.run.probe.scene import Scene, Stage


def landing(scene: Scene) -> Stage:
    """Ask for the address itself, and keep the page where it ends."""
    (chain,) = yield [scene.wish(scene.url, follow=True)]
    scene.show(PageKind.LANDING, chain)
    return ()
