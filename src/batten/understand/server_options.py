"""What a server is told besides its address: limits, how much it logs, further sockets, by its own long names.

Facts from gunicorn 27.0.1 `gunicorn.config`, uvicorn 0.54, Hypercorn 0.18, granian 2.8 and uWSGI 2.0.21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand import gunicorn_file, hypercorn_file, listening
from batten.understand.evaluate.outcome import value_of

if TYPE_CHECKING:
    from batten.model import Location, Value
    from batten.understand.entry import Program

_NAMES = {
    "gunicorn": ("limit-request-line", "limit-request-field-size", "timeout", "log-level"),
    "uvicorn": ("log-level",),
    "hypercorn": ("log-level",),
    "granian": ("log-level",),
    "uwsgi": ("socket", "uwsgi-socket", "stats", "protocol"),
}
_IN_FILES = {"log-level": "loglevel"}
"""Where a configuration file spells a name otherwise than with underscores."""


def told(program: Program, at: Location) -> dict[str, Value]:
    """Return what the unit's command and the server's file say; what neither says is left out."""
    found: dict[str, Value] = {}
    for name in _NAMES.get(program.unit.start.server, ()):
        held = listening.option(program, name, at)
        if held is None:
            spelt = _IN_FILES.get(name, name.replace("-", "_"))
            held = gunicorn_file.setting(program, spelt) or hypercorn_file.setting(program, spelt)
        if held is not None:
            found[name] = value_of(program.machine, held, name, at)
    return found
