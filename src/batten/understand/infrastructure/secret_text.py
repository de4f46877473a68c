"""Whether a text that a deployment file or a file in an image writes beside a name is a secret, or a place for one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from batten.model.secrets import is_secret
from batten.understand.infrastructure.secrets import formats

_PRIVATE = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_NAMED = re.compile(
    r"(?:_|^)(?:api_?key|auth|credentials?|key|pass|password|pword|passwd|pwd|secret|token)(?:_|$)", re.IGNORECASE
)
"""BuildKit 0.20 `SecretsUsedInArgOrEnv`, and short forms."""
_NOT_NAMED = re.compile(
    r"(?:_|^)(?:public|files?|path|dir|version|names?|id|url|uri|host|port|user(?:name)?|type|header|prefix|gpg|pgp"
    r"|fingerprint|mode|method|enabled?|disabled?|required|backends?|provider|driver|class|expir\w+|ttl|lifetime|length"
    r"|size|min|max|days|seconds|algorithm|issuer|audience|realm|domain|scopes?|cookie|cache|sort|primary|partition"
    r"|locations?|topology|hashers?|validators?|timeout|index|images?|plugins?|modules?|rounds|count|(?:rate_?)?limits?"
    r"|policy|schemes?|format)(?:_|$)"
    r"|(?<!secret_)(?<!secret)access_?key(?:_?id)?$"
    r"|(?:^|_)(?:uwsgi|fastcgi|scgi|proxy|grpc|memcached)_pass$"
    r"|^(?:NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|GATSBY|VUE_APP)_",
    re.IGNORECASE,
)
"""Names of what is no secret: a file, a fingerprint, a setting about it, whose key it is; what a browser is handed."""
_HOLES = re.compile(r"[<>{}]|\$|%\(|^\*+$|^\.\.\.|^x+$|^-+$|^_+$", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"change|replace|example|sample|dummy|placeholder|fake|foo|your|todo|fixme|fill[-_ ]|insert|enter[-_ ]|here$"
    r"|unset|unused|not[-_ ]?(?:a[-_ ])?(?:real|set|used|needed|secret|secure|so)|no[-_ ]?(?:secret|key|password)"
    r"|none|null|nothing"
    r"|undefined|empty|default|build|collectstatic|test|insecure|unsafe|never|only|irrelevant|doesn|xxx|asdf|qwert"
    r"|(?:^|[-_])(?:bar|dev|development|demo|local|temp|tmp|some)(?:$|[-_\d])"
    r"|^(?:secret|key|token|abc(?:d|de|def)?)\d*$|^0+$",
    re.IGNORECASE,
)
"""What is written where the real one goes, or for a build that needs any."""
_PLAINLY = re.compile(r"change|replace|example|dummy|placeholder|your|insecure|password|secret", re.IGNORECASE)
"""What says so in a long text that may be drawn by lot, too: a short word stands there by chance."""
_PLAIN = re.compile(
    r"[A-Z]+(?:_[A-Z0-9]+)+|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w.@:-]+)+|[A-Za-z]+(?:[_-][A-Za-z0-9]+){6,}"
    r"|(?i:true|false|yes|no|on|off|\d{1,5}|[a-z]+:)|(?:\.{0,2}|~)/.*|\w+(?:\.[a-z_]\w*)+|--?\w.*|@.*"
    r"|[\w.-]+(?:/[\w.-]+)+\.\w{2,4}"
)
"""Names of what stands in its place, labels, images, sentences, switches, numbers, paths, dotted names, options."""
_DEFAULTS = frozenset(
    "postgres postgresql root admin administrator mysql mariadb mongo redis guest rabbitmq user pass sa "
    "password password1 password123 secret toor minioadmin 123456 12345678 123456789".split()
)
_LETTERS = re.compile(r"[^a-z]")
_SHORTEST = 4
_LONG = 20
_FEWEST = 5
"""Different characters of a text that could have been drawn by lot."""


def names_secret(name: str) -> bool:
    """Return whether a variable of that name is there to hold a secret."""
    return (is_secret(name) or _NAMED.search(name) is not None) and _NOT_NAMED.search(name) is None


def is_token(text: str) -> bool:
    """Return whether a text holds a token of a known maker, or a private key."""
    return _PRIVATE.search(text) is not None or token_in(text) is not None


def is_private_key(text: str) -> bool:
    """Return whether a text holds a private key."""
    return _PRIVATE.search(text) is not None


def token_in(text: str) -> str | None:
    """Return the token of a known maker that a text holds."""
    return formats.token_in(text)


def password_in(text: str) -> str | None:
    """Return the password that a URL holds, unless it is a place for one."""
    for match in re.finditer(r"[A-Za-z][\w+.-]{1,20}://[^\s\"'`<>|;]{3,2000}", text):
        try:
            netloc = urlsplit(match.group()).netloc
        except ValueError:
            continue
        login, at, _ = netloc.rpartition("@")
        user, colon, password = login.partition(":")
        if at and not colon and token_in(user):
            return user
        is_open = not password or password == user or password.lower() in _DEFAULTS
        if at and colon and not is_open and not _HOLES.search(password) and not is_placeholder(password):
            return password
    return None


def looks_real(text: str) -> bool:
    """Return whether a secret is no word that somebody made up for a build."""
    return is_token(text) or is_random(password_in(text) or text)


def is_default(text: str) -> bool:
    """Return whether a password is one that everybody knows: rules on default passwords tell of it."""
    return text.lower() in _DEFAULTS


def is_placeholder(text: str) -> bool:
    """Return whether a text says that the real one goes in its place, or is one that everybody writes."""
    if len(set(text)) < 3:  # noqa: PLR2004 - `xxxx`, `****`
        return True
    by_lot = len(text) >= _LONG and is_random(text) and re.fullmatch(r"[A-Za-z0-9+/=]+", text) is not None
    return (_PLAINLY if by_lot else _PLACEHOLDER).search(text) is not None


def is_random(text: str) -> bool:
    """Return whether letters and digits mix as in no word."""
    bare = text.rstrip("=")
    if len(bare) < 8 or len(set(bare)) < _FEWEST or not re.fullmatch(r"[!-~]+", bare):  # noqa: PLR2004 - a length
        return False
    changes = len(re.findall(r"[A-Za-z]\d|\d[A-Za-z]|[a-z][A-Z][a-z]?[A-Z0-9]|[^\w-]\w", bare))
    return changes >= 2 or (len(bare) >= _LONG and changes >= 1)  # noqa: PLR2004 - `word2` has one


def is_written(name: str, text: str) -> bool:
    """Return whether `name` is given a text that is a secret: a token, a URL with a password, or what its name says."""
    text = text.strip().strip("\"'")
    if is_token(text) or password_in(text) is not None:
        return True
    if not names_secret(name) or _HOLES.search(text) or "://" in text or len(text) < _SHORTEST:
        return False
    if _PLAIN.fullmatch(text) or is_placeholder(text) or (" " in text and not is_random(text)):
        return False
    letters = _LETTERS.sub("", text.lower())
    if letters and _LETTERS.sub("", name.lower()).endswith(letters) and not is_random(text):
        return False  # `API_KEY=api_key`
    return is_random(text) or is_secret(name)  # beside a vaguer name a plain word is something else
