"""Source for a newer Python is understood by an older one, and what it means stays the same."""

from __future__ import annotations

import ast
import sys

import pytest

from batten.understand.evaluate import newer_syntax

NEWER = '''\
"""Words."""
from __future__ import annotations

type Name = str
type Pair[A, *Bs, **P] = tuple[
    A, Late
]


class Page[
    T: (int, str) = int,  # of what
    U = dict[str, int],
](Base[T]):
    items: list[T]

    def first[V](self, other: V) -> T:
        try:
            return self.items[0]
        except IndexError, KeyError:
            raise
        except (OSError, EOFError):
            return None
        except OSError as error:
            return None


def group():
    try:
        pass
    except* ValueError, TypeError:
        pass


def plain(type, x=[1, 2]):
    type = 1
    type(x)[0] = 2
    return type


LABEL = f"{names["first"]}: {', '.join(x for x in names)} \\"quoted\\" {{{names["second"]!r:>{width}}}}"
HIGH = f"{
    names["first"]
}"


def after(): ...


LONG = f"""{names["a"]} "said" {f"{names["b"]}"}"""
'''


def test_what_an_older_python_reads() -> None:
    tree = newer_syntax.parse(NEWER, "a.py")
    assert tree is not None
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))
    names = {node.name: node for node in statements}
    assert ast.unparse(names["Page"]).startswith("class Page(Base[T]):\n    items: list[T]\n")
    assert names["first"].lineno == 16
    told = ast.unparse(tree)
    assert "LABEL = str(object())" in told or sys.version_info >= (3, 12)  # both quotes are taken
    assert names["after"].lineno == NEWER.splitlines().index("def after(): ...") + 1
    assert "except (IndexError, KeyError):" in told
    assert "except* (ValueError, TypeError):" in told
    assert "except (OSError, EOFError):" in told
    assert "Name = lambda: str" in told
    assert "Pair = lambda: tuple[A, Late]" in told
    assert ast.get_docstring(tree) == "Words."
    brought = [n.names[0].asname for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "typing"]
    assert brought == ["A", "Bs", "P", "T", "U", "V"]


def test_texts_keep_their_values() -> None:
    source = 'a = {"x": 1}\nb = f"{a["x"]} \\"y\\" {{"\nc = f"""{a["x"]} "z" """\n'
    tree = newer_syntax.parse(source, "a.py")
    assert tree is not None
    names: dict[str, object] = {}
    exec(compile(tree, "a.py", "exec"), names)
    assert names["b"] == '1 "y" {'
    assert names["c"] == '1 "z" '


@pytest.mark.parametrize(
    "text", ["def f(:\n", "print 'x'\n", "class A[T:\n", 'x = f"{', "type X\n", "except A, B\n", "'''"]
)
def test_what_is_wrong_stays_wrong(text: str) -> None:
    assert newer_syntax.parse(text, "a.py") is None


def test_a_name_that_the_module_binds_is_not_brought() -> None:
    tree = newer_syntax.parse("T = int\n\n\ndef f[T, U](x: T) -> U: ...\n", "a.py")
    assert tree is not None
    assert [node.names[0].asname for node in tree.body if isinstance(node, ast.ImportFrom)] == ["U"]
