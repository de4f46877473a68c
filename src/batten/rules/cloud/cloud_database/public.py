"""A managed database can be reached from the internet.

A database is for the app's own machines. With a public address, or a list of networks that
holds everyone, a guessed or leaked password or one hole in the server gives all of the data
to whoever tries, and everyone can try.

Critical; medium where its security groups are in the repository and none of them lets the
internet in, and where only the cloud's own firewall stands before it (Azure's
`public_network_access_enabled`); low for "all of Azure" (0.0.0.0 to 0.0.0.0).

Silent where the address is private and for networks that are named. Azure's endpoint that is
on because nobody says otherwise is told to auditors by `cloud-database/endpoint-by-default`.

Fix: `publicly_accessible = false`; reach it from within, through a VPN, a bastion or a proxy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.cloud.nouns import ManagedDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

AWS = """\
resource "aws_db_instance" "shop" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  publicly_accessible = true  # <- here
  storage_encrypted   = true
}
"""

GOOGLE = """\
resource "google_sql_database_instance" "shop" {
  database_version = "POSTGRES_17"
  settings {
    tier = "db-f1-micro"
    ip_configuration {
      ssl_mode = "ENCRYPTED_ONLY"
      authorized_networks {
        value = "0.0.0.0/0"  # <- here
      }
    }
  }
}
"""

AZURE = """\
resource "azurerm_postgresql_flexible_server_firewall_rule" "all" {
  server_id        = var.server
  start_ip_address = "0.0.0.0"  # <- here
  end_ip_address   = "255.255.255.255"
}
"""

_SEVERITIES = {"cloud tenants": Severity.LOW, "public endpoint": Severity.MEDIUM}


@rule(
    id="cloud-database/public",
    severity=Severity.CRITICAL,
    cwe=668,
    over=ManagedDatabase,
    sources=[
        "Amazon RDS user guide, Hiding a DB instance in a VPC from the internet",
        "Cloud SQL docs, Authorize with authorized networks",
        "Azure SQL docs, IP firewall rules",
        "CIS AWS Foundations 3.0, 2.3.3",
    ],
    bad=[
        Bad("RDS", {"main.tf": AWS}),
        Bad("Cloud SQL", {"main.tf": GOOGLE}),
        Bad("a firewall rule of Azure", {"main.tf": AZURE}),
    ],
    good=[
        Good("it has a private address", {"main.tf": AWS.replace("= true  #", "= false #")}),
        Good("an office", {"main.tf": GOOGLE.replace("0.0.0.0/0", "203.0.113.0/24")}),
        Good(
            "one machine",
            {"main.tf": AZURE.replace("255.255.255.255", "203.0.113.7").replace('"0.0.0.0"', '"203.0.113.7"')},
        ),
    ],
)
def reached_from_outside(database: ManagedDatabase) -> Iterator[Finding]:
    """Yield a finding for each way in from outside."""
    for door in database.doors:
        if door.how != "endpoint by default":
            severity = Severity.MEDIUM if door.contained else _SEVERITIES.get(door.how)
            yield Finding(
                door.at,
                f"the {database.product} {database.name} can be reached from outside: {door.says}",
                door.evidence,
                door.confidence,
                severity,
                Fix("give it a private address, and let in the app's security group or network only"),
                symbol=database.name,
                proof=door.says,
            )
