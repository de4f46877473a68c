"""A container is handed a disk or the memory of its host.

With the device of a disk everything on it is read and written past all rights of files: keys of SSH, the
password file, other containers' data. `/dev/mem` is the memory of the machine.

Silent for devices that hold no data of the host: graphics cards, cameras, serial ports, `/dev/fuse`, `/dev/net/tun`.

Fix: mount the one directory that is needed, or name the one device that is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location

COMPOSE = """\
services:
  web:
    image: ghcr.io/shop/web:1.4.2
    devices:
      - /dev/sda:/dev/sda  # <- here
"""
_OF_THE_HOST = re.compile(
    r"/dev(?:/(?:[shv]d[a-z]\d*|xvd[a-z]\d*|nvme\d.*|mmcblk\d.*|mapper.*|dm-\d+|disk.*|md\d+|mem|kmem|port|kmsg|kcore))?/?"
)
_EVERY = re.compile(r"[abc]\s+\*:\*\s+\w*[rw]\w*")


@rule(
    id="container-privilege/device",
    severity=Severity.HIGH,
    cwe=250,
    over=Container,
    sources=["Docker docs, docker run --device", "CIS Docker Benchmark 1.6, 5.18"],
    bad=[
        Bad("a disk", {"compose.yaml": COMPOSE}),
        Bad(
            "every device",
            {
                "compose.yaml": COMPOSE.replace("devices:", "device_cgroup_rules:").replace(
                    "/dev/sda:/dev/sda", "'a *:* rwm'"
                )
            },
        ),
    ],
    good=[
        Good("a graphics card", {"compose.yaml": COMPOSE.replace("sda", "dri")}),
        Good(
            "one kind of device",
            {
                "compose.yaml": COMPOSE.replace("devices:", "device_cgroup_rules:").replace(
                    "/dev/sda:/dev/sda", "'c 189:* rmw'"
                )
            },
        ),
    ],
)
def is_handed_a_disk(container: Container) -> Iterator[Finding]:
    """Yield a finding for each device of the host's own data that a container is handed."""
    for text, at in container.lists.get("devices", ()):
        if _OF_THE_HOST.fullmatch(text.partition(":")[0]):
            yield _finding(container, text.partition(":")[0], at)
    for text, at in container.lists.get("device_cgroup_rules", ()):
        if _EVERY.fullmatch(text):
            yield _finding(container, "every device of the host", at)


def _finding(container: Container, what: str, at: Location) -> Finding:
    return Finding(
        at,
        f"{container.name} is handed {what}",
        container.evidence,
        fix=Fix("mount the one directory that is needed, or name the one device that is"),
        symbol=f"{container.name} {what}",
    )
