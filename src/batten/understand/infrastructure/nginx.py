"""What the nginxes of a repository do for whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.infrastructure.ground import Ground

_NAME = "nginx"


def read(ground: Ground) -> Iterable[object]:
    """Return what each nginx gives away, whom it lets in, and where it hands requests on."""
    if not ground.files.get(_NAME) and not any(_NAME in place for place in _places(ground)):
        return ()
    from batten.understand.nginx.facts import facts  # noqa: PLC0415 - most repositories have no nginx

    return facts(ground)


def _places(ground: Ground) -> Iterator[str]:
    """Yield what might tell of an nginx without a file of its name: images, and places in them."""
    for container in ground.of(Container):
        yield container.product
        yield from (mount.target for mount in container.mounts)
    stages = [container.stage for container in ground.of(Container)]
    for stage in (*stages, *(ground.joined.stages.values() if ground.joined is not None else ())):
        if stage is not None:
            yield from (stage.base, *(place for place, _ in stage.mounts), *stage.written)
