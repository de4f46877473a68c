"""Storage in a cloud answers without TLS.

A request over plain HTTP shows its key or token and the file to everyone on the way, and lets
them change what comes back.

Silent where it insists on HTTPS, which is the default.

Fix: `https_traffic_only_enabled = true`.
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
  https_traffic_only_enabled      = false  # <- here
}
"""


@rule(
    id="cleartext-transport/storage",
    severity=Severity.LOW,
    cwe=319,
    over=Bucket,
    sources=["Azure Storage docs, Require secure transfer", "CIS Azure Foundations 3.0, 4.1"],
    bad=[Bad("an account of Azure", {"main.tf": AZURE})],
    good=[Good("it insists", {"main.tf": AZURE.replace("= false  #", "= true  #")})],
)
def plain_storage(bucket: Bucket) -> Iterator[Finding]:
    """Yield a finding for storage that answers without TLS."""
    if bucket.plain is not None:
        yield Finding(
            bucket.plain,
            f"the {bucket.kind} {bucket.name} answers without TLS",
            fix=Fix("`https_traffic_only_enabled = true`"),
            symbol=bucket.name,
        )
