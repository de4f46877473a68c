"""A bucket's access list lets everyone read or write it.

Names of buckets are guessed and listed by scanners within hours. Whoever may read gets
every file in it (backups, uploads, invoices); whoever may write replaces a script that the
site serves. `authenticated-read` and `allAuthenticatedUsers` mean anyone with an account at
the cloud, which is free.

Critical; medium where the bucket is there for everyone to read (a website, or named
`static`, `assets`, `media`). New buckets of S3 refuse such lists until their public access
block is taken off (since April 2023); older ones do not.

Silent where the public access block of the bucket or the account, `BucketOwnerEnforced`,
`public_access_prevention` or the storage account's own switch keeps it from having effect.

Fix: make it private; serve public files through a CDN that alone may read the bucket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.cloud.bucket_public._words import open_grants
from batten.understand.infrastructure.cloud.nouns import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

S3 = """\
resource "aws_s3_bucket" "invoices" {
  bucket = "shop-invoices"
}

resource "aws_s3_bucket_acl" "invoices" {
  bucket = aws_s3_bucket.invoices.id
  acl    = "public-read"  # <- here
}
"""

BLOCK = """
resource "aws_s3_bucket_public_access_block" "invoices" {
  bucket             = aws_s3_bucket.invoices.id
  block_public_acls  = true
  ignore_public_acls = true
}
"""

GOOGLE = """\
resource "google_storage_bucket_access_control" "everyone" {
  bucket = "shop-invoices"
  role   = "READER"
  entity = "allUsers"  # <- here
}
"""

AZURE = """\
resource "azurerm_storage_account" "shop" {
  name                            = "shop"
  allow_nested_items_to_be_public = true
}

resource "azurerm_storage_container" "invoices" {
  name                  = "invoices"
  storage_account_name  = azurerm_storage_account.shop.name
  container_access_type = "blob"  # <- here
}
"""


@rule(
    id="bucket-public/acl",
    severity=Severity.CRITICAL,
    cwe=732,
    over=Bucket,
    sources=[
        "Amazon S3 user guide, Access control list overview; Blocking public access",
        "Google Cloud Storage docs, Access control lists",
        "Azure Storage docs, Anonymous read access to containers and blobs",
        "CIS AWS Foundations 3.0, 2.1.4",
    ],
    bad=[
        Bad("an access list of S3", {"main.tf": S3}),
        Bad("an entry of Cloud Storage", {"main.tf": GOOGLE}),
        Bad("a container of Azure", {"main.tf": AZURE}),
    ],
    good=[
        Good("it is private", {"main.tf": S3.replace("public-read", "private")}),
        Good("public access is blocked", {"main.tf": S3 + BLOCK}),
        Good("one account", {"main.tf": GOOGLE.replace("allUsers", "user-office@example.com")}),
        Good("the account allows none", {"main.tf": AZURE.replace("= true", "= false")}),
    ],
)
def open_by_list(bucket: Bucket) -> Iterator[Finding]:
    """Yield a finding for each access list that lets everyone in."""
    yield from open_grants(bucket, "acl", "make it private; let a CDN alone read what is meant for everyone")
