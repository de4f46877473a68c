"""What a module, class or function says of itself."""

from __future__ import annotations

import ast

from batten.understand.evaluate.origin import Origin
from batten.understand.evaluate.values import Abstract, Known, Unknown


def docstring(node: ast.AST | None, path: str) -> Abstract | None:
    """Return the docstring of a module, class or function, None when it has none.

    Python 3.13 takes the indentation away, earlier versions keep it: a text that has some is not known.
    """
    body = getattr(node, "body", None)
    first = body[0] if isinstance(body, list) and body else None
    held = first.value if isinstance(first, ast.Expr) else None
    if not isinstance(held, ast.Constant) or not isinstance(held.value, str):
        return None
    origin = Origin((path, held))
    if "\n" not in held.value and not held.value[:1].isspace():
        return Known(held.value, origin)
    truth = True if held.value.strip() else None
    return Unknown("how a docstring is indented depends on the version of Python", origin, of="str", truth=truth)
