"""Reads the workflows of GitHub Actions, and the actions that the repository itself holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.yamltree import Items, Table, Text, documents, entries, items, text_of
from batten.understand.evaluate.outcome import known_value
from batten.understand.infrastructure.ci.events import settled
from batten.understand.infrastructure.ci.injections import injections
from batten.understand.infrastructure.ci.nouns import CiVariable, Job, JobImages, Step, UsedActions, Words, Workflow
from batten.understand.infrastructure.nouns import Examined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.deploy.yamltree import Node
    from batten.understand.infrastructure.ground import Ground


def read(ground: Ground) -> Iterator[object]:
    """Yield each workflow and action, and where text of others becomes part of a program in it."""
    held = [
        found
        for kind, reader in (("workflow", _workflow), ("action", _action))
        for path in ground.files.get(kind, ())
        for document in documents(ground.reading, path)[:1]
        if (found := reader(path, document)) is not None
    ]
    for workflow in settled(held):
        yield workflow
        yield from injections(workflow, ground.reading.text(workflow.path) or "")
        yield JobImages(workflow.path, tuple(image for job in workflow.jobs for image in job.images))
        yield from _variables(workflow)
    used = [job.uses for workflow in held for job in workflow.jobs]
    used += [step.uses for workflow in held for _, step in workflow.steps()]
    if held:
        yield Examined(("ci/script-injection", "ci/script-input"))
    yield UsedActions(tuple(words for words in used if words is not None))


def _variables(workflow: Workflow) -> Iterator[CiVariable]:
    """Yield what is written out of the variables of its steps and the inputs of its actions."""
    scopes = [workflow.env, *(job.env for job in workflow.jobs)]
    scopes += [scope for _, step in workflow.steps() for scope in (step.env, step.given)]
    for scope in scopes:
        for name, words in scope.items():
            if "${{" not in words.text:
                yield CiVariable(name, known_value(words.text, words.at, f"{name} is this text").hidden(), words.at)


def _workflow(path: str, document: Node) -> Workflow | None:
    whole = entries(document)
    jobs = entries(whole.get("jobs", (None, None))[1])
    if not jobs:
        return None
    return Workflow(
        path,
        Location(file=path, line=document.line),
        _triggers(path, whole.get("on", whole.get("true", (None, None)))),
        tuple(_job(path, name, key.line, node) for name, (key, node) in jobs.items()),
        _permissions(path, whole),
        _texts(path, whole, "env"),
    )


def _action(path: str, document: Node) -> Workflow | None:
    runs = entries(entries(document).get("runs", (None, None))[1])
    if text_of(runs.get("using", (None, None))[1]) != "composite":
        return None
    job = Job("runs", Location(file=path, line=document.line), tuple(_steps(path, runs)))
    return Workflow(path, job.at, {}, (job,), is_action=True)


def _triggers(path: str, told: tuple[Text | None, Node | None]) -> Mapping[str, Location]:
    key, node = told
    if isinstance(node, Table):
        return {name: Location(file=path, line=held.line) for name, (held, _) in entries(node).items()}
    found = {text: item.line for item in items(node) if (text := text_of(item))}
    return {name: Location(file=path, line=line) for name, line in found.items()} if key is not None else {}


def _permissions(path: str, whole: Mapping[str, tuple[Text, Node]]) -> Mapping[str, Words] | None:
    told = whole.get("permissions")
    if told is None:
        return None
    text = text_of(told[1])
    if text is not None:
        return {"*": Words(text, Location(file=path, line=told[0].line))}
    return _texts(path, whole, "permissions")


def _texts(path: str, whole: Mapping[str, tuple[Text, Node]], name: str) -> Mapping[str, Words]:
    """Return the scalars of a mapping."""
    return {
        key: Words(text, Location(file=path, line=held.line), f"{name}.{key}")
        for key, (held, node) in entries(whole.get(name, (None, None))[1]).items()
        if (text := text_of(node)) is not None
    }


def _words(path: str, whole: Mapping[str, tuple[Text, Node]], name: str) -> Words | None:
    held = whole.get(name)
    text = text_of(held[1]) if held is not None else None
    return Words(text, Location(file=path, line=held[0].line), name) if held is not None and text is not None else None


def _job(path: str, name: str, line: int, node: Node) -> Job:
    whole = entries(node)
    runs_on = whole.get("runs-on")
    labels = runs_on[1] if runs_on is not None else None
    if isinstance(labels, Table):
        labels = labels.get("labels")
    secrets = whole.get("secrets")
    images, passwords = _images(path, whole)
    return Job(
        name,
        Location(file=path, line=line),
        tuple(_steps(path, whole)),
        _words(path, whole, "uses"),
        Location(file=path, line=secrets[0].line) if secrets is not None and text_of(secrets[1]) == "inherit" else None,
        _permissions(path, whole),
        tuple(text for item in items(labels) if (text := text_of(item))),
        Location(file=path, line=runs_on[0].line) if runs_on is not None else None,
        images,
        passwords,
        _texts(path, whole, "env"),
        text_of(whole.get("if", (None, None))[1]) or "",
    )


def _images(path: str, whole: Mapping[str, tuple[Text, Node]]) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """Return the images that a job runs in and beside, and the passwords that they are pulled with."""
    held = [whole["container"]] if "container" in whole else []
    held += entries(whole.get("services", (None, None))[1]).values()
    images: list[Words] = []
    passwords: list[Words] = []
    for key, node in held:
        told = entries(node)
        image = _words(path, told, "image")
        text = text_of(node)
        if text is not None:
            image = Words(text, Location(file=path, line=node.line), key.text)
        images += [image] if image is not None else []
        password = _words(path, entries(told.get("credentials", (None, None))[1]), "password")
        passwords += [password] if password is not None else []
    return tuple(images), tuple(passwords)


def _steps(path: str, whole: Mapping[str, tuple[Text, Node]]) -> Iterator[Step]:
    steps = whole.get("steps", (None, None))[1]
    for node in steps.items if isinstance(steps, Items) else ():
        told = entries(node)
        yield Step(
            Location(file=path, line=node.line),
            _words(path, told, "uses"),
            _texts(path, told, "with"),
            _words(path, told, "run"),
            _texts(path, told, "env"),
            text_of(told.get("if", (None, None))[1]) or "",
        )
