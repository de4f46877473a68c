"""Workflows of GitHub and pipelines of GitLab: what can become part of a program, and by whom."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.ci.conditions import may_hold
from batten.understand.infrastructure.ci.expressions import contexts
from batten.understand.infrastructure.ci.nouns import Include, Injection, JobImages, Workflow

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure

PATH = ".github/workflows/check.yml"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("github.event.issue.title", ("github.event.issue.title",)),
        ("github['event']['issue'].Title", ("github.event.issue.title",)),
        ("github.event.commits.*.message", ("github.event.commits.*.message",)),
        ("github.event.commits[0].message", ("github.event.commits.0.message",)),
        ("format('{0} {1}', github.head_ref, 'it''s')", ("github.head_ref",)),
        ("toJSON(github.event)", ("github.event",)),
        ("contains(github.event.issue.title, 'x')", ()),
        ("startsWith(github.head_ref, 'x') && 'a' || 'b'", ()),
        ("github.head_ref == 'x'", ()),
        ("!github.head_ref", ()),
        ("github.head_ref && inputs.a", ("inputs.a",)),
        ("github.head_ref || inputs.a", ("github.head_ref", "inputs.a")),
        ("(github.head_ref || 'x') != ''", ()),
        ("(github.head_ref || 'x')", ("github.head_ref",)),
        ("fromJSON(inputs.a)[github.head_ref].b", ("inputs.a",)),
        ("'github.head_ref'", ()),
        ("success()", ()),
        ("1.5", ()),
        ("", ()),
        ("github.", ("github.",)),
        ("f(", ()),
        ("f(((", ()),
        ("a.b ? c", ("a.b",)),
        ("(" * 5_000 + "github.head_ref", ()),
        ("!" * 5_000 + "github.head_ref", ()),
        ("f(" * 5_000, ()),
        ("a.b[" * 5_000, ("a.b.*",)),
    ],
)
def test_what_an_expression_may_hold(expression: str, expected: tuple[str, ...]) -> None:
    assert contexts(expression) == expected or (len(expression) > 1_000 and len(contexts(expression)) <= 1)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", True),
        ("github.event_name == 'push'", False),
        ("github.event_name == 'Issues'", True),
        ("${{ github.event_name != 'issues' }}", False),
        ("!(github.event_name == 'issues')", False),
        ("github.event_name == 'push' || github.actor == 'x'", True),
        ("github.event_name == 'push' || github.event_name == 'schedule'", False),
        ("github.event_name == 'push' && github.actor == 'x'", False),
        ("github.event.pull_request", False),
        ("github.event.pull_request.head.repo.fork == false", True),
        ("github.event.pull_request == null", True),
        ("github.event.issue", True),
        ("!github.event.issue", True),
        ('contains(fromJSON(\'["push", "issues"]\'), github.event_name)', True),
        ("contains(fromJSON('[\"push\"]'), github.event_name)", False),
        ("contains(github.event.issue.title, 'x')", True),
        ("github.event_name == env.NAME", True),
        ("false", False),
        ("'x'", True),
        ("success() && 1 < 2", True),
        ("${{ a }} ${{ b }}", True),
        ("(" * 5_000, True),
        ("!" * 5_000, True),
        ("f(" * 5_000, True),
    ],
)
def test_what_a_condition_rules_out(condition: str, expected: object) -> None:
    assert may_hold(condition, "issues") is expected


def workflow(on: str, step: str, env: str = "{}") -> dict[str, str]:
    return {PATH: f"on: {on}\nenv: {env}\njobs:\n  check:\n    runs-on: x\n    steps:\n{step}"}


@pytest.mark.parametrize(
    ("on", "step", "expected"),
    [
        (
            "issues",
            "      - run: echo ${{ github.event.issue.title }}\n",
            [("github.event.issue.title", 7, True, True)],
        ),
        (
            "pull_request",
            "      - run: |\n          a\n          b ${{ github.head_ref }}\n",
            [("github.head_ref", 9, True, False)],
        ),
        ("push", "      - run: echo ${{ github.head_ref }}\n", []),
        (
            "push",
            "      - run: echo ${{ github.event.commits[0].author.name }}\n",
            [("github.event.commits.0.author.name", 7, True, False)],
        ),
        ("workflow_call", "      - run: echo ${{ github.head_ref }}\n", [("github.head_ref", 7, True, False)]),
        ("[push]", "      - run: echo ${{ github.ref_name }}\n", [("github.ref_name", 7, False, False)]),
        ("issues", "      - uses: a/b@v1\n        with: {name: '${{ github.event.issue.title }}'}\n", []),
        (
            "issues",
            "      - uses: a/b@v1\n        with: {script: '${{ github.event.issue.body }}'}\n",
            [("github.event.issue.body", 8, True, True)],
        ),
        (
            "issues",
            "      - run: echo ${{ env.T }}\n        env: {t: '${{ github.event.issue.title }}'}\n",
            [("github.event.issue.title", 7, True, True)],
        ),
        ("issues", "      - run: echo ${{ env.OTHER }}\n", []),
        ("issues", "      - run: echo ${{ github.event.issue.title\n", []),
        (
            "{workflow_dispatch: {}}",
            "      - run: echo ${{ inputs.a }} ${{ inputs.a }}\n",
            [("inputs.a", 7, False, False)],
        ),
    ],
)
def test_what_becomes_part_of_a_program(
    parts: Callable[..., list[Injection]], on: str, step: str, expected: list[tuple[str, int, bool, bool]]
) -> None:
    found = parts(workflow(on, step), Injection)
    assert [(one.what, one.at.line, one.outsiders, one.privileged) for one in found] == expected


def test_who_calls_a_workflow(parts: Callable[..., list[Injection]]) -> None:
    called = workflow("workflow_call", "      - run: echo ${{ github.head_ref }}\n")[PATH]
    caller = "on: EVENT\njobs:\n  a:\n    uses: ./.github/workflows/check.yml\n"
    for event, expected in (("push", []), ("pull_request_target", [True]), ("pull_request", [False])):
        files = {PATH: called, ".github/workflows/a.yml": caller.replace("EVENT", event)}
        assert [one.privileged for one in parts(files, Injection)] == expected, event
    itself = {PATH: "on: workflow_call\njobs:\n  a:\n    uses: ./.github/workflows/check.yml\n"}
    assert not parts(itself, Injection)


def test_an_action_of_the_repository(parts: Callable[..., list[Injection]]) -> None:
    text = (
        "runs:\n  using: composite\n  steps:\n    - run: echo ${{ github.head_ref }} ${{ inputs.a }}\n      shell: sh\n"
    )
    files = {".github/actions/setup/action.yml": text, "tests/action.yml": text, "docs/.github/workflows/a.yml": text}
    found = parts(files, Injection)
    assert [(one.what, one.at.file) for one in found] == [
        ("github.head_ref", ".github/actions/setup/action.yml"),
        ("inputs.a", ".github/actions/setup/action.yml"),
    ]
    assert not parts({"action.yml": "runs: {using: node20, main: a.js}\n"}, Workflow)


def test_what_a_workflow_says(parts: Callable[..., list[Workflow]]) -> None:
    text = """\
on:
  push:
  pull_request:
permissions: {contents: read}
jobs:
  a:
    runs-on: {group: x, labels: [self-hosted]}
    permissions: write-all
    if: github.actor != 'x'
    container: {image: a:1, credentials: {username: u, password: p}}
    services:
      db: {image: postgres}
    steps: [{run: make}]
  b:
    uses: a/b/.github/workflows/c.yml@main
    secrets: inherit
"""
    (one,) = parts({PATH: text}, Workflow)
    first, second = one.jobs
    assert list(one.triggers) == ["push", "pull_request"]
    assert one.permissions is not None
    assert first.permissions is not None
    assert (one.permissions["contents"].text, first.permissions["*"].text) == ("read", "write-all")
    assert (first.runs_on, first.condition) == (("self-hosted",), "github.actor != 'x'")
    assert [words.text for words in (*first.images, *first.passwords)] == ["a:1", "postgres", "p"]
    assert second.uses is not None
    assert second.inherits is not None
    assert second.inherits.line == 16


def test_a_pipeline_of_gitlab(parts: Callable[..., list[object]]) -> None:
    text = """\
include:
  - local: a.yml
  - remote: http://tools.example.net/a.yml
image: {name: python}
variables: {A: {value: b}}
check:
  services: [redis]
  before_script: eval "$CI_COMMIT_MESSAGE"
  script:
    - echo "$CI_COMMIT_MESSAGE"
    - sh -c 'echo $CI_COMMIT_MESSAGE'
    - bash -lc "echo $CI_COMMIT_TITLE"
    - |
      make
      python3 -c "print('${CI_COMMIT_BRANCH}')"
"""
    found = parts({".gitlab-ci.yml": text, "notes.yml": "- a\n"})
    assert [(one.what, one.at.line) for one in found if isinstance(one, Injection)] == [
        ("$CI_COMMIT_MESSAGE", 8),
        ("$CI_COMMIT_TITLE", 12),
        ("$CI_COMMIT_BRANCH", 15),
    ]
    assert [image.text for one in found if isinstance(one, JobImages) for image in one.images] == ["python", "redis"]
    assert [(one.source, one.plain) for one in found if isinstance(one, Include)] == [
        ("http://tools.example.net/a.yml", True)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "- a",
        "jobs: x",
        "jobs: {a: b}",
        "on: x\njobs: {a: {steps: x}}",
        "jobs: {a: {steps: [x, [y], {uses: }]}}",
        "\0",
        "jobs: {a: {steps: [{run: '" + "${{" * 50_000 + "'}]}}",
        "jobs: {a: {runs-on: {x: y}, container: [], services: [1]}}",
    ],
)
def test_odd_files_are_survived(parts: Callable[..., list[object]], doubts: list[Unsure], text: str) -> None:
    begun = time.process_time()
    parts({PATH: text, ".gitlab-ci.yml": text, "action.yml": text})
    assert time.process_time() - begun < 3
    assert all(doubt.layer in ("dependencies", "cloud", "app") for doubt in doubts)
