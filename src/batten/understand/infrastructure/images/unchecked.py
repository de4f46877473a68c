"""What the commands and variables of an image switch off: checks of certificates and of signatures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.images.nouns import Unchecked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from batten.understand.infrastructure.images.nouns import Command, Setting

TLS, SIGNATURE, CLEARTEXT = "certificate", "signature", "cleartext"

_OFF = frozenset(("0", "false", "no", "off", "n", "f"))
_ON = frozenset(("1", "true", "yes", "on"))
_VARIABLES: dict[str, frozenset[str]] = {
    # name: the values that switch the check off; none: every one that is not empty
    "PYTHONHTTPSVERIFY": frozenset(("0",)),  # PEP 493
    "NODE_TLS_REJECT_UNAUTHORIZED": frozenset(("0",)),  # Node.js 22 CLI
    "NPM_CONFIG_STRICT_SSL": _OFF,  # npm 10 config
    "YARN_ENABLE_STRICT_SSL": _OFF,
    "UV_INSECURE_HOST": frozenset(),  # uv 0.7 environment variables
    "PIP_TRUSTED_HOST": frozenset(),  # pip 25 configuration
    "CONDA_SSL_VERIFY": _OFF,
    "HTTPLIB2_DISABLE_SSL_VERIFICATION": _ON,
    "GOINSECURE": frozenset(),  # Go 1.24 go help environment
}
_CURL_VALUES = "AbcCdDeEFhHKmoPQrtTuUwxXyYzZ"
"""Short options of curl 8 that take a value: what follows one in a cluster is its value."""
_PACKAGERS = frozenset(("yum", "dnf", "tdnf", "microdnf", "dnf5", "yum-config-manager", "dnf-config-manager"))
_APT = frozenset(("apt-get", "apt", "aptitude"))
_STRICT_SSL = re.compile(
    r"(?:^|\s)set (?:\S+ ){0,3}?(?:strict-ssl|enableStrictSsl)[ =](?:false|0|null)(?:\s|$)"
    r"|--(?:no-strict-ssl|strict-ssl[ =]false)(?:\s|$)",
    re.IGNORECASE,
)
"""npm 10 and yarn 1: `config set`, `c set`, `set`; or an option."""
_PIPS = re.compile(r"pip[0-9.]*|easy_install")
_INDEX = re.compile(r"--(?:extra-)?index-url|-i|--find-links|-f|--index|--default-index")
_LOCAL = re.compile(
    r"http://(?:localhost|127\.|\[::1\]|[\w-]+(?::\d+)?(?:/|$)|[\w.-]+\.(?:local|internal|svc)\b|\$|10\.|192\.168\.|172\.)"
)


def unchecked(commands: Iterable[Command], settings: Iterable[Setting]) -> Iterator[Unchecked]:
    """Yield each check that is switched off, with its place."""
    for setting in settings:
        for kind, says in _once(_variable(setting.name, setting.value) if setting.value is not None else ()):
            yield Unchecked(kind, says, setting.at, setting.ships)
    for command in commands:
        told = [found for name, value in command.sets for found in _variable(name, value)]
        for kind, says in _once((*told, *_of_command(command))):
            yield Unchecked(kind, says, command.at, ships=False)


def _once(told: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Return the first of each kind: one place switches a check off once."""
    kept: dict[str, str] = {}
    for kind, says in told:
        kept.setdefault(kind, says)
    return kept.items()


def _variable(name: str, value: str) -> Iterator[tuple[str, str]]:
    upper, text = name.upper(), value.strip()
    if name == "GIT_SSL_NO_VERIFY":  # git 2.47 http.c asks whether it is there: 0 and an empty text switch it off, too
        yield TLS, f"{name}={text}"
    values = _VARIABLES.get(upper)
    if values is not None and text and (text.lower() in values if values else True):
        yield TLS, f"{name}={text}"
    if upper in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX"):
        yield from ((CLEARTEXT, f"{name} is http://") for part in text.split() if _is_cleartext(part))


def _is_cleartext(text: str) -> bool:
    return text.lower().startswith("http://") and _LOCAL.match(text) is None


def _of_command(command: Command) -> Iterator[tuple[str, str]]:
    name, arguments = _named(command)
    reader = _READERS.get(name)
    if reader is None and _PIPS.fullmatch(name):
        reader = _pip
    if reader is not None:
        yield from reader(name, arguments)
    if name == "sed" or (name in ("echo", "printf") and command.writes):
        yield from _written(" ".join(arguments))
    for words in command.fed if name == "tee" else ():
        yield from _written(" ".join(words[1:]))


def _named(command: Command) -> tuple[str, Sequence[str]]:
    """Return a command's name and arguments; `python -m pip` is `pip`, `uv pip` is `uv`."""
    name, arguments = command.name, command.words[1:]
    if name.startswith("python") and "-m" in arguments[:2]:
        position = arguments.index("-m") + 1
        if position < len(arguments):
            return arguments[position], arguments[position + 1 :]
    return name, arguments


def _curl(_name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    skip = False
    for word in arguments:
        if skip:
            skip = False
        elif word in ("--insecure", "--proxy-insecure", "--doh-insecure"):
            yield TLS, f"curl {word}"
        elif word.startswith("-") and not word.startswith("--"):
            for position, letter in enumerate(word[1:], start=1):
                if letter == "k":
                    yield TLS, "curl -k"
                if letter in _CURL_VALUES:
                    skip = position == len(word) - 1
                    break


def _wget(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word in arguments:
        if word.startswith(("--no-check-cert", "--no-hsts-check")) or word == "--check-certificate=false":
            yield TLS, f"{name} {word}"


def _pip(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    for position, word in enumerate(arguments):
        option, equals, value = word.partition("=")
        following = value if equals else arguments[position + 1] if position + 1 < len(arguments) else ""
        if option in ("--trusted-host", "--allow-insecure-host"):
            yield TLS, f"{name} {option} {following}".rstrip()
        if _INDEX.fullmatch(option) and _is_cleartext(following):
            yield CLEARTEXT, f"{name} {option} {following}"
    if "config" in arguments[:2] and any("trusted-host" in word for word in arguments):
        yield TLS, f"{name} config set trusted-host"
    if "config" in arguments[:2] and any(_is_cleartext(word) for word in arguments):
        yield CLEARTEXT, f"{name} config set an index of http://"


def _npm(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    text = " ".join(arguments)
    if _STRICT_SSL.search(text):
        yield TLS, f"{name} strict-ssl false"
    found = re.search(r"registry[ =\"']+(http://\S+)", text)
    if found is not None and _is_cleartext(found[1]):
        yield CLEARTEXT, f"{name} with the registry {found[1]}"


def _git(_name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    found = re.search(r"(http\.(?:\S+\.)?sslverify)[ =\"']+(?:false|0|off|no)\b", " ".join(arguments), re.IGNORECASE)
    if found is not None:
        yield TLS, f"git {found[1]} false"


def _apt(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    text = " ".join(arguments)
    for word in arguments:
        if word in ("--allow-unauthenticated", "--force-yes", "--no-gpg-check") or word.startswith(
            "--allow-insecure-rep"
        ):
            yield SIGNATURE, f"{name} {word}"
    yield from _written(text)
    if re.search(r"AllowUnauthenticated=(?:true|1|yes)|AllowInsecureRepositories=(?:true|1|yes)", text, re.IGNORECASE):
        yield SIGNATURE, f"{name} -o AllowUnauthenticated"


def _yum(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    text = " ".join(arguments)
    if re.search(r"--nogpgcheck|--no-gpgchecks|--setopt[= ]\S*gpgcheck=(?:0|false|no)", text, re.IGNORECASE):
        yield SIGNATURE, f"{name} --nogpgcheck"
    if re.search(r"--setopt[= ][\"']?\S*sslverify=(?:0|false|no)", text, re.IGNORECASE):
        yield TLS, f"{name} with sslverify off"


def _rpm(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word in arguments:
        if word in ("--nosignature", "--nodigest", "--noverify", "--nofiledigest"):
            yield SIGNATURE, f"{name} {word}"


def _apk(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    if "--allow-untrusted" in arguments:
        yield SIGNATURE, f"{name} --allow-untrusted"


def _zypper(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word in arguments:
        if word in ("--no-gpg-checks", "--no-gpgcheck", "-G", "--allow-unsigned-rpm"):
            yield SIGNATURE, f"{name} {word}"


def _conda(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    text = " ".join(arguments)
    if re.search(r"ssl_verify (?:false|no|0|off)\b", text, re.IGNORECASE) or "--insecure" in arguments:
        yield TLS, f"{name} with ssl_verify off"


def _flags(*flags: str) -> Callable[[str, Sequence[str]], Iterator[tuple[str, str]]]:
    def read(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
        for word in arguments:
            if word in flags:
                yield TLS, f"{name} {word}"

    return read


def _poetry(name: str, arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    if re.search(r"certificates\.\S+\.cert false", " ".join(arguments), re.IGNORECASE):
        yield TLS, f"{name} config certificates false"


def _written(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a configuration that is written here switches off."""
    if re.search(r"Verify-(?:Peer|Host)[\"' =:]+(?:false|0|no)\b", text, re.IGNORECASE):
        yield TLS, "Acquire::https::Verify-Peer false"
    if re.search(r"\bsslverify ?= ?(?:false|0|no)\b", text, re.IGNORECASE):
        yield TLS, "sslverify=false"
    if re.search(r"\[[^\]]{0,200}\btrusted=yes\b", text):
        yield SIGNATURE, "[trusted=yes]"
    if re.search(r"\b(?:repo_)?gpgcheck ?= ?(?:0|false|no)\b", text, re.IGNORECASE):
        yield SIGNATURE, "gpgcheck=0"
    if re.search(r"AllowUnauthenticated[\"' =:]+(?:true|1|yes)\b", text, re.IGNORECASE):
        yield SIGNATURE, "APT::Get::AllowUnauthenticated true"
    if re.search(r"(?:^|[^\w-]|\\n)trusted-host ?= ?\S", text):
        yield TLS, "trusted-host in pip's configuration"
    if re.search(r"^(?:-\S+ )?[\"']?(?:insecure|strict-ssl ?= ?false)\b", text):
        yield TLS, text.split(maxsplit=1)[0]


_READERS: dict[str, Callable[[str, Sequence[str]], Iterator[tuple[str, str]]]] = {
    "curl": _curl,
    "wget": _wget,
    "uv": _pip,
    **dict.fromkeys(("npm", "yarn", "pnpm", "yarnpkg"), _npm),
    "git": _git,
    **dict.fromkeys(_APT, _apt),
    **dict.fromkeys(_PACKAGERS, _yum),
    "rpm": _rpm,
    "apk": _apk,
    "zypper": _zypper,
    **dict.fromkeys(("conda", "mamba", "micromamba"), _conda),
    "poetry": _poetry,
    "composer": _flags("--disable-tls"),
    "helm": _flags("--insecure-skip-tls-verify"),
    "kubectl": _flags("--insecure-skip-tls-verify", "--insecure-skip-tls-verify=true"),
    "aws": _flags("--no-verify-ssl"),
    "go": _flags("-insecure"),
    "aria2c": _flags("--check-certificate=false"),
    "http": _flags("--verify=no", "--verify=false"),
}
