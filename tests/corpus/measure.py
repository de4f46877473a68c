"""Asks the real Flask what the settings of one project are: the judge of `expected.toml`.

Run as a script with a request on stdin: `{"target": …, "script": …, "visit": …, "environments": [{…}, …]}`. In each
environment the project in the current directory is started twice, afresh. The answer on stdout is one table per
environment: a setting's value in JSON, `<runtime>` where the two starts differ, `<none>`; or `{"": "<error>"}`.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import flask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Settings = dict[str, Any]


def start(target: str, visit: str) -> Settings:
    """Return the settings of the app that `module:expression` gives, after a visit to a page if one is named."""
    module, _, expression = target.partition(":")
    app = eval(expression, vars(import_module(module)))
    if visit:
        app.test_client().get(visit)
    return dict(app.config)


def start_script(path: str) -> Settings:
    """Return what a script gives to the server that it starts, as `run.NAME`, and its app's settings."""
    seen: Settings = {}

    def run(self: flask.Flask, host: str | None = None, port: int | None = None, **options: object) -> None:
        seen.update(self.config)
        seen.update({f"run.{name}": given for name, given in {"host": host, "port": port, **options}.items()})

    def serve(app: flask.Flask, **options: object) -> None:
        seen.update(app.config)
        seen.update({"run.server": "waitress"} | {f"run.{name}": given for name, given in options.items()})

    waitress = ModuleType("waitress")
    vars(waitress)["serve"] = serve
    with patch.object(flask.Flask, "run", run), patch.dict(sys.modules, waitress=waitress):
        sys.path.insert(0, str(Path(path).resolve().parent))
        runpy.run_path(path, run_name="__main__")
        del sys.path[0]
    return seen


def afresh(began: Callable[[], Settings], environment: Mapping[str, str]) -> Settings:
    """Return what a start gives in this environment, with no module of the project imported before."""
    here = str(Path.cwd())
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(here):
            del sys.modules[name]
    with patch.dict(os.environ, environment, clear=True):
        try:
            return began()
        except (Exception, SystemExit) as fault:  # noqa: BLE001 - an app that refuses to start is an answer
            return {"": "<error>", "why": repr(fault)}


def plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    if value is None:
        return "<none>"
    return value if isinstance(value, bool | int | float | str | list | dict) else repr(value)


def measured(request: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
    """Return the settings in one environment, from two starts."""

    def began() -> Settings:
        return start_script(request["script"]) if request["script"] else start(request["target"], request["visit"])

    first, second = afresh(began, environment), afresh(began, environment)
    return {name: plain(value) if value == second.get(name) else "<runtime>" for name, value in first.items()}


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(Path.cwd()))
    asked = json.load(sys.stdin)
    json.dump([measured(asked, environment) for environment in asked["environments"]], sys.stdout)
