"""A password or key stands in the code that logs in with it.

Everyone who can read the repository, an image made from it or a backup has the
account: the mail server, the host for backups, the cloud. It cannot be changed without a
deploy, so it never is, and deleting the line does not help: the history keeps it.

What is judged is the value, where it is handed to a library: `login(user, "…")`,
`ssh.connect(password="…")`, `auth=("user", "…")`, `aws_secret_access_key="…"`. The name
of a variable says nothing: `TOKEN_TYPE = "Bearer"` is none.

Severity: high, and critical for a secret key of AWS and for a password that everybody
knows (`guest`, `postgres`) on another machine; medium on this machine.

Silent when the value comes from outside the repository, for a place to fill in
(`<password>`), and in a file that `.gitignore` keeps out. Passwords of databases,
caches and queues are told by `secrets-in-repo/password` and
`default-credentials/database-url`.

Fix: `os.environ["MAIL_PASSWORD"]` without a fallback, and a new password: this one
is known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dsn import Account, accounts
from batten.rules.form import first, one_per_place
from batten.understand.code_subjects import Login
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value

CODE = """\
import smtplib


def send(text):
    with smtplib.SMTP_SSL("mail.example.net") as server:
        server.login("shop", "Vq7nN2hX9sT4")  # <- here
"""

FALLBACK = """\
import os

import paramiko

client = paramiko.SSHClient()
password = os.environ.get("BACKUP_PASSWORD", "Vq7nN2hX")
client.connect("backup.example.net", username="shop", password=password)  # <- here
"""

CLOUD = """\
import boto3

bucket = boto3.client("s3", aws_secret_access_key="q8ZtV3mN0pRcYw5LxKd2HsGf7JbQe1AoUi4Tn6Xy")  # <- here
"""


@rule(
    id="secrets-in-repo/login",
    severity=Severity.HIGH,
    cwe=798,
    over=App,
    sources=["OWASP A02:2025", "OWASP Secrets Management Cheat Sheet", "CWE-798"],
    bad=[
        Bad("a mail server", {"job.py": CODE}),
        Bad("a fallback that nothing replaces", {"job.py": FALLBACK}),
        Bad("a key of AWS", {"job.py": CLOUD}),
    ],
    good=[
        Good(
            "from the environment",
            {
                "job.py": CODE.replace('"Vq7nN2hX9sT4"', 'os.environ["MAIL_PASSWORD"]').replace(
                    "import smtplib", "import os\nimport smtplib"
                )
            },
        ),
        Good("no fallback", {"job.py": FALLBACK.replace('.get("BACKUP_PASSWORD", "Vq7nN2hX")', '["BACKUP_PASSWORD"]')}),
        Good("a key that is none", {"job.py": CLOUD.replace("q8ZtV3mN0pRcYw5LxKd2HsGf7JbQe1AoUi4Tn6Xy", "fake")}),
        Good("a place to fill in", {"job.py": CODE.replace("Vq7nN2hX9sT4", "<password>")}),
        Good(
            "a word that is no password",
            {"job.py": CODE.replace('server.login("shop", "Vq7nN2hX9sT4")', 'TOKEN_TYPE = "Bearer"')},
        ),
    ],
)
def password_in_code(app: App) -> Iterator[Finding]:
    """Yield a finding for each password that the code itself holds."""
    yield from one_per_place(
        _finding(login, case, account)
        for login in app.code
        if isinstance(login, Login)
        for case in login.secret.cases()
        if first(case.at, login.at).file not in {None, *app.uncommitted}
        for account in _accounts(login, case)
    )


def _accounts(login: Login, case: Value) -> tuple[Account, ...]:
    text = case.value.decode("latin-1") if isinstance(case.value, bytes) else case.value
    if not isinstance(text, str) or "://" in text:
        return ()
    shape = _SHAPES.get(login.argument)
    if shape is not None and (not shape.fullmatch(text) or len(set(text)) < _FEWEST or "EXAMPLE" in text):
        return ()
    user = str(login.user.value) if login.user.value is not None else ""
    host = str(login.host.value) if login.host.value is not None else ""
    return tuple(Account(user, account.password, host) for account in accounts(text))


def _finding(login: Login, case: Value, account: Account) -> Finding:
    known = " that everybody knows" if account.is_default else ""
    noun = "key" if "key" in login.argument or "token" in login.argument else "password"
    return Finding(
        at=login.at,
        says=f"{login.function} is given a {noun}{known} that stands in the repository",
        evidence=tuple(evidence.hidden() for evidence in case.evidence),
        confidence=case.confidence,
        severity=_severity(login, account),
        fix=Fix("Read it from the environment without a fallback, and change it: this one is known."),
        symbol=f"{login.function} {login.argument}",
        proof=account.password,
        secret=True,
    )


def _severity(login: Login, account: Account) -> Severity:
    if login.argument == "aws_secret_access_key" or (account.is_default and account.is_remote):
        return Severity.CRITICAL
    return Severity.MEDIUM if account.host in _HERE else Severity.HIGH


_SHAPES = {
    "aws_access_key_id": re.compile(r"(AKIA|ASIA|ABIA|ACCA)\w{16}"),
    "aws_secret_access_key": re.compile(r"[A-Za-z0-9/+=]{40}"),
    "aws_session_token": re.compile(r"[A-Za-z0-9/+=]{40,}"),
}
"""What AWS gives out, by the argument that takes it (AWS IAM docs, Unique identifiers)."""
_FEWEST = 4
"""Different characters: a row of one is a place to fill in."""
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
