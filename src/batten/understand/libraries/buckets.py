"""Calls that open a bucket of a cloud, or a file in one, to everyone.

Parameters of boto3 1 (S3) and google-cloud-storage 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.code_facts import use
from batten.understand.evaluate.library import METHODS
from batten.understand.evaluate.objects import Mapping, plain_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import Call
    from batten.understand.evaluate.objects import Abstract

_FILES = {
    "put_object_acl": None,
    "put_object": None,
    "copy_object": None,
    "upload_file": 3,
    "upload_fileobj": 3,
    "copy": 3,
}
"""Methods of S3's client and resource over one file, with the position of `ExtraArgs`."""


def _told(kind: str) -> Callable[[Interpreter, Call, str], None]:
    """Return what notes the ACL that a method is given, by itself or among further arguments."""

    def told(machine: Interpreter, call: Call, dotted: str) -> None:
        name = getattr(getattr(call.node, "func", None), "attr", "") or dotted
        acl: Abstract | None = call.get("ACL")
        more = call.get("ExtraArgs", _FILES.get(name))
        held = plain_object(more) if more is not None else None
        if isinstance(held, Mapping):
            acl = acl or held.cells.get("ACL")
        if acl is not None:
            use(
                machine,
                "bucket right",
                name,
                call.place,
                right=acl,
                what=kind,
                bucket=call.get("Bucket", _BUCKET.get(name)),
            )

    return told


_BUCKET = {"upload_file": 1, "upload_fileobj": 1}


def _policy(machine: Interpreter, call: Call, _dotted: str) -> None:
    policy = call.get("Policy")
    if policy is not None:
        use(
            machine,
            "bucket right",
            "put_bucket_policy",
            call.place,
            right=policy,
            what="policy",
            bucket=call.get("Bucket"),
        )


def _public(machine: Interpreter, call: Call, _dotted: str) -> None:
    """`make_public()` of a bucket or blob of Google Cloud Storage."""
    use(machine, "bucket right", "make_public", call.place, what="public")


for _name in ("put_bucket_acl", "create_bucket"):
    METHODS[_name] = _told("bucket")
for _name in _FILES:
    METHODS[_name] = _told("file")
METHODS["put_bucket_policy"] = _policy
METHODS["make_public"] = _public
