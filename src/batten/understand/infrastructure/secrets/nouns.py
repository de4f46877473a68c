"""The nouns of secrets in files, which their reader and rules share."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.model import Location, Severity


class Held(Enum):
    """Whether git has a file."""

    COMMITTED = "it is in the repository"
    """It is tracked; without a repository to ask: `.gitignore` does not keep it out."""
    NEXT = "the next `git add .` commits it"
    """It is not tracked, and nothing keeps it out."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a known maker in a file."""

    what: str
    """As a person says it: `a token of GitHub`."""
    text: str
    at: Location
    severity: Severity
    held: Held


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key in a file."""

    what: str
    """As a person says it: `a private key of OpenSSH`."""
    text: str
    """What begins its body."""
    at: Location
    held: Held
    is_encrypted: bool = False
    """It needs a passphrase."""
    is_for_the_desk: bool = False
    """Its file is named for localhost, or for development."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A name and what is written beside it."""

    name: str
    text: str
    at: Location


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A file of settings that holds secrets."""

    path: str
    kind: str
    """`env`: a file of environment variables; `config`: any other."""
    slots: tuple[Slot, ...]
    """At least one; those that nothing else tells."""
    held: Held
