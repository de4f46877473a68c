from . import LOUD as _loud

SIZES = {"small": 1 << 10, "large": 1 << 20}
WANTED = "large" if _loud else "small"
