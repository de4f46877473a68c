"""Plans what to collect and ask, runs it, and hands over the report. Front doors call this room.

Each door is opened when it is asked for: a probe does not pay for the evaluator, nor a check for the network.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batten.run.configuration import config
    from batten.run.doors import explain, rules, rules_told, settings, standards
    from batten.run.live.audit import check_answers, probe
    from batten.run.live.request import ProbeRequest
    from batten.run.ports.audit import check_listeners, open_ports
    from batten.run.ports.request import PortsRequest
    from batten.run.request import Request
    from batten.run.static import check, check_files
    from batten.run.whole.audit import audit
    from batten.run.whole.request import AuditRequest

__all__ = [
    "AuditRequest",
    "PortsRequest",
    "ProbeRequest",
    "Request",
    "audit",
    "check",
    "check_answers",
    "check_files",
    "check_listeners",
    "config",
    "explain",
    "open_ports",
    "probe",
    "rules",
    "rules_told",
    "settings",
    "standards",
]

_DOORS = {
    "static": ("check", "check_files"),
    "configuration": ("config",),
    "doors": ("explain", "rules", "rules_told", "settings", "standards"),
    "live.audit": ("check_answers", "probe"),
    "live.request": ("ProbeRequest",),
    "ports.audit": ("check_listeners", "open_ports"),
    "ports.request": ("PortsRequest",),
    "request": ("Request",),
    "whole.audit": ("audit",),
    "whole.request": ("AuditRequest",),
}
"""Module to the doors that it holds."""


def __getattr__(name: str) -> object:
    """Return a door, from the module that holds it."""
    from importlib import import_module  # noqa: PLC0415 - used once for each door

    for module, names in _DOORS.items():
        if name in names:
            door: object = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = door
            return door
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
