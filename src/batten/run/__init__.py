"""Plans what to collect and ask, runs it, and hands over the report. Front doors call this room."""

from batten.run.audit import check, check_files
from batten.run.configuration import config
from batten.run.doors import explain, rules, rules_told, settings, standards
from batten.run.live.request import ProbeRequest
from batten.run.request import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batten.run.live.audit import check_answers, probe

__all__ = [
    "ProbeRequest",
    "Request",
    "check",
    "check_answers",
    "check_files",
    "config",
    "explain",
    "probe",
    "rules",
    "rules_told",
    "settings",
    "standards",
]


def __getattr__(name: str) -> object:
    """Return a door of the live half, which a static audit does not pay for."""
    if name in ("check_answers", "probe"):
        from batten.run.live import audit  # noqa: PLC0415 - see above

        return getattr(audit, name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
