"""An SSH client believes any host.

SSH has no authorities: the key that was seen before is all that tells a host
from whoever answers in its place. `AutoAddPolicy` and `WarningPolicy` take any
key of an unknown host, so the password goes to whoever stands between, and the
files and commands come from there.

High where nothing is known and everything is believed; medium where known hosts
were loaded first: a key that changed is then refused, a new host is not.

Silent for `RejectPolicy`, which is paramiko's default, and for a class of one's
own.

Fix: `client.load_system_host_keys()` without a policy, and the host's key in
`~/.ssh/known_hosts` (`ssh-keyscan`, compared once by hand).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import HostKeyCheck

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import paramiko

client = paramiko.SSHClient()
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # <- here
client.connect("backup.example.net")
"""

TRANSPORT = """\
import os

import paramiko

transport = paramiko.Transport(("backup.example.net", 22))
transport.connect(username="backup", password=os.environ["BACKUP_PASSWORD"])  # <- here
"""

ASYNC = """\
import asyncssh


async def copy():
    return await asyncssh.connect("backup.example.net", known_hosts=None)  # <- here
"""


@rule(
    id="ssh-host-key/unchecked",
    severity=Severity.HIGH,
    cwe=295,
    over=HostKeyCheck,
    sources=[
        "paramiko 5 docs, SSHClient.set_missing_host_key_policy",
        "paramiko 5 Transport.connect, hostkey",
        "asyncssh 2 docs, known_hosts",
        "RFC 4251 section 4.1",
    ],
    bad=[
        Bad("every key is added", {"job.py": CODE}),
        Bad("no key is asked for", {"job.py": TRANSPORT}),
        Bad("asyncssh without known hosts", {"job.py": ASYNC}),
    ],
    good=[
        Good("unknown hosts are refused", {"job.py": CODE.replace("AutoAddPolicy", "RejectPolicy")}),
        Good("the key is known", {"job.py": TRANSPORT.replace("username=", "hostkey=load_key(), username=")}),
        Good("asyncssh's default", {"job.py": ASYNC.replace(", known_hosts=None", "")}),
    ],
)
def any_host(check: HostKeyCheck) -> Iterator[Finding]:
    """Yield a finding for a client that may take any host's key."""
    for case in check.policy.cases():
        if case.value in _TRUSTING:
            yield Finding(
                at=check.at,
                says=f"{check.function} {_TRUSTING[str(case.value)]}",
                evidence=case.evidence,
                confidence=case.confidence,
                severity=Severity.MEDIUM if check.knows else Severity.HIGH,
                fix=Fix("Load the known hosts and leave the default, which refuses unknown ones."),
                symbol=check.function,
                proof=str(case.value),
            )
            return


_TRUSTING = {
    "AutoAddPolicy": "believes and keeps any new key (AutoAddPolicy)",
    "WarningPolicy": "believes any new key and logs it (WarningPolicy)",
    "MissingHostKeyPolicy": "believes any new key (MissingHostKeyPolicy does nothing)",
    "none": "looks at no host key",
}
