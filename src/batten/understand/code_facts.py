"""From facts that code made, with or without a web app, to the subjects that rules look at."""

from __future__ import annotations

import ast
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from batten.model import UNSET, Evidence, Location, State, Value
from batten.model.data import dataclass
from batten.understand.code_subjects import (
    BucketRight,
    ConfigListener,
    DefaultContext,
    EmptyPassword,
    FileMode,
    HostKeyCheck,
    Link,
    Listener,
    Login,
    OriginCheck,
    RenderedTemplate,
    ReusedKey,
    TlsCiphers,
    TlsVersion,
)
from batten.understand.evaluate.objects import Abstract, Function, Instance, Known, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.subjects import ClientCall, Cookie, CsrfGuard, SigningKey, TemplateEnvironment, TokenDecode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from batten.understand.evaluate.interpreter import Interpreter


_PROVES = re.compile(
    r"compare_digest|constant_time_compare|construct_event|\bhmac\b|signature|[\"'](?:HTTP_)?authorization[\"']",
    re.IGNORECASE,
)
"""What a view says that knows its caller by a signature or a header, which no other site's page can send."""


def is_exempt(fact: tuple[Any, ...]) -> bool:
    """Return whether a fact says that a view needs no CSRF token, and the view does not prove its caller otherwise."""
    node = getattr(plain_object(fact[3]), "node", None) if fact[0] == "csrf exempt" and len(fact) > 3 else None  # noqa: PLR2004 - with the view itself
    return fact[0] == "csrf exempt" and (node is None or not _PROVES.search(ast.unparse(node)))


@dataclass(slots=True)
class Uses:
    """What code uses: cookies, templates, clients, tokens, and all the rest."""

    session: list[Any] = field(default_factory=list)
    cookies: list[Cookie] = field(default_factory=list)
    templates: list[TemplateEnvironment] = field(default_factory=list)
    clients: list[ClientCall] = field(default_factory=list)
    tokens: list[TokenDecode] = field(default_factory=list)
    code: list[object] = field(default_factory=list)
    exempt: list[tuple[str, Location]] = field(default_factory=list)
    """Views that take requests of other sites."""
    told: set[object] = field(default_factory=set)
    """Kinds and places of what was gathered."""

    def gather(self, machine: Interpreter) -> None:
        """Take what the facts of a program say; a place is told once."""
        for fact in machine.record:
            if fact[0] == "session":
                self.session.append(fact[1])
                continue
            if is_exempt(fact) and (at := locate(fact[2])) is not None:
                self.exempt.append((str(fact[1]), at))
            maker = _MAKERS.get(fact[0])
            for subject in maker(machine, fact) if maker is not None else ():
                key = (fact[0], subject.at, type(subject))
                if key not in self.told:
                    self.told.add(key)
                    self._list_of(subject).append(subject)

        if any(template.what == "app.jinja_env" for template in self.templates):
            # The app says itself what is escaped: names of templates decide nothing.
            self.code = [one for one in self.code if not isinstance(one, RenderedTemplate)]

    def _list_of(self, subject: object) -> list[Any]:
        if isinstance(subject, ClientCall):
            return self.clients
        if isinstance(subject, TokenDecode):
            return self.tokens
        if isinstance(subject, TemplateEnvironment):
            return self.templates
        return self.cookies if isinstance(subject, Cookie) else self.code

    def all(self) -> list[Any]:
        """Return every subject."""
        return [*self.cookies, *self.templates, *self.clients, *self.tokens, *self.code]

    def __bool__(self) -> bool:
        """Return whether there is anything for a rule to look at."""
        return bool(self.all() or self.exempt)


def _client(machine: Interpreter, fact: tuple[Any, ...]) -> list[ClientCall]:
    _, function, verify, place, option = fact
    at = locate(place)
    return [] if at is None else [ClientCall(function, value_of(machine, verify, option, at), at, option)]


def _token(machine: Interpreter, fact: tuple[Any, ...]) -> list[TokenDecode]:
    _, function, parts, place = fact
    at = locate(place)
    if at is None:
        return []

    def part(name: str) -> Value:
        held = parts.get(name)
        return UNSET if held is None else value_of(machine, held, name, at)

    return [
        TokenDecode(
            function, at, part("verifies"), part("algorithms"), part("key").hidden(), writes=bool(parts.get("writes"))
        )
    ]


def _template(machine: Interpreter, fact: tuple[Any, ...]) -> list[TemplateEnvironment]:
    _, autoescape, place, what = fact
    at = locate(place)
    if at is None:
        return []
    if autoescape is None:
        value = known_value(False, at, "autoescape is not given: Jinja2's default is", default=True)  # noqa: FBT003 - the value
    elif isinstance(plain_object(autoescape), Instance | Function):
        value = known_value(True, at, "a function decides")  # noqa: FBT003 - the value
    else:
        value = value_of(machine, autoescape, "autoescape", at)
    return [TemplateEnvironment(value, at, what)]


def _cookie(machine: Interpreter, fact: tuple[Any, ...]) -> list[Cookie]:
    call = fact[1]
    at = locate(call.place)
    name = call.get("key", 0)
    if at is None or call.open:
        return []

    def flag(keyword: str, index: int, default: object) -> Value:
        held = call.get(keyword, index)
        if held is None:
            return known_value(default, at, f"{keyword} is not given: the default is", default=True)
        return value_of(machine, held, keyword, at)

    return [
        Cookie(
            role="set",
            name=str(name.value) if isinstance(name, Known) else "a cookie",
            secure=flag("secure", 6, default=False),
            httponly=flag("httponly", 7, default=False),
            samesite=flag("samesite", 8, None),
            at=at,
            signed="signed" in call.kwargs,
        )
    ]


class Use:
    """What one use of a library says, read for a subject."""

    def __init__(self, machine: Interpreter, function: str, parts: dict[str, Any], at: Location) -> None:
        """Read the parts of a fact made at `at`."""
        self.machine = machine
        self.function = function
        self.parts = parts
        self.at = at

    def value(self, name: str) -> Value:
        """Return a part as a value, unset where the fact lacks it."""
        held = self.parts.get(name)
        if held is None:
            return UNSET
        return value_of(self.machine, held, name, self.at) if isinstance(held, Abstract) else held

    def made(self) -> tuple[Evidence, ...]:
        """Return where the object was made on which a method was called."""
        at = locate(self.parts.get("made"))
        return (Evidence(at, "made here"),) if at is not None else ()

    def says(self, name: str) -> Any:  # noqa: ANN401 - a constant of the model
        """Return a part that the model itself wrote."""
        return self.parts.get(name)


def _use(machine: Interpreter, fact: tuple[Any, ...]) -> Iterator[object]:
    _, kind, function, parts, place = fact
    at = locate(place)
    if at is not None:
        yield _KINDS[kind](Use(machine, function, parts, at))


_KINDS: dict[str, Callable[[Use], object]] = {
    "version": lambda use: TlsVersion(use.function, use.value("version"), use.at, least=bool(use.says("least"))),
    "ciphers": lambda use: TlsCiphers(use.function, use.value("ciphers"), use.at),
    "host key": lambda use: HostKeyCheck(use.function, use.value("policy"), use.at, knows=bool(use.says("knows"))),
    "link": lambda use: Link(
        use.says("protocol"),
        use.function,
        use.value("target"),
        use.at,
        login=bool(use.says("login")),
        option=use.says("option") or "",
    ),
    "mode": lambda use: FileMode(
        use.function, use.value("mode"), use.value("path"), use.at, mask=bool(use.says("mask"))
    ),
    "listener": lambda use: Listener(
        use.function,
        use.value("host"),
        use.value("port"),
        use.at,
        contained=use.machine.world.unit.image is not None,
        reach=use.machine.world.unit.reach,
        evidence=use.made(),
    ),
    "bucket right": lambda use: BucketRight(
        use.function, use.says("what"), use.value("right"), use.at, bucket=use.value("bucket")
    ),
    "config listener": lambda use: ConfigListener(use.function, use.value("verify"), use.at),
    "login": lambda use: Login(
        use.function,
        use.says("argument"),
        use.value("secret").hidden(),
        use.at,
        user=use.value("user"),
        host=use.value("host"),
    ),
    "default context": lambda use: DefaultContext(use.function, use.at),
    "rendered": lambda use: RenderedTemplate(use.value("name"), use.at, context=bool(use.says("context"))),
    "empty password": lambda use: EmptyPassword(use.function, use.value("password"), use.at),
    "csrf": lambda use: (
        CsrfGuard(use.value("checks"), use.at, setting=use.says("option"))
        if use.says("option") == "require_csrf"
        else OriginCheck(use.function, use.says("option"), use.value("checks"), use.at)
    ),
    "reused key": lambda use: ReusedKey(use.function, use.says("key"), use.at),
}

_MAKERS: dict[str, Callable[[Interpreter, tuple[Any, ...]], Iterable[Any]]] = {
    "client": _client,
    "token": _token,
    "jinja": _template,
    "set_cookie": _cookie,
    "use": _use,
    "listen": _use,
}


def keys_of(tokens: Iterable[TokenDecode]) -> tuple[SigningKey, ...]:
    """Return the keys that tokens are read and made with, with the places that use them."""
    return tuple(
        SigningKey(f"the key of {token.function}", _used(token), "the app's tokens")
        for token in tokens
        if token.key.state is not State.UNSET
    )


def _used(token: TokenDecode) -> Value:
    here = (Evidence(token.at, f"{token.function} takes it"),)
    cases = tuple(replace(case, evidence=(*case.evidence, *here)) for case in token.key.cases_)
    return replace(token.key, evidence=(*token.key.evidence, *here), cases_=cases).hidden()


def use(machine: Interpreter, kind: str, function: str, place: Any, **parts: Any) -> None:  # noqa: ANN401 - parts of a subject
    """Note that code uses a library in a way that a rule looks at.

    A port that is opened in a function which nobody calls is not open: the fact counts in plain code only.
    """
    fact = "listen" if kind in {"listener", "config listener"} else "use"
    machine.record.append((fact, kind, function, {k: v for k, v in parts.items() if v is not None}, place))
