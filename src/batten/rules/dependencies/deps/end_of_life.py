"""Production runs on something that gets no more security updates.

The next hole in it stays open: nobody will mend it, and everybody can read of it.

The days are those that the projects publish (Python, Django, Debian with LTS, Ubuntu,
Alpine, Node.js, PostgreSQL, MySQL, MongoDB), as Batten knew them when it was made. Flask
publishes none: a release ends with the next; its old majors are told as low.

Silent before that day, for a version that is not in the table, for images of builder
stages and for files that only developers use.

Fix: move to a version that is supported; `python:3.13-slim` for a base image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dependencies.deps._shown import FLASK
from batten.understand.infrastructure.dependencies.nouns import Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGE = "FROM python:3.8-slim  # <- here\nCMD gunicorn app:app\n"
STAGES = "FROM python:3.8 AS build\nRUN make\n\nFROM python:3.13-slim\nCOPY --from=build /static /static\nCMD app\n"
COMPOSE = "services:\n  db:\n    image: postgres:9.6  # <- here\n"


@rule(
    id="deps/end-of-life",
    severity=Severity.MEDIUM,
    cwe=1104,
    over=Runtime,
    sources=["endoflife.date", "OWASP A03:2025", "OWASP A06:2021", "CWE-1104"],
    bad=[
        Bad("the base image", {"Dockerfile": IMAGE}),
        Bad("the system below it", {"Dockerfile": IMAGE.replace("3.8-slim", "3.13-slim-buster")}),
        Bad("what a platform is told", {**FLASK, "runtime.txt": "python-3.8.10  # <- here\n"}),
        Bad("the framework", {**FLASK, "requirements.txt": "django==3.2.25  # <- here\n"}),
        Bad("a database", {"compose.yaml": COMPOSE}),
        Bad(
            "a bound",
            {**FLASK, "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.7,<3.9"  # <- here\n'},
        ),
    ],
    good=[
        Good("a newer one", {"Dockerfile": IMAGE.replace("3.8", "3.13")}),
        Good("no version", {"Dockerfile": IMAGE.replace("3.8-slim", "slim")}),
        Good("only a builder", {"Dockerfile": STAGES}),
        Good("no bound above", {**FLASK, "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.7"\n'}),
        Good("a newer database", {"compose.yaml": COMPOSE.replace("9.6", "17")}),
        Good("the image decides", {"Dockerfile": IMAGE.replace("3.8", "3.13"), ".python-version": "3.8.10\n"}),
    ],
)
def has_ended(runtime: Runtime) -> Iterator[Finding]:
    """Yield a finding for a version that is not supported any more."""
    if runtime.ended is None:
        return
    version = runtime.version if runtime.product != "Python" else ".".join(runtime.version.split(".")[:2])
    since = f"has had no security updates since {runtime.ended}"
    if runtime.is_policy:
        since = f"gets no updates: a newer release took its place on {runtime.ended}"
    says = f"{runtime.product} {version} ({runtime.says}) {since}"
    yield Finding(
        at=runtime.at,
        says=says,
        severity=Severity.LOW if runtime.is_policy else Severity.MEDIUM,
        fix=Fix(f"Move to a version of {runtime.product} that is supported."),
        symbol=runtime.product,
        proof=version,
    )
