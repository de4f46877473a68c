"""What rules look at in plain code, with or without a web app: links to other machines, keys, modes, ports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import UNSET, Value
from batten.model.data import dataclass
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from batten.model import Evidence, Location


@dataclass(frozen=True, slots=True)
class TlsVersion:
    """A version of TLS or SSL that code asks for."""

    function: str
    """What is told: `ssl.SSLContext`, `ssl.SSLContext.minimum_version`, the called function as written."""
    version: Value
    """`SSLv3`, `TLSv1.1`; None where nothing says it, and the library takes whatever it has."""
    at: Location
    least: bool = False
    """It is the oldest that is taken, not the only one."""


@dataclass(frozen=True, slots=True)
class TlsCiphers:
    """The ciphers that code allows."""

    function: str
    ciphers: Value
    """OpenSSL's list: `ECDHE+AESGCM:!aNULL`."""
    at: Location


@dataclass(frozen=True, slots=True)
class HostKeyCheck:
    """What an SSH client does with the key of a host that it does not know."""

    function: str
    policy: Value
    """`AutoAddPolicy`, `WarningPolicy`, `RejectPolicy`, `none` where no key is looked at."""
    at: Location
    knows: bool = False
    """Known hosts were loaded: a changed key is refused, only a new host is believed."""


@dataclass(frozen=True, slots=True)
class Link:
    """A connection to another machine whose protocol does not encrypt by itself."""

    protocol: str
    """`http`, `ftp`, `telnet`, `smtp`, `imap`, `pop3`, `nntp`, `ldap`, `snmp`."""
    function: str
    target: Value
    """The URL or host, as far as known."""
    at: Location
    login: bool = False
    """A password, a token or a cookie goes along."""
    option: str = ""
    """What makes it so: `mpModel=0`, `require_encryption=False`."""


@dataclass(frozen=True, slots=True)
class PlainImport:
    """An import of a module that can do nothing but talk without encryption."""

    module: str
    """`telnetlib`, `ftplib`."""
    protocol: str
    """That of `Link`."""
    at: Location


@dataclass(frozen=True, slots=True)
class FileMode:
    """Permissions that code gives to a file, or takes from new ones (`os.umask`)."""

    function: str
    mode: Value
    path: Value
    at: Location
    mask: bool = False
    """It is a mask: the bits that new files do not get."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket on which code waits for others."""

    what: str
    """`socket.socket.bind`, `http.server.HTTPServer`."""
    host: Value
    port: Value
    at: Location
    contained: bool = False
    """It runs in a container, where listening on every address is needed to be reached at all."""
    reach: Reach = Reach.UNKNOWN
    evidence: tuple[Evidence, ...] = ()
    """Where the socket was made."""


@dataclass(frozen=True, slots=True)
class ConfigListener:
    """A port that takes logging configuration, which is code, from whoever connects."""

    function: str
    verify: Value
    """None or unset: nothing is checked."""
    at: Location


@dataclass(frozen=True, slots=True)
class BucketRight:
    """A right over a bucket of a cloud, or a file in one, that code gives."""

    function: str
    """`put_object_acl`, `make_public`."""
    kind: str
    """`bucket`, `file`, `policy` (then `right` is the policy), `public` (the call says it all)."""
    right: Value
    at: Location
    bucket: Value = UNSET


@dataclass(frozen=True, slots=True)
class Login:
    """A password, key or token that code hands to a library to log in somewhere."""

    function: str
    argument: str
    """Its name there: `password`, `aws_secret_access_key`."""
    secret: Value
    at: Location
    user: Value = UNSET
    host: Value = UNSET


@dataclass(frozen=True, slots=True)
class WrittenSecret:
    """A text in the code beside a name that says it is a password, a token or a secret."""

    name: str
    """`DB_PASSWORD`, `token`."""
    how: str
    """`set to`, `compared with`, `mapped to`, `given to login as`, `by default`."""
    secret: Value
    at: Location


@dataclass(frozen=True, slots=True)
class UnescapedBlock:
    """A part of a template in which values are put into the page as they are."""

    template: str
    at: Location


@dataclass(frozen=True, slots=True)
class BareForm:
    """A form of a Django template that posts to the app and sends no CSRF token."""

    template: str
    at: Location


@dataclass(frozen=True, slots=True)
class DebugTag:
    """Django's `{% debug %}`, which prints the context and the loaded modules."""

    template: str
    at: Location


@dataclass(frozen=True, slots=True)
class ReusedKey:
    """The app's signing key, used for something else too."""

    function: str
    key: str
    """As written: `app.config['SECRET_KEY']`."""
    at: Location


@dataclass(frozen=True, slots=True)
class OriginCheck:
    """Whether the origin of a request that changes something is compared with the app's own."""

    function: str
    option: str
    checks: Value
    at: Location


@dataclass(frozen=True, slots=True)
class DefaultContext:
    """A protocol over TLS that is given no context: the standard library then verifies nothing."""

    function: str
    at: Location


@dataclass(frozen=True, slots=True)
class RenderedTemplate:
    """A template that Flask renders by its name."""

    name: Value
    at: Location
    context: bool
    """Values are put into it."""


@dataclass(frozen=True, slots=True)
class EmptyPassword:
    """A password that may be set to nothing."""

    function: str
    password: Value
    at: Location


@dataclass(frozen=True, slots=True)
class LoginDoor:
    """A route at which people log in, and nothing that limits how often they try."""

    path: str
    at: Location


@dataclass(frozen=True, slots=True)
class Throttle:
    """How often one visitor may call, as a setting tells it."""

    setting: str
    """`REST_FRAMEWORK`."""
    classes: Value
    """What limits, as dotted names; empty or unset: nothing does."""
    rates: Value
    at: Location
