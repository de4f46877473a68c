"""What holds for all tests: a run says the same as the run before it.

Hypothesis draws the same examples each time, so that a build fails for what was changed and for nothing else.
`BATTEN_EXPLORE=1` draws others: that is how new ones are found.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("patient", deadline=None, derandomize="BATTEN_EXPLORE" not in os.environ)
settings.load_profile("patient")
