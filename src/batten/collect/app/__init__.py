"""An app of the project's own, started on loopback in a process of its own, to be looked at like any site."""

from batten.collect.app.started import StartedApp

__all__ = ["StartedApp"]
