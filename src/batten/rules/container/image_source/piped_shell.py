"""A script from the network is run as it arrives.

Whoever owns the server (or the name, once its owner lets it go) runs a program of their
choice in every build, as root; without TLS so does everybody on the way. A
connection that breaks off runs half a script.

Silent where the file is stored first (and can be checked), and where what arrives is data: `| tar x`,
`| gpg --dearmor`, `| python -m json.tool`.

Fix: take the tool from an image or a package with a version; or store the script, check its hash, run it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = """\
FROM debian:12-slim
RUN apt-get update && \\
    curl -fsSL https://get.example.org/tool.sh | bash -s -- --yes  # <- here
USER app
"""
TWICE = PLAIN.replace("slim\n", "slim AS built\n") + PLAIN.replace("  # <- here", "") + "COPY --from=built /opt /opt\n"
PIPE = "curl -fsSL https://get.example.org/tool.sh | bash -s -- --yes"


@rule(
    id="image-source/piped-shell",
    severity=Severity.MEDIUM,
    cwe=494,
    over=Image,
    sources=["CWE-494", "OWASP A08:2021"],
    bad=[
        Bad("a pipe", {"Dockerfile": PLAIN}),
        Bad("through sudo", {"Dockerfile": PLAIN.replace("| bash", "| sudo -E bash")}),
        Bad("in Python", {"Dockerfile": PLAIN.replace(PIPE, "curl https://get.example.org/tool.py | python3 -")}),
        Bad("by wget", {"Dockerfile": PLAIN.replace(PIPE, "wget -qO- https://get.example.org/tool.sh | sh")}),
        Bad("once for two stages", {"Dockerfile": TWICE}),
        Bad(
            "as an argument",
            {"Dockerfile": PLAIN.replace(PIPE, 'sh -c "$(curl -fsSL https://get.example.org/tool.sh)"')},
        ),
        Bad("as a file", {"Dockerfile": PLAIN.replace(PIPE, "bash <(curl -fsSL https://get.example.org/tool.sh)")}),
    ],
    good=[
        Good("an archive", {"Dockerfile": PLAIN.replace("| bash -s -- --yes", "| tar xz -C /opt")}),
        Good(
            "a key",
            {"Dockerfile": PLAIN.replace("| bash -s -- --yes", "| gpg --dearmor -o /etc/apt/keyrings/tool.gpg")},
        ),
        Good("data", {"Dockerfile": PLAIN.replace("| bash -s -- --yes", "| python3 -m json.tool")}),
        Good("a program of our own", {"Dockerfile": PLAIN.replace("| bash -s -- --yes", "| bash ./load.sh")}),
        Good(
            "stored",
            {"Dockerfile": PLAIN.replace("| bash -s -- --yes", "-o tool.sh && sha256sum -c tool.sum && sh tool.sh")},
        ),
    ],
)
def runs_what_arrives(image: Image) -> Iterator[Finding]:
    """Yield a finding for each download that is run, at the first of the stages that run it."""
    told: set[str] = set()
    for command in image.commands:
        if command.run_by and command.name in ("curl", "wget", "aria2c", "http", "fetch"):
            if _source(command.words) in told:
                continue
            told.add(_source(command.words))
            yield Finding(
                command.at,
                f"{command.run_by} runs {_source(command.words)} as it arrives",
                image.evidence,
                fix=Fix("store the script, check its hash, run it; or take the tool from a package with a version"),
                symbol=_source(command.words),
            )


def _source(words: tuple[str, ...]) -> str:
    return next((word for word in words if "://" in word), "what it fetches")
