"""What a run may cost: its own time and memory, and the patience of the server that is asked."""

from __future__ import annotations

from batten.model.data import dataclass

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""They change nothing on a server that keeps to RFC 9110 section 9.2.1."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of one run; what lies beyond them is said, never taken for absent."""

    connect_s: float = 4.0
    """For the connection and its TLS handshake."""
    answer_s: float = 6.0
    """For one answer, from the first byte sent to the last byte read."""
    run_s: float = 40.0
    """For everything."""
    head_bytes: int = 256 * 1024
    """Of status line and headers; Chromium reads as many (HttpStreamParser, kMaxHeaderBufferSize)."""
    headers: int = 2000
    body_bytes: int = 2 * 1024 * 1024
    """Of one body, before and after its coding is taken off."""
    kept_bytes: int = 24 * 1024 * 1024
    """Of all answers together; when they are used up, later bodies are kept to `spare_bytes`."""
    spare_bytes: int = 16 * 1024
    early: int = 16
    """Informational answers before the final one."""
    redirects: int = 10
    """Hops of one chain, as the Observatory follows them."""
    requests: int = 400
    failures: int = 4
    """In a row; then the target is left alone."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard a target is asked."""

    connections: int
    per_second: float
    """0 for as fast as it answers."""
    is_ours: bool
    """A server on this machine: its 5xx and 429 are answers, and no wish to be left alone."""


LOOPBACK = Pace(connections=8, per_second=0, is_ours=True)
POLITE = Pace(connections=2, per_second=5, is_ours=False)
