"""Bytes written as text: base64 and hexadecimal digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import CALLS, Call
from batten.understand.evaluate.objects import Abstract, Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter


def _base64(name: str, *options: tuple[str, object]) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        import base64  # noqa: PLC0415 - used rarely

        more = [call.get(option, at) or Known(default) for at, (option, default) in enumerate(options, 1)]
        data = call.get("s", 0) or Unknown("no data")
        return machine.compute(call.place, getattr(base64, name), data, *more)

    return model


CALLS["base64.b64encode"] = _base64("b64encode", ("altchars", None))
CALLS["base64.b64decode"] = _base64("b64decode", ("altchars", None), ("validate", False))
CALLS["base64.urlsafe_b64encode"] = _base64("urlsafe_b64encode")
CALLS["base64.urlsafe_b64decode"] = _base64("urlsafe_b64decode")


def _hexlify(data: bytes) -> bytes:
    return data.hex().encode()


CALLS["binascii.hexlify"] = lambda machine, call: machine.compute(call.place, _hexlify, *call.args[:1], of="bytes")
