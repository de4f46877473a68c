"""What the middleware of a Starlette or FastAPI app means: sessions, CORS, CSRF, hosts, proxies, headers.

Facts from Starlette 1.10 `starlette.middleware`, starlette-csrf 3.0
`starlette_csrf.middleware` and asgi-csrf 0.11 `asgi_csrf.asgi_csrf`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import State, Value
from batten.model.data import dataclass
from batten.understand import request_facts
from batten.understand.evaluate.objects import Abstract, Unknown
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks.starlette_entries import under
from batten.understand.frameworks.starlette_middleware import header_writes
from batten.understand.libraries.asgi_extensions import ASGI_CSRF, CSRF, PROXY
from batten.understand.libraries.starlette_config import revealed
from batten.understand.libraries.starlette_middleware import CORS, HOSTS, SESSIONS
from batten.understand.subjects import Cookie, CorsPolicy, CsrfGuard, HostCheck, ProxyTrust, SigningKey

if TYPE_CHECKING:
    from batten.model import Location
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Instance
    from batten.understand.frameworks.starlette_middleware import Piece

    Stack = list[tuple[str, Piece]]

SESSION_SIGNS = "the session cookie"
_TOKENS = re.compile(r"csrf|xsrf", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Session:
    """A `SessionMiddleware`."""

    cookie: Cookie
    key: SigningKey | None
    max_age: Value


@dataclass(frozen=True, slots=True)
class Guard:
    """Middleware against forged requests, with the cookie that holds its token."""

    guard: CsrfGuard
    cookie: Cookie
    key: SigningKey | None


class Options:
    """The arguments of one piece of middleware as values."""

    def __init__(self, machine: Interpreter, piece: Piece) -> None:
        """Read the arguments of a piece."""
        self.machine = machine
        self.piece = piece
        self.at: Location | None = locate(piece.options.place)

    def held(self, name: str, index: int | None = None) -> Abstract | None:
        """Return an argument, None when it is not given."""
        found = self.piece.options.get(name, index)
        if found is None and self.piece.options.open:
            return Unknown(f"{name} may be among arguments that are not known")
        return found

    def __call__(self, name: str, index: int | None, default: object, *, text: bool = False) -> Value:
        """Return an argument, as it holds where the piece is there; `text` of what `str()` gives."""
        held = self.held(name, index)
        if held is None:
            says = f"{name} is not given: the default is"
            return under(known_value(default, self.at, says, default=True), self.piece.present)
        if text:
            held = revealed(self.machine, held, self.piece.options.place)
        return under(value_of(self.machine, held, name, self.at), self.piece.present)


def _all(stack: Stack, *names: str) -> list[tuple[str, Piece]]:
    return [(path, piece) for path, piece in stack if piece.name in names]


# Sessions


def sessions(machine: Interpreter, stack: Stack) -> list[Session]:
    """Return the session cookies: `SessionMiddleware(app, secret_key, session_cookie, max_age, path, same_site, …)`."""
    found = []
    for _, piece in _all(stack, SESSIONS):
        option = Options(machine, piece)
        name = option("session_cookie", 1, "session")
        cookie = Cookie(
            role="session",
            name=str(name.value) if name.state is State.KNOWN else "session",
            secure=option("https_only", 5, default=False),
            httponly=known_value(value=True, at=option.at, says="SessionMiddleware always sets HttpOnly"),
            samesite=option("same_site", 4, "lax"),
            at=option.at,
            settings={
                "name": "SessionMiddleware session_cookie",
                "secure": "SessionMiddleware https_only",
                "samesite": "SessionMiddleware same_site",
            },
        )
        key = option("secret_key", 0, None, text=True)
        signing = None if key.default else SigningKey("session.secret_key", key.hidden(), SESSION_SIGNS)
        found.append(Session(cookie, signing, option("max_age", 2, 14 * 24 * 3600)))
    return found


def display(found: list[Session], cors_: tuple[CorsPolicy, ...], headers_: dict[str, Value]) -> dict[str, Value]:
    """Return sessions, CORS and headers under the names that people write."""
    values = {f"header.{name}": value for name, value in headers_.items()}
    for session in found[:1]:
        values["session.https_only"] = values["cookie.secure"] = session.cookie.secure
        values["session.same_site"] = session.cookie.samesite
        values["session.max_age"] = session.max_age
        if session.key is not None:
            values["session.secret_key"] = session.key.value
    own = [policy for policy in cors_ if not policy.paths]
    if own:
        values["cors.allow_origin"] = _strangers(own)
        values["cors.allow_credentials"] = own[0].credentials
    return values


# CORS


def cors(machine: Interpreter, stack: Stack, made: Instance, at: Location) -> tuple[CorsPolicy, ...]:
    """Return the CORS policies of the app, and those that its own middleware writes by hand."""
    found: list[CorsPolicy] = []
    for path, piece in _all(stack, CORS):
        found += _policies(machine, piece, path)
    writes, _ = header_writes(machine, made)
    for _, written in writes:
        seen = request_facts.Seen(written=written)
        by_hand = request_facts.cors_by_hand(machine, seen)
        found += [by_hand] if by_hand is not None else []
    del at
    return tuple(found)


def _policies(machine: Interpreter, piece: Piece, path: str) -> list[CorsPolicy]:
    """`CORSMiddleware(app, allow_origins, allow_methods, allow_headers, allow_credentials, allow_origin_regex, …)`."""
    option = Options(machine, piece)
    at = option.at
    if at is None:
        return []
    credentials = option("allow_credentials", 3, default=False)
    origins, pattern = option("allow_origins", 0, ()), option("allow_origin_regex", 4, None)
    old = not machine.world.at_least("starlette", 1) or _old_fastapi(machine)
    found = []
    if not pattern.default and not (pattern.state is State.KNOWN and pattern.value is None):
        found.append(CorsPolicy(pattern, credentials, at, pattern=True, whole=True, paths=path))
    if not origins.default or not found:
        text = isinstance(origins.value, str)  # "*" in "https://*" holds: a text is asked for its letters
        shown = replace(origins, value="*") if text and "*" in str(origins.value) else origins
        found.append(
            CorsPolicy(
                shown, credentials, at, wildcard_echoes=not credentials.is_false(), echo_needs_cookie=old, paths=path
            )
        )
    return found


def _old_fastapi(machine: Interpreter) -> bool:
    """FastAPI before 0.133 takes no Starlette of version 1."""
    pinned = machine.world.version("starlette") is not None
    return not pinned and not machine.world.at_least("fastapi", 0, 133)


def _strangers(policies: list[CorsPolicy]) -> Value:
    """Return what a page of any other site is allowed, by the first policy that says yes."""
    answers = [_answer(policy) for policy in policies]
    yes = [answer for answer in answers if answer.state is State.KNOWN and answer.value is not None]
    doubts = [answer for answer in answers if answer.state is not State.KNOWN]
    return (yes or doubts or answers)[0]


def _answer(policy: CorsPolicy) -> Value:
    answer = request_facts.answer_to_strangers(policy)
    doubtful = policy.credentials.state is not State.KNOWN and not policy.echo_needs_cookie
    if answer.state is State.KNOWN and policy.wildcard_echoes and doubtful and answer.value is not None:
        return replace(answer, state=State.UNKNOWN, why="it is `*` or the caller's own origin, as credentials are")
    return answer


# CSRF


def csrf(machine: Interpreter, stack: Stack) -> list[Guard]:
    """Return middleware that checks a token."""
    found = []
    for _, piece in _all(stack, CSRF, ASGI_CSRF):
        option = Options(machine, piece)
        at = option.at
        if at is None:
            continue
        is_asgi, setting = piece.name == ASGI_CSRF, piece.name.rpartition(".")[2]
        names = ("signing_secret", "cookie_name") if is_asgi else ("secret", "cookie_name")
        key = option(names[0], 1 if is_asgi else 0, None, text=True)
        name = option(names[1], None, "csrftoken")
        cookie = Cookie(
            role="csrf",
            name=str(name.value) if name.state is State.KNOWN else "csrftoken",
            secure=option("cookie_secure", None, default=False),
            httponly=option("cookie_httponly", None, default=False),
            samesite=option("cookie_samesite", None, "Lax" if is_asgi else "lax"),
            at=at,
            settings={flag: f"{setting} cookie_{flag}" for flag in ("secure", "httponly", "samesite")},
        )
        signing = SigningKey(f"{setting} {names[0]}", key.hidden(), "the CSRF tokens")
        enabled = under(known_value(value=True, at=at, says="it is installed"), piece.present)
        guard = CsrfGuard(enabled, at, setting=setting)
        found.append(Guard(guard, cookie, None if key.default or key.value is None else signing))
    return found


def form_tokens(machine: Interpreter) -> bool:
    """Return whether anything that was read speaks of CSRF."""
    texts = (machine.world.sources.read(path) or "" for path in sorted(machine.world.used) if path.endswith(".py"))
    return any(_TOKENS.search(text) for text in texts)


# Keys and cookies of other libraries


def noted_keys(machine: Interpreter) -> list[SigningKey]:
    """Return the keys that libraries were given: `("signing key", setting, value, signs, place)`."""
    found = []
    for fact in machine.record:
        if fact[0] == "signing key":
            value = value_of(machine, revealed(machine, fact[2], fact[4]), fact[1], locate(fact[4]))
            found.append(SigningKey(fact[1], value.hidden(), fact[3]))
    return found


def noted_cookies(machine: Interpreter) -> list[Cookie]:
    """Return the cookies that libraries set: `("library cookie", role, name, flags, place)`."""
    found = []
    for fact in machine.record:
        at = locate(fact[4]) if fact[0] == "library cookie" else None
        if at is None:
            continue
        flags = {
            flag: known_value(default, at, f"{option} is not given: the default is", default=True)
            if held is None
            else value_of(machine, held, option, at)
            for flag, (option, held, default) in fact[3].items()
        }
        names = {flag: option for flag, (option, _, _) in fact[3].items()}
        found.append(Cookie(fact[1], fact[2], flags["secure"], flags["httponly"], flags["samesite"], at, names))
    return found


# Hosts, proxies


def hosts(machine: Interpreter, stack: Stack) -> tuple[HostCheck, ...]:
    """Return what `TrustedHostMiddleware(app, allowed_hosts, www_redirect)` takes: everything unless told."""
    found = []
    for path, piece in _all(stack, HOSTS):
        option = Options(machine, piece)
        allowed = option("allowed_hosts", 0, None)
        if allowed.state is State.KNOWN and allowed.value is None:
            allowed = replace(allowed, value=["*"])
        if option.at is not None and not path:
            found.append(HostCheck(allowed, option.at, "TrustedHostMiddleware allowed_hosts", allowed.evidence))
    return tuple(found)


def proxies(machine: Interpreter, stack: Stack) -> tuple[ProxyTrust, ...]:
    """Return whose headers `ProxyHeadersMiddleware(app, trusted_hosts)` of uvicorn believes."""
    found = []
    for _, piece in _all(stack, PROXY):
        option = Options(machine, piece)
        trusted = option("trusted_hosts", 0, "127.0.0.1")
        if option.at is not None and not trusted.default:
            trusted = _addresses(trusted)
            names = ("x-forwarded-for", "x-forwarded-proto")
            found.append(ProxyTrust("ProxyHeadersMiddleware", trusted, option.at, names, trusted.evidence))
    return tuple(found)


def _addresses(value: Value) -> Value:
    if value.state is State.KNOWN and isinstance(value.value, str):
        return replace(value, value=tuple(part.strip() for part in value.value.split(",") if part.strip()))
    return value
