"""The lab's processes: a copy of a demo app, started on 127.0.0.1 and nowhere else, and ended with all it started."""

from batten.collect.lab.child import ADDRESS, SERVE, Child, free_pair, free_port, is_free
from batten.collect.lab.copies import Copy, copied, is_copy
from batten.collect.lab.pythons import python_for

__all__ = ["ADDRESS", "SERVE", "Child", "Copy", "copied", "free_pair", "free_port", "is_copy", "is_free", "python_for"]
