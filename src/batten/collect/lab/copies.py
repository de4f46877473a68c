"""Copies of a demo app: what is served and edited is never the app that came with Batten."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Any

import batten
from batten.model import BattenError
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

TWINS = ("unlocked", "hardened")
_BUNDLED = os.path.join(os.path.dirname(batten.__file__), "lab")
_MARKS = ("app.py", "config.py", "compose.yaml")
"""Files that every copy has."""
_GIT = {
    "HEAD": "ref: refs/heads/main\n",
    "config": '[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote "origin"]\n'
    "\turl = https://git.chandlery.example/chandlery.git\n",
    "refs/heads/main": "5c1d3a6be0f9e7a4d28b90c4f17e6ad32b8f0c55\n",
    "logs/HEAD": "0000000000000000000000000000000000000000 5c1d3a6be0f9e7a4d28b90c4f17e6ad32b8f0c55 "
    "Ada <ada@chandlery.example> 1764403200 +0000\tcommit (initial): The shop, with its passwords\n",
}
"""What stands in the `.git` of a copy: no real repository, but what a visitor asks for first."""
_REQUIRED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*):?\?")
"""A variable that a compose file does not start without."""
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^}]*)|:?[?+][^}]*)?\}")
_WATCHED = (".py", ".html", ".yaml", ".conf", ".env", "Dockerfile")
_ASIDE = frozenset((".git", ".venv", "venv", "__pycache__"))


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a demo app on the disk."""

    directory: str

    def text(self, name: str) -> str:
        """Return a file of it; empty where there is none."""
        try:
            with open(os.path.join(self.directory, name), encoding="utf-8", errors="replace") as file:
                return file.read(1_000_000)
        except OSError:
            return ""

    def required(self) -> tuple[str, ...]:
        """Return the variables that its compose file does not start without."""
        return tuple(dict.fromkeys(_REQUIRED.findall(self.text("compose.yaml"))))

    def given(self) -> dict[str, str]:
        """Return the variables of its .env, where its compose file hands that over."""
        if "env_file" not in self.text("compose.yaml"):
            return {}
        lines = (line.partition("=") for line in self.text(".env").splitlines() if not line.lstrip().startswith("#"))
        return {name.strip(): value.strip().strip("'\"") for name, equals, value in lines if equals and name.strip()}

    def cache(self, values: Mapping[str, str]) -> list[str] | None:
        """Return the options of its Redis, as its compose file starts it with these variables; None without one."""
        import yaml  # noqa: PLC0415 - only where a file of that kind is read

        try:
            held: Any = yaml.safe_load(self.text("compose.yaml"))
            services = held["services"].values()
        except (yaml.YAMLError, AttributeError, KeyError, TypeError):
            return None
        for service in services:
            if isinstance(service, dict) and str(service.get("image", "")).startswith(("redis", "valkey")):
                command = service.get("command") or ""
                given = command if isinstance(command, list) else _words(_filled(str(command), values))
                words = [_filled(str(word), values) for word in given]
                return [self._here(word) for word in words if not word.endswith(("redis-server", "valkey-server"))]
        return None

    def _here(self, word: str) -> str:
        """Return a word of a command with the name of a file of the copy in place of that in a container."""
        own = os.path.join(self.directory, os.path.basename(word))
        return own if word.endswith(".conf") and os.path.isfile(own) else word

    def stamp(self) -> int:
        """Return a number that is another one after each edit."""
        found = []
        for where, directories, files in os.walk(self.directory):
            directories[:] = [name for name in directories if name not in _ASIDE]
            for name in files:
                if name.endswith(_WATCHED):
                    path = os.path.join(where, name)
                    try:
                        held = os.stat(path)
                    except OSError:
                        continue
                    found.append((path, held.st_mtime_ns, held.st_size))
        return hash(tuple(sorted(found)))


def is_copy(directory: str) -> bool:
    """Return whether a directory is a copy of one of the demo apps."""
    return all(os.path.isfile(os.path.join(directory, name)) for name in _MARKS)


def copied(twin: str, directory: str) -> Copy:
    """Return a new copy of a demo app in a directory that is empty or does not exist; a copy that is there is kept.

    Raises:
        BattenError: the directory holds something else, or cannot be written.
    """
    if is_copy(directory):
        return Copy(directory)
    if any(is_copy(os.path.join(directory, name)) for name in TWINS):
        raise BattenError(
            f"{directory} holds both apps; name one of them", hint=f"batten lab up {os.path.join(directory, twin)}"
        )
    try:
        if os.path.isdir(directory) and os.listdir(directory):
            raise BattenError(f"{directory} is neither empty nor a copy of the lab", hint="name a new directory")
        bundled = os.path.join(_BUNDLED, twin)
        shutil.copytree(bundled, directory, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        for name, text in _GIT.items():
            path = os.path.join(directory, ".git", *name.split("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise BattenError(f"cannot copy to {directory}: {error}") from error
    return Copy(directory)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Return text with its `${NAME:?…}` and `${NAME:-…}` filled in, as compose does before it splits a command."""
    return _VARIABLE.sub(lambda found: values.get(found[1]) or found[2] or "", text)


def _words(command: str) -> list[str]:
    import shlex  # noqa: PLC0415 - only here

    try:
        return shlex.split(command)
    except ValueError:
        return command.split()
