"""A password or token stands in the code under its own name.

Whoever can read the repository, an image made from it or a backup has it, and it is
changed by a deploy only. A password that the code compares with a literal is a back
door: it opens the same account in every installation.

Told to auditors only, and as possible: a name does not prove what its value is for. The
value is judged too. A text that looks random counts under every such name; a word counts
where a password is kept, given by default or compared with, and as a known password
(`admin`).

Silent for labels and names (`PASSWORD = "password"`, `"reset-password"`), types,
sentences, URLs and paths, places to fill in, in tests, examples, scripts and settings for
the desk. Where the value signs the app's sessions or is handed to a library that logs in,
`secret-key`, `secrets-in-repo/login` and `secrets-in-repo/password` tell it;
`secrets-in-repo/token` tells tokens of a known maker.

Fix: read it from the environment without a fallback, and change it; compare the hash of
what a visitor enters with one that is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
from batten.rules.app.secrets_in_repo._reads import reads_as_secret
from batten.understand.code_subjects import Login, WrittenSecret
from batten.understand.infrastructure.secrets.formats import token_in
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = """\
class Gateway:
    api_token = "q8ZtV3mN0pRcYw5L"  # <- here
"""

DOOR = """\
def allowed(user, password):
    return user.active and password == "sesame"  # <- here
"""

GIVEN = """\
from gateway import open_session


def report(host, password="hunter2"):  # <- here
    return open_session(host, password)
"""

ENTRY = """\
ACCOUNT = {
    "user": "shop",
    "password": "Vq7nN2hX",  # <- here
}
"""

MAKERS = "ghp_" + "q8ZtV3mN0pRcYw5LxKd2HsGf7JbQe1AoUi4T"

SIGNED = """\
from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = "q8ZtV3mN0pRcYw5L"
"""


@rule(
    id="secrets-in-repo/named",
    severity=Severity.LOW,
    cwe=798,
    over=App,
    persona="auditor",
    sources=["CWE-798", "CWE-259", "OWASP Secrets Management Cheat Sheet"],
    bad=[
        Bad("a token", {"gateway.py": KEPT}),
        Bad("a password that opens every account", {"door.py": DOOR}),
        Bad("a default", {"report.py": GIVEN}),
        Bad("in a dict", {"account.py": ENTRY}),
        Bad("of an object", {"job.py": 'import gateway\n\ngateway.password = "sesame"  # <- here\n'}),
        Bad("of a key", {"job.py": 'account = {}\naccount["password"] = "sesame"  # <- here\n'}),
        Bad("annotated", {"job.py": 'PASSPHRASE: str = "sesame"  # <- here\n'}),
        Bad("the other way round", {"door.py": DOOR.replace('password == "sesame"', '"sesame" == password')}),
        Bad("a phrase", {"door.py": DOOR.replace("sesame", "open sesame")}),
        Bad("all of them", {"door.py": DOOR.replace("password ==", "password == typed ==")}),
        Bad("by keyword only", {"report.py": GIVEN.replace("(host, password=", "(host, *, password=")}),
        Bad("entered", {"job.py": 'import gateway\n\ngateway.login("shop", password="sesame")  # <- here\n'}),
    ],
    good=[
        Good("a kind of token", {"gateway.py": KEPT.replace("q8ZtV3mN0pRcYw5L", "Bearer")}),
        Good("the name of a field", {"gateway.py": 'PASSWORD = "password"\nTOKEN_HEADER = "X-Token-V2"\n'}),
        Good("a template", {"gateway.py": 'RESET_PASSWORD = "account/reset.html"\n'}),
        Good("a path", {"gateway.py": 'token = "/run/secrets/2f9c1e7a"\n'}),
        Good("what a form asks for", {"door.py": DOOR.replace("sesame", "Enter your password")}),
        Good("nothing is compared", {"door.py": DOOR.replace('"sesame"', '""')}),
        Good("a key of the app", {"app.py": SIGNED, "Procfile": "web: gunicorn app:app\n"}),
        Good("a type", {"account.py": ENTRY.replace("Vq7nN2hX", "string")}),
        Good("a way to hash", {"job.py": 'PASSWORD_HASH = "pbkdf2_sha512"\n'}),
        Good("a word of a language", {"job.py": 'def root(token):\n    return token == "root"\n'}),
        Good("a short word", {"job.py": 'def is_git(user_pass):\n    return user_pass == "git"\n'}),
        Good("a translation", {"account.py": ENTRY.replace("Vq7nN2hX", "Passwort")}),
        Good("a place to fill in", {"account.py": ENTRY.replace("Vq7nN2hX", "<password>")}),
        Good("no login", {"job.py": 'import gateway\n\ngateway.label("shop", password="sesame")\n'}),
        Good("a setting's name", {"job.py": 'import gateway\n\ngateway.PASSWORD = "mail-account"\n'}),
        Good("settings for tests", {"settings/ci.py": 'PASSWORD = "Vq7nN2hX"\n'}),
        Good("a token of a known maker", {"gateway.py": KEPT.replace("q8ZtV3mN0pRcYw5L", MAKERS)}),
        Good("an example", {"examples/account.py": ENTRY.replace("  # <- here", "")}),
    ],
)
def secret_in_code(app: App) -> Iterator[Finding]:
    """Yield a finding for a literal that reads as the secret its name says it is."""
    told = _told(app)
    for written in app.code:
        if not isinstance(written, WrittenSecret) or (written.at.file, written.at.line) in told:
            continue
        case = written.secret
        if token_in(str(case.value)) is None and reads_as_secret(written.name, written.how, str(case.value)):
            yield Finding(
                at=written.at,
                says=f"{written.name} is {written.how} a text that stands in the repository",
                evidence=case.evidence,
                confidence=Confidence.POSSIBLE,
                fix=Fix("Read it from the environment without a fallback, and change it: this one is known."),
                symbol=written.name,
                proof=str(case.value),
                secret=True,
            )


def _told(app: App) -> set[tuple[str | None, int | None]]:
    """Return the places of keys and passwords whose use is known: other rules look at them."""
    values = [
        *(key.value for key in app.keys),
        *(credential.value for credential in app.credentials),
        *(login.secret for login in app.code if isinstance(login, Login)),
    ]
    return {(seen.at.file, seen.at.line) for value in values for case in value.cases() for seen in case.evidence}
