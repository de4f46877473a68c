"""Files of a repository that should stay out of an image, by what they hold."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy import dotenv
from batten.understand.deploy.candidates import aside
from batten.understand.infrastructure.images.nouns import Held
from batten.understand.infrastructure.secret_text import (
    is_default,
    is_placeholder,
    is_private_key,
    is_random,
    is_token,
    is_written,
    password_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.deploy.reading import Reading

_NAMES = re.compile(
    r"""
      (?P<environment>\.env(?:\.[\w.-]+)?|[\w.-]*\.env|\.envrc|\.flaskenv)
    | (?P<key>id_(?:rsa|dsa|ecdsa|ed25519)|[\w.-]+\.(?:pem|key|ppk)|(?:deploy|server|private)[_.-]?key)
    | (?P<store>[\w.-]+\.(?:p12|pfx|kdbx))
    | (?P<credentials>\.npmrc|\.yarnrc|\.pypirc|pip\.conf|\.netrc|_netrc|\.git-credentials|\.pgpass|\.my\.cnf|\.s3cfg
        |\.dockercfg|\.boto|kubeconfig|terraform\.tfstate|credentials|[\w.-]*(?:credential|secret|service[-_]?account|key)[\w.-]*\.json
        |secrets?\.(?:ya?ml|toml|ini|json))
    | (?P<text>[\w.-]*(?:secret|password|passwd|token|api[_-]?key|credential)s?\.txt)
    | (?P<settings>local_?settings\.py|settings_?local\.py|config_?local\.py|local_?config\.py|secrets?\.py|local\.py)
    | (?P<database>[\w.-]+\.(?:sqlite3?|sqlitedb)|db\.sqlite3?|[\w-]+\.db)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ALWAYS = re.compile(r"\.netrc|_netrc|\.git-credentials|\.pgpass|\.my\.cnf|\.dockercfg|\.pypirc|credentials")
"""Files that are nothing without a password."""
_SAMPLE = re.compile(
    r"(?:^|[._-])(?:example|examples|sample|template|tmpl|tpl|dist|default|defaults|test|testing|ci|e2e|docs?|demo|skel|schema|public|pub)"
    r"(?:[._-]|$)",
    re.IGNORECASE,
)
_FOR_DESK = re.compile(r"(?:^|[._-])(?:dev|develop|development|local|debug)(?:[._-]|$)", re.IGNORECASE)
_SETTING = re.compile(r"^\s*([A-Za-z_]\w*)\s*=\s*[rbf]?([\"'])(.+?)\2", re.MULTILINE)
_ENTRY = re.compile(r"^[ \t]*[\"']?([\w.-]+)[\"']?\s*[:=]\s*[\"']?([^\s\"'#]+)", re.MULTILINE)
_MOST_NAMED = 3
_MOST = 400
_LARGEST = 200_000
"""Characters of one such file that are looked at."""


def suspects(reading: Reading) -> list[tuple[str, str]]:
    """Return the files whose names say that they may hold such things, with their kind."""
    found: list[tuple[str, str]] = []
    for path in reading.files():
        folder, _, name = path.rpartition("/")
        match = _NAMES.fullmatch(name)
        if match is None or match.lastgroup is None or len(found) >= _MOST or _SAMPLE.search(name):
            continue
        if folder and aside(f"{folder}/file") in _TESTS:
            continue
        found.append((path, match.lastgroup))
    return found


_TESTS = frozenset(
    (
        "it belongs to tests", "it is an example", "it belongs to documentation", "it is for continuous integration",
        "it belongs to a dependency", "it is for benchmarks",
    )
)  # fmt: skip


NAMED = {
    "environment": "the variables of a host",
    "key": "a private key",
    "credentials": "credentials",
}
"""What files hold that are not in the repository and are copied by name."""


def kind_of(path: str) -> str | None:
    """Return what a file holds by its name, where its name leaves no doubt."""
    name = path.rpartition("/")[2]
    match = _NAMES.fullmatch(name)
    kind = match.lastgroup if match is not None and not _SAMPLE.search(name) else None
    if kind == "key" and not name.startswith("id_") and not name.endswith((".key", ".ppk")):
        return None  # a .pem may be a certificate
    if kind == "credentials" and not _ALWAYS.fullmatch(name):
        return None
    return kind if kind in NAMED else None


def held(reading: Reading, path: str, kind: str, *, committed: bool) -> Held | None:
    """Return what a file holds that should stay out of an image; None when nothing of that is in it."""
    name = path.rpartition("/")[2]
    if committed and _FOR_DESK.search(name) and kind == "environment":
        return None  # what a team shares for the desk
    if kind == "database":
        return Held(path, "database", "a database", Location(file=path), committed, read=False)
    if kind == "store":
        return Held(path, "key", "a store of private keys", Location(file=path), committed, read=False)
    text = reading.text(path)
    if not text:
        return None
    found = list(_READERS[kind](text[:_LARGEST], path))
    if not found:
        return None
    names = list(dict.fromkeys(says for says, _ in found))
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    says = ", ".join(names[:_MOST_NAMED]) + more
    return Held(path, "key" if found[0][0] == _KEY else kind, says, found[0][1], committed)


_KEY = "a private key"


def _environment(text: str, path: str) -> Iterator[tuple[str, Location]]:
    for name, value, line in dotenv.bindings(text):
        if value is not None and is_written(name, value) and not is_default(value):
            yield name, Location(file=path, line=line)


def _key(text: str, path: str) -> Iterator[tuple[str, Location]]:
    if is_private_key(text):
        line = text[: text.index("PRIVATE KEY")].count("\n") + 1
        yield _KEY, Location(file=path, line=line)


def _settings(text: str, path: str) -> Iterator[tuple[str, Location]]:
    for match in _SETTING.finditer(text):
        if is_written(match[1], match[3]):
            yield match[1], Location(file=path, line=text.count("\n", 0, match.start(1)) + 1)


def _credentials(text: str, path: str) -> Iterator[tuple[str, Location]]:
    """Yield the entries of a file of credentials: of pip, npm, AWS, Google, Docker, git and others."""
    name = path.rpartition("/")[2].lower()
    if name in (".netrc", "_netrc", ".pgpass", ".git-credentials"):
        yield from _logins(text, path, name)
        return
    if name.endswith(".json"):
        yield from _json(text, path)
        return
    for number, row in enumerate(text.splitlines(), start=1):
        at = Location(file=path, line=number)
        if is_private_key(row):
            yield _KEY, at
            continue
        entry = _ENTRY.match(row.replace("//", "", 1) if name == ".npmrc" else row)
        label, value = (entry[1], entry[2].rstrip(",")) if entry else ("", "")
        npm = re.search(r":_(authToken|auth|password)\s*=\s*([^\s$]{8,})$", row) if "npmrc" in name else None
        if npm is not None:
            yield f"_{npm[1]}", at
        elif label and is_written(_spelled(label), value):
            yield label, at
        elif is_token(row) or password_in(row) is not None:
            yield "a password in a URL" if password_in(row) is not None else "a token", at


def _spelled(label: str) -> str:
    """Return `privateKeyId` as `private_key_id`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", label.strip("_")).replace("-", "_").replace(".", "_")


def _logins(text: str, path: str, name: str) -> Iterator[tuple[str, Location]]:
    expression = r"\bpassword\s+(\S+)" if "netrc" in name else r"^[^#:\s]+:[^:]*:[^:]*:[^:]*:(\S+)$"
    for number, row in enumerate(text.splitlines(), start=1):
        found = re.search(expression, row) if name != ".git-credentials" else None
        if password_in(row) is not None or (found is not None and is_written("password", found[1])):
            yield "a password", Location(file=path, line=number)


def _json(text: str, path: str) -> Iterator[tuple[str, Location]]:
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while waiting:
        held = waiting.pop()
        waiting += held if isinstance(held, list) else ()
        for name, value in held.items() if isinstance(held, dict) else ():
            waiting += [value] if isinstance(value, dict | list) else []
            if isinstance(value, str) and is_written(_spelled(name), value):
                line = text.count("\n", 0, max(text.find(f'"{name}"'), 0)) + 1
                yield (_KEY if is_private_key(value) else name), Location(file=path, line=line)


def _text(text: str, path: str) -> Iterator[tuple[str, Location]]:
    """Yield the token or password that is all of a file, as Docker's secrets are."""
    rows = [row.strip() for row in text.splitlines() if row.strip()]
    if len(rows) == 1 and (is_token(rows[0]) or (is_random(rows[0]) and not is_placeholder(rows[0]))):
        yield "a secret", Location(file=path, line=1)


_READERS: dict[str, Callable[[str, str], Iterator[tuple[str, Location]]]] = {
    "environment": _environment,
    "key": _key,
    "settings": _settings,
    "credentials": _credentials,
    "text": _text,
}
