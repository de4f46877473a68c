"""A managed database has a public endpoint because nobody said otherwise.

Azure gives its databases an endpoint on the internet unless `public_network_access_enabled` is
false; the server's own firewall then decides who gets further, and lets nobody in at first.
Told to auditors only.

Silent where it is off, and where the server stands in a subnet of its own.

Fix: `public_network_access_enabled = false` and a private endpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.cloud.nouns import ManagedDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

AZURE = """\
resource "azurerm_mssql_server" "shop" {  # <- here
  name    = "shop"
  version = "12.0"
}
"""


@rule(
    id="cloud-database/endpoint-by-default",
    severity=Severity.LOW,
    cwe=1188,
    over=ManagedDatabase,
    persona="auditor",
    sources=[
        "Amazon RDS user guide, Hiding a DB instance in a VPC from the internet",
        "Cloud SQL docs, Authorize with authorized networks",
        "Azure SQL docs, IP firewall rules",
        "CIS AWS Foundations 3.0, 2.3.3",
    ],
    bad=[
        Bad("Azure SQL", {"main.tf": AZURE}),
    ],
    good=[
        Good("it is off", {"main.tf": AZURE.replace("version", "public_network_access_enabled = false\n  version")}),
    ],
)
def offered_to_everyone(database: ManagedDatabase) -> Iterator[Finding]:
    """Yield a finding for an endpoint that is on by default."""
    for door in database.doors:
        if door.how == "endpoint by default":
            yield Finding(
                door.at,
                f"the {database.product} {database.name} has a public endpoint: {door.says}",
                fix=Fix("`public_network_access_enabled = false`, and a private endpoint for the app"),
                symbol=database.name,
            )
