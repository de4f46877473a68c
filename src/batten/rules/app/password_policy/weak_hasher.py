"""Passwords are stored so that whoever gets the table can read them back.

MD5, SHA-1 and SHA-256 are made to be fast: a graphics card tries billions of passwords a second.
Without a salt, tables computed beforehand give most of them at once; with one it is a
question of hours. Plain text needs nothing at all. People use one password in many
places, so a leaked table opens more than this app.

High for plain text, MD5, SHA-1 and their like, medium for fast hashes of the SHA-2 and SHA-3
families and for too few rounds. `possible` where the name alone says that what is hashed is a password.

Silent for scrypt, bcrypt, argon2 and PBKDF2 with enough rounds, for digests of anything else,
and for look-ups in lists of leaked passwords.

Fix: the library's default: `generate_password_hash(password)` of Werkzeug (scrypt),
`PASSWORD_HASHERS` of Django left alone, argon2 or bcrypt elsewhere; hash again at the next login.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
from batten.rules.form import first, one_per_place
from batten.rules.samples import django
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value
    from batten.understand.subjects import PasswordHash

APP = """\
import hashlib

from flask import Flask, request

app = Flask(__name__)


@app.post("/register")
def register():
    stored = hashlib.md5(request.form["password"].encode()).hexdigest()  # <- here
    return save(request.form["name"], stored)


def save(name, stored):
    return "welcome"
"""

WERKZEUG = (
    APP.replace("import hashlib\n\n", "")
    .replace("import Flask, request", "import Flask, request\nfrom werkzeug.security import generate_password_hash")
    .replace(
        'hashlib.md5(request.form["password"].encode()).hexdigest()',
        'generate_password_hash(request.form["password"], "plain")',
    )
)

SECURITY = """\
import os

from flask import Flask
from flask_security import Security

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["SECURITY_PASSWORD_HASH"] = "plaintext"  # <- here
security = Security(app)
"""

USERS = 'INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]'
HASHERS = 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # <- here'

BROKEN = re.compile(
    r"plain|clear|md4|md5|sha1(?!\d)|crypt_?des|des_crypt|bigcrypt|crypt16|lmhash|nthash|mysql|unsalted|"
    r"\.crypt(?:passwordhasher)?$|^(?:salted_)?sha$",
    re.IGNORECASE,
)
SLOW = re.compile(r"pbkdf2|scrypt|bcrypt|argon2|sha\d+_crypt|phpass", re.IGNORECASE)
ROUNDS = re.compile(r"pbkdf2:sha\d+:(\d+)", re.IGNORECASE)
FEWEST = 100_000
"""Rounds of PBKDF2 below which it is fast; OWASP's Password Storage Cheat Sheet asks for 600,000 with SHA-256."""
FAST = re.compile(r"sha|blake", re.IGNORECASE)


@rule(
    id="password-policy/weak-hasher",
    severity=Severity.HIGH,
    cwe=916,
    over=App,
    sources=[
        "OWASP Password Storage Cheat Sheet",
        "Werkzeug 2.3 generate_password_hash (3.0 has scrypt and PBKDF2 only)",
        "Django 5.2 docs, Password management in Django",
        "Flask-Security 5.9 docs, SECURITY_PASSWORD_HASH",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("a digest of the password", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("plain text, by Werkzeug", {"app.py": WERKZEUG, "Procfile": "web: gunicorn app:app\n"}),
        Bad("MD5, first in Django's list", django(USERS, HASHERS)),
        Bad("plain text, by Flask-Security", {"app.py": SECURITY, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "a thousand rounds",
            {"app.py": WERKZEUG.replace('"plain"', '"pbkdf2:sha256:1000"'), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
    good=[
        Good("argon2, first in Django's list", django(USERS, HASHERS.replace("MD5", "Argon2"))),
        Good(
            "Werkzeug's default",
            {"app.py": WERKZEUG.replace(', "plain"', ""), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "a digest of something else",
            {"app.py": APP.replace('form["password"]', 'form["picture"]'), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good("argon2", {"app.py": SECURITY.replace("plaintext", "argon2"), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "a look-up in a list of leaked passwords",
            {
                "app.py": APP.replace("md5", "sha1").replace(
                    'return "welcome"', 'return "https://api.pwnedpasswords.com/range/" + stored[:5]'
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def readable_passwords(app: App) -> Iterator[Finding]:
    """Yield a finding for each hasher of passwords that is fast, broken or none."""
    yield from one_per_place((*_calls(app), *_settings(app)))


def _calls(app: App) -> Iterator[Finding]:
    for call in app.hashes:
        for case in call.method.cases():
            severity = weakness(str(case.value))
            if severity is not None:
                yield Finding(
                    at=call.at,
                    says=f"{call.function} stores a password with {case.value}",
                    evidence=case.evidence,
                    confidence=case.confidence.weakest(_by_name(call)),
                    severity=severity,
                    fix=Fix("Use scrypt, bcrypt or argon2: `generate_password_hash(password)` of Werkzeug."),
                    symbol=call.function,
                )


def _by_name(call: PasswordHash) -> Confidence:
    """Return how sure it is that a password is hashed: a digest takes anything."""
    return Confidence.POSSIBLE if call.function.startswith("hashlib.") else Confidence.CERTAIN


def _settings(app: App) -> Iterator[Finding]:
    for policy in app.passwords:
        for case in policy.hashers.cases():
            name = _first_name(case)
            severity = weakness(name)
            if severity is not None:
                yield Finding(
                    at=first(case.at, policy.at),
                    says=f"new passwords are stored with {name.rpartition('.')[2]}",
                    evidence=case.evidence,
                    confidence=case.confidence,
                    severity=severity,
                    fix=Fix("Put argon2, scrypt, bcrypt or PBKDF2 first."),
                    symbol="password hasher",
                )


def _first_name(case: Value) -> str:
    held = case.value
    names = held if isinstance(held, (list, tuple)) else (held,)
    return str(names[0]) if names else ""


def weakness(method: str) -> Severity | None:
    """Return how bad it is to store passwords with a method, None when it is fine or not known."""
    rounds = ROUNDS.match(method)
    if rounds is not None:
        return Severity.MEDIUM if int(rounds[1]) < FEWEST else None
    if SLOW.search(method):
        return None
    if BROKEN.search(method):
        return Severity.HIGH
    return Severity.MEDIUM if FAST.search(method) else None
