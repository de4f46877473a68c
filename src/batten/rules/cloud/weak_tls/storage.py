"""Storage in a cloud takes TLS 1.0 or 1.1.

Both are withdrawn (RFC 8996): who stands between can weaken them.

Silent where nobody says so, since TLS 1.2 is then the least.

Fix: `min_tls_version = "TLS1_2"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.cloud.nouns import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

AZURE = """\
resource "azurerm_storage_account" "shop" {
  name                            = "shop"
  allow_nested_items_to_be_public = false
  min_tls_version                 = "TLS1_0"  # <- here
}
"""


@rule(
    id="weak-tls/storage",
    severity=Severity.LOW,
    cwe=327,
    over=Bucket,
    sources=[
        "Azure Storage docs, Enforce a minimum required version of TLS",
        "RFC 8996",
        "CIS Azure Foundations 3.0, 4.15",
    ],
    bad=[Bad("an account of Azure", {"main.tf": AZURE})],
    good=[Good("a new one", {"main.tf": AZURE.replace("TLS1_0", "TLS1_2")})],
)
def old_tls(bucket: Bucket) -> Iterator[Finding]:
    """Yield a finding for storage that takes an old TLS."""
    if bucket.oldest_tls is not None:
        version, at = bucket.oldest_tls
        yield Finding(
            at,
            f"the {bucket.kind} {bucket.name} takes {version}",
            fix=Fix('`min_tls_version = "TLS1_2"`'),
            symbol=bucket.name,
        )
