"""Nothing would keep a later mistake from opening a bucket.

One line in a policy or one click in a console makes a bucket public. The cloud has a switch
above both that refuses it: the public access block of S3, `public_access_prevention` of
Cloud Storage, `allow_nested_items_to_be_public` of an Azure storage account. New buckets of
S3 have it on by themselves since April 2023, so this is told to auditors only.

Silent where all of the switches are on, for the bucket or the whole account, where one is not
known, and where the bucket is open: that is told by itself.

Fix: an `aws_s3_bucket_public_access_block` with all four set to true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.cloud.nouns import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

S3 = """\
resource "aws_s3_bucket" "invoices" {  # <- here
  bucket = "shop-invoices"
}
"""

BLOCK = """
resource "aws_s3_bucket_public_access_block" "invoices" {
  bucket                  = aws_s3_bucket.invoices.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
"""

GOOGLE = """\
resource "google_storage_bucket" "invoices" {
  name                     = "shop-invoices"
  public_access_prevention = "inherited"  # <- here
}
"""


@rule(
    id="bucket-public/unshielded",
    severity=Severity.LOW,
    cwe=1188,
    over=Bucket,
    persona="auditor",
    sources=[
        "Amazon S3 user guide, Blocking public access to your Amazon S3 storage",
        "Google Cloud Storage docs, Public access prevention",
        "CIS AWS Foundations 3.0, 2.1.4",
    ],
    bad=[Bad("S3", {"main.tf": S3}), Bad("Cloud Storage", {"main.tf": GOOGLE})],
    good=[
        Good("all four are on", {"main.tf": S3 + BLOCK}),
        Good(
            "it is open, which is another finding",
            {"main.tf": S3.replace("bucket =", 'acl = "public-read"\n  bucket =')},
        ),
        Good("it is enforced", {"main.tf": GOOGLE.replace("inherited", "enforced")}),
    ],
)
def nothing_above_it(bucket: Bucket) -> Iterator[Finding]:
    """Yield one finding for a bucket that nothing shields."""
    if bucket.gaps and not any(grant.blocked is False for grant in bucket.grants):
        says = ", ".join(gap for gap, _ in bucket.gaps)
        yield Finding(
            bucket.gaps[0][1],
            f"the {bucket.kind} {bucket.name} could be opened by mistake: {says}",
            fix=Fix("block public access: all four switches of aws_s3_bucket_public_access_block, or the cloud's own"),
            symbol=bucket.name,
        )
