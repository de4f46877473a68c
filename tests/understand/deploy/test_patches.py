"""Patches of both kinds, laid over trees."""

from __future__ import annotations

import pytest

from batten.understand.deploy.patches import merged, pointed, put
from batten.understand.deploy.reading import Reading
from batten.understand.deploy.yamltree import Items, Node, Text, parsed
from batten.understand.sources import DictSources


def tree(text: str) -> Node:
    (node,) = parsed(Reading(DictSources({}), lambda _: None), "a.yaml", text)
    return node


def plain(node: Node | None) -> object:
    """Return a tree as lists and dicts."""
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.pairs} if node is not None else None


@pytest.mark.parametrize(
    ("base", "patch", "expected"),
    [
        ("{a: 1, b: 2}", "{b: 3, c: 4}", "{a: 1, b: 3, c: 4}"),
        ("{a: 1, b: 2}", "{b: null}", "{a: 1}"),
        ("{a: {b: 1}}", "{a: {$patch: replace, c: 2}}", "{a: {c: 2}}"),
        ("{a: [1, 2]}", "{a: [3]}", "{a: [3]}"),
        (
            "{env: [{name: A, value: 1}]}",
            "{env: [{name: B, value: 2}]}",
            "{env: [{name: B, value: 2}, {name: A, value: 1}]}",
        ),
        ("{env: [{name: A, value: 1}]}", "{env: [{name: A, value: 2}]}", "{env: [{name: A, value: 2}]}"),
        ("{env: [{name: A}, {name: B}]}", "{env: [{name: A, $patch: delete}]}", "{env: [{name: B}]}"),
        ("{env: [{name: A}]}", "{env: [{name: Z, $patch: delete}]}", "{env: [{name: A}]}"),
        ("{env: [{name: A}]}", "{env: [{$patch: replace}, {name: B}]}", "{env: [{name: B}]}"),
        ("{env: [x, {name: A}]}", "{env: [y]}", "{env: [y, x, {name: A}]}"),
        ("{ports: [{port: 1, name: a}]}", "{ports: [{port: 1, name: b}]}", "{ports: [{port: 1, name: b}]}"),
        ("{a: {b: 1}}", "{a: text}", "{a: text}"),
    ],
)
def test_strategic_merge(base: str, patch: str, expected: str) -> None:
    assert plain(merged(tree(base), tree(patch))) == plain(tree(expected))


@pytest.mark.parametrize(
    ("where", "value", "insert", "expected"),
    [
        ("/a", "9", False, "{a: 9, l: [x, y], m: {n: 1}}"),
        ("/b", "9", True, "{a: 1, l: [x, y], m: {n: 1}, b: 9}"),
        ("/m/n", "9", False, "{a: 1, l: [x, y], m: {n: 9}}"),
        ("/m/n", None, False, "{a: 1, l: [x, y], m: {}}"),
        ("/l/0", "9", True, "{a: 1, l: [9, x, y], m: {n: 1}}"),
        ("/l/2", "9", True, "{a: 1, l: [x, y, 9], m: {n: 1}}"),
        ("/l/1", "9", False, "{a: 1, l: [x, 9], m: {n: 1}}"),
        ("/l/0", None, False, "{a: 1, l: [y], m: {n: 1}}"),
        ("/l/-", "9", True, "{a: 1, l: [x, y, 9], m: {n: 1}}"),
        ("/l/7", "9", False, None),
        ("/l/x", "9", True, None),
        ("/l/0/z", "9", True, None),
        ("/gone", None, False, None),
        ("/gone/x", "9", True, None),
        ("/m/gone/x", "9", True, None),
        ("/a/b", "9", True, None),
        ("/q~1r~0s", "9", True, "{a: 1, l: [x, y], m: {n: 1}, q/r~s: 9}"),
        ("", "9", False, "9"),
    ],
)
def test_json_patch(where: str, value: str | None, insert: bool, expected: str | None) -> None:  # noqa: FBT001 - a row
    held = put(
        tree("{a: 1, l: [x, y], m: {n: 1}}"), pointed(where), tree(value) if value is not None else None, insert=insert
    )
    assert plain(held) == (plain(tree(expected)) if expected is not None else None)


def test_a_deeper_place_of_a_list() -> None:
    base = tree("{l: [{a: 1}, {a: 2}]}")
    assert plain(put(base, pointed("/l/1/a"), tree("9"))) == {"l": [{"a": "1"}, {"a": "9"}]}
    assert plain(base) == {"l": [{"a": "1"}, {"a": "2"}]}, "the base is left as it was"
