"""The nouns of Batten. Data, nothing else; standard library only."""

from batten.model.error import BattenError
from batten.model.finding import Edit, Finding, Fix, FixKind, NotDeployed, Suppressed, Unsure
from batten.model.picture import Box, Door, Link, Picture
from batten.model.place import Evidence, Location, mask
from batten.model.report import AppSummary, Configuration, Entry, Gain, Gate, Points, Report, Score
from batten.model.rule import Bad, Good, Question, Rule, around, host, live, rule
from batten.model.scale import Confidence, Severity
from batten.model.secrets import is_secret
from batten.model.value import UNSET, State, Value, python, shown

__all__ = [
    "UNSET",
    "AppSummary",
    "Bad",
    "BattenError",
    "Box",
    "Confidence",
    "Configuration",
    "Door",
    "Edit",
    "Entry",
    "Evidence",
    "Finding",
    "Fix",
    "FixKind",
    "Gain",
    "Gate",
    "Good",
    "Link",
    "Location",
    "NotDeployed",
    "Picture",
    "Points",
    "Question",
    "Report",
    "Rule",
    "Score",
    "Severity",
    "State",
    "Suppressed",
    "Unsure",
    "Value",
    "around",
    "host",
    "is_secret",
    "live",
    "mask",
    "python",
    "rule",
    "shown",
]
