"""A bucket's policy lets everyone read or write it.

A statement that allows `Principal: *` and has no condition on who asks, or a role that is
given to `allUsers`, opens every file that its resource names: to anyone, without an account.

Critical; medium where the bucket is there for everyone to read (a website, or named
`static`, `assets`, `media`).

Silent for statements that deny, for those that a condition ties to a network, an account, an
organisation or a distribution (`aws:SourceIp`, `aws:SourceVpce`, `aws:PrincipalOrgID`,
`aws:SourceArn`), for a CDN's own identity, and where public policies are blocked.

Fix: name who may (`Principal = { Service = "cloudfront.amazonaws.com" }` with `aws:SourceArn`).
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

resource "aws_s3_bucket_policy" "invoices" {
  bucket = aws_s3_bucket.invoices.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"  # <- here
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.invoices.arn}/*"
    }]
  })
}
"""

CONDITION = """\
      Condition = { StringEquals = { "aws:SourceVpce" = "vpce-1a2b3c4d" } }
    }]
"""

DOCUMENT = """\
data "aws_iam_policy_document" "invoices" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]  # <- here
    }
  }
}

resource "aws_s3_bucket_policy" "invoices" {
  bucket = "shop-invoices"
  policy = data.aws_iam_policy_document.invoices.json
}
"""

GOOGLE = """\
resource "google_storage_bucket_iam_member" "everyone" {
  bucket = "shop-invoices"
  role   = "roles/storage.objectViewer"
  member = "allUsers"  # <- here
}
"""


@rule(
    id="bucket-public/policy",
    severity=Severity.CRITICAL,
    cwe=732,
    over=Bucket,
    sources=[
        'Amazon S3 user guide, The meaning of "public"',
        "Google Cloud Storage docs, Making data public",
        "CIS AWS Foundations 3.0, 2.1.4",
    ],
    bad=[
        Bad("a policy of S3", {"main.tf": S3}),
        Bad("the same as a document", {"main.tf": DOCUMENT}),
        Bad("a role of Cloud Storage", {"main.tf": GOOGLE}),
    ],
    good=[
        Good("it denies", {"main.tf": S3.replace('"Allow"', '"Deny"')}),
        Good("a condition names the network", {"main.tf": S3.replace("    }]\n", CONDITION)}),
        Good("one account", {"main.tf": DOCUMENT.replace('identifiers = ["*"]', 'identifiers = ["111122223333"]')}),
        Good("one member", {"main.tf": GOOGLE.replace("allUsers", "group:office@example.com")}),
    ],
)
def open_by_policy(bucket: Bucket) -> Iterator[Finding]:
    """Yield a finding for each policy that lets everyone in."""
    yield from open_grants(bucket, "policy", "name who may, or add a condition on who asks")
