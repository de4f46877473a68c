"""django-csp 4.0 and Django 6.0's own policy: the constants that settings are written with.

Facts from `csp.constants` and `django.utils.csp.CSP`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import VALUES
from batten.understand.evaluate.objects import Abstract, Known
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

NONCE = "'nonce-…'"
"""Stands for the nonce of one response."""

_WORDS = {
    "NONE": "'none'",
    "REPORT_SAMPLE": "'report-sample'",
    "SELF": "'self'",
    "STRICT_DYNAMIC": "'strict-dynamic'",
    "UNSAFE_ALLOW_REDIRECTS": "'unsafe-allow-redirects'",
    "UNSAFE_EVAL": "'unsafe-eval'",
    "UNSAFE_HASHES": "'unsafe-hashes'",
    "UNSAFE_INLINE": "'unsafe-inline'",
    "WASM_UNSAFE_EVAL": "'wasm-unsafe-eval'",
    "NONCE": NONCE,
}


def _constant(text: str) -> Callable[[Interpreter, Place], Abstract]:
    def model(machine: Interpreter, place: Place) -> Abstract:
        del machine
        return Known(text, Origin(place))

    return model


for _name, _text in _WORDS.items():
    VALUES[f"csp.constants.{_name}"] = _constant(_text)
    VALUES[f"django.utils.csp.CSP.{_name}"] = _constant(_text)
