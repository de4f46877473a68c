"""A managed database lacks encryption, TLS or a password.

What lies on the cloud's disks and in snapshots can be encrypted by a word, and so can what goes
to and fro. None of it is an open door by itself: told to auditors only, once for a database.

Silent where all of it is on, and where a value is not known.

Fix: `storage_encrypted = true` (it cannot be changed later without a copy), TLS for clients, a password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.cloud.nouns import ManagedDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

AWS = """\
resource "aws_db_instance" "shop" {  # <- here
  engine         = "postgres"
  instance_class = "db.t4g.micro"
}
"""


@rule(
    id="cloud-database/unprotected",
    severity=Severity.LOW,
    cwe=311,
    over=ManagedDatabase,
    persona="auditor",
    sources=[
        "Amazon RDS user guide, Hiding a DB instance in a VPC from the internet",
        "Cloud SQL docs, Authorize with authorized networks",
        "Azure SQL docs, IP firewall rules",
        "CIS AWS Foundations 3.0, 2.3.3",
    ],
    bad=[
        Bad("it is not encrypted", {"main.tf": AWS}),
    ],
    good=[
        Good("it is", {"main.tf": AWS.replace("engine ", "storage_encrypted = true\n  engine ")}),
    ],
)
def ordered_without(database: ManagedDatabase) -> Iterator[Finding]:
    """Yield one finding for a database that lacks protections."""
    gaps = [gap for gap in database.gaps if not (gap.what == "TLS" and gap.explicit)]
    if gaps:
        yield Finding(
            gaps[0].at,
            f"the {database.product} {database.name}: {'; '.join(gap.says for gap in gaps)}",
            fix=Fix("turn on encryption at rest, TLS and a password for clients"),
            symbol=database.name,
        )
