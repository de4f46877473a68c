"""Addresses on which a server listens, as libraries write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.evaluate.objects import Abstract, Known, Unknown, each, join

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place

EVERYWHERE = "0.0.0.0"  # noqa: S104 - the address that is looked for


def wide(host: Abstract) -> Abstract:
    """Return a host, `0.0.0.0` where the library takes nothing or `*` for every interface."""
    result: Abstract | None = None
    for choice in each(host):
        empty = isinstance(choice, Known) and choice.value in (None, "", "*")
        one = Known(EVERYWHERE, choice.origin) if empty else choice
        result = one if result is None else join(result, one)
    return result or host


def parts(text: str, otherwise: str, port: int) -> tuple[str, int | None]:
    """Return the host and port of `host:port`; a socket file has no port (gunicorn 23 `util.parse_address`)."""
    text = re.sub(r"^(tcp|http)://", "", text)
    if text.startswith(("unix:", "fd://", "/")):
        return text, None
    bracketed = re.fullmatch(r"\[([^\]]*)\](?::(\d+))?", text)
    if bracketed:
        return bracketed[1] or otherwise, int(bracketed[2]) if bracketed[2] else port
    host, colon, number = text.partition(":")
    return host or otherwise, int(number) if colon and number.isdigit() else port


def split(
    machine: Interpreter, text: Abstract, place: Place, *, otherwise: str, port: int
) -> tuple[Abstract, Abstract]:
    """Return the host and port of an address written as text; `otherwise` is the host of `:80`."""
    kinds = all(not isinstance(choice, Known) or isinstance(choice.value, str) for choice in each(text))
    if not kinds:
        unknown = machine.unknown_of(place, text)
        return unknown, unknown
    if isinstance(text, Unknown) and _has_host(text.prefix):
        host_ = Known(parts(text.prefix, otherwise, port)[0], text.origin)
        return wide(host_), Unknown(text.why, text.origin, kind=text.kind, of="int")
    host = machine.compute(place, lambda one: parts(one, otherwise, port)[0], text, of="str")
    number = machine.compute(place, lambda one: parts(one, otherwise, port)[1], text, of="int")
    return _rehomed(wide(host), text), _rehomed(number, text)


def _has_host(prefix: str) -> bool:
    """Return whether the known beginning of an address holds its whole host, and the colon after it."""
    rest = re.sub(r"^(tcp|http)://", "", prefix)
    return bool(re.match(r"\[[^\]]*\]:|[^\[:/]*:(?!/)", rest)) and not rest.startswith(("unix:", "fd:"))


def _rehomed(value: Abstract, source: Abstract) -> Abstract:
    """Return a part of an address with the home of the whole."""
    if isinstance(value, Known) and isinstance(source, Known):
        return Known(value.value, source.origin)
    return value
