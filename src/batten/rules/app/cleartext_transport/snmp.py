"""A device is asked over SNMP without encryption.

Versions 1 and 2c send the community string, which is the password, in every
packet. Version 3 encrypts only with a privacy key, and checks who asks only with
an authentication key. Who reads along can ask the same, and with a community that
may write, change routes.

Silent for a user with both keys.

Fix: `UsmUserData(user, authKey, privKey)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import os

from pysnmp.hlapi import UsmUserData

user = UsmUserData("monitor", os.environ["SNMP_AUTH"])  # <- here
"""

COMMUNITY = """\
import os

from pysnmp.hlapi import CommunityData

community = CommunityData(os.environ["COMMUNITY"], mpModel=0)  # <- here
"""


@rule(
    id="cleartext-transport/snmp",
    severity=Severity.MEDIUM,
    cwe=319,
    over=Link,
    sources=["RFC 3414 section 1.4", "RFC 1157", "pysnmp 7 pysnmp.hlapi.UsmUserData"],
    bad=[
        Bad("version 3 without a privacy key", {"job.py": CODE}),
        Bad("version 1", {"job.py": COMMUNITY}),
        Bad("version 2c, the default", {"job.py": COMMUNITY.replace(", mpModel=0", "")}),
    ],
    good=[
        Good("both keys", {"job.py": CODE.replace('["SNMP_AUTH"]', '["SNMP_AUTH"], os.environ["SNMP_PRIVACY"]')}),
        Good(
            "by name",
            {"job.py": CODE.replace('os.environ["SNMP_AUTH"]', 'authKey=os.environ["A"], privKey=os.environ["P"]')},
        ),
    ],
)
def plain_device(link: Link) -> Iterator[Finding]:
    """Yield a finding for SNMP without encryption."""
    if link.protocol == "snmp":
        yield Finding(
            at=link.at,
            says=f"{link.function} does not encrypt ({link.option})",
            fix=Fix("Use version 3 with an authentication key and a privacy key."),
            symbol=link.function,
            proof=link.option,
        )
