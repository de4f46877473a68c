"""Plans what to collect and ask, runs it, and hands over the report. Front doors call this room."""

from batten.run.audit import check, check_files
from batten.run.configuration import config
from batten.run.doors import explain, rules, settings, standards
from batten.run.probe.audit import check_answers
from batten.run.request import Request

__all__ = ["Request", "check", "check_answers", "check_files", "config", "explain", "rules", "settings", "standards"]
