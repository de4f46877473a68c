"""Who else knows a signing key: each known key is told by one rule of the topic."""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from typing import TYPE_CHECKING

from batten.model import Confidence, Finding, Fix, Location
from batten.model.data import dataclass
from batten.rules.form import first, is_python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Severity, Value
    from batten.understand.subjects import App, SigningKey

SHORTEST = 16
"""Characters below which a key is weak: 16 random ones of any alphabet resist an offline search."""


DEVELOPMENT = "django-insecure-"
"""How a key begins that `startproject` wrote (Django 5.2 `django.core.management.commands.startproject`)."""


class Kind(Enum):
    """How a key became known; the first that fits is the one that is told."""

    PUBLISHED = "published"
    """It stands in a deployment or environment file of the repository."""
    DEFAULT = "default"
    """It is a literal in the source, because no deployment file sets a variable."""
    HARDCODED = "hardcoded"
    """It is a literal in the source."""
    PRIVATE = "private"
    """It is not in the repository; only its own strength counts."""


@dataclass(frozen=True, slots=True)
class Known:
    """A key whose text the audit has read."""

    kind: Kind
    text: str
    case: Value
    at: Location
    keys: tuple[SigningKey, ...]
    """All that are signed with it."""

    @property
    def names(self) -> str:
        """The settings that hold it: `SECRET_KEY and JWT_SECRET_KEY`."""
        return _and(key.setting for key in self.keys)

    @property
    def forges(self) -> str:
        """What whoever knows it can forge."""
        return _and(key.signs for key in self.keys)

    @property
    def weakness(self) -> str:
        """Why it can be guessed, or nothing."""
        if _plainly(self.text) in _SAMPLES:
            return "a sample that everybody knows"
        if self.text.startswith(DEVELOPMENT):
            return "one that startproject made for development"
        return f"{len(self.text)} characters long" if len(self.text) < SHORTEST else ""

    def finding(self, says: str, fix: str, severity: Severity) -> Finding:
        """Return the finding about it; `says` never holds the text."""
        guess = f"; it is {self.weakness}" if self.weakness and self.kind is not Kind.PRIVATE else ""
        return Finding(
            at=self.at,
            says=says + guess,
            evidence=tuple(evidence.hidden() for evidence in self.case.evidence),
            confidence=self.case.confidence,
            severity=severity,
            fix=Fix(fix),
            symbol=self.keys[0].setting,
            proof=self.text,
            secret=True,
        )


_FALLBACK = " is not set: default"
"""How the evidence says that a default applies, also of a value that is one of several."""


def known(app: App, kind: Kind) -> Iterator[Known]:
    """Yield each signing key of the app that is known in this way, once for each place."""
    keys: dict[tuple[Location, str], list[SigningKey]] = defaultdict(list)
    cases: dict[tuple[Location, str], Value] = {}
    for key in app.keys:
        for case in key.value.cases():
            for text in _texts(case.value):
                place = (first(case.at, app.at), text)
                cases.setdefault(place, case)
                keys[place].append(key)
    for (at, text), case in cases.items():
        if _kind(app, case, at) is kind:
            yield Known(kind, text, case, at, tuple(keys[at, text]))


def _kind(app: App, case: Value, at: Location) -> Kind:
    if at.file is None or at.file in app.uncommitted:
        return Kind.PRIVATE
    if not is_python(at):
        return Kind.PUBLISHED
    unset = any(hop.says.endswith(_FALLBACK) for hop in case.evidence)
    if (case.confidence is Confidence.LIKELY or (unset and case.confidence is Confidence.POSSIBLE)) and not case.plain:
        return Kind.DEFAULT  # a literal of its own line is plain, also where a variable chose that line
    return Kind.HARDCODED


def _texts(value: object) -> Iterator[str]:
    """Yield the key or keys of a setting; SECRET_KEY_FALLBACKS holds several."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, str):
        if value:  # Flask 3.1 refuses sessions without a key
            yield value
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _texts(part)


def _and(words: Iterator[str]) -> str:
    *most, last = dict.fromkeys(words)
    return f"{', '.join(most)} and {last}" if most else last


def _plainly(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


# What documentations and tutorials print, without the characters that are neither letter nor digit.
_SAMPLES = frozenset(
    "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf "  # Flask docs, since 2.0
    "5y2lf4q8z\u00ec 5y2lf4q8znxec a0zr98j3yxrxhhjmnlwxrt "  # Flask docs, until 1.1
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7 "  # FastAPI docs, OAuth2 with JWT
    "abc123 abcdef anysecretstring averysecretkey badsecretkey canyouguess changeme changemeinproduction "
    "changeit changethis changethiskey changethiskeyinproduction changethisinproduction "
    "changethistosomethingsecret default defaultsecret defaultsecretkey "
    "dev devkey devonly devsecret devsecretkey development developmentkey developmentsecret "
    "developmentsecretkey fixme flask flasksecret flasksecretkey foobar hardtoguess hardtoguessstring insecure "
    "insecurekey itsasecret jwtsecret jwtsecretkey key mykey mysecret mysecretkey mysupersecretkey "
    "nevertell notasecret notsosecret password pleasechangeme randomkey randomstring replaceme s3cr3t secret "
    "secret123 secretkey secretkey123 secretkeyhere secretstring somerandomkey somerandomstring somesecret "
    "somesecretkey setdjangosecretkey djangosecretkey yourdjangosecretkey changemetosomethingrandom "
    "somethingsecret supersecret supersecretkey supersecretstring test testing testkey testsecret "
    "thesecretkey thisisasecret thisisasecretkey thisisnotasecret thisissecret thisshouldbesecret todo topsecret "
    "verysecret verysecretkey yoursecret yoursecretkey yoursecretkeyhere youwillneverguess 123 1234 12345 123456 "
    "12345678 123456789 1234567890".split()
)
