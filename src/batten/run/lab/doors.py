"""The doors of the lab: each lesson of the unlocked app, with the rules that tell whether it is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.lab import Door

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.model import Finding

_ROOT = "app.py: static_folder is the folder of the code; give the style sheet one of its own, and name that"

DOORS = (
    Door(
        "debugger",
        "debug is on: an error tells too much, and opens the debugger where Flask's own server runs",
        ("debug-mode",),
        "config.py: DEBUG has to be off when nobody sets SHOP_DEBUG",
    ),
    Door(
        "traceback",
        "an error answers with its traceback",
        ("verbose-errors",),
        "api.py: explain() writes to the visitor what belongs into the log; app.py: one handler for all errors",
    ),
    Door(".env", "the file of passwords can be fetched", ("exposed-path/env",), _ROOT),
    Door(".git", "the repository can be fetched", ("exposed-path/git",), _ROOT),
    Door("source", "the source can be fetched", ("exposed-path",), _ROOT),
    Door(
        "listing",
        "a folder of invoices lists itself",
        ("directory-listing",),
        "pages.py: files() asks nobody who they are",
    ),
    Door(
        "login",
        "admin with the password admin is let in",
        ("default-credentials/login", "default-credentials/seeded-user"),
        "config.py: a password has no default; required, os.environ[...], and only its hash is better still",
    ),
    Door(
        "redis",
        "Redis answers whoever asks",
        ("datastore-auth", "published-port/cache"),
        "compose.yaml: --requirepass with a variable that must be set, and no published port",
    ),
    Door(
        "database",
        "the database has a password that everybody knows",
        ("default-credentials", "published-port"),
        "compose.yaml and config.py: a required variable in both, and no published port",
    ),
    Door(
        "signing key",
        "the key that signs sessions is in the source",
        ("secret-key",),
        "config.py: SECRET_KEY has to be required: no default",
    ),
    Door(
        "secrets",
        "passwords are committed, and in the image",
        ("secrets-in-repo", "container-secret"),
        ".env: delete it, and compose.yaml's env_file; the platform sets what production needs; .dockerignore",
    ),
    Door(
        "cookies",
        "the session cookie travels unprotected",
        ("cookie-flags",),
        "config.py: Secure, HttpOnly, SameSite",
    ),
    Door(
        "forged forms",
        "other sites may send forms",
        ("csrf",),
        "config.py: WTF_CSRF_ENABLED; the forms then need a token",
    ),
    Door("other websites", "every website may read the answers", ("cors",), "app.py: CORS() for the partners only"),
    Door(
        "scripts", "what a visitor types becomes part of the page", ("autoescape",), "app.py: leave Jinja as it comes"
    ),
    Door(
        "tokens", "a token counts without its signature", ("jwt-verify",), "api.py: jwt.decode with key and algorithm"
    ),
    Door("certificates", "any certificate is believed", ("tls-verify",), "pages.py: verify=False"),
    Door(
        "server",
        "the development server listens on every network",
        ("bind-all", "dev-server", "version-banner"),
        "Dockerfile: gunicorn; app.py: app.run() without a host",
    ),
    Door(
        "headers",
        "browsers are not asked to help",
        ("security-headers", "https"),
        "app.py: an after_request that sets CSP, HSTS, nosniff, framing and referrer",
    ),
    Door(
        "image",
        "the image runs as root, of whatever is newest",
        ("container-user", "container-privilege", "image-pin", "deps"),
        "Dockerfile: USER, and a version of Python; requirements.txt: versions",
    ),
)
REST = Door("anything else", "something that the lesson does not name", (), "batten audit says what")


def door_of(finding: Finding) -> Door:
    """Return the door that a finding keeps open."""
    names = (finding.rule, finding.rule.partition("/")[0])
    exact = (door for door in DOORS if names[0] in door.rules)
    return next(exact, None) or next((door for door in DOORS if names[1] in door.rules), REST)


def opened(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings by the name of the door that they keep open."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(door_of(finding).name, []).append(finding)
    return found
