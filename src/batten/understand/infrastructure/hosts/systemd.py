"""Reads the service units of systemd: who their process is, and what fences it in (systemd 252, systemd.exec(5))."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand import gunicorn_file
from batten.understand.deploy import systemd
from batten.understand.deploy.commands import parse
from batten.understand.evaluate.objects import Known
from batten.understand.infrastructure.hosts.nouns import HostService

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.ini import Section
    from batten.understand.infrastructure.ground import Ground

_FENCES = (
    "NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp", "CapabilityBoundingSet", "RestrictAddressFamilies",
    "PrivateDevices", "SystemCallFilter", "RootDirectory", "RootImage", "DynamicUser", "ProtectKernelTunables",
)  # fmt: skip
_OFF = frozenset(("", "no", "false", "0", "off"))
WEB = frozenset("gunicorn uvicorn hypercorn daphne granian waitress uwsgi flask quart fastapi sanic litestar".split())
OURS = WEB | frozenset("python django celery streamlit rq huey_consumer arq dramatiq pserve aiohttp node npm".split())
"""Programs that run somebody's own code, and stay who they were started as."""
_DROPS = re.compile(r"(?:^|[\s/])(?:sudo|su|runuser|setpriv|gosu|su-exec|chroot|start-stop-daemon|chpst|setuidgid)\s")
_USERS_OWN = re.compile(r"(?:^|/)(?:user|\.config/systemd)(?:/|$)")
_ROOTS = frozenset(("root", "0"))
_PREFIX = re.compile(r"[-@:+!|]*")


def read(ground: Ground) -> Iterator[HostService]:
    """Yield the services that run the repository's own programs."""
    for path in ground.files.get("systemd", []):
        service = systemd.service_of(ground.reading, path)
        if service is None or service.last("Type") in ("oneshot", "dbus") or _USERS_OWN.search(posixpath.dirname(path)):
            continue
        one = _service(ground, path, service)
        if one is not None:
            yield one


def _service(ground: Ground, path: str, service: Section) -> HostService | None:
    commands = service.every("ExecStart")
    text = ground.reading.text(path) or ""
    if not commands or "{{" in commands[-1].value or "%h" in commands[-1].value or "default.target" in text:
        return None
    command = _PREFIX.sub("", commands[-1].value, count=1)
    name = posixpath.basename(path).removesuffix(".service")
    start = parse(command)
    unit = next((u for u in ground.stack.units if u.kind == "systemd" and u.name == name), None)
    runs = unit.start.server if unit is not None else start.server
    runs = posixpath.basename(runs.split(" ")[0])
    if runs not in OURS and not re.fullmatch(r"python[\d.]*", runs):
        return None
    user = next((entry for entry in reversed(service.entries) if entry.name == "User"), None)
    dropped = start.user or (unit.user if unit is not None else "") or _by_file(ground, name)
    is_dynamic = service.last("DynamicUser").lower() not in _OFF
    said = user.value if user is not None else ""
    is_root = (said in _ROOTS or not said) and not is_dynamic and (not dropped or dropped in _ROOTS)
    if _DROPS.search(f" {command}") or "{{" in said or "--emperor" in command or "--uid" in command:
        is_root = False
    line = user.line if user is not None and user.value else service.line
    file = user.file if user is not None and user.value and user.file else path
    at = Location(file=commands[-1].file or path, line=commands[-1].line)
    return HostService(
        name,
        "systemd",
        Location(file=file, line=line),
        runs,
        is_root,
        runs in WEB,
        all(service.last(fence).lower() in _OFF for fence in _FENCES),
        (Evidence(at, f"started by the systemd unit {name}"),),
    )


def _by_file(ground: Ground, name: str) -> str:
    """Return the user that gunicorn's own file names."""
    for program in ground.seen.programs:
        if program.unit.kind == "systemd" and program.unit.name == name:
            told = gunicorn_file.setting(program, "user")
            if told is not None:
                return str(told.value) if isinstance(told, Known) and told.value is not None else "of its own"
    return ""
