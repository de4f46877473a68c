"""The nouns of a conversation with a service: what to send, what came back, what it tells.

A conversation is a generator: it yields steps, is sent the bytes that came
(empty: none, or the connection ended), and returns what it recognised. It
knows no socket, so it is tested with bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import Enum

from batten.model.data import dataclass

LONGEST = 65_536
"""Bytes of one answer that are read."""


class Auth(Enum):
    """Who is let in."""

    NONE = "none"
    """Whoever connects."""
    DEFAULT = "default"
    """Whoever knows a password that everybody knows, or an empty one."""
    REQUIRED = "required"
    UNKNOWN = "unknown"


def anything(held: bytes) -> bool:
    """Return whether anything came."""
    return bool(held)


def line(held: bytes) -> bool:
    """Return whether a whole line came."""
    return b"\n" in held


@dataclass(frozen=True, slots=True)
class Send:
    """Send bytes (none: only listen) and read until it is enough, or the time is up."""

    data: bytes = b""
    enough: Callable[[bytes], bool] = anything
    wait_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Begin anew on a fresh connection; sent back is `b"ok"`, or nothing where it is refused."""


@dataclass(frozen=True, slots=True)
class StartTls:
    """Speak TLS from here on, whatever certificate is shown; sent back is `b"ok"`, or nothing where that fails."""


Step = Send | Reconnect | StartTls


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a service told of itself."""

    product: str
    """`redis`, `postgres`, `http`, …: the names of `infrastructure.products` where it has one."""
    version: str = ""
    auth: Auth = Auth.UNKNOWN
    login: str = ""
    """The user that was let in without a password or with one that everybody knows."""
    password: str | None = None
    """The password that was taken; None: none was asked for. Only ever one of our own short list."""
    is_superuser: bool | None = None
    """That user may do everything."""
    tls: bool | None = None
    """It offers TLS; None: not asked."""
    says: str = ""
    """What shows it: the answer, in a few words."""


Talk = Generator[Step, bytes, Spoken | None]


@dataclass(frozen=True, slots=True)
class Manners:
    """How far a conversation may go."""

    logins: bool = True
    """Try the few passwords that everybody knows."""
