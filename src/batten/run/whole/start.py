"""Starts the project's own app on loopback: by its production command where that can run here, else by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.collect.app import StartedApp
from batten.model import BattenError
from batten.run.evaluated import variables_given

if TYPE_CHECKING:
    from contextlib import ExitStack

    from batten.run.evaluated import Evaluated
    from batten.run.whole.request import AuditRequest
    from batten.understand.subjects import App

_INCOMPLETE = 4
_SERVERS = frozenset(("gunicorn", "uvicorn", "hypercorn"))
"""Servers whose command is run as it is, but for the address."""
_DROPPED = frozenset(
    "bind host port uds fd b p workers w daemon pid user group reload chdir proc-name worker-tmp-dir certfile keyfile "
    "ssl-certfile ssl-keyfile access-logfile error-logfile accesslog errorlog log-file statsd-host".split()
)
"""Options that are not taken over: where it listens, whom it runs as, and where it writes."""


def started(held: Evaluated, request: AuditRequest, running: ExitStack) -> tuple[str, str]:
    """Return the address of the app, started for as long as `running` is entered, and how it was started.

    Raises:
        BattenError: there is no app, or several, or it does not start.
    """
    app = _one(held)
    directory = _directory(held, app)
    env = {name: one.value for name, one in app.unit.env.items() if one.value is not None and not one.default}
    env |= variables_given(request.terms)
    start = app.unit.start
    if start.server in _SERVERS and start.target:
        command = _command(app)
        own = StartedApp(start.target, directory, env, command=command)
        if own.has_server(start.server):
            running.enter_context(own)
            return own.url, f"started {' '.join(command)} on {own.url}"
    spec = start.target if ":" in start.target else _module(app)
    own = running.enter_context(StartedApp(spec, directory, env))
    return own.url, f"started {spec} on {own.url}"


def _one(held: Evaluated) -> App:
    found = {(app.name, app.root): app for app in held.seen.apps if app.framework}
    if not found:
        raise BattenError("no web app was found to start", hint="give its address: --url", code=_INCOMPLETE)
    if len(found) > 1:
        names = ", ".join(app.name for app in found.values())
        raise BattenError(
            f"there are several apps: {names}", hint="start one yourself, and give --url", code=_INCOMPLETE
        )
    return next(iter(found.values()))


def _directory(held: Evaluated, app: App) -> str:
    """Return the directory that the app is started in: the one of its process, else of its root on the path."""
    place = app.unit.cwd if app.unit.cwd != "." else app.unit.roots[0] if app.unit.roots else "."
    return held.tree.root if place in ("", ".") else f"{held.tree.root}/{place}"


def _command(app: App) -> list[str]:
    """Return the production command without what says where it listens and as whom."""
    start = app.unit.start
    words = [start.server]
    for name, value in start.options.items():
        if name in _DROPPED or value is False:
            continue
        words.append(f"--{name}")
        if isinstance(value, str):
            words.append(value)
    return [*words, start.target]


def _module(app: App) -> str:
    """Return the module that makes the app, as `module`; its `app` or `application` is served."""
    path = app.at.file or app.unit.start.target
    inside = path.removeprefix(f"{app.root}/") if app.root not in ("", ".") else path
    return inside.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
