"""Code opens a bucket, or what it puts there, to everyone.

`ACL="public-read"` on an upload, `put_bucket_acl`, a policy for `Principal: *`, `make_public()`:
from then on anyone may read, without an account. Names in buckets are guessed and listed;
what was uploaded for one customer is then everybody's.

Critical where everyone may write; high for a whole bucket; medium for a single file, which
may be meant for everyone (an image of a page).

Silent for `private`, for lists that name an account, and for values that are not known.

Fix: leave the ACL out; hand out links that expire (`generate_presigned_url`), or let a CDN read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import BucketRight

if TYPE_CHECKING:
    from collections.abc import Iterator

UPLOAD = """\
import boto3


def store(path, name):
    s3 = boto3.client("s3")
    s3.upload_file(path, "shop-invoices", name, ExtraArgs={"ACL": "public-read"})  # <- here
"""

BUCKET = """\
import boto3

boto3.client("s3").put_bucket_acl(Bucket="shop-invoices", ACL="public-read-write")  # <- here
"""

POLICY = """\
import json

import boto3

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*"}],
}
boto3.client("s3").put_bucket_policy(Bucket="shop", Policy=json.dumps(POLICY))  # <- here
"""

GOOGLE = """\
from google.cloud import storage


def share(name):
    storage.Client().bucket("shop-invoices").blob(name).make_public()  # <- here
"""

_OPEN = {
    "public-read": "everyone may read",
    "public-read-write": "everyone may change",
    "authenticated-read": "every account of AWS may read",
}


@rule(
    id="bucket-public/code",
    severity=Severity.HIGH,
    cwe=732,
    over=BucketRight,
    sources=[
        "Amazon S3 user guide, Access control list overview; Canned ACL",
        "boto3 1 docs, S3.Client.put_object",
        "google-cloud-storage 3 docs, Blob.make_public",
    ],
    bad=[
        Bad("an upload", {"job.py": UPLOAD}),
        Bad("a bucket", {"job.py": BUCKET}),
        Bad("a policy", {"job.py": POLICY}),
        Bad("a blob of Google Cloud", {"job.py": GOOGLE}),
    ],
    good=[
        Good("it is private", {"job.py": UPLOAD.replace("public-read", "private")}),
        Good("only who made it", {"job.py": BUCKET.replace("public-read-write", "bucket-owner-full-control")}),
        Good("it denies", {"job.py": POLICY.replace("Allow", "Deny")}),
        Good("it is closed again", {"job.py": GOOGLE.replace("make_public", "make_private")}),
    ],
)
def opened_by_code(given: BucketRight) -> Iterator[Finding]:
    """Yield a finding for each call that lets everyone in."""
    if given.kind == "public":
        yield _finding(given, "everyone may read", Severity.MEDIUM)
        return
    for case in given.right.cases():
        if given.kind == "policy":
            may = "everyone is let in to" if isinstance(case.value, str) and _lets_everyone_in(case.value) else ""
            severity = Severity.HIGH
        else:
            may = _OPEN.get(str(case.value).lower(), "")
            severity = Severity.HIGH if given.kind == "bucket" else Severity.MEDIUM
            severity = Severity.CRITICAL if may.endswith("change") else severity
        if may:
            yield _finding(given, may, severity)
            return


def _finding(given: BucketRight, may: str, severity: Severity) -> Finding:
    bucket = f" in {given.bucket.value!r}" if isinstance(given.bucket.value, str) else ""
    what = "what it stores" if given.kind in ("file", "public") else "the bucket"
    return Finding(
        given.at,
        f"after {given.function}, {may} {what}{bucket}",
        given.right.evidence,
        severity=severity,
        fix=Fix("leave the ACL out; hand out links that expire, or let a CDN read"),
        symbol=given.function,
        proof=may,
    )


def _lets_everyone_in(text: str) -> bool:
    """Return whether a policy holds a statement for everyone without a condition."""
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError):
        return False
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    for one in statements if isinstance(statements, list) else [statements]:
        if isinstance(one, dict) and one.get("Effect") == "Allow" and not one.get("Condition"):
            principal = one.get("Principal")
            who = principal.get("AWS") if isinstance(principal, dict) else principal
            if "*" in (who if isinstance(who, list) else [who]):
                return True
    return False
