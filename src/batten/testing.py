"""Checks the examples of any rule, ours or a third party's.

    import pytest
    from batten.testing import Example, examples, verify

    @pytest.mark.parametrize("example", examples(my_rule), ids=str)
    def test_examples(example: Example) -> None:
        verify(example)

A bad example passes when the rule complains about the lines marked `# <- here` (of a live
example: the addresses), about each of them and no other; a good one when it is silent. An example with `fixed` passes
when the edits of the findings lead to that text, on which the rule is then silent, so
that a second run of the fix changes nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING, NoReturn

from batten.model import Bad
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from batten.model import Edit, Finding, Good, Rule

MARK = re.compile(r"[ \t]*# <- here[ \t]*$", re.MULTILINE)
"""What stands at the end of a line that a rule has to complain about; taken off before the audit."""
ORIGIN = "https://shop.example.com"
"""Where the paths of a live example stand."""


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a rule, ready to be audited."""

    rule: Rule
    says: str
    files: Mapping[str, str]
    """Without marks."""
    expected: frozenset[str] = frozenset()
    """The marked places as a person writes them: `app.py:6`, `--env FLASK_DEBUG`."""
    fixed: Mapping[str, str] | None = None
    """All files after the fix."""
    env: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    """A live example: what the site answers, without marks. A first address that is absolute is the one named."""
    listeners: str = ""
    """An example of a machine: its open ports, without marks."""

    def __str__(self) -> str:
        """Return the rule and what the example shows."""
        return f"{self.rule.id}: {self.says}"


def examples(rule: Rule) -> Iterator[Example]:
    """Yield the examples of a rule, the bad ones first."""
    for asked in rule.questions:
        written: tuple[Bad | Good, ...] = (*asked.bad, *asked.good)
        yield from (_example(rule, one) for one in written)


def check_rule(rule: Rule) -> None:
    """Verify every example of a rule.

    Raises:
        AssertionError: one of them does not hold; the message shows the difference.
    """
    for example in examples(rule):
        verify(example)


def verify(example: Example) -> None:
    """Audit one example and compare.

    Raises:
        AssertionError: it does not hold; the message shows the difference.
    """
    found = _audit(example, example.files)
    _same_places(example, found)
    edits = [edit for finding in found if finding.fix for edit in finding.fix.edits]
    if example.fixed is None:
        if edits and example.expected:
            _fail(example, "the fix has edits; add `fixed` to the example")
        return
    fixed = applied(example.files, edits)
    _same_text(example, fixed)
    left = _audit(example, fixed)
    if left:
        _fail(example, "after the fix the rule still says:", _list(left))


def applied(files: Mapping[str, str], edits: Iterable[Edit]) -> dict[str, str]:
    """Return the files with the edits made.

    Raises:
        ValueError: two edits overlap, or one names no span of a file.
    """
    by_file: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for edit in dict.fromkeys(edits):
        at = edit.at
        if at.file is None or at.file not in files or not (at.line and at.column and at.end_line and at.end_column):
            message = f"an edit names no span of a file: {at}"
            raise ValueError(message)
        text = files[at.file]
        span = (_offset(text, at.line, at.column), _offset(text, at.end_line, at.end_column))
        by_file[at.file].append((*span, edit.text))
    return {path: _spliced(text, by_file.get(path, [])) for path, text in files.items()}


def _example(rule: Rule, written: Bad | Good) -> Example:
    is_bad = isinstance(written, Bad)
    files = {path: MARK.sub("", text) for path, text in written.files.items()}
    fixed = written.fixed if isinstance(written, Bad) else None
    return Example(
        rule=rule,
        says=written.says,
        files=files,
        expected=frozenset(_marked(written)) if is_bad else frozenset(),
        fixed=None if fixed is None else {**files, **{path: MARK.sub("", text) for path, text in fixed.items()}},
        env={name: MARK.sub("", value) for name, value in written.env.items()},
        answers={MARK.sub("", asked): text for asked, text in written.answers.items()},
        listeners=MARK.sub("", written.listeners),
    )


def _marked(written: Bad | Good) -> Iterator[str]:
    for path, text in written.files.items():
        for number, line in enumerate(text.splitlines(), 1):
            if MARK.search(line):
                yield f"{path}:{number}"
    for name, value in written.env.items():
        if MARK.search(value):
            yield f"--env {name}"
    for line in written.listeners.splitlines():
        if MARK.search(line):
            yield f"port {line.split()[0].rpartition(':')[2]}"
    for asked in written.answers:
        if MARK.search(asked):
            address = MARK.sub("", asked).partition(" ")[2]
            yield address if "://" in address else ORIGIN + address


def _audit(example: Example, files: Mapping[str, str]) -> tuple[Finding, ...]:
    from batten import run  # noqa: PLC0415 - a third party's rule is listed without the engine

    if example.answers:
        named = next(iter(example.answers)).partition(" ")[2]
        url = named if "://" in named else f"{ORIGIN}/"
        found = run.check_answers(example.answers, rules=(example.rule,), url=url)
    elif example.listeners:
        found = run.check_listeners(example.listeners, rules=(example.rule,))
    else:
        found = run.check_files(files, example.env)
    return tuple(finding for finding in found if finding.rule in {"", example.rule.id})


def _same_places(example: Example, found: tuple[Finding, ...]) -> None:
    said = {str(finding.at) for finding in found}
    lines = [
        *(f"expected, not found: {place}" for place in sorted(example.expected - said)),
        *(f"found, not expected: {place}" for place in sorted(said - example.expected)),
    ]
    if lines:
        _fail(example, *lines, _list(found), _shown(example.files or example.answers))


def _same_text(example: Example, fixed: Mapping[str, str]) -> None:
    wanted = example.fixed or {}
    for path, text in fixed.items():
        if text != wanted.get(path):
            _fail(example, f"{path} after the fix:", text, "wanted:", wanted.get(path, ""))


def _fail(example: Example, *lines: str) -> NoReturn:
    message = "\n".join((str(example), *lines))
    raise AssertionError(message)


def _list(found: Iterable[Finding]) -> str:
    return "\n".join(f"  {finding.at} {finding.graded.value} {finding.says}" for finding in found)


def _shown(files: Mapping[str, str]) -> str:
    return "\n".join(
        f"  {path}:{number}: {line}" for path, text in files.items() for number, line in enumerate(text.splitlines(), 1)
    )


def _spliced(text: str, edits: list[tuple[int, int, str]]) -> str:
    """Return `text` with each span replaced, the last one first."""
    before = len(text)
    for start, end, new in sorted(edits, reverse=True):
        if end > before:
            message = "two edits overlap"
            raise ValueError(message)
        text, before = text[:start] + new + text[end:], start
    return text


def _offset(text: str, line: int, column: int) -> int:
    """Return the offset of a place that counts lines and columns from 1."""
    return sum(len(part) for part in text.splitlines(keepends=True)[: line - 1]) + column - 1
