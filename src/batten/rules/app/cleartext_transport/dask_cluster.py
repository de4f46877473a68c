"""A Dask cluster accepts links without encryption.

The scheduler and the workers of a cluster send each other code, which they run.
With `require_encryption=False` they also accept links that are neither encrypted nor
checked, whatever certificates are given beside it: who reaches the port runs Python
there.

Silent without the argument: certificates alone make encryption required.

Fix: delete `require_encryption=False`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
from distributed.security import Security

security = Security(tls_ca_file="ca.pem", tls_worker_cert="worker.pem", require_encryption=False)  # <- here
"""


@rule(
    id="cleartext-transport/dask-cluster",
    severity=Severity.HIGH,
    cwe=319,
    over=Link,
    sources=["Dask.distributed 2026.8 distributed.security.Security", "OWASP A02:2025"],
    bad=[Bad("switched off", {"job.py": CODE})],
    good=[
        Good("as it comes", {"job.py": CODE.replace(", require_encryption=False", "")}),
        Good("required", {"job.py": CODE.replace("=False", "=True")}),
    ],
)
def plain_cluster(link: Link) -> Iterator[Finding]:
    """Yield a finding for a cluster that accepts links without encryption."""
    if link.protocol == "dask":
        yield Finding(
            at=link.at,
            says=f"{link.function} accepts links without encryption ({link.option})",
            fix=Fix("Delete `require_encryption=False`."),
            symbol=link.function,
        )
