"""What SQL gives to roles: superusers, everything to everybody, passwords.

PostgreSQL 17 `CREATE ROLE`, `ALTER ROLE`, `GRANT`; MySQL 8.4 section 15.7.1, MariaDB 10.11 `GRANT`.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Confidence, Location
from batten.model.data import dataclass
from batten.understand.infrastructure.nouns import Login
from batten.understand.infrastructure.stores.scene import is_hole
from batten.understand.infrastructure.stores.sql import statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.understand.infrastructure.stores.sql import Word

_POWERS = frozenset(("PG_EXECUTE_SERVER_PROGRAM", "PG_WRITE_SERVER_FILES", "PG_READ_SERVER_FILES"))
"""Roles that reach the machine: PostgreSQL 17 section 21.5."""
_MYSQL_POWERS = frozenset(("SUPER", "FILE", "SYSTEM_USER", "CREATE USER", "SYSTEM_VARIABLES_ADMIN"))
_LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))
_OBJECTS = frozenset(
    ("TABLE", "DATABASE", "SCHEMA", "FUNCTION", "SEQUENCE", "PROCEDURE", "ROUTINE", "LANGUAGE", "TYPE")
)
_OPENERS = frozenset(("CREATE", "ALTER", "GRANT", "SET", "DROP", "DO"))
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Right:
    """Something that SQL of the repository gives to a role."""

    kind: str
    """`superuser`, `everything` (`ALL ON *.*`), `public`, `grant-option`, `machine` or `owner`."""
    user: str
    """Empty for everybody."""
    host: str
    """MySQL: from where; empty where it is not said."""
    at: Location
    says: str
    """The same in words: `may do everything on every database`."""
    container: str = ""
    """The container whose database it runs in."""
    is_apps: bool | None = None
    """An app of the repository logs in as that role; None: not known."""
    confidence: Confidence = Confidence.CERTAIN
    """How sure it is that production runs the statement."""


@dataclass(slots=True)
class Script:
    """What a script leaves behind."""

    path: str
    escapes: bool = False
    rights: dict[tuple[str, str], Right] = field(default_factory=dict)
    logins: dict[str, Login] = field(default_factory=dict)
    users: list[str] = field(default_factory=list)

    def run(self, text: str, first_line: int = 1, depth: int = 0) -> None:
        """Follow the statements of a text."""
        for words in statements(text, first_line, escapes=self.escapes):
            head = words[0].upper
            if depth and head not in _OPENERS:
                words = _inside(words)  # noqa: PLW2901 - the statement begins behind BEGIN, THEN, ELSE
                head = words[0].upper if words else ""
            if head == "DO" and depth < _DEEPEST:
                for word in words:
                    if word.kind == "body":
                        self.run(word.text, word.line, depth + 1)
            elif head in ("CREATE", "ALTER") and len(words) > 1 and words[1].upper in ("ROLE", "USER"):
                self._role(words)
            elif head == "GRANT":
                self._grant(words)
            elif head == "DROP" and len(words) > 1 and words[1].upper in ("ROLE", "USER"):
                self._drop(words)
            elif head == "SET" and len(words) > 1 and words[1].upper == "PASSWORD":
                self._set_password(words)
            elif "OWNER" in (word.upper for word in words):
                self._owner(words)

    # Statements

    def _role(self, words: Sequence[Word]) -> None:
        rest = [word for word in words[2:] if word.upper not in ("IF", "NOT", "EXISTS")]
        if not rest:
            return
        for user, host, _ in _accounts(rest):
            self.users.append(user)
            for word in rest:
                if word.upper == "SUPERUSER":
                    self._give("superuser", user, host, word, "is a superuser")
                elif word.upper == "NOSUPERUSER":
                    self.rights.pop(("superuser", user), None)
            self._password(user, rest)

    def _password(self, user: str, rest: Sequence[Word]) -> None:
        for position, word in enumerate(rest[:-1]):
            after = rest[position + 1]
            if word.upper not in ("PASSWORD", "BY") or after.kind == "sign":
                continue
            if word.upper == "BY" and rest[position - 1].upper not in ("IDENTIFIED", *_plugins(rest, position)):
                continue
            if after.upper == "NULL" or (word.upper == "BY" and after.upper in ("PASSWORD", "RANDOM")):
                continue
            at = Location(file=self.path, line=after.line)
            hashed = after.text.startswith(("md5", "SCRAM-SHA-256$", "*")) and len(after.text) > len("md5") + 29
            if hashed:
                continue
            if not after.text and not self.escapes:
                self.logins.pop(user, None)  # PostgreSQL takes an empty one for none, and lets nobody in by it
                continue
            is_known = after.kind == "text" and not is_hole(after.text)
            self.logins[user] = Login(user, after.text if is_known else None, at, self._is_super(user))

    def _is_super(self, user: str) -> bool | None:
        return True if user.lower() in ("root", "postgres") or ("superuser", user) in self.rights else None

    def _set_password(self, words: Sequence[Word]) -> None:
        signs = [word.upper for word in words]
        if "FOR" not in signs or "=" not in signs:
            return
        users = list(_accounts(words[signs.index("FOR") + 1 : signs.index("=")]))
        texts = [word for word in words[signs.index("=") :] if word.kind == "text"]
        if users and texts:
            at = Location(file=self.path, line=texts[0].line)
            known = None if is_hole(texts[0].text) else texts[0].text
            self.logins[users[0][0]] = Login(users[0][0], known, at, self._is_super(users[0][0]))

    def _drop(self, words: Sequence[Word]) -> None:
        for user, _, _ in _accounts([word for word in words[2:] if word.upper not in ("IF", "EXISTS")]):
            self.logins.pop(user, None)
            for key in [key for key in self.rights if key[1] == user]:
                del self.rights[key]

    def _grant(self, words: Sequence[Word]) -> None:
        signs = [word.upper for word in words]
        if "TO" not in signs:
            return
        to = signs.index("TO")
        on = signs.index("ON") if "ON" in signs[:to] else None
        accounts = list(_accounts(words[to + 1 :]))
        if on is None:
            given = {word.text.upper() for word in words[1:to]}
            for user, host, word in accounts if given & _POWERS else ():
                names = " and ".join(sorted(name.lower() for name in given & _POWERS))
                self._give("machine", user, host, word, f"reaches the server's files or programs by {names}")
            return
        everything = "ALL" in signs[1:on]
        target = "".join(word.text for word in words[on + 1 : to])
        option = "OPTION" in signs[to:] and "GRANT" in signs[to:]
        for user, host, word in accounts:
            self._granted(user, host, word, everything=everything, target=target, signs=signs[1:on])
            if option and not (everything and target == "*.*"):
                self._give("grant-option", user, host, word, f"may hand on what it may on {target}")
            self._password(user, words[to + 1 :])

    def _granted(self, user: str, host: str, word: Word, *, everything: bool, target: str, signs: list[str]) -> None:
        if user.upper() == "PUBLIC" and word.kind == "word" and everything:
            self._give("public", "", "", word, f"may do everything on {_shown(target)}")
        elif target == "*.*" and not (user == "root" and host.lower() in _LOCAL):
            powers = sorted(_MYSQL_POWERS & _listed(signs))
            if everything:
                self._give("everything", user, host, word, "may do everything on every database")
            elif powers:
                self._give("machine", user, host, word, f"has {' and '.join(powers)} on the whole server")
        elif everything and target.upper().startswith("DATABASE"):
            self._give("owner", user, host, word, f"may do everything on {_shown(target)}")

    def _owner(self, words: Sequence[Word]) -> None:
        signs = [word.upper for word in words]
        at = signs.index("OWNER") + 1
        at += at < len(signs) and signs[at] in ("TO", "=")
        kind = signs[1] if len(signs) > 1 else ""
        if signs[0] in ("CREATE", "ALTER") and kind in ("DATABASE", "SCHEMA") and at < len(words):
            name = next((word.text for word in words[2:] if word.upper not in ("IF", "NOT", "EXISTS")), "")
            self._give("owner", words[at].text, "", words[at], f"owns the {kind.lower()} {name}")

    def _give(self, kind: str, user: str, host: str, word: Word, says: str) -> None:
        if is_hole(user):
            user = user.strip("${}:'\"")
        self.rights[kind, user] = Right(kind, user, host, Location(file=self.path, line=word.line), says)


def _inside(words: list[Word]) -> list[Word]:
    """Return a statement of a block without what stands before it: `BEGIN IF … THEN CREATE ROLE …`."""
    for position in range(len(words) - 1, -1, -1):
        if words[position].upper in _OPENERS and (
            position == 0 or words[position - 1].upper in ("BEGIN", "THEN", "ELSE", "LOOP")
        ):
            return words[position:]
    return []


def _accounts(words: Sequence[Word]) -> list[tuple[str, str, Word]]:
    """Return the accounts that stand first: `a, "b"`, `'a'@'%'`, each with host and the word itself."""
    found: list[tuple[str, str, Word]] = []
    at = 0
    while at < len(words) and words[at].kind != "sign":
        word = words[at]
        if word.upper in ("GROUP", "ROLE", "USER") and at + 1 < len(words) and words[at + 1].kind != "sign":
            at += 1
            continue
        at += 1
        host = ""
        if at + 1 < len(words) and words[at].text == "@":
            host, at = words[at + 1].text, at + 2
            host += _rest(words, at)
        found.append((word.text, host, word))
        if at >= len(words) or words[at].text != ",":
            break
        at += 1
    return found


def _rest(words: Sequence[Word], at: int) -> str:
    return "".join(word.text for word in words[at : at + 1] if word.text == "%")


def _plugins(rest: Sequence[Word], position: int) -> tuple[str, ...]:
    """Return the word before BY where it is a plugin: `IDENTIFIED WITH caching_sha2_password BY`."""
    with_plugin = position > 1 and rest[position - 2].upper == "WITH"
    return (rest[position - 1].upper,) if with_plugin else ()


def _listed(signs: Sequence[str]) -> set[str]:
    return {part.strip() for part in " ".join(signs).split(",")}


def _shown(target: str) -> str:
    upper = target.upper()
    for word in ("ALLTABLESINSCHEMA", "ALLSEQUENCESINSCHEMA", "ALLFUNCTIONSINSCHEMA"):
        if upper.startswith(word):
            return f"all {word[3:-8].lower()} of {target[len(word) :]}"
    for word in sorted(_OBJECTS):
        if upper.startswith(word) and len(target) > len(word):
            return f"{word.lower()} {target[len(word) :]}"
    return target
