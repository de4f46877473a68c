"""Development servers and debug switches in code that production never reaches."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from batten.model import Location, NotDeployed
from batten.understand.assumed import set_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.apps import Understanding
    from batten.understand.sources import Sources
    from batten.understand.stack import Stack

MOST_FILES = 40
MOST_SHOWN = 60
"""Characters of a command that are shown in passing."""
_OPEN = re.compile(r"\.run\([^)]*(?:debug\s*=\s*True|[\"']0\.0\.0\.0[\"']|[\"']::[\"'])")
"""A call that is worth parsing its file for."""


def idle_servers(
    sources: Sources, parse: Callable[[str, str], ast.Module | None], stack: Stack, seen: Understanding
) -> None:
    """Note every `app.run(debug=True)` and public `host` that no deployed process executes."""
    reached: set[tuple[str, int]] = set()
    for program in seen.programs:
        for fact in program.machine.record:
            if fact[0] == "serve" and isinstance(fact[4].place, tuple):
                path, node = fact[4].place
                reached.add((path, getattr(node, "lineno", 0)))
    started = _started(list(dict.fromkeys(program.unit.command for program in seen.programs)))
    for path in list(sources.mentioning((".run(",)))[:MOST_FILES]:
        text = sources.read(path)
        tree = parse(path, text) if text and _OPEN.search(text) else None
        for node, what, topics in _calls(tree):
            if (path, node.lineno) not in reached:
                why = _why(path, seen, started)
                seen.not_deployed.append(NotDeployed(what, why, Location(file=path, line=node.lineno), topics))
    for path, why in sorted(stack.not_deployed.items()):
        seen.not_deployed.append(NotDeployed(path, why, Location(file=path, line=1)))


def _started(commands: list[str]) -> str:
    """Return what production starts, and "which does not", short enough for half a sentence."""
    if not commands:
        return "something that does not"
    first = commands[0] if len(commands[0]) <= MOST_SHOWN else f"{commands[0][:MOST_SHOWN]}…"
    others = len(commands) - 1
    return f"{first} and {others} more, which do not" if others else f"{first}, which does not"


def _why(path: str, seen: Understanding, started: str) -> str:
    if set_aside(path):
        return "it lies among tests, examples or scripts"
    what = "execute this line" if path in seen.inputs else "reach this file"
    return f"production starts {started} {what}"


def _calls(tree: ast.Module | None) -> Iterator[tuple[ast.Call, str, tuple[str, ...]]]:
    for node in ast.walk(tree) if tree is not None else ():
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "run":
            continue
        wanted: dict[str, Any] = {k.arg: k.value for k in node.keywords if k.arg}
        debug, host = wanted.get("debug"), wanted.get("host")
        said = {}
        if isinstance(debug, ast.Constant) and debug.value is True:
            said["debug-mode"] = "debug=True"
        if isinstance(host, ast.Constant) and host.value in ("0.0.0.0", "::"):  # noqa: S104 - looked for, not listened on
            said["bind-all"] = f"host={host.value!r}"
        if said:
            yield node, f"{ast.unparse(node.func)}({', '.join(said.values())})", tuple(said)
