"""A settings file of the repository holds a secret.

Everyone with a clone, a fork or a backup has it, an image that copies the tree holds it, and
it can only be changed by a commit.

What is judged is the value beside a name that says what it is for (INI, TOML, YAML, JSON, shell,
properties, `.npmrc`, `.netrc`): a text that looks drawn by lot, or a URL with a password. One
finding for a file, with the names.

Severity: high; low where git does not track the file yet and no `.gitignore` keeps it out.

Silent for words and places to fill in, hashes of passwords, public keys, what is encrypted
(SOPS, Ansible Vault), for settings of tools, development and tests, and in files that other
rules judge by their own terms: compose, Kubernetes, Terraform, CloudFormation, workflows.

Fix: read it from the environment or the platform's secrets, and make a new one: the history
keeps this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dependencies.secrets_in_repo._known import names, real
from batten.understand.infrastructure.secrets.nouns import Held, SecretFile

if TYPE_CHECKING:
    from collections.abc import Iterator

INI = "[mail]\nhost = mail.shop.example\npassword = Vq7nN2hX9sT4  # <- here\n"
YAML = "payment:\n  api_key: q8ZtV3mN0pRcYw5LxKd2  # <- here\n"
SCRIPT = "#!/bin/sh\ndocker run -d -e API_KEY=q8ZtV3mN0pRcYw5LxKd2 shop  # <- here\n"
JSON = '{\n  "database": {"password": "Vq7nN2hX9sT4", "host": "db"}  # <- here\n}\n'


@rule(
    id="secrets-in-repo/config-file",
    severity=Severity.HIGH,
    cwe=260,
    over=SecretFile,
    sources=["OWASP A02:2025", "OWASP Secrets Management Cheat Sheet", "CWE-260"],
    bad=[
        Bad("INI", {"shop/mail.ini": INI}),
        Bad("YAML", {"config/settings.yaml": YAML}),
        Bad("a script that starts a container", {"deploy.sh": SCRIPT}),
        Bad("values of a Helm chart", {"chart/values.yaml": YAML.replace("api_key", "apiKey")}),
        Bad("JSON", {"config.json": JSON}),
        Bad("a login of a registry", {".npmrc": "//npm.shop.example/:_authToken=q8ZtV3mN0pRcYw5LxKd2  # <- here\n"}),
        Bad("a URL", {"shop.toml": 'broker = "amqp://shop:Vq7nN2hX9sT4@queue/shop"  # <- here\n'}),
    ],
    good=[
        Good("a script that asks for it", {"deploy.sh": SCRIPT.replace("q8ZtV3mN0pRcYw5LxKd2", "$API_KEY")}),
        Good("a script of the desk", {"dev/deploy.sh": SCRIPT}),
        Good("a script that checks a fingerprint", {"deploy.sh": SCRIPT.replace("API_KEY", "GPG_KEY_ID")}),
        Good("a word", {"shop/mail.ini": INI.replace("Vq7nN2hX9sT4", "required")}),
        Good("filled in at the start", {"shop/mail.ini": INI.replace("Vq7nN2hX9sT4", "%(MAIL_PASSWORD)s")}),
        Good("a hash", {"config/settings.yaml": YAML.replace("q8ZtV3mN0pRcYw5LxKd2", "$2b$12$q8ZtV3mN0pRcYw5LxKd2Hs")}),
        Good("encrypted", {"config/settings.yaml": YAML.replace("q8ZtV3mN0pRcYw5LxKd2", "ENC[AES256_GCM,data:q8Zt]")}),
        Good("git does not get it", {"config.json": JSON, ".gitignore": "config.json\n"}),
        Good("a sample", {"config.example.json": JSON}),
        Good("a name of a secret", {"config/settings.yaml": YAML.replace("api_key", "api_key_name")}),
    ],
)
def settings_committed(file: SecretFile) -> Iterator[Finding]:
    """Yield a finding for a file of settings that holds secrets."""
    slots = real(file)
    if file.kind != "config" or not slots:
        return
    is_in = file.held is Held.COMMITTED
    yield Finding(
        at=slots[0].at,
        says=f"{file.path} holds {names(slots)}" + ("" if is_in else f"; no .gitignore names it, {file.held.value}"),
        severity=Severity.HIGH if is_in else Severity.LOW,
        fix=Fix("Read it from the environment or the platform's secrets, and make a new one: this one is known."),
        symbol=file.path,
        proof=slots[0].text,
        secret=True,
    )
