"""Who the process of an image runs as, after all that an entrypoint, a server or its container changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.images import bases
from batten.understand.infrastructure.images.nouns import RunsAs
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.understand.deploy.image import Stage
    from batten.understand.infrastructure.ground import Ground
    from batten.understand.stack import Unit

_UNREAD = (".sh", "init", "entrypoint", "run-parts", "start", "supervisord", "runsvdir")
"""Ends of names of programs that decide themselves who goes on: what they do was not read."""

_IDLE = frozenset(("tail", "sleep", "cat", "wait", "true", "echo", "logger"))
"""Programs that stand beside what does the work."""
_CHANGE = frozenset(("uwsgi", "celery", "hypercorn", "gunicorn"))
"""Servers with an option for the user that they go on as."""


def runs_as(ground: Ground, stage: Stage, same: Sequence[Stage], containers: Sequence[Container]) -> RunsAs:
    """Return whom the image of a stage runs as; root only where something of it does."""
    told = {(c.kind, c.name) for c in ground.of(Container) if c.says_root}  # of these their own line is told
    all_units = _units(ground, same)
    units = [unit for unit in all_units if (unit.kind, unit.name) not in told]
    units = [unit for unit in units if unit.start.server not in _IDLE] or units
    found = [_of_unit(stage, unit, ground) for unit in units]
    names = {unit.name.partition("/")[0] for unit in units}
    found += [_of(stage, c.user) for c in containers if c.name.partition("/")[0] not in names and not c.says_root]
    if not found and (all_units or containers):
        return RunsAs(is_root=False, at=stage.user_at or stage.at, why="the containers say whom they run as")
    if not found:
        found = [_unstarted(stage)]
    return next((one for one in found if one.is_root), None) or next((o for o in found if o.is_root is None), found[0])


def _unstarted(stage: Stage) -> RunsAs:
    """Return whom an image runs as that nothing of the repository starts."""
    told = _of(stage, stage.user)
    if told.is_root and not told.user and not stage.process() and not stage.starts_by_itself:
        return RunsAs(None, told.at, why="it starts nothing itself, and who starts it may say whom")
    return told


def _units(ground: Ground, same: Sequence[Stage]) -> list[Unit]:
    held = {id(stage) for stage in same}
    units = ground.joined.units if ground.joined is not None else []
    return [unit for unit in units if unit.image is not None and id(unit.image.stage) in held]


def _of_unit(stage: Stage, unit: Unit, ground: Ground) -> RunsAs:
    start = unit.start
    user = unit.user
    for name in ("uid", "user"):
        option = start.options.get(name) if start.server in _CHANGE else None
        user = option if isinstance(option, str) and option else user
    user = _configured(ground, unit) or user
    told = _of(stage, user)
    if told.is_root and start.server in bases.SERVERS:
        return RunsAs(is_root=False, at=told.at, user=told.user)
    if told.is_root and start.server.endswith(_UNREAD):
        return RunsAs(None, told.at, told.user, f"{start.server}, which starts it, was not read")
    return told


def _configured(ground: Ground, unit: Unit) -> str:
    """Return the `user` of gunicorn's configuration file."""
    if unit.start.server != "gunicorn":
        return ""
    from batten.understand.evaluate.objects import Known  # noqa: PLC0415 - only where gunicorn starts
    from batten.understand.gunicorn_file import setting  # noqa: PLC0415 - likewise

    for program in ground.seen.programs:
        if program.unit.name == unit.name and program.unit.kind == unit.kind:
            user = setting(program, "user")
            return str(user.value) if isinstance(user, Known) and user.value is not None else ""
    return ""


def _of(stage: Stage, user: str) -> RunsAs:
    """Return whom it runs as where the process or container says `user`, or nothing."""
    at = stage.user_at or stage.at
    name = user.partition(":")[0].strip().strip("\"'")
    if name:
        if "$" in name:
            return RunsAs(is_root=False, at=at, user=user, why="the user depends on what is given to the build")
        return RunsAs(is_root(name), at, name)
    if _drops(stage):
        return RunsAs(is_root=False, at=at)
    held = bases.user_of(stage.base) if stage.base_known else None
    if held is None:
        return RunsAs(None, at, "", f"the user that {stage.base} sets is not known")
    return RunsAs(held == "root", at, "", f"{stage.base} sets none")


def _drops(stage: Stage) -> bool:
    """Return whether a base image starts by itself something that hands its work to another user."""
    first = stage.cmd[0].text.rpartition("/")[2] if stage.cmd else ""
    own = not stage.entrypoint and (not first or first.startswith("-") or first in bases.SERVED)
    return stage.base_known and own and bases.drops(stage.base)


def is_root(user: str) -> bool:
    """Return whether a user's name or number is root's."""
    return user == "root" or (user.isdigit() and int(user) == 0)
