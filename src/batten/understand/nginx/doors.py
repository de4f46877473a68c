"""Where a server listens, and for which names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.nginx.texts import UNKNOWN

if TYPE_CHECKING:
    from batten.model import Location
    from batten.understand.nginx.scopes import Scope

_PORT = re.compile(
    r"(?:(?P<address>\[[0-9a-fA-F:.]+\]|[\w.*-]+):)?(?P<port>\d{1,5})|(?P<alone>\[[0-9a-fA-F:.]+\]|[\w.*-]+)"
)
_AT_HOME = re.compile(r"(?:.*\.)?(?:localhost|local|test|internal|lan|localdomain)|localhost\..*|127\.[\d.]+")
"""RFC 6761, RFC 6762 and what people use for the same."""


@dataclass(frozen=True, slots=True)
class Listen:
    """One address."""

    port: int | None
    """None: not known, or a socket."""
    tls: bool
    address: str = "*"
    at: Location | None = None
    is_default: bool = False

    @property
    def is_loopback(self) -> bool:
        """Whether only the machine itself connects to it."""
        return self.address.startswith(("127.", "[::1]", "unix:")) or self.address == "localhost"


@dataclass(frozen=True, slots=True)
class Door:
    """The addresses and names of one server."""

    listens: tuple[Listen, ...] = ()
    names: tuple[str, ...] = ()
    at: Location | None = None
    is_known: bool = False

    @property
    def is_loopback(self) -> bool:
        """Whether nobody else reaches it."""
        return bool(self.listens) and all(one.is_loopback for one in self.listens)

    @property
    def is_at_home(self) -> bool:
        """Whether every name is one that only the machine or its network knows: `localhost`, `shop.test`."""
        return bool(self.names) and all(_AT_HOME.fullmatch(name) for name in self.names)

    @property
    def is_tls(self) -> bool:
        """Whether it takes visitors over TLS."""
        return any(one.tls for one in self.listens)

    @property
    def is_plain(self) -> bool:
        """Whether it takes visitors in the clear."""
        return any(not one.tls for one in self.listens)


PLAIN = Listen(80, tls=False)


def doors(server: Scope) -> Door:
    """Return where a server listens; without a word port 80 (nginx 1.22 `ngx_http_core_server`)."""
    if server.kind != "server":
        return Door()
    written = server.here("listen")
    on = server.value("ssl")
    is_tls = on is not None and on.first == "on"  # before nginx 1.25.1
    found = [_listen(one.args, one.at, is_tls=is_tls) for one in written if one.args]
    names = tuple(name.replace(UNKNOWN, "{{…}}") for one in server.here("server_name") for name in one.args)
    return Door(tuple(found) or (PLAIN,), names, server.at, is_known=True)


def _listen(args: tuple[str, ...], at: Location, *, is_tls: bool) -> Listen:
    tls = is_tls or "ssl" in args[1:] or "quic" in args[1:]
    is_default = "default_server" in args[1:] or "default" in args[1:]
    if args[0].startswith("unix:"):
        return Listen(None, tls, args[0], at, is_default)
    match = _PORT.fullmatch(args[0])
    if match is None:
        return Listen(None, tls, at=at, is_default=is_default)
    port = int(match["port"]) if match["port"] else 80
    return Listen(port, tls, match["address"] or match["alone"] or "*", at, is_default)
