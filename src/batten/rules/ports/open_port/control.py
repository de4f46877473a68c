"""A port runs what it is told, for whoever connects.

Docker's API starts containers that mount the host's disk; a notebook server runs Python. Without a login
that is the machine for whoever reaches the port, and on loopback for every other user
and every page that tricks a browser into asking.

Silent where a login or a certificate is asked for.

Fix: take `-H tcp://` away (the socket `/var/run/docker.sock`, or SSH, serves), give the notebook server its token back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.listening import finding
from batten.understand.host import Listener
from batten.understand.services.talk import Auth

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHAT = {"docker": "starts containers", "jupyter": "runs Python"}


@rule(
    id="open-port/control",
    severity=Severity.CRITICAL,
    cwe=306,
    over=Listener,
    sources=["Docker docs, Protect the Docker daemon socket", "Jupyter Server docs, Security"],
    bad=[
        Bad("Docker's API", listeners="0.0.0.0:2375 dockerd: docker 26.1, none  # <- here\n"),
        Bad("a notebook on this machine", listeners="127.0.0.1:8888 jupyter-lab: jupyter, none  # <- here\n"),
    ],
    good=[
        Good("a token", listeners="127.0.0.1:8888 jupyter-lab: jupyter, required\n"),
        Good("another service has the number", listeners="0.0.0.0:2375 python: http, unknown\n"),
    ],
)
def runs_what_it_is_told(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for an interface that runs code and asks nobody."""
    spoken = listener.spoken
    if spoken is None or spoken.auth is not Auth.NONE or spoken.product not in _WHAT:
        return
    yield finding(
        listener,
        f"{listener.name} {_WHAT[spoken.product]} for whoever connects",
        Severity.CRITICAL if listener.is_exposed else Severity.HIGH,
        Fix("ask for a login or a certificate, or take the port away"),
    )
