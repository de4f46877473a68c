"""Settings of an app, read as the values that rules and people see."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location, State, Value, is_secret, shown
from batten.understand.entry import REFUSES
from batten.understand.evaluate.objects import ABSENT, Instance, Known, Mapping, Unknown
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import value_of

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Cells


def made_at(app: Instance) -> Location:
    """Return where an app object is made."""
    return locate(app.facts.get("made")) or Location(file=str(app.facts.get("path", "")), line=1)


class Settings:
    """Reads the settings of one app object."""

    def __init__(
        self, program: Program, app: Instance, config: Mapping, *, defaults: Cells, at: Location | None = None
    ) -> None:
        """Read `config`, as it is (or as it was when the app's server started).

        `defaults` are the framework's own values: a cell that still holds one
        was set by nobody. `at` is the place for what nobody sets.
        """
        self.machine: Interpreter = program.machine
        self.app = app
        self.stopped = program.stopped
        """Why evaluation ended early: what was written until then is not what production has."""
        self.at = at or made_at(app)
        self.config = config
        self.cells: Cells = dict(app.facts.get("frozen", config.cells))
        self.defaults = defaults

    def __call__(self, name: str, default: object = None) -> Value:
        """Return one setting; `default` is what applies when nothing sets it."""
        if self.stopped:
            refused = self.stopped.startswith(REFUSES)
            return Value(State.ERROR if refused else State.UNKNOWN, at=self.at, why=self.stopped)
        held = self.cells.get(name, ABSENT)
        is_default = held is not ABSENT and self.defaults.get(name) is held and not isinstance(held, Unknown)
        if held is ABSENT or (is_default and not (isinstance(held, Known) and held.origin.hops)):
            if self.config.open:
                return self._unread()
            value = default if held is ABSENT else (self.machine.data(held) or (None,))[0]
            says = f"{name} is not set: the default is"
            return Value(
                State.KNOWN, value, at=self.at, evidence=(Evidence(self.at, says, shown(value)),), default=True
            )
        value = value_of(self.machine, held, name, self.at)
        if self.config.open and name in self.defaults and held is self.defaults[name]:
            return replace(value, state=State.UNKNOWN, why=self._unread().why)
        return value.hidden() if is_secret(name) else value

    def _unread(self) -> Value:
        rest = self.config.more.get("rest")
        why = rest.why if isinstance(rest, Unknown) else "part of the configuration could not be read"
        return Value(State.UNKNOWN, at=self.at, why=why)

    def written(self) -> dict[str, Value]:
        """Return every setting that the project sets, and the defaults that matter."""
        names = sorted({str(name) for name in self.cells if isinstance(name, str) and name.isupper()})
        return {name: self(name) for name in names}
