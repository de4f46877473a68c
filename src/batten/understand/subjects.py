"""What rules look at: an app and its parts, evaluated, the same for every framework."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import UNSET, Value
from batten.model.data import dataclass
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.model import Evidence, Location
    from batten.understand.conditions import Condition
    from batten.understand.stack import Unit


@dataclass(frozen=True, slots=True)
class Server:
    """One way in which production serves an app."""

    name: str
    """As a person calls it: `Flask's own server`, `the flask command`, `gunicorn`."""
    kind: str
    """`werkzeug` (app.run), `flask` (the command), `gunicorn`, `waitress`, `uvicorn`, …"""
    development: bool
    """It is a development server."""
    at: Location
    """The call or command that starts it."""
    host: Value
    port: Value
    debug: Value
    """Debug as this server makes it effective (`app.run(debug=…)`, FLASK_DEBUG, `--debug`)."""
    debugger: Value
    """Whether an interactive debugger answers errors; known False for servers that have none."""
    reload: Value
    reach: Reach = Reach.UNKNOWN
    contained: bool = False
    """It runs in a container, where listening on every address is needed to be reached at all."""
    evidence: tuple[Evidence, ...] = ()
    """`started by …`"""
    assumed: bool = False
    """Nothing in the repository says what starts the app."""
    on_import: bool = False
    """Whatever imports the app starts this server: the call stands in the app's module, outside of any guard."""
    options: Mapping[str, Value] = field(default_factory=dict)
    """What its command and its own file say besides, by the server's long names: `timeout`, `log-level`, `stats`."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs sessions, tokens or cookies."""

    setting: str
    """`SECRET_KEY`, `JWT_SECRET_KEY`, `jwt.encode key`."""
    value: Value
    signs: str
    """What whoever knows it can forge: `the session cookie`."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that the app sets, with its flags as production sets them."""

    role: str
    """`session`, `remember`, `csrf`, or `set` for one set by hand."""
    name: str
    secure: Value
    httponly: Value
    samesite: Value
    at: Location | None
    """Where a hand-set cookie is set; for settings, where a missing one would be written."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Flag to the setting that holds it: `{"secure": "SESSION_COOKIE_SECURE"}`."""
    used: bool = True
    """Whether the app is known to set it."""
    samesite_default: str = ""
    """What browsers apply when it is not set: they treat it as Lax."""
    signed: bool = False
    """It is set by hand and signed with the app's key: it says who the visitor is."""


@dataclass(frozen=True, slots=True)
class CorsPolicy:
    """Which other origins may read the app's answers."""

    origins: Value
    """A string, a tuple of strings, or patterns; `*` is any."""
    credentials: Value
    at: Location
    reflects: bool = False
    """The request's own Origin is sent back by hand-written code, unchecked."""
    pattern: bool = False
    """Every origin string is a regular expression (Flask-CORS and CORSMiddleware `allow_origin_regex`)."""
    wildcard_echoes: bool = False
    """The library answers `*` with the request's own origin when credentials are on."""
    echo_needs_cookie: bool = False
    """It does so only for a request that brings a cookie (Starlette before 1.0)."""
    whole: bool = False
    """A pattern has to match the whole origin (`re.fullmatch`, CORSMiddleware); else only its start (Flask-CORS)."""
    paths: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CsrfGuard:
    """Protection of forms against requests forged by other sites."""

    enabled: Value
    at: Location
    exempt: tuple[tuple[str, Location], ...] = ()
    """Views or blueprints taken out, with the place."""
    check_default: Value = UNSET
    setting: str = "WTF_CSRF_ENABLED"
    trusted: Value = UNSET
    """Origins that need no token (`https://shop.example.com`, `https://*.example.com`)."""
    trusted_setting: str = "CSRF_TRUSTED_ORIGINS"


@dataclass(frozen=True, slots=True)
class Headers:
    """Headers put on every response, lower-case names."""

    values: Mapping[str, Value]
    at: Location | None
    """Where headers are set, or where they would be."""
    unsure: str = ""
    """Why a header may be set all the same: a hook that could not be followed."""
    https_only: bool = False
    """HTTP is redirected to HTTPS."""
    redirect: Value = UNSET
    """What an extension was told about that redirect (Talisman `force_https`); unset without such an extension."""
    serves_pages: bool = True
    partly: frozenset[str] = frozenset()
    """Headers that only a part of the routes has: those of one blueprint."""
    only: Mapping[str, str] = field(default_factory=dict)
    """Headers that a server before the app puts on a part of the answers, to what it does, in words."""


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """A place where an error's own text goes back to the visitor."""

    what: str
    """`traceback`, `exception text`, `exception details`."""
    function: str
    at: Location
    handler: bool = False
    """It is the app's handler for every error."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Credential:
    """A user and password with which the app reaches a service."""

    setting: str
    value: Value
    """The DSN or password as text."""
    service: str = ""
    """`mail` where a password that everybody knows is a place to fill in: no mail server takes it."""


@dataclass(frozen=True, slots=True)
class TemplateEnvironment:
    """A Jinja2 environment or template, with its escaping."""

    autoescape: Value
    at: Location
    what: str
    """`jinja2.Environment`, `jinja2.Template`, `app.jinja_env`."""


@dataclass(frozen=True, slots=True)
class ClientCall:
    """A call to another server over TLS, with its verification."""

    function: str
    """`requests.get`, `ssl.create_default_context`."""
    verify: Value
    at: Location
    option: str = "verify"


@dataclass(frozen=True, slots=True)
class TokenDecode:
    """A JWT being read (or made)."""

    function: str
    at: Location
    verifies: Value
    algorithms: Value
    key: Value
    writes: bool = False
    """It is `jwt.encode`."""


@dataclass(frozen=True, slots=True)
class NoEffect:
    """A line that looks like a protection and does nothing."""

    says: str
    at: Location
    instead: str
    setting: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class DebugTool:
    """A debugger, toolbar or profiler wired into the app."""

    what: str
    """`DebuggedApplication`, `Flask-DebugToolbar`."""
    enabled: Value
    at: Location
    console: bool = False
    """It runs Python for the visitor."""


@dataclass(frozen=True, slots=True)
class HostCheck:
    """Which `Host` headers the app accepts."""

    allowed: Value
    """A list of names; `*` is any. Unset or empty: the framework checks nothing (or, Django, accepts nothing)."""
    at: Location
    setting: str
    """`ALLOWED_HOSTS`, `TRUSTED_HOSTS`, `TrustedHostMiddleware allowed_hosts`."""
    evidence: tuple[Evidence, ...] = ()
    any_host: str = "*"
    """The entry that lets every host in; empty where the framework has none (Flask takes `*` for a name)."""


@dataclass(frozen=True, slots=True)
class HostLink:
    """A link that the app builds from the `Host` header of the request at hand."""

    what: str
    """What builds it: `url_for`, `request.host_url`."""
    at: Location
    carries: str = ""
    """The secret in the link, by the name of its parameter (`token`); empty for a link without one."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Documentation, an admin, metrics or another panel that the app serves."""

    kind: str
    """`openapi`, `graphql`, `admin`, `metrics`, `panel`."""
    what: str
    """As people call it: `Swagger UI`, `Django's admin`."""
    path: str
    """URL path, as far as known."""
    enabled: Value
    """Whether it is served in production."""
    at: Location
    guarded: Value = UNSET
    """Whether a login stands before it."""
    setting: str = ""
    evidence: tuple[Evidence, ...] = ()
    power: str = ""
    """What a visitor can do there beyond reading: `changes data`, `runs code`."""


@dataclass(frozen=True, slots=True)
class ProxyTrust:
    """Forwarded headers (`X-Forwarded-For`, `-Proto`, `-Host`) that are believed, and from whom."""

    what: str
    """`ProxyFix`, `SECURE_PROXY_SSL_HEADER`, `forwarded_allow_ips`."""
    trusted: Value
    """Addresses that are believed (`*` is any), or the number of proxies."""
    at: Location
    headers: tuple[str, ...] = ()
    """Names of the believed headers, lower case."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """How passwords of the app's own users are checked and stored."""

    validators: Value
    """Dotted names of the checks a new password has to pass."""
    hashers: Value
    """Dotted names of the hash functions; the first is used for new passwords."""
    at: Location


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A call that turns a password into what is stored."""

    function: str
    """`hashlib.md5`, `generate_password_hash`."""
    method: Value
    """`md5`, `pbkdf2:sha256:1000`, `scrypt`; unset: the library's own choice."""
    at: Location


@dataclass(frozen=True, slots=True)
class SeededUser:
    """An account of the app's own that its code creates, with the password written there."""

    user: Value
    password: Value
    how: str
    """The call that creates it: `User(…)`, `create_superuser`, `generate_password_hash`."""
    at: Location


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """The largest request body that the app reads."""

    size_bytes: Value
    """None or unset: no limit."""
    at: Location
    setting: str


@dataclass(frozen=True, slots=True)
class App:
    """One web app as production will run it."""

    name: str
    framework: str
    """Empty: there is no app, only code."""
    root: str
    unit: Unit
    at: Location
    """Where the app object is made."""
    settings: Mapping[str, Value]
    """Framework's own names, plus `run.debug`, `header.NAME`, `cors.allow_origin`, …"""
    servers: tuple[Server, ...] = ()
    keys: tuple[SigningKey, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    cors: tuple[CorsPolicy, ...] = ()
    csrf: tuple[CsrfGuard, ...] = ()
    headers: tuple[Headers, ...] = ()
    errors: tuple[ErrorAnswer, ...] = ()
    credentials: tuple[Credential, ...] = ()
    templates: tuple[TemplateEnvironment, ...] = ()
    clients: tuple[ClientCall, ...] = ()
    tokens: tuple[TokenDecode, ...] = ()
    no_effect: tuple[NoEffect, ...] = ()
    tools: tuple[DebugTool, ...] = ()
    hosts: tuple[HostCheck, ...] = ()
    panels: tuple[Panel, ...] = ()
    proxies: tuple[ProxyTrust, ...] = ()
    host_links: tuple[HostLink, ...] = ()
    passwords: tuple[PasswordPolicy, ...] = ()
    hashes: tuple[PasswordHash, ...] = ()
    seeded: tuple[SeededUser, ...] = ()
    body_limits: tuple[BodyLimit, ...] = ()
    code: tuple[object, ...] = ()
    """What its code does that is the same in every framework: subjects of `code_subjects`."""
    extensions: Mapping[str, Location] = field(default_factory=dict)
    """Installed extensions: `flask_talisman.Talisman` to where."""
    routes: tuple[str, ...] = ()
    handles_errors: Value = UNSET
    """Whether a handler for every error (500 or Exception) is registered."""
    uses_session: Value = UNSET
    """Whether the app reads or writes the session, logs users in or flashes messages."""
    changes_state: Value = UNSET
    """Whether a route that takes POST, PUT, PATCH or DELETE reads a form."""
    form_tokens: Value = UNSET
    """Whether forms carry a CSRF token without a guard over the whole app (FlaskForm, a check by hand)."""
    debug_variable: Value = UNSET
    """What the environment says about debug by itself (FLASK_DEBUG), also where the code overrules it."""
    proxied: tuple[Evidence, ...] = ()
    """The proxies that the repository puts before its apps (nginx, Traefik, Caddy, HAProxy), as far as it says."""
    uncommitted: frozenset[str] = frozenset()
    """Files that `.gitignore` keeps out of the repository; a secret in one of them is not published."""

    conditions: tuple[Condition, ...] = ()
    """Calls that production may not get to."""

    def setting(self, name: str) -> Value:
        """Return a setting's value, `unset` when nothing sets it."""
        return self.settings.get(name, UNSET)
