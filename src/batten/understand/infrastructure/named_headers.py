"""Headers that a proxy's file in the repository puts on answers: by their names, so that they are not told as missing.

Apache `Header set`, Caddy `header`. Whether the directive reaches each answer is not worked out: such a header may be
there, to a value that is not said. nginx's are worked out: see `behind`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location, State, Value
from batten.understand.deploy.candidates import aside
from batten.understand.nginx.texts import looks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from batten.understand.sources import Sources
    from batten.understand.subjects import Headers

_NAMES = (
    "content-security-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
)
_FILE = re.compile(
    r"\.conf(\.template)?$|\.(nginx|vhost)$|(^|/)caddyfile$|(^|/)(sites-(available|enabled))/", re.IGNORECASE
)
_DIRECTIVE = re.compile(
    r"(?:^|[;{])[ \t]*(?:(?:add_header|more_set_headers|header)\b[^\n#;]*?)?[\"' \t]*"
    rf"(?P<name>{'|'.join(_NAMES)})\b(?!\s*-)",
    re.IGNORECASE | re.MULTILINE,
)
_MOST = 50
"""Files that are read."""


def with_named(headers: Headers, found: Mapping[str, Location]) -> Headers:
    """Return headers with those that were found, as far as nothing else sets them."""
    values = dict(headers.values)
    for name, at in found.items():
        if name not in values or values[name].state is State.UNSET:
            values[name] = Value(State.UNKNOWN, at=at, why=f"{at.file} sets it")
    return replace(headers, values=values)


def found(sources: Sources, worked_out: Collection[str] = ()) -> dict[str, Location]:
    """Return each header with the first place that sets it, in files that are not worked out."""
    named: dict[str, Location] = {}
    paths = [path for path in sources.files() if _FILE.search(path) and aside(path) is None and path not in worked_out]
    for path in paths[:_MOST]:
        text = sources.read(path) or ""
        if looks(text):
            continue
        for match in _DIRECTIVE.finditer(text):
            line = text.count("\n", 0, match.start("name")) + 1
            named.setdefault(match["name"].lower(), Location(file=path, line=line))
    return named
