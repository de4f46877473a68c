__all__ = ["LOUD"]

LOUD = len("abc") > 2
QUIET = False
