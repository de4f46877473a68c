"""What a command is given beside its words: options in the environment, files of variables.

Facts: uvicorn 0.54 `main.py` and granian 2.8 `cli.py` take each option from `UVICORN_NAME` and `GRANIAN_NAME` too
(click's `auto_envvar_prefix`), the command line first; fastapi-cli 0.0.34 takes its port from PORT; `--env-file` of
uvicorn, flask and granian fill in what the environment lacks (python-dotenv, `override=False`), and so does `uv run`;
pipenv, honcho and the dotenv command replace what is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Evidence
from batten.understand.deploy import dotenv
from batten.understand.deploy.envfile import below

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batten.model import Location
    from batten.understand.deploy.options import Line
    from batten.understand.deploy.reading import Reading
    from batten.understand.stack import EnvFile, Variable

_PREFIXES = {"uvicorn": "UVICORN_", "granian": "GRANIAN_"}
_NAMES = {"fastapi": {"PORT": "port"}}
_TRUE = frozenset(("1", "true", "t", "yes", "y", "on"))
_FALSE = frozenset(("0", "false", "f", "no", "n", "off"))
"""What click's boolean takes."""


def options(server: str, line: Line, flags: frozenset[str], environ: Mapping[str, Variable]) -> dict[str, Location]:
    """Add the options that the environment gives and the command line does not; return where each is written."""
    places: dict[str, Location] = {}
    prefix = _PREFIXES.get(server)
    for name, variable in environ.items():
        option = _NAMES.get(server, {}).get(name)
        if prefix is not None and name.startswith(prefix):
            option = name.removeprefix(prefix).lower().replace("_", "-")
        if option is None or option in line.options:
            continue
        value = f"${{{name}}}" if variable.value is None else variable.value
        known = value.lower() in _TRUE if option in flags and value.lower() in _TRUE | _FALSE else value
        line.options[option] = known
        places[option] = variable.at
    return places


def variables(
    reading: Reading,
    files: Sequence[EnvFile],
    env: Mapping[str, Variable],
    own: dict[str, Variable],
    read: Callable[[str], tuple[str, str] | None],
) -> tuple[dict[str, Variable], list[Evidence]]:
    """Return the environment with what files of variables add, and those that are not in the repository.

    What a file replaces is taken out of `own`, the variables that the command itself sets.
    """
    unread: list[Evidence] = []
    result = dict(env)
    for file in files:
        found = read(file.path)
        if found is not None:
            held = {name: v for name, v in dotenv.parse(found[1], found[0]).items() if v.value is not None}
            result = {**result, **held} if file.override else {**held, **result}
            for name in held if file.override else ():
                own.pop(name, None)
        elif file.required:
            reading.unsure(f"the file {file.path}", f"{file.says} reads it, and it is not in the repository", file.at)
            unread.append(Evidence(file.at, f"{file.path}, which {file.says} reads, is not in the repository"))
            result = below(result) if file.override else result
    return result, unread
