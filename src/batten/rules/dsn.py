"""Connection strings: who logs in where, and whether everybody knows the password."""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_plus, urlsplit

from batten.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """A user and password for a service, taken from a DSN or a bare password."""

    user: str
    password: str
    host: str
    """As written, `` for a socket, a file or a bare password."""

    @property
    def is_default(self) -> bool:
        """Return whether vendors, tutorials or sample files print this password."""
        password = self.password.lower()
        return is_known(password) or (password == self.user.lower() and bool(password))

    @property
    def is_remote(self) -> bool:
        """Return whether the service stands on another machine, as far as its name tells.

        A bare name is a container's or a socket's: other machines have a dot.
        """
        return self.host not in _LOOPBACK and ("." in self.host or ":" in self.host)


def is_known(password: str) -> bool:
    """Return whether vendors, tutorials or sample files print this password."""
    return password.lower() in _KNOWN


def accounts(text: str) -> tuple[Account, ...]:
    """Return the accounts with a password that `text` names; a text that is no URL is a password."""
    words = _keywords(text)
    if words is not None:
        return () if _is_hole(words.password) else (words,)
    if "://" not in text:
        return () if _is_hole(text) else (Account("", text, ""),)
    try:
        parts = urlsplit(text)
    except ValueError:  # an unbalanced bracket, a bad port
        return ()
    login, at, hosts = parts.netloc.rpartition("@")
    user, colon, password = login.partition(":")
    if not at or not colon or _is_hole(password):
        return ()
    # RFC 3986 section 3.2.1: user and password are percent-encoded. One host of a list is enough to tell.
    return (Account(unquote(user), unquote(password), _host(hosts.partition(",")[0])),)


def _keywords(text: str) -> Account | None:
    """Return the account of a DSN of keywords, None for any other text.

    libpq's `host=db user=app password=…` (PostgreSQL 17 section 32.1.1.1), and
    ODBC's `SERVER=db;UID=sa;PWD=…`, also quoted inside a URL (`?odbc_connect=…`).
    """
    inside = unquote_plus(text.partition("odbc_connect=")[2]) or text
    if "://" in inside:
        return None
    words = {name.lower(): value.strip("'{}") for name, value in _WORD.findall(inside)}
    password = words.get("password", words.get("pwd"))
    if password is None:
        return None
    host = words.get("host", words.get("server", words.get("hostaddr", "")))
    return Account(words.get("user", words.get("uid", "")), password, host)


_WORD = re.compile(r"(?:^|[\s;])(\w+)\s*=\s*('[^']*'|\{[^}]*\}|[^\s;]*)")


def _host(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.rpartition(":")[0] if ":" in text else text


def _is_hole(password: str) -> bool:
    """Return whether nothing, or a place to fill in, stands where the password would.

    `None` is the text that formatting makes of a variable that is not set.
    """
    return password in ("", "None") or any(mark in password for mark in ("{", "}", "<", ">", "$", "%("))


_LOOPBACK = frozenset({"", "localhost", "127.0.0.1", "::1"})

# Documented defaults of PostgreSQL, MySQL, MongoDB, RabbitMQ, Redis, MinIO, Elasticsearch and SQL Server
# images, and the words that tutorials put in their place.
_KNOWN = frozenset(
    "admin admin123 administrator change-me change_me changeit changeme default demo dev development docker "
    "elastic example foobared guest letmein mariadb minioadmin mongo mongodb mypass mypassword mysecretpassword "
    "mysql p@ssw0rd pass passw0rd passwd password password1 password123 postgres postgresql pwd qwerty rabbitmq "
    "redis replaceme root rootpassword s3cr3t sa sample secret secretpassword sqlserver supersecret test test123 "
    "testing testpass testpassword toor user username welcome your-password your_password "
    "yourpassword yourstrong(!)password "
    "yourstrong@passw0rd 1234 12345 123456 12345678 123456789".split()
)
