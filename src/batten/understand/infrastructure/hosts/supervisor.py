"""Reads supervisor's files: who its programs are, and who operates it (supervisor 4.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.deploy import ini
from batten.understand.deploy.commands import parse
from batten.understand.infrastructure.hosts.nouns import HostService
from batten.understand.infrastructure.hosts.systemd import OURS, WEB
from batten.understand.infrastructure.machines import host, machines
from batten.understand.infrastructure.web import AdminDoor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.ini import Entry, Section
    from batten.understand.infrastructure.ground import Ground

_PORT = re.compile(r"(.*?):?(\d{1,5})")


def read(ground: Ground) -> Iterator[object]:
    """Yield the programs that are started as root, and the page that operates them all."""
    for path in ground.files.get("supervisor", []):
        text = ground.reading.text(path) or ""
        sections = ini.parse(text, style="supervisor") if "[" in text else []
        machine = next((one for one in machines(ground) if any(True for _ in one.places(path))), None)
        for section in sections:
            if section.name.startswith("program:") and machine is None:
                yield from _program(path, section)
            elif section.name == "inet_http_server":
                reach = (machine or host(ground, ())).reach_of(_number(section.last("port")))
                yield from _page(path, section, reach)


def _program(path: str, section: Section) -> Iterator[HostService]:
    """Yield a program that a host starts as root: said so, since a program without a user is supervisord's own."""
    user, command = _entry(section, "user"), _entry(section, "command")
    if user is None or command is None or user.value not in ("root", "0"):
        return
    runs = parse(command.value).server
    if runs in OURS:
        name = section.name.partition(":")[2].strip()
        evidence = (Evidence(Location(file=path, line=command.line), f"started by the supervisor program {name}"),)
        at = Location(file=path, line=user.line)
        yield HostService(name, "supervisor", at, runs, is_root=True, is_web=runs in WEB, evidence=evidence)


def _entry(section: Section, name: str) -> Entry | None:
    return next((entry for entry in reversed(section.entries) if entry.name == name), None)


def _number(port: str) -> int:
    match = _PORT.fullmatch(port.strip())
    return int(match[2]) if match is not None else 0


def _page(path: str, section: Section, reach: object) -> Iterator[AdminDoor]:
    entry = _entry(section, "port")
    match = _PORT.fullmatch(entry.value.strip()) if entry is not None else None
    if entry is None or match is None or section.last("password") or "%" in entry.value:
        return
    if match[1] in ("", "*", "0.0.0.0", "[::]", "::"):  # noqa: S104 - what the file says
        power = "stops and starts every program and reads their logs"
        fix = "Write `port=127.0.0.1:9001`, or use `[unix_http_server]`; else `username` and `password`."
        at = Location(file=path, line=entry.line)
        yield AdminDoor("supervisord's page", entry.value, at, power, fix, reach, is_total=False)  # type: ignore[arg-type]
