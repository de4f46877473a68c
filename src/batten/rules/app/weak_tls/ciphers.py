"""A list of ciphers lets broken ones in.

RC4, DES, 3DES, MD5, export and NULL ciphers can be read; anonymous ones (`aNULL`,
`ADH`) do not say who is at the other end. OpenSSL leaves them out by default;
a list of one's own brings them back, and `@SECLEVEL=0` takes every limit away.

Silent for lists that only name strong ones or take weak ones out (`!aNULL`), and
for a list that is not known.

Fix: delete the call; the defaults of `ssl.create_default_context()` are good.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import TlsCiphers

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import ssl

context = ssl.create_default_context()
context.set_ciphers("HIGH:RC4-SHA:!aNULL")  # <- here
"""

HANDED = """\
def restrict(context):
    context.set_ciphers("DEFAULT:RC4-SHA")  # <- here
"""


@rule(
    id="weak-tls/ciphers",
    severity=Severity.MEDIUM,
    cwe=327,
    over=TlsCiphers,
    sources=["OpenSSL 3 openssl-ciphers(1)", "RFC 7465", "RFC 9325 section 4", "OWASP A02:2025"],
    bad=[
        Bad("one of them is broken", {"job.py": CODE}),
        Bad("no limit at all", {"job.py": CODE.replace("HIGH:RC4-SHA:!aNULL", "DEFAULT:@SECLEVEL=0")}),
        Bad("of a context that is handed in", {"job.py": HANDED}),
        Bad("everything, anonymous ones too", {"job.py": CODE.replace("HIGH:RC4-SHA:!aNULL", "ALL")}),
    ],
    good=[
        Good("the broken one is taken out", {"job.py": CODE.replace("RC4-SHA", "!RC4")}),
        Good("strong ones", {"job.py": CODE.replace("HIGH:RC4-SHA:!aNULL", "ECDHE+AESGCM:ECDHE+CHACHA20")}),
    ],
)
def weak_cipher(list_: TlsCiphers) -> Iterator[Finding]:
    """Yield a finding for a list that lets a broken cipher in."""
    for case in list_.ciphers.cases():
        weak = _weak(case.value)
        if weak:
            yield Finding(
                at=list_.at,
                says=f"{list_.function} allows {weak}",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=Fix("Delete the call, or name strong ciphers only: `ECDHE+AESGCM:ECDHE+CHACHA20`."),
                symbol=list_.function,
                proof=weak,
            )
            return


def _weak(value: object) -> str:
    """Return the first weak entry of an OpenSSL list, nothing where there is none."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    entries = re.split(r"[:, ;]+", text)
    removed = {entry[1:] for entry in entries if entry.startswith("!")}
    for entry in entries:
        if entry in {"@SECLEVEL=0", "@SECLEVEL=1"} or entry.endswith(("@SECLEVEL=0", "@SECLEVEL=1")):
            return entry
        if not entry.startswith(("!", "-", "@")):
            parts = {part for part in re.split(r"[-+_]", entry) if part not in removed}
            if entry not in removed and (parts & _BROKEN or (entry in _ALL and not removed & {"aNULL", "ADH"})):
                return entry
    return ""


_BROKEN = frozenset(
    "RC4 DES 3DES CBC3 NULL eNULL aNULL EXP EXPORT EXPORT40 EXPORT56 LOW MD5 ADH AECDH RC2 IDEA SEED".split()
)
_ALL = frozenset({"ALL", "COMPLEMENTOFDEFAULT", "COMPLEMENTOFALL"})
