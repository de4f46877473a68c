"""An account of the image has a password that stands in the Dockerfile.

Every container of the image, everywhere, lets in whoever knows it. It is in the
repository and in `docker history`, and it is root's more often than not.

Severity: high where the image also serves SSH, medium where the password only serves `su` and `sudo`.

Silent for a password that is handed over (`$PASSWORD`), for locked accounts (`passwd -l`, `*`),
and in a stage that only builds.

Fix: take it out; nobody has to log in to a container.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

PIPED = """\
FROM debian:12-slim
RUN echo "root:harbour" | chpasswd  # <- here
USER app
"""


@rule(
    id="container-secret/login",
    severity=Severity.MEDIUM,
    cwe=798,
    over=Image,
    sources=["CWE-798", "CWE-259"],
    bad=[
        Bad("piped", {"Dockerfile": PIPED}),
        Bad(
            "with the account",
            {"Dockerfile": PIPED.replace('echo "root:harbour" | chpasswd', "useradd -p harbour app")},
        ),
        Bad(
            "hashed where it stands",
            {
                "Dockerfile": PIPED.replace(
                    'echo "root:harbour" | chpasswd', "useradd -p $(openssl passwd -6 harbour) app"
                )
            },
        ),
        Bad(
            "typed twice",
            {"Dockerfile": PIPED.replace('echo "root:harbour" | chpasswd', 'echo "harbour" | passwd --stdin root')},
        ),
        Bad("and SSH", {"Dockerfile": PIPED.replace("USER", "EXPOSE 22\nUSER")}),
    ],
    good=[
        Good("handed over", {"Dockerfile": PIPED.replace("harbour", "${ROOT_PASSWORD}")}),
        Good("an account without one", {"Dockerfile": PIPED.replace('echo "root:harbour" | chpasswd', "useradd app")}),
        Good("locked", {"Dockerfile": PIPED.replace('echo "root:harbour" | chpasswd', "passwd -l root")}),
        Good(
            "a stage that builds", {"Dockerfile": f"{PIPED}FROM debian:12-slim\nUSER app\n".replace("  # <- here", "")}
        ),
    ],
)
def password_of_account(image: Image) -> Iterator[Finding]:
    """Yield a finding for each account with a known password."""
    serves = any(port.partition("/")[0] == "22" for port, _ in image.ports)
    serves = serves or any("openssh-server" in command.installs for command in image.commands)
    for leak in image.leaks:
        if leak.kind == "login" and leak.ships:
            yield Finding(
                leak.at,
                f"{leak.says} that stands in {image.name}",
                image.evidence,
                severity=Severity.HIGH if serves else Severity.MEDIUM,
                fix=Fix("take it out; nobody has to log in to a container"),
                symbol=leak.says,
                proof=leak.text,
                secret=True,
            )
