"""The MDN HTTP Observatory's twelve tests, score and letter, for a visit."""

from batten.understand.answers.observatory.grade import Grade, grade
from batten.understand.answers.observatory.headers import PROBE_ORIGIN
from batten.understand.answers.observatory.scale import VERSIONS, is_passed, points

__all__ = ["PROBE_ORIGIN", "VERSIONS", "Grade", "grade", "is_passed", "points"]
