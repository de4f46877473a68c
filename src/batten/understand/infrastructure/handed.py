"""Secrets that deployment files hand to containers: variables, arguments of builds and commands, committed files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.committed import uncommitted
from batten.understand.deploy.candidates import aside
from batten.understand.infrastructure.nouns import Console, Container, DataStore, Role
from batten.understand.infrastructure.secret_text import is_written, password_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Evidence, Location
    from batten.understand.infrastructure.ground import Ground
    from batten.understand.stack import Variable

_OPTION = re.compile(r"--?(?P<name>[A-Za-z][\w.-]*)")
_SIGNS = re.compile(
    r"(?:[A-Z0-9]+_+)*(?:SECRET_KEY(?:_BASE)?|JWT_SECRET(?:_KEY)?|SESSION_SECRET(?:_KEY)?|COOKIE_SECRET|APP_SECRET"
    r"|AUTH_SECRET|JWT_SIGNING_KEY|JWT_KEY|JWT_PRIVATE_KEY|SESSION_KEY|FERNET_KEY)|APP_KEY|NEXTAUTH_SECRET",
    re.IGNORECASE,
)
"""Variables that hold what sessions and tokens are signed with."""
_ELSEWHERE = re.compile(
    r"AWS|S3|MINIO|ACCESS|STORAGE|BUCKET|OSS|COS|SPACES|R2|B2|STRIPE|PAYPAL|PAYSTACK|RAZORPAY|CAPTCHA|TURNSTILE|CLIENT|OAUTH"
    r"|GOOGLE|GITHUB|GITLAB|FACEBOOK|TWITTER|TWILIO|MAIL|ALIYUN|TENCENT|WECHAT|CONSUMER",
    re.IGNORECASE,
)
"""Words in the names of keys that another service gave out: nothing here is signed with them."""
_SHORT = 16
"""A password of Redis with fewer characters is told for that, with the same end to it."""
_SAME = re.compile(r"//([^:/@\s]+):\1@")
"""A URL whose password is the user's own name."""
_OF_IMAGES = ("ENV", "ARG")
"""What a Dockerfile says is told of its image."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A literal that reads as a secret, in a file that starts containers."""

    name: str
    """The variable, the argument, the option: what says what it is for."""
    text: str
    at: Location
    to: str
    """The container that is given it, as its file calls it."""
    signs: bool = False
    """Sessions or tokens are signed with it."""
    default: bool = False
    """A fallback that the host may replace."""
    places: tuple[Location, ...] = ()
    """Where else the same text stands."""
    evidence: tuple[Evidence, ...] = ()


def read(ground: Ground) -> Iterator[Handed]:
    """Yield each secret once, at the first of its places."""
    outside = uncommitted(ground.reading.sources)
    told, values = _told(ground)
    values |= _names(ground)
    found: dict[str, list[Handed]] = {}
    for one in (*_logins(ground), *_given(ground)):
        text = password_in(one.text) or one.text
        if _SAME.search(one.text):
            continue
        is_told = (one.at.file, one.at.line) in told or text in values
        if one.at.file not in outside and not is_told and not _is_for_the_desk(one.at.file):
            found.setdefault(text, []).append(one)
    for text, ones in found.items():
        first = ones[0]
        places = tuple(dict.fromkeys(one.at for one in ones if one.at != first.at))
        yield Handed(
            first.name,
            text,
            first.at,
            first.to,
            any(one.signs for one in ones),
            all(one.default for one in ones),
            places,
            first.evidence,
        )


def _is_for_the_desk(path: str | None) -> bool:
    """Return whether a file of variables is for development or tests, by its name: `local_dev.env`."""
    return (aside(path or "") or "").endswith(("development", "tests"))


def _told(ground: Ground) -> tuple[set[tuple[str | None, int | None]], set[str]]:
    """Return the places and texts of what apps sign and log in with: rules on apps tell of it."""
    places: set[tuple[str | None, int | None]] = set()
    texts: set[str] = set()
    for app in ground.seen.apps:
        for value in (*(key.value for key in app.keys), *(held.value for held in app.credentials)):
            for case in value.cases():
                places |= {(seen.at.file, seen.at.line) for seen in case.evidence if seen.at is not None}
                if case.at is not None and isinstance(case.value, str):
                    places.add((case.at.file, case.at.line))
                    texts |= {case.value, password_in(case.value) or case.value}
    return places, texts


def _names(ground: Ground) -> set[str]:
    """Return the passwords that are the user's own name: everybody knows them, wherever else they stand."""
    guarded: list[DataStore | Console] = [*ground.of(DataStore), *ground.of(Console)]
    logins = [login for thing in guarded for login in thing.logins]
    return {login.password for login in logins if login.password and login.password.lower() == login.user.lower()}


def _logins(ground: Ground) -> Iterator[Handed]:
    """Yield the passwords of stores and consoles."""
    guarded: list[DataStore | Console] = [*ground.of(DataStore), *ground.of(Console)]
    for thing in guarded:
        for login in thing.logins:
            if thing.product == "redis" and len(login.password or "") < _SHORT:
                continue
            named = next((v.name for v in _variables(thing.container) if v.at == login.at), "the password")
            lists = thing.container.lists if thing.container is not None else {}
            is_name = any(text == login.password for text, _ in lists.get("secrets", ()))
            is_made = login.at == _image_at(thing.container)
            if login.password and not is_name and not is_made and is_written("PASSWORD", login.password):
                yield Handed(
                    named, login.password, login.at, thing.name, default=login.default, evidence=thing.evidence
                )


def _variables(container: Container | None) -> Iterator[Variable]:
    held = container.env.values() if container is not None else ()
    yield from (one for one in held if one.says not in _OF_IMAGES)


def _image_at(container: Container | None) -> Location | None:
    """Return where a password stands that nobody wrote: the image's own."""
    return (container.image_at or container.at) if container is not None else None


def _given(ground: Ground) -> Iterator[Handed]:
    own = (Role.APP, Role.OTHER)
    containers = sorted(ground.of(Container), key=lambda container: container.role not in own)
    for container in containers:
        if container.kind != "compose":
            continue  # of manifests `kubernetes.secrets` tells
        for variable in _variables(container):
            if variable.value and is_written(variable.name, variable.value) and not _stands_for(variable, container):
                signs = _SIGNS.fullmatch(variable.name) is not None and _ELSEWHERE.search(variable.name) is None
                yield Handed(
                    variable.name, variable.value, variable.at, container.name, signs, variable.default,
                    evidence=container.evidence,
                )  # fmt: skip
        for text, at in container.lists.get("build_args", ()):
            name, _, value = text.partition("=")
            if is_written(name, value):
                yield Handed(name, value, at, container.name, evidence=container.evidence)
        yield from _options(container)


def _stands_for(variable: Variable, container: Container) -> bool:
    """Return whether a text is no secret: the name of one that is mounted; the user's name, which everybody knows."""
    if any(text == variable.value for text, _ in container.lists.get("secrets", ())):
        return True
    name = variable.name.upper()
    for word in ("PASSWORD", "PASS", "PASSWD", "PWD"):
        if name.endswith(word):
            begin = variable.name[: -len(word)]
            users = (container.env.get(f"{begin}{end}") for end in ("USER", "USERNAME", "user", "username"))
            return any(user is not None and user.value == variable.value for user in users)
    return False


def _options(container: Container) -> Iterator[Handed]:
    """Yield the values of options of the command that are named for a secret."""
    dockerfile = container.stage.at.file if container.stage is not None else None
    for position, word in enumerate(container.words):
        name, equals, value = word.text.partition("=")
        match = _OPTION.fullmatch(name)
        if match is None or word.at.file == dockerfile:
            continue
        if not equals and position + 1 < len(container.words):
            value = container.words[position + 1].text
        named = re.sub(r"[-.]", "_", match["name"])
        if not value.startswith("-") and is_written(named, value):
            yield Handed(name, value, word.at, container.name, default=word.default, evidence=container.evidence)
