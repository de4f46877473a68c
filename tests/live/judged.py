"""What a probe says of a server, and what is expected of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.model import Severity
from batten.run import ProbeRequest, probe

if TYPE_CHECKING:
    from batten.model import Finding, Report

_HEADERS = "csp-missing framing nosniff referrer"
BARE = frozenset(f"security-headers/{name}" for name in _HEADERS.split())
"""What every site is told that sets no header of its own."""
BANNER = frozenset({"version-banner/server"})
"""What a server is told that names its version in each answer, as most do unless they are told not to."""


@dataclass(frozen=True)
class Told:
    """A report, cut down to what the tests ask."""

    report: Report
    seconds: float

    @property
    def rules(self) -> frozenset[str]:
        """The rules of all findings above info."""
        return frozenset(finding.rule for finding in self.report.findings if finding.graded is not Severity.INFO)

    @property
    def unsure(self) -> tuple[str, ...]:
        return tuple(f"{doubt.what}: {doubt.why}" for doubt in self.report.unsure)

    @property
    def requests(self) -> int:
        return sum(int(str(row["requests"])) for row in self.report.http)

    def one(self, rule: str) -> Finding:
        """Return the only finding of a rule."""
        (found,) = (finding for finding in self.report.findings if finding.rule == rule)
        return found


def probed(url: str, **wanted: object) -> Told:
    """Probe a site as `batten probe` does, and return what was said."""
    begun = time.monotonic()
    report = probe(ProbeRequest(urls=(url,), **wanted))  # type: ignore[arg-type]  # named by the test
    return Told(report, time.monotonic() - begun)
