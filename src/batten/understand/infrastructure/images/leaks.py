"""Secrets that a `RUN` holds as text: tokens, URLs with a password, variables, passwords of accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.images.nouns import Leak
from batten.understand.infrastructure.secret_text import is_written, looks_real, names_secret, password_in, token_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.understand.infrastructure.images.nouns import Command

_ACCOUNT = re.compile(r"([a-z_][\w-]*\$?):([^\s:\\\"'|]*)")
_ADDS = frozenset(("useradd", "usermod", "adduser"))
_UNKNOWN = re.compile(r"\$|`|^[*!x]+$|\{\{")
_OPTION = re.compile(r"--?([A-Za-z][\w-]*)")
_MYSQL = frozenset(("mysql", "mysqladmin", "mysqldump", "mariadb", "mariadb-admin", "mariadb-dump"))
_PRINTS = frozenset(("echo", "printf"))


def leaks(commands: Iterable[Command]) -> Iterator[Leak]:
    """Yield each secret that a command holds, with its place; once for a line."""
    told: set[tuple[object, str]] = set()
    for command in commands:
        for leak in tuple(_logins(command)) or _texts(command):
            key = (leak.at, leak.kind)
            if key not in told and (leak.ships or looks_real(leak.text)):
                told.add(key)
                yield leak


def _texts(command: Command) -> Iterator[Leak]:
    for name, value in command.sets:
        if is_written(name, value):
            yield Leak("text", f"{name} is set to a text", value, command.at, command.ships)
    for position, word in enumerate(command.words[1:], start=1):
        token, password = token_in(word), password_in(word)
        if token is not None or password is not None:
            says = "a token is written out" if token is not None else "a password is written out in a URL"
            yield Leak("text", says, token or password or "", command.at, command.ships)
        else:
            yield from _option(command, position, word)


def _option(command: Command, position: int, word: str) -> Iterator[Leak]:
    name, equals, value = word.partition("=")
    match = _OPTION.fullmatch(name)
    if match is None:
        name = word.rpartition("/")[2].lstrip(":")
        assigned = re.fullmatch(r"([A-Za-z_][\w.-]*)=(.+)", name)
        if assigned is not None and is_written(assigned[1].replace("-", "_"), assigned[2]):
            yield Leak("text", f"{assigned[1]} is set to a text", assigned[2], command.at, command.ships)
        return
    label = match[1].replace("-", "_")
    following = value if equals else command.words[position + 1] if position + 1 < len(command.words) else ""
    if len(label) > 1 and names_secret(label) and is_written(label, following):
        yield Leak("text", f"{name} is given a text", following, command.at, command.ships)
    elif command.name in _MYSQL and word.startswith("-p") and len(word) > 2 and is_written("password", word[2:]):  # noqa: PLR2004 - `-p`
        yield Leak("text", f"{command.name} -p is given a text", word[2:], command.at, command.ships)
    elif command.name in ("curl", "wget", "http") and name in ("-u", "--user", "-H", "--header"):
        yield from _header(command, name, following)


def _header(command: Command, name: str, text: str) -> Iterator[Leak]:
    user, _, password = text.partition(":")
    if name in ("-u", "--user") and password and is_written("password", password):
        yield Leak("text", f"{command.name} logs in as {user} with a text", password, command.at, command.ships)
    found = re.search(r"(?i)^(authorization|[\w-]*(?:token|api-?key)):\s*(?:bearer|basic|token)?\s*(\S+)$", text)
    if name in ("-H", "--header") and found is not None and is_written("token", found[2]):
        yield Leak("text", f"the header {found[1]} is a text", found[2], command.at, command.ships)


def _logins(command: Command) -> Iterator[Leak]:
    """Yield the passwords that accounts of the image are given."""
    if command.name in ("chpasswd", "passwd", "smbpasswd"):
        for words in command.fed:
            yield from _fed(command, words)
    elif command.name in _ADDS:
        yield from _added(command, command.words[1:])


def _fed(command: Command, words: Sequence[str]) -> Iterator[Leak]:
    """Yield the accounts in what is printed into `chpasswd`, or the password in what is printed into `passwd`."""
    if not words or words[0].rpartition("/")[2] not in _PRINTS:
        return
    text = " ".join(word for word in words[1:] if not re.fullmatch(r"-[neE]+", word)).strip("\"'")
    if command.name == "chpasswd":
        for account in _ACCOUNT.finditer(text):
            if not _UNKNOWN.search(account[2]) and "$" not in text[: account.start()]:
                says = f"the account {account[1]} is given a password"
                yield Leak("login", says, account[2], command.at, command.ships)
                return
    elif text and not _UNKNOWN.search(text):
        user = next((word for word in command.words[1:] if not word.startswith("-")), "root")
        yield Leak("login", f"the account {user} is given a password", text, command.at, command.ships)


def _added(command: Command, arguments: Sequence[str]) -> Iterator[Leak]:
    for position, word in enumerate(arguments):
        option, equals, value = word.partition("=")
        text = value if equals else arguments[position + 1] if position + 1 < len(arguments) else ""
        if option not in ("-p", "--password") or not text:
            continue
        made = re.match(r"(?:\$\(|`)\s*(?:openssl passwd|mkpasswd|perl)\b(.*)", text)
        literal = (
            made is not None and "$" not in made[1] and re.search(r"\s[\"']?[\w!@#%^&*.-]{3,}", made[1]) is not None
        )
        hashed = re.match(r"\$[0-9a-z]+\$|\\\$[0-9a-z]+", text) is not None
        if literal or hashed or not _UNKNOWN.search(text):
            user = arguments[-1] if not arguments[-1].startswith("-") else "it adds"
            yield Leak("login", f"the account {user} is given a password", text, command.at, command.ships)
