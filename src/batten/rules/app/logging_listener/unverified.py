"""A port takes logging configuration from whoever connects.

`logging.config.listen()` opens a port of this machine. What is sent there may name
any class to be called with any arguments (`class`, `()`, and in the old format
expressions that are evaluated): every user and every program of the machine can
run Python inside the app.

Silent with a `verify` function, which is asked before anything is read.

Fix: `listen(port, verify=check)`, where `check` compares a signature (`hmac`) and
returns None for what is not signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import ConfigListener

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import logging.config

thread = logging.config.listen(9030)  # <- here
thread.start()
"""


@rule(
    id="logging-listener/unverified",
    severity=Severity.HIGH,
    cwe=94,
    over=ConfigListener,
    sources=["Python 3.11 docs, logging.config.listen", "OWASP A02:2025"],
    bad=[Bad("nothing is checked", {"job.py": CODE})],
    good=[Good("checked first", {"job.py": CODE.replace("9030", "9030, verify=check")})],
)
def takes_code(listener: ConfigListener) -> Iterator[Finding]:
    """Yield a finding for a listener that checks nothing."""
    for case in listener.verify.cases():
        if case.value is None:
            yield Finding(
                at=listener.at,
                says=f"{listener.function} runs what any program of the machine sends it",
                fix=Fix("Give it a `verify` function that compares a signature."),
                symbol=listener.function,
            )
            return
