"""Commands that install distributions: pip, uv, Poetry, PDM, Pipenv, conda, as a `RUN` or a script writes them."""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.deploy.requirement_lines import Option, Requirement, requirement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.understand.deploy.requirement_lines import Line

_PIP = re.compile(r"pip[\d.]*")
_PYTHON = re.compile(r"(?:python|pypy)[\d.]*")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_INTO = frozenset((">", ">>", "<", "1>", "2>", "2>>"))
_REDIRECTED = re.compile(r"\d?[<>]{1,2}.*")
_COMMENT = re.compile(r"""(?s)"(?:\\.|[^"\\])*"|'[^']*'|(?<!\S)\#[^\n]*""")
"""A comment of a shell; or what is quoted, in which none begins."""
_BEFORE = frozenset("sudo exec time env command nice doas".split())
_LONG = {
    "-r": "requirement", "-c": "constraint", "-e": "editable", "-i": "index-url", "-f": "find-links", "-t": "target",
    "-d": "dest", "-b": "build", "-C": "config-settings", "-p": "python", "-w": "wheel-dir",
}  # fmt: skip
_VALUED = frozenset(
    "requirement requirements constraint constraints editable wheel-dir index-url extra-index-url find-links "
    "trusted-host allow-insecure-host target dest build config-settings python prefix root src platform "
    "python-version abi implementation no-binary only-binary cache-dir timeout retries proxy cert client-cert log "
    "progress-bar "
    "upgrade-strategy root-user-action use-feature use-deprecated global-option build-option exists-action "
    "default-index index index-strategy keyring-provider override group report extra with without only".split()
)
"""Long options of pip 25 and uv 0.9 whose value is the next word."""
_NAMES = {"requirements": "requirement", "constraints": "constraint", "allow-insecure-host": "trusted-host"}
_PROJECTS = {
    "poetry": ("install", "sync"),
    "pdm": ("install", "sync"),
    "pipenv": ("install", "sync"),
    "uv": ("sync",),
    "rye": ("sync",),
}
"""Tools that install the project of the directory, with its lock."""


@dataclass(frozen=True, slots=True)
class Install:
    """One command that installs."""

    tool: str
    """`pip`, `uv pip`, or the one that installs the project: `uv`, `poetry`, `pdm`, `pipenv`, `conda`."""
    words: tuple[str, ...]
    """What follows its verb."""
    lines: tuple[Line, ...] = ()
    """The same as a requirements file would say it, for pip."""

    def has(self, *options: str) -> bool:
        """Return whether one of the options is given."""
        return any(word.split("=", 1)[0] in options for word in self.words)

    def values(self, *options: str) -> tuple[str, ...]:
        """Return the values that are given to options, commas split."""
        found: list[str] = []
        for before, word in zip(("", *self.words), self.words, strict=False):
            name, equals, value = word.partition("=")
            if before in options:
                found += word.split(",")
            elif equals and name in options:
                found += value.split(",")
        return tuple(one.strip() for one in found if one.strip())


def installs(text: str) -> Iterator[Install]:
    """Yield the commands of a shell text that install distributions, in order."""
    for words in commands(text):
        made = _install(_program(words))
        if made is not None:
            yield made


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of each simple command of a shell text, quotes taken off."""
    text = _COMMENT.sub(lambda match: match[0] if match[0][0] != "#" else "", text.replace("\\\n", " "))
    reader = shlex.shlex(text.replace("\n", " ; "), posix=True, punctuation_chars=";&|()")
    reader.commenters = ""
    reader.whitespace_split = True
    try:
        words = list(reader)
    except ValueError:  # a quote that is not closed
        words = re.sub(r"([;&|()]+)", r" \1 ", text).split()
    held: list[str] = []
    for before, word in zip(("", *words), (*words, ";"), strict=True):
        if _REDIRECTED.fullmatch(word) or before in _INTO:
            continue
        if word and not word.strip(";&|()"):
            if held:
                yield held
            held = []
        else:
            held.append(word)


def _program(words: list[str]) -> list[str]:
    """Return a command without what stands before its program."""
    at = 0
    while at < len(words) and (words[at] in _BEFORE or words[at].startswith("-") or _ASSIGNED.fullmatch(words[at])):
        at += 1
    rest = words[at:]
    if len(rest) > 2 and _PYTHON.fullmatch(posixpath.basename(rest[0])) and "-m" in rest[:4]:  # noqa: PLR2004 - `python -m pip`
        rest = rest[rest.index("-m") + 1 :]
    return [posixpath.basename(rest[0]), *rest[1:]] if rest else []


def _install(words: Sequence[str]) -> Install | None:
    """Return what a command installs, None for any other."""
    if not words:
        return None
    program, rest = words[0], list(words[1:])
    tool = "pip" if _PIP.fullmatch(program) else program
    if tool == "uv" and rest[:1] == ["pip"]:
        tool, rest = "uv pip", rest[1:]
    if tool in {"pip", "uv pip"}:
        verb = next((at for at, word in enumerate(rest) if word in {"install", "sync", "wheel"}), None)
        if verb is None or any(not word.startswith("-") for word in rest[:verb]):
            return None
        given = rest[verb + 1 :]
        files = tool == "uv pip" and rest[verb] == "sync"
        return Install(tool, tuple(given), tuple(arguments(given, files=files)))
    verbs = _PROJECTS.get(tool, ())
    verb = next((at for at, word in enumerate(rest) if word in verbs), None)
    return Install(tool, tuple(rest[verb + 1 :])) if verb is not None else None


def arguments(words: Sequence[str], *, files: bool = False) -> Iterator[Line]:
    """Yield what the words after `pip install` ask for; of `uv pip sync` the plain words are files."""
    waiting = ""
    for word in words:
        if waiting:
            yield from _option(waiting, word)
            waiting = ""
        elif word.startswith("-"):
            name, equals, value = word.partition("=")
            if not word.startswith("--") and word[:2] in _LONG:
                name, value = word[:2], word[2:].removeprefix("=")
                equals = value
            name = _LONG.get(name, name.lstrip("-"))
            name = _NAMES.get(name, name)
            if name in _VALUED and not equals:
                waiting = name
            else:
                yield from _option(name, value)
        elif files:
            yield Option(0, "requirement", word)
        elif "$" in word or "`" in word:
            continue
        else:
            found = requirement(word)
            if found is not None:
                yield found


def _option(name: str, value: str) -> Iterator[Line]:
    if name == "editable":
        found = requirement(value, editable=True)
        if found is not None:
            yield found
    else:
        yield Option(0, name, value)


__all__ = ["Install", "Requirement", "arguments", "commands", "installs"]
