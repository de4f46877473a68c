"""A token of a known maker stands in a file of the repository.

Everyone with the repository, a fork or a backup can use it as its owner: push code, read
the mail, take money. Crawlers find such a token within minutes of a push. Deleting the
line does not help, the history keeps it.

What is judged is the form that its maker gave it, in any file that is no test, example or
documentation: some eighty, of GitHub, GitLab, AWS, Google, Microsoft, Stripe, Slack, OpenAI
and others.

Severity: critical where it opens an account or a registry, high where it opens a service,
medium for half of a pair (an access key ID of AWS without its secret), for a webhook and
for a signed token, low for a test key. One step less where git does not track the file yet.

Silent for samples (`AKIAIOSFODNN7EXAMPLE`, `ghp_xxxx…`), for files that `.gitignore` keeps out
and git does not track, for signed tokens past their end, for keys that every visitor's
browser gets, and where a login, a container's environment or an order from the cloud is
told to hold it.

Fix: revoke it at its maker, then read the new one from the environment or the platform's
secrets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.secrets.nouns import Held, Token

if TYPE_CHECKING:
    from collections.abc import Iterator

GITHUB = "ghp_" + "q8ZtV3mN0pRcYw5LxKd2HsGf7JbQe1AoUi4T"
STRIPE = "sk_live_" + "q8ZtV3mN0pRcYw5LxKd2HsGf"
AWS = "AKIA" + "Q7ZTV3MN5PRCYW2L"
SENDGRID = "SG." + "q8ZtV3mN0pRcYw5LxKd2Hs" + "." + "Gf7JbQe1AoUi4Tn6Xy9WcB2DrE5FtG8HuJ3KiL7MoPz"
CODE = f'import pay\n\npay.api_key = "{STRIPE}"  # <- here\n'
CONFIG = f"[deploy]\nurl = https://robot:{GITHUB}@github.com/shop/shop  # <- here\n"


@rule(
    id="secrets-in-repo/token",
    severity=Severity.CRITICAL,
    cwe=798,
    over=Token,
    sources=["gitleaks 8.30 (forms of tokens)", "OWASP Secrets Management Cheat Sheet", "CWE-798", "OWASP A02:2025"],
    bad=[
        Bad("in code", {"shop/pay.py": CODE}),
        Bad("in a URL of a settings file", {"deploy.ini": CONFIG}),
        Bad("half of a pair", {"shop/cloud.py": f'KEY_ID = "{AWS}"  # <- here\n'}),
        Bad("in a script of a page", {"static/mail.js": f'send("{SENDGRID}")  // # <- here\n'}),
    ],
    good=[
        Good("a sample", {"shop/cloud.py": 'KEY_ID = "AKIAIOSFODNN7EXAMPLE"\n'}),
        Good("a place to fill in", {"shop/pay.py": CODE.replace(STRIPE[8:], "x" * 24)}),
        Good("a test", {"tests/test_pay.py": CODE}),
        Good("documentation", {"docs/pay.py": CODE, "README.md": GITHUB}),
        Good("git does not get the file", {"deploy.ini": CONFIG, ".gitignore": "deploy.ini\n"}),
        Good("from the environment", {"shop/pay.py": CODE.replace(f'"{STRIPE}"', 'os.environ["PAY_KEY"]')}),
    ],
)
def token_in_file(token: Token) -> Iterator[Finding]:
    """Yield a finding for a token."""
    open_to = "" if token.held is Held.COMMITTED else f"; git does not track the file yet, {token.held.value}"
    yield Finding(
        at=token.at,
        says=f"{token.at.file} holds {token.what}{open_to}",
        severity=token.severity if token.held is Held.COMMITTED else token.severity.lowered(),
        fix=Fix("Revoke it at its maker: this one is known. Read the new one from the environment."),
        symbol=token.what,
        proof=token.text,
        secret=True,
    )
