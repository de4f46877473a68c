"""A Bottle app's evaluated state as the subjects that rules read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand import request_facts
from batten.understand.evaluate.objects import Mapping
from batten.understand.evaluate.outcome import known_value
from batten.understand.frameworks import answered, assembly
from batten.understand.frameworks.settings import Settings
from batten.understand.libraries import bottle
from batten.understand.libraries.webapp import settings_of

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.objects import Instance
    from batten.understand.subjects import App


def app(program: Program, made: Instance) -> App:
    """Return a Bottle app and all that was seen of it as the subject of rules."""
    machine = program.machine
    state = bottle.switch(machine)
    cells = dict((settings_of(made) or Mapping()).cells)
    cells["bottle.debug"] = state.cells["DEBUG"]
    defaults = {**made.facts["defaults"], "bottle.debug": state.facts["debug"]}
    settings = Settings(program, made, Mapping(cells), defaults=defaults)
    values = {name: settings(name) for name in ("bottle.debug", "catchall")}
    own = assembly.Own(
        values,
        debug=values["bottle.debug"],
        cors=answered.hooks(machine, made),
        errors=answered.handlers(machine, made, "every error", []),
        changes_state=known_value(request_facts.takes_forms(machine, made), settings.at, "routes take forms"),
        form_tokens=known_value(assembly.mentions(machine, "csrf", "xsrf"), settings.at, "something checks for CSRF"),
    )
    return assembly.app(program, made, settings.at, own)
