"""The cookies of one session with one host: what a browser would send back (RFC 6265)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.collect.http.target import Origin
    from batten.understand.answers.http import Answer

_MOST = 100
_LONGEST = 4096
"""Name and value together, as browsers keep them (RFC 6265bis section 5.7)."""


class Jar:
    """Cookies by name and path; only one host is ever asked, so a foreign `Domain` is a reason to drop one."""

    def __init__(self) -> None:
        """Begin without any."""
        self._held: dict[tuple[str, str], tuple[str, bool]] = {}
        self._changes: list[tuple[tuple[str, str], tuple[str, bool] | None]] = []
        """What was set and, as None, deleted, in order."""

    def take(self, answer: Answer, origin: Origin, path: str) -> None:
        """Keep the cookies that an answer sets."""
        for line in answer.all("set-cookie"):
            pair, *attributes = line.split(";")
            name, equals, value = (part.strip() for part in pair.partition("="))
            said = {key.strip().lower(): text.strip() for key, _, text in (part.partition("=") for part in attributes)}
            if not equals or not name or len(name) + len(value) > _LONGEST or not _is_own(said, origin.host):
                continue
            where = said.get("path", "")
            key = (name, where if where.startswith("/") else _directory(path))
            self._change(key, None if _is_over(said) else (value, "secure" in said))

    def branch(self) -> Jar:
        """Return a jar that begins with the same cookies and goes its own way."""
        made = Jar()
        made._held.update(self._held)
        return made

    def merge(self, branch: Jar) -> None:
        """Do what was done to a branch here too."""
        for key, kept in branch._changes:
            self._change(key, kept)

    def _change(self, key: tuple[str, str], kept: tuple[str, bool] | None) -> None:
        self._changes.append((key, kept))
        del self._changes[:-_MOST]
        self._held.pop(key, None)
        if kept is not None and len(self._held) < _MOST:
            self._held[key] = kept

    def header(self, origin: Origin, path: str) -> str:
        """Return what stands in the `Cookie` header of a request; empty for none. Longer paths come first."""
        asked = path.partition("?")[0]
        may_be_secret = origin.scheme == "https" or origin.host in {"localhost", "127.0.0.1", "::1"}
        sent = [
            (where, f"{name}={value}")
            for (name, where), (value, is_secure) in self._held.items()
            if (may_be_secret or not is_secure) and _is_under(asked, where)
        ]
        return "; ".join(pair for _, pair in sorted(sent, key=lambda item: -len(item[0])))


def _is_own(said: dict[str, str], host: str) -> bool:
    domain = said.get("domain", "").lstrip(".").lower()
    return not domain or host == domain or host.endswith(f".{domain}")


def _is_over(said: dict[str, str]) -> bool:
    age = said.get("max-age", "")
    if age:
        return age.startswith("-") or age.strip("0") == ""
    return bool(said.get("expires")) and _is_past(said["expires"])


def _is_past(moment: str) -> bool:
    from datetime import UTC, datetime  # noqa: PLC0415 - only a cookie with a date needs it
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - likewise

    try:
        then = parsedate_to_datetime(moment.replace("-", " "))
    except (ValueError, TypeError, IndexError):
        return False
    return (then if then.tzinfo else then.replace(tzinfo=UTC)) <= datetime.now(UTC)


def _directory(path: str) -> str:
    return path.partition("?")[0].rpartition("/")[0] or "/"


def _is_under(asked: str, where: str) -> bool:
    return asked == where or asked.startswith(where if where.endswith("/") else f"{where}/")
