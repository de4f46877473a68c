"""All that is told of the nginxes of a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.handing import joined
from batten.understand.infrastructure.nouns import Examined
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
    injected.origins_echoed,
)

_EXAMINED = (
    "acl-order", "directory-listing", "header-inheritance", "host-header", "proxy-target", "response-splitting",
    "server-tls/old-version", "server-tls/weak-suite", "served-files", "status-page/nginx", "version-banner/server",
)  # fmt: skip


def facts(ground: Ground) -> Iterator[object]:
    """Yield the parts of each nginx, as the apps behind make them matter."""
    parts: list[object] = []
    held = configurations(ground)
    if held:
        parts.append(Examined(_EXAMINED))
    for configuration in held:
        parts += passages(configuration)
        for told in _FACTS:
            parts += told(configuration)
    yield from joined(parts, ground)
