"""Where text that others write becomes part of a program of a workflow.

GitHub docs, Script injections; the contexts are those of "untrusted input" there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.infrastructure.ci.expressions import contexts, expressions
from batten.understand.infrastructure.ci.nouns import Injection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.infrastructure.ci.nouns import Job, Step, Words, Workflow

PRIVILEGED = frozenset(
    "pull_request_target issues issue_comment workflow_run discussion discussion_comment commit_comment gollum fork "
    "watch".split()
)
"""Events that anyone can cause, and that run with the repository's secrets or a token that may write."""
_PULL = ("pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment")
_EVENT = r"github\.event\."
_FILLED: tuple[tuple[str, tuple[str, ...]], ...] = (
    # what others write, the events that fill it
    (rf"{_EVENT}issue\.(?:title|body)", ("issues", "issue_comment")),
    (rf"{_EVENT}pull_request\.(?:title|body)", _PULL),
    (rf"{_EVENT}pull_request\.head\.(?:ref|label|repo\.(?:default_branch|description|homepage))", _PULL),
    (r"github\.head_ref", _PULL),
    (
        rf"{_EVENT}comment\.body",
        ("issue_comment", "commit_comment", "pull_request_review_comment", "discussion_comment"),
    ),
    (rf"{_EVENT}review\.body", ("pull_request_review",)),
    (rf"{_EVENT}review_comment\.body", ("pull_request_review_comment",)),
    (rf"{_EVENT}discussion\.(?:title|body)", ("discussion", "discussion_comment")),
    (rf"{_EVENT}pages\..*page_name", ("gollum",)),
    (rf"{_EVENT}(?:head_commit|commits\..*)\.?(?:message|(?:author|committer)\.(?:email|name))", ("push",)),
    (rf"{_EVENT}workflow_run\.(?:head_branch|display_title|head_commit\..*)", ("workflow_run",)),
    (
        rf"{_EVENT}workflow_run\.(?:head_repository\.(?:description|homepage)|pull_requests\..*head\.ref)",
        ("workflow_run",),
    ),
    (
        rf"github\.event|{_EVENT}(?:issue|pull_request|comment|review|discussion|workflow_run|head_commit|commits|\*)",
        (*_PULL, "issues", "issue_comment", "discussion", "workflow_run", "push"),
    ),
)
_OUTSIDE = tuple((re.compile(pattern), events) for pattern, events in _FILLED)
_INSIDE = re.compile(
    r"inputs\..*|github\.event\.inputs\..*|github\.event\.client_payload.*|github\.ref_name|github\.event\.release\."
    r"(?:name|body|tag_name)|github\.event\.ref|github\.event\.base_ref"
)
"""What only those can write who may write to the repository, or call the workflow."""
_CODE = frozenset(
    "script inlinescript inline-script inline_script run cmd command commands exec code expression shell-script "
    "script_text bash powershell".split()
)
"""Names of inputs that an action runs as a program: `script` of actions/github-script, `cmd` of mikefarah/yq."""


def injections(workflow: Workflow, text: str) -> Iterator[Injection]:
    """Yield each place where a context that others write is put into a program."""
    rows = text.split("\n")
    for job, step in workflow.steps():
        told: set[tuple[str, Location]] = set()
        for program in _programs(step):
            for expression, _ in expressions(program.text):
                for name in _reached(contexts(expression), workflow, job, step):
                    found = _weighed(name, workflow, step)
                    at = _line(program, expression, rows)
                    if found is not None and (name, at) not in told:
                        told.add((name, at))
                        where = program.name if program.name == "run" else f"{program.name} of {_action(step)}"
                        yield Injection(name, where, at, *found)


def _programs(step: Step) -> Iterator[Words]:
    if step.run is not None:
        yield step.run
    yield from (held for key, held in step.given.items() if key.lower() in _CODE)


def _action(step: Step) -> str:
    return step.uses.text.partition("@")[0].lower() if step.uses is not None else ""


def _reached(names: tuple[str, ...], workflow: Workflow, job: Job, step: Step) -> Iterator[str]:
    """Yield contexts, those behind `env` in their place."""
    for name in names:
        if not name.startswith("env."):
            yield name
            continue
        held = _variable(name[4:], (step.env, job.env, workflow.env))
        for expression, _ in expressions(held.text) if held is not None else ():
            yield from (inner for inner in contexts(expression) if not inner.startswith("env."))


def _variable(name: str, scopes: tuple[Mapping[str, Words], ...]) -> Words | None:
    return next((held for scope in scopes for key, held in scope.items() if key.lower() == name), None)


def _weighed(name: str, workflow: Workflow, step: Step) -> tuple[bool, bool] | None:
    """Return whether outsiders write a context, and whether the program is privileged; None where nobody else does."""
    for pattern, filled in _OUTSIDE:
        if pattern.fullmatch(name):
            reached = step.events & set(filled)
            if not reached and not workflow.is_called:
                return None
            return True, bool(reached & PRIVILEGED)
    return (False, False) if _INSIDE.fullmatch(name) else None


def _line(program: Words, expression: str, rows: list[str]) -> Location:
    """Return the line that holds an expression."""
    first = (program.at.line or 1) - 1
    wanted = expression.strip().split("\n")[0]
    for number in range(first, min(len(rows), first + program.text.count("\n") + 3)):
        if wanted in rows[number]:
            return Location(file=program.at.file, line=number + 1)
    return program.at
