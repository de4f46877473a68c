"""Takes off what stands before a command: `exec`, `env`, `tini --`, `poetry run`, `gosu user` …."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence
from batten.model.data import dataclass
from batten.understand.deploy.programs import Command, is_python, name_of
from batten.understand.stack import EnvFile, Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batten.understand.deploy.reading import Word

_MOST = 20
_EVERY = frozenset(("*",))


@dataclass(frozen=True, slots=True)
class _Wrapper:
    """How many words a wrapper takes for itself."""

    values: frozenset[str] = frozenset()
    """Its options that take a value; `*`: every one that is written without `=`."""
    command: str = ""
    """The subcommand that runs something."""
    skips: int = 0
    """Arguments of its own before the command."""
    user: str = ""
    """The option that names a user; `0`: the first argument does."""
    needs_dashes: bool = False
    """The command stands after `--`, or there is none."""
    extra: str = ""
    """What it means for the server: `reload`."""
    files: frozenset[str] = frozenset()
    """Its options that name a file of variables."""
    file: str = ""
    """The file of variables that it reads unasked, where there is one."""
    overrides: bool = False
    """What such a file sets replaces what is in the environment."""
    outside: bool = False
    """It adds variables from a store of secrets."""


def _wrapper(values: str = "", **more: object) -> _Wrapper:
    return replace(_Wrapper(frozenset(values.split())), **more)  # type: ignore[arg-type]


_RUN = _wrapper(
    "-n -p -C -e -f --name --env --env-file --directory --project --python --with --extra --group"
    " --no-group --package --only-group --config --prefix --cwd --index --token --manifest-path",
    command="run",
)
_RUN_TOOL = _wrapper("-p --python --with --from --spec --index --env-file --directory --project")
_WAIT = _wrapper("-t --timeout", needs_dashes=True)
_WRAPPERS: Mapping[str, _Wrapper] = {
    "exec": _wrapper("-a"),
    "nohup": _wrapper(),
    "time": _wrapper(),
    "command": _wrapper(),
    "setsid": _wrapper(),
    "unbuffer": _wrapper(),
    "catchsegv": _wrapper(),
    "nice": _wrapper("-n --adjustment"),
    "ionice": _wrapper("-c -n"),
    "stdbuf": _wrapper("-i -o -e"),
    "timeout": _wrapper("-k -s", skips=1),
    "tini": _wrapper("-p -e"),
    "tini-static": _wrapper("-p -e"),
    "docker-init": _wrapper("-p -e"),
    "catatonit": _wrapper(),
    "dumb-init": _wrapper("-r --rewrite"),
    "with-contenv": _wrapper(),
    "sudo": _wrapper("-u -g -h -p -C", user="-u"),
    "runuser": _wrapper("-u -g", user="-u"),
    "chpst": _wrapper("-u -U -e -b -/ -n -l -m -o", user="-u"),
    "setpriv": _wrapper("--reuid --regid --groups", user="--reuid"),
    "gosu": _wrapper(skips=1, user="0"),
    "su-exec": _wrapper(skips=1, user="0"),
    "s6-setuidgid": _wrapper(skips=1, user="0"),
    "setuidgid": _wrapper(skips=1, user="0"),
    "poetry": _RUN,
    "pipenv": replace(_RUN, file=".env", overrides=True),
    "pdm": _RUN,
    "rye": _RUN,
    "hatch": _RUN,
    "uv": replace(_RUN, files=frozenset(("--env-file",))),
    "uvx": _RUN_TOOL,
    "pipx": replace(_RUN_TOOL, command="run"),
    "pixi": _RUN,
    "conda": _RUN,
    "micromamba": _RUN,
    "mamba": _RUN,
    "doppler": replace(_RUN, outside=True),
    "infisical": replace(_RUN, outside=True),
    "op": _RUN,
    "dotenv": replace(_RUN, files=frozenset(("-f", "--file")), file=".env", overrides=True),
    "chamber": _wrapper(command="exec", skips=1, outside=True),
    "newrelic-admin": _wrapper(command="run-program"),
    "ddtrace-run": _wrapper(),
    "scout-apm-run": _wrapper(),
    "opentelemetry-instrument": _Wrapper(_EVERY),
    "xvfb-run": _wrapper("-e -f -n -p -s -w"),
    "watchmedo": _wrapper("-d --directory -p --pattern --patterns -i --ignore-patterns --signal"
                          " --kill-after --interval --debounce-interval",
                          command="auto-restart", extra="reload"),
    "wait-for-it": _WAIT,
    "wait-for-it.sh": _WAIT,
    "wait-for": _WAIT,
    "wait-for.sh": _WAIT,
    "wait_for_it.sh": _WAIT,
    "wait-for-postgres.sh": _WAIT,
    "wait4x": _WAIT,
    "dockerize": _wrapper("-wait -timeout -template -stdout -stderr -env -delims"
                          " -wait-retry-interval -wait-http-header"),
}  # fmt: skip
_COVERAGE_VALUES = ("--source", "--rcfile", "--data-file", "--include", "--omit", "--concurrency")
_HUPPER_VALUES = ("-w", "-x", "--shutdown-interval", "--reload-interval")
_DEBUGPY_VALUES = ("--listen", "--connect", "--log-to", "--configure-subProcess", "--adapter-access-token")


def names() -> frozenset[str]:
    """Return the names of the wrappers."""
    return frozenset(_WRAPPERS) | frozenset(_SPECIAL)


def unwrap(command: Command) -> Command:
    """Return the command inside all wrappers, with what they set."""
    for _ in range(_MOST):
        inner = _once(command)
        if inner is None:
            return command
        command = inner
    return command


def _once(command: Command) -> Command | None:
    words = command.words
    if not words:
        return None
    name = name_of(words[0])
    special = _SPECIAL.get(name)
    if special is not None:
        return special(command)
    if is_python(name):
        return _python(command)
    wrapper = _WRAPPERS.get(name)
    if wrapper is None:
        return _assignments(command) if "=" in words[0].text else None
    rest = list(words[1:])
    if wrapper.command:
        position = next((i for i, w in enumerate(rest) if w.text == wrapper.command), None)
        if position is None:
            return None
        command = _reading(command, wrapper, rest[:position])  # `dotenv -f FILE run`
        rest = rest[position + 1 :]
    if wrapper.needs_dashes and not any(word.text == "--" for word in rest):
        return None
    return _inside(command, wrapper, rest)


def _inside(command: Command, wrapper: _Wrapper, rest: Sequence[Word]) -> Command | None:
    user = command.user
    position = 0
    skips = wrapper.skips
    while position < len(rest):
        text = rest[position].text
        following = rest[position + 1].text if position + 1 < len(rest) else ""
        if text == "--":
            position += 1
            break
        if text.startswith("-") and text != "-":
            name, equals, value = text.partition("=")
            takes = not equals and (name in wrapper.values or wrapper.values == _EVERY)
            user = (value or following) if name == wrapper.user else user
            position += 2 if takes else 1
        elif skips or wrapper.needs_dashes:
            user = text if wrapper.user == "0" else user
            skips -= 1
            position += 1
        else:
            break
    extra = {**command.extra, wrapper.extra: True} if wrapper.extra else command.extra
    if position >= len(rest):
        return None
    command = _reading(command, wrapper, rest[:position])
    if wrapper.file and not command.env_files:
        command = replace(command, env_files=(_file(command, wrapper, wrapper.file, required=False),))
    if wrapper.outside:
        name, at = name_of(command.words[0]), command.words[0].at
        told = Evidence(at, f"{name} adds variables that are not in the repository")
        command = replace(command, unread=(*command.unread, told))
    return replace(command, words=rest[position:], user=user, extra=extra)


def _reading(command: Command, wrapper: _Wrapper, own: Sequence[Word]) -> Command:
    """Return a command with the files of variables that a wrapper's own options name."""
    found: list[EnvFile] = []
    for position, word in enumerate(own):
        name, equals, value = word.text.partition("=")
        path = value if equals else own[position + 1].text if position + 1 < len(own) else ""
        if name in wrapper.files and path:
            found.append(_file(command, wrapper, path, required=True))
    return replace(command, env_files=(*command.env_files, *found)) if found else command


def _file(command: Command, wrapper: _Wrapper, path: str, *, required: bool) -> EnvFile:
    word = command.words[0]
    return EnvFile(path, word.at, name_of(word), wrapper.overrides, required)


def _assignments(command: Command) -> Command | None:
    """Take `X=1` from the front, as a shell and `env` do."""
    taken: list[Variable] = []
    words = list(command.words)
    while words:
        name, equals, value = words[0].text.partition("=")
        if not equals or not name.isidentifier():
            break
        word = words.pop(0)
        known = value if word.known else None
        taken.append(Variable(name, known, word.at, "the command", word.default))
    if not taken or not words:
        return None
    return replace(command, words=words, env=[*command.env, *taken])


def _env(command: Command) -> Command | None:
    words = list(command.words[1:])
    while words and words[0].text.startswith("-"):
        option = words.pop(0).text
        if option in ("-S", "--split-string") and words:
            words[:1] = _split(words[0])
        elif option.startswith("-S"):
            words[:0] = _split(replace(command.words[1], text=option[2:]))
        elif option in ("-u", "--unset", "-C", "--chdir") and words:
            words.pop(0)
        elif option == "--":
            break
    inner = replace(command, words=words)
    return _assignments(inner) or (inner if words else None)


def _split(word: Word) -> list[Word]:
    try:
        texts = shlex.split(word.text)
    except ValueError:
        texts = word.text.split()
    return [replace(word, text=text) for text in texts]


def _su(command: Command) -> Command | None:
    """Read `su [-] user -c "command"`."""
    user, text = "", None
    words = list(command.words[1:])
    while words:
        word = words.pop(0)
        if word.text in ("-c", "--command") and words:
            text = words.pop(0)
        elif word.text in ("-s", "--shell") and words:
            words.pop(0)
        elif not word.text.startswith("-"):
            user = user or word.text
    if text is None:
        return None
    shell = [replace(text, text="sh"), replace(text, text="-c"), text]
    return replace(command, words=shell, user=user)


def _coverage(command: Command) -> Command | None:
    if len(command.words) < 2 or command.words[1].text != "run":  # noqa: PLR2004 - a count of arguments or words
        return None
    return _as_python(command, command.words[2:], _COVERAGE_VALUES)


def _python(command: Command) -> Command | None:
    """Take `python -m debugpy …` and `python -m coverage run …` off."""
    words = command.words
    for position, word in enumerate(words[1:4], start=1):
        if word.text != "-m":
            continue
        rest = words[position + 1 :]
        module = rest[0].text if rest else ""
        if module == "coverage":
            return _coverage(replace(command, words=rest))
        if module in ("debugpy", "ptvsd"):
            inner = _as_python(command, rest[1:], _DEBUGPY_VALUES)
            listens = [rest[i + 1].text for i, w in enumerate(rest[:-1]) if w.text == "--listen"]
            if inner is not None:
                inner.extra = {**inner.extra, "debugpy": listens[0] if listens else True}
            return inner
    return None


def _as_python(command: Command, rest: Sequence[Word], values: Sequence[str]) -> Command | None:
    position = 0
    while position < len(rest):
        text = rest[position].text
        if not text.startswith("-") or text == "-m":
            python = replace(rest[position], text="python")
            return replace(command, words=[python, *rest[position:]])
        position += 2 if text in values else 1
    return None


def _hupper(command: Command) -> Command | None:
    """Read `hupper [options] -m module`: Python that starts again when a file changes."""
    inner = _as_python(command, command.words[1:], _HUPPER_VALUES)
    return None if inner is None else replace(inner, extra={**inner.extra, "reload": True})


def _watchfiles(command: Command) -> Command | None:
    """Read `watchfiles 'command line' [paths]`."""
    for word in command.words[1:]:
        if not word.text.startswith("-"):
            return replace(command, words=_split(word), extra={**command.extra, "reload": True})
    return None


_SPECIAL: Mapping[str, Callable[[Command], Command | None]] = {
    "env": _env,
    "su": _su,
    "coverage": _coverage,
    "watchfiles": _watchfiles,
    "hupper": _hupper,
}
