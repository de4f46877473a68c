"""The eyes of a probe: asks a consented target over HTTP, within bounds, and brings back what was on the wire.

Nothing here is imported by `batten.collect` itself: asyncio and ssl take 35 ms that a static audit does not pay.
"""

from batten.collect.http.bounds import Bounds, Pace
from batten.collect.http.consent import consented, resolutions
from batten.collect.http.fetcher import Fetcher
from batten.collect.http.jar import Jar
from batten.collect.http.target import Origin, Target
from batten.collect.http.visitor import Visitor, visit

__all__ = ["Bounds", "Fetcher", "Jar", "Origin", "Pace", "Target", "Visitor", "consented", "resolutions", "visit"]
