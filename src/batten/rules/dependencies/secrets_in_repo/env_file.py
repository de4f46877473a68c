"""A file of environment variables with real secrets is committed.

A `.env` is how an app gets its secrets without having them in the code. In the repository
it has the same readers as the code: everyone with a clone, a fork or a backup, and the
history keeps it.

One finding for a file, with the names. Severity: high where git has the file; low where it
is not tracked yet and no `.gitignore` keeps it out: the next `git add .` commits it.

Silent for samples (`.env.example`), for places to fill in and passwords that everybody knows,
for files of development and tests, for a file that git does not track and `.gitignore`
names, and for what a container or an app is told to get from it.

Fix: `git rm --cached .env`, name it in `.gitignore`, and make new secrets: the history keeps
these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dependencies.secrets_in_repo._known import names, real
from batten.understand.infrastructure.secrets.nouns import Held, SecretFile

if TYPE_CHECKING:
    from collections.abc import Iterator

ENV = "SHOP_NAME=Chandlery\nPAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2  # <- here\nMAIL_PASSWORD=Vq7nN2hX9sT4\n"
URL = "BROKER_URL=amqp://shop:Vq7nN2hX9sT4@queue.shop.example/shop  # <- here\n"


@rule(
    id="secrets-in-repo/env-file",
    severity=Severity.HIGH,
    cwe=540,
    over=SecretFile,
    sources=["The Twelve-Factor App, III. Config", "OWASP Secrets Management Cheat Sheet", "CWE-540"],
    bad=[
        Bad("at the root", {".env": ENV, ".gitignore": "*.pyc\n"}),
        Bad("of production", {"deploy/.env.production": ENV}),
        Bad("a password in a URL", {"worker.env": URL}),
    ],
    good=[
        Good("a sample", {".env.example": ENV}),
        Good("git does not get it", {".env": ENV, ".gitignore": ".env\n"}),
        Good("places to fill in", {".env": "PAYMENT_API_KEY=<your-key>\nMAIL_PASSWORD=changeme\n"}),
        Good("a password that everybody knows", {".env": "POSTGRES_PASSWORD=postgres\n"}),
        Good("development", {".env.development": ENV}),
        Good("no secrets", {".env": "SHOP_NAME=Chandlery\nTOKEN_LIFETIME=3600\nAPI_KEY_FILE=/run/secrets/key\n"}),
    ],
)
def environment_committed(file: SecretFile) -> Iterator[Finding]:
    """Yield a finding for a file of variables that holds secrets."""
    slots = real(file)
    if file.kind != "env" or not slots:
        return
    is_in = file.held is Held.COMMITTED
    says = f"{file.path} is committed with {names(slots)}"
    yield Finding(
        at=slots[0].at,
        says=says if is_in else f"{file.path} holds {names(slots)}; no .gitignore names it, {file.held.value}",
        severity=Severity.HIGH if is_in else Severity.LOW,
        fix=Fix(
            f"`git rm --cached {file.path}`, name it in .gitignore, and make new secrets: the history keeps these."
            if is_in
            else "Name it in .gitignore."
        ),
        symbol=file.path,
        proof=slots[0].text,
        secret=True,
    )
