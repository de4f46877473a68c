"""Everything that a probe asked one address, side by side over http and https."""

from __future__ import annotations

from batten.model.data import dataclass
from batten.understand.answers.http import Answer, Chain, host_of


@dataclass(frozen=True, slots=True)
class Visit:
    """One address visited: over both schemes, with a preflight, and as pages of foreign origins would ask."""

    target: str
    """The address that was named, absolute."""
    http: Chain | None = None
    """The chain that begins over plain http; None where it was not asked."""
    https: Chain | None = None
    """The chain that begins over https; None where it was not asked."""
    preflight: Chain | None = None
    """An OPTIONS to the last address, with `Origin` and `Access-Control-Request-Method: GET`."""
    crossed: tuple[Answer, ...] = ()
    """The same page got with other values of `Origin`."""

    @property
    def host(self) -> str:
        """The host that was named."""
        return host_of(self.target)

    @property
    def page(self) -> Answer | None:
        """What a visitor sees in the end: over https if there is an answer, else over http."""
        for chain in (self.https, self.http):
            if chain is not None and chain.last is not None:
                return chain.last
        return None
