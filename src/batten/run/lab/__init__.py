"""The lab: a demo stack on 127.0.0.1, a walk through its doors, and a grade for who shuts them."""

from batten.collect.lab import is_copy
from batten.run.lab.grade import grade
from batten.run.lab.lessons import LESSONS
from batten.run.lab.stack import Stack
from batten.run.lab.tour import Site, running, tour

__all__ = ["LESSONS", "Site", "Stack", "grade", "is_copy", "running", "tour"]
