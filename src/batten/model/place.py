"""Where a thing is, and what was seen there."""

from __future__ import annotations

from dataclasses import replace

from batten.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A line of a file, an environment variable, a URL or a port."""

    file: str | None = None
    """Path relative to the audited directory, with forward slashes."""
    line: int | None = None
    """Counts from 1."""
    column: int | None = None
    """Counts from 1."""
    end_line: int | None = None
    end_column: int | None = None
    """The column after the last character, counts from 1."""
    variable: str | None = None
    """An environment variable given on the command line."""
    url: str | None = None
    port: int | None = None

    def __str__(self) -> str:
        """Return the place as a person would write it: `config.py:12`."""
        if self.file is not None:
            return f"{self.file}:{self.line}" if self.line else self.file
        if self.variable is not None:
            return f"--env {self.variable}"
        if self.url is not None:
            return self.url
        return f"port {self.port}" if self.port is not None else "nowhere"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing seen at a location; a trace is a tuple of them."""

    at: Location
    says: str
    """What is so there, in a few words: `set here`, `default`."""
    value: str | None = None
    """The value seen there, as Python writes it."""
    secret: bool = False
    """The value must never be shown."""
    source: str | None = None
    """The line itself, secrets masked; filled in when the report is made."""

    @property
    def text(self) -> str:
        """The sentence for the reader, a secret value masked."""
        if self.value is None:
            return self.says
        return f"{self.says} {mask(self.value) if self.secret else self.value}"

    def hidden(self) -> Evidence:
        """Return the same evidence with its value marked as secret."""
        return self if self.secret or self.value is None else replace(self, secret=True)

    def bared(self) -> Evidence:
        """Return the same evidence with its value no longer marked as secret."""
        return replace(self, secret=False) if self.secret else self


def mask(shown: str) -> str:
    """Return what may be said of a secret: its kind and length, never its text."""
    text = shown[1:-1] if len(shown) > 1 and shown[0] == shown[-1] and shown[0] in "'\"" else shown
    if not text:
        return "''"
    return f"*** ({len(text)} characters)"
