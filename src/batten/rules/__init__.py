"""The rules: one file each, `rules/LAYER/TOPIC/DETAIL.py`, and the standards they stand for."""

from batten.rules.catalogue import all_rules, find, index, rules_named, rules_of, rules_over, static_rules, topics
from batten.rules.standards import Requirement, Standards, standards, tags

__all__ = [
    "Requirement",
    "Standards",
    "all_rules",
    "find",
    "index",
    "rules_named",
    "rules_of",
    "rules_over",
    "standards",
    "static_rules",
    "tags",
    "topics",
]
