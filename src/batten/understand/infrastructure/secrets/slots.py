"""Finds secrets that settings write beside a name: files of environment variables, INI, TOML, YAML, JSON, properties.

Lines are read, not the formats: a name and what is written beside it look alike in all of them, and a file that is
half written or a template is read as far as it goes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.infrastructure.secret_text import is_random, is_written, names_secret, password_in
from batten.understand.infrastructure.secrets.nouns import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 100
_REMARKS = frozenset("#;!*<")
_LONGEST = 2_000
_PAIR = re.compile(
    r"""\s*(?:export\s+|-\s+|set\s+)?["']?(?P<name>[A-Za-z_/][\w./:-]*?)["']?\s*(?::=|=>|[=:])\s*(?P<text>\S.*)"""
)
_IN_JSON = re.compile(r""""(?P<name>[\w.-]{1,80})"\s*:\s*"(?P<text>(?:[^"\\]|\\.){1,400})\"""")
_NETRC = re.compile(r"\bpassword\s+(\S+)")
_URL = re.compile(r"https?://[^\s:/@]+:([^\s@/]+)@")
_LOCKED = re.compile(
    r"ENC\[|!vault|\$ANSIBLE_VAULT|^(?:AgA|AQECAH|gAAAAA|vault:|secretsmanager:|ssm:|kms:|op://|\{\{|!)"
)
"""Encrypted (SOPS, Ansible, SealedSecrets, KMS), or kept elsewhere."""
_SOPS = re.compile(r"^\s*\"?sops(?:_version)?\"?\s*[:=]", re.MULTILINE)
_HASHED = re.compile(
    r"\$(?:2[aby]|argon2\w*|6|5|1|pbkdf2\w*|scrypt)\$|pbkdf2[_:]|^\{(?:ssha|sha|md5)\d*\}", re.IGNORECASE
)
"""What is kept of a password to compare it with."""
_SHELL = re.compile(
    r"""(?:^|\s)(?P<name>[A-Za-z_]\w{1,60})=(?P<text>"[^"$`]{1,400}"|'[^']{1,400}'|[^\s"'$`;&|()<>]{1,400})(?=\s|;|$)"""
)
"""What a script sets, or hands to a container: `export KEY=…`, `docker run -e KEY=…`."""
_NPM = re.compile(r"(_authToken|_auth|_password)\s*=\s*(\S+)")
_OBJECTS = re.compile(r"^(?:apiVersion|AWSTemplateFormatVersion|Resources|services)\s*:", re.MULTILINE)
"""Kubernetes, CloudFormation, compose: they have readers and rules of their own."""
_THOUGHT_UP = re.compile(r"pass|pwd", re.IGNORECASE)
_PUBLIC = re.compile(r"public|publishable|^pk[._]|site[-_]?key|client[-_]?id", re.IGNORECASE)


def env(path: str, text: str) -> Iterator[Slot]:
    """Yield the variables of a file that hold a secret."""
    from batten.understand.deploy import dotenv  # noqa: PLC0415 - only where there is such a file

    if text.startswith("$ANSIBLE_VAULT") or _SOPS.search(text):
        return
    held = dotenv.parse(text, path)
    plain = {one.value for name, one in held.items() if not names_secret(name)}  # `plane`, of the user `plane`
    for name, variable in [*held.items()][:_MOST]:
        is_name = names_secret(name) and variable.value in plain
        if variable.value and not is_name and _is_secret(name, variable.value):
            yield Slot(name, variable.value, variable.at)


def config(path: str, text: str) -> Iterator[Slot]:
    """Yield the settings of a file that hold a secret: a text drawn by lot beside a name for one, a URL with one."""
    if text.startswith("$ANSIBLE_VAULT") or _SOPS.search(text):
        return
    if path.endswith(("yml", "yaml")) and _OBJECTS.search(text):
        return
    found = 0
    for number, row in enumerate(text.split("\n"), 1):
        begins = row.lstrip()[:2]
        if len(row) > _LONGEST or begins[:1] in _REMARKS or (begins == "//" and not path.endswith(".npmrc")):
            continue
        for name, written in _pairs(path, row):
            if found < _MOST and _is_setting(name, written):
                found += 1
                yield Slot(name, written, Location(file=path, line=number))


def _pairs(path: str, row: str) -> Iterator[tuple[str, str]]:
    """Yield the names of a line and what is written beside each."""
    if path.endswith(("netrc", ".git-credentials")):
        yield from (("password", found) for found in (*_NETRC.findall(row), *_URL.findall(row)))
        return
    if path.endswith(".npmrc"):
        yield from _NPM.findall(row)
        return
    if path.endswith((".sh", ".bash")):
        yield from ((match["name"], match["text"].strip("'\"")) for match in _SHELL.finditer(row))
        return
    several = [*_IN_JSON.finditer(row)]
    if several:
        yield from ((match["name"], match["text"]) for match in several)
        return
    pair = _PAIR.fullmatch(row.rstrip())
    if pair is not None:
        yield pair["name"].rpartition(":")[2].lstrip("/_"), _bare(pair["text"])


def _bare(text: str) -> str:
    """Return a value without quotes, a comment, and the comma after it."""
    text = text.strip().rstrip(",").strip()
    quote = text[:1]
    if quote in {'"', "'"}:
        end = text.find(quote, 1)
        return text[1:end] if end > 0 else text[1:]
    return re.split(r"\s+[#;]", text, maxsplit=1)[0].strip()


def _is_setting(name: str, text: str) -> bool:
    if not _is_secret(name, text):
        return False
    return password_in(text) is not None or (names_secret(name) and is_random(text))


def _is_secret(name: str, text: str) -> bool:
    if _LOCKED.search(text) or _HASHED.search(text) or _PUBLIC.search(name) or _PUBLIC.search(text[:4]):
        return False
    if not is_written(name, text):
        return False
    # People think passwords up; machines make keys: a word, as in `AWS_SECRET_ACCESS_KEY=secret-key`, is a place.
    return _THOUGHT_UP.search(name) is not None or is_random(text) or password_in(text) is not None
