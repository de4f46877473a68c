"""All that a repository deploys; the readers are loaded only where there is something to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.deploy import candidates, development
from batten.understand.deploy.reading import Reading
from batten.understand.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Evidence, Location, Unsure
    from batten.understand.deploy.joined import Join
    from batten.understand.sources import Sources
    from batten.understand.stack import Unit


def resolve(sources: Sources, note: Callable[[Unsure], None]) -> Stack:
    """Return all that the repository deploys; what could not be told goes to `note`."""
    reading = Reading(sources, note)
    found = candidates.find(reading.files())
    units: list[Unit] = []
    installs: list[tuple[str, Location]] = []
    proxies: tuple[Evidence, ...] = ()
    not_deployed = found.not_deployed
    joined: Join | None = None
    if found.is_deployed:
        from batten.understand.deploy import joined as readers  # noqa: PLC0415 - see above

        joined = readers.Join(reading, found)
        joined.run()
        units, aside = development.set_aside(joined.units)
        installs, proxies = joined.installs, tuple(joined.proxies)
        not_deployed = {path: why for path, why in not_deployed.items() if path not in joined.used} | aside
    listed = None
    if found.requirements or installs:
        from batten.understand.deploy.requirements import requirements  # noqa: PLC0415 - see above

        listed = requirements(reading, found.requirements, installs)
    return Stack(
        tuple(units), not_deployed, listed or {}, has_requirements=listed is not None, proxies=proxies, joined=joined
    )
