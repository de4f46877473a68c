"""What the rules over a site's TLS share: where it is, and what was seen there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Evidence, Finding, Fix, Location, Severity

if TYPE_CHECKING:
    from batten.understand.answers.tls import TlsAnswer

_HTTPS = 443


def where(seen: TlsAnswer) -> Location:
    """Return the address whose TLS was seen."""
    host = f"[{seen.host}]" if ":" in seen.host else seen.host
    return Location(url=f"https://{host}" + ("" if seen.port == _HTTPS else f":{seen.port}"))


def told(seen: TlsAnswer, says: str, shown: str, fix: str, symbol: str, severity: Severity | None = None) -> Finding:
    """Return the finding on a site's TLS."""
    at = where(seen)
    return Finding(at=at, says=says, evidence=(Evidence(at, shown),), severity=severity, fix=Fix(fix), symbol=symbol)


def is_own(seen: TlsAnswer) -> bool:
    """Return whether the address is this machine's own, where certificates are made by hand."""
    return seen.host in ("localhost", "::1") or seen.host.startswith("127.") or seen.host.endswith(".localhost")
