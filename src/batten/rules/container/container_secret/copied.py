"""Files that hold secrets are copied into the image.

Whoever can pull the image, or read it from a registry, a cache or a backup, has the
passwords, keys and data in it. That git ignores the file does not help: `COPY . .` takes what lies
there when the image is built, and a later `RUN rm` leaves it in the layer below.

What is looked at is what the files hold: variables with real values, private keys, logins of
registries and clouds, settings of a machine, databases. A file that a `COPY` names outright and the repository
does not have (`COPY .env .`) is told as likely.

Severity: high; for a database low where it is committed, else medium.

Silent where `.dockerignore` keeps the file out (the last pattern that matches decides), for what stays in a stage
that only builds, for samples (`.env.example`), for values that are places to fill in, and files of tests and examples.

Fix: name them in `.dockerignore`; hand them over when the container starts; make new ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Evidence, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.images.nouns import Held, Taken

ALL = """\
FROM python:3.13-slim
WORKDIR /srv
COPY . .  # <- here
USER app
"""

STAGES = """\
FROM python:3.13-slim AS wheels
COPY . /src
RUN pip wheel --wheel-dir /wheels /src

FROM python:3.13-slim
COPY --from=wheels /wheels /wheels
USER app
"""

ENV = {".env": "MAIL_PASSWORD=v7nN2hX9sT4w\n", ".gitignore": ".env\n", "app.py": ""}
KEY = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE\n-----END PRIVATE KEY-----\n"


@rule(
    id="container-secret/copied",
    severity=Severity.HIGH,
    cwe=538,
    over=Image,
    sources=["Docker docs, Build context, .dockerignore files", "CIS Docker Benchmark 1.6, 4.10", "CWE-538"],
    bad=[
        Bad("all that lies there", {"Dockerfile": ALL, **ENV}),
        Bad("taken back in", {"Dockerfile": ALL, **ENV, ".dockerignore": "*.env\n.env*\n!.env\n"}),
        Bad("a private key", {"Dockerfile": ALL, "certs/site.key": KEY}),
        Bad(
            "another stage had it",
            {"Dockerfile": STAGES.replace("/wheels /wheels", "/src /srv  # <- here"), **ENV},
        ),
        Bad("named outright", {"Dockerfile": ALL.replace("COPY . .", "COPY .env ."), "app.py": ""}),
        Bad("a database", {"Dockerfile": ALL, "db.sqlite3": ""}),
    ],
    good=[
        Good("kept out", {"Dockerfile": ALL.replace("  # <- here", ""), **ENV, ".dockerignore": ".env*\n"}),
        Good("only the code", {"Dockerfile": ALL.replace("COPY . .  # <- here", "COPY app.py ."), **ENV}),
        Good("a stage that builds", {"Dockerfile": STAGES, **ENV}),
        Good("places to fill in", {"Dockerfile": ALL, ".env": "MAIL_PASSWORD=changeme\nDEBUG=0\n"}),
        Good("a sample", {"Dockerfile": ALL, ".env.example": "MAIL_PASSWORD=v7nN2hX9sT4w\n"}),
        Good("a certificate", {"Dockerfile": ALL, "certs/site.pem": KEY.replace("PRIVATE KEY", "CERTIFICATE")}),
    ],
)
def copies_secrets(image: Image) -> Iterator[Finding]:
    """Yield a finding for each copy that takes files with secrets along."""
    for taken in image.taken:
        held = sorted((one for one in taken.held if one.kind != "history"), key=_weight)
        if not taken.ships or not held:
            continue
        seen = tuple(Evidence(one.at, f"{one.path} holds {one.says}") for one in held[:_MOST] if one.read)
        yield Finding(
            taken.at,
            f"{taken.text} puts {_named(held)} into the image",
            (*seen, *image.evidence),
            Confidence.CERTAIN if held[0].is_there else Confidence.LIKELY,
            _severity(held[0]),
            Fix(f"name {_files(held)} in .dockerignore; hand it over when the container starts, and make a new one"),
            _where(taken),
        )


_MOST = 3


def _weight(held: Held) -> int:
    return -_severity(held).rank


def _severity(held: Held) -> Severity:
    if held.kind == "database":
        return Severity.LOW if held.committed else Severity.MEDIUM
    return Severity.HIGH


def _named(held: list[Held]) -> str:
    rest = f" and {len(held) - _MOST} more files" if len(held) > _MOST else ""
    return ", ".join(f"{one.path} ({one.says})" for one in held[:_MOST]) + rest


def _files(held: list[Held]) -> str:
    return ", ".join(one.path for one in held[:_MOST])


def _where(taken: Taken) -> str:
    return f"{taken.at.file} {taken.text}"
