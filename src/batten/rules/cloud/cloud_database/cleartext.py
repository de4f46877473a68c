"""A managed database is told to take connections without TLS.

Passwords and rows then go through the cloud's network, and to every machine that connects from
outside, as they are. Clients choose: one without `sslmode=require` is enough.

Silent where nobody turns it off; a database that was never told to insist is told to auditors
by `cloud-database/unprotected`.

Fix: insist on TLS: `ssl_mode = "ENCRYPTED_ONLY"`, `require_secure_transport` on, `minimum_tls_version = "1.2"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.cloud.nouns import ManagedDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOGLE = """\
resource "google_sql_database_instance" "shop" {
  settings {
    ip_configuration {
      ssl_mode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"  # <- here
    }
  }
}
"""

AZURE = """\
resource "azurerm_mysql_server" "shop" {
  public_network_access_enabled    = false
  ssl_enforcement_enabled          = true
  ssl_minimal_tls_version_enforced = "TLS1_0"  # <- here
}
"""


@rule(
    id="cloud-database/cleartext",
    severity=Severity.MEDIUM,
    cwe=319,
    over=ManagedDatabase,
    sources=[
        "Amazon RDS user guide, Hiding a DB instance in a VPC from the internet",
        "Cloud SQL docs, Authorize with authorized networks",
        "Azure SQL docs, IP firewall rules",
        "CIS AWS Foundations 3.0, 2.3.3",
    ],
    bad=[
        Bad("Cloud SQL takes both", {"main.tf": GOOGLE}),
        Bad("an old TLS", {"main.tf": AZURE}),
    ],
    good=[
        Good("it insists", {"main.tf": GOOGLE.replace("ALLOW_UNENCRYPTED_AND_ENCRYPTED", "ENCRYPTED_ONLY")}),
        Good("a new one", {"main.tf": AZURE.replace("TLS1_0", "TLS1_2")}),
    ],
)
def talks_in_the_clear(database: ManagedDatabase) -> Iterator[Finding]:
    """Yield a finding for each line that turns TLS off."""
    for gap in database.gaps:
        if gap.what == "TLS" and gap.explicit:
            yield Finding(
                gap.at,
                f"the {database.product} {database.name}: {gap.says}",
                fix=Fix("let it insist on TLS 1.2 or newer"),
                symbol=database.name,
                proof=gap.says,
            )
