"""All that is told of the nginxes of a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.handing import joined
from batten.understand.nginx import guarded, injected, settings, trees
from batten.understand.nginx.configurations import configurations
from batten.understand.nginx.passages import passages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.ground import Ground

_FACTS = (
    trees.trees,
    trees.listings,
    guarded.loose_aliases,
    guarded.holes,
    guarded.status_pages,
    settings.dropped,
    settings.tls_terms,
    settings.banners,
    settings.open_bodies,
    settings.plain_doors,
    settings.without_hsts,
    injected.chosen_targets,
    injected.spliced,
    injected.hosts_passed,
)


def facts(ground: Ground) -> Iterator[object]:
    """Yield the parts of each nginx, as the apps behind make them matter."""
    parts: list[object] = []
    for configuration in configurations(ground):
        parts += passages(configuration)
        for told in _FACTS:
            parts += told(configuration)
    yield from joined(parts, ground)
