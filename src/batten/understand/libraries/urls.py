"""`urllib.parse`: URLs taken apart and put together (CPython 3.11)."""

from __future__ import annotations

import urllib.parse

from batten.understand.evaluate.frozen import computed, computed_of_data, register
from batten.understand.evaluate.library import CALLS

_PARTS = "scheme netloc path query fragment username password hostname port"
_METHODS = "geturl _replace _asdict count index"

register(urllib.parse.ParseResult, "urllib.parse.ParseResult", f"{_PARTS} params", _METHODS)
register(urllib.parse.SplitResult, "urllib.parse.SplitResult", _PARTS, _METHODS)
register(urllib.parse.DefragResult, "urllib.parse.DefragResult", "url fragment", _METHODS)

for _name, _of in (
    ("urlparse", ""),
    ("urlsplit", ""),
    ("urldefrag", ""),
    ("urljoin", "str"),
    ("parse_qs", ""),
    ("parse_qsl", ""),
    ("quote", "str"),
    ("quote_plus", "str"),
    ("unquote", "str"),
    ("unquote_plus", "str"),
    ("unquote_to_bytes", "bytes"),
):
    CALLS[f"urllib.parse.{_name}"] = computed(getattr(urllib.parse, _name), _of)
for _name in ("urlunparse", "urlunsplit", "urlencode"):
    CALLS[f"urllib.parse.{_name}"] = computed_of_data(getattr(urllib.parse, _name), "str")
CALLS["urllib.parse.ParseResult"] = computed(urllib.parse.ParseResult)
CALLS["urllib.parse.SplitResult"] = computed(urllib.parse.SplitResult)
