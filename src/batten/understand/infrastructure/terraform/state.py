"""States of Terraform that lie in the repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.committed import uncommitted
from batten.understand.infrastructure.cloud.nouns import StateFile
from batten.understand.infrastructure.cloud.secrets import is_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.ground import Ground

_MOST_NAMES = 5


def read(ground: Ground) -> Iterator[StateFile]:
    """Yield each state that is part of the repository and holds resources."""
    outside = uncommitted(ground.reading.sources)
    for path in ground.files.get("tfstate", ()):
        if path in outside:
            continue
        text = ground.reading.text(path)
        try:
            whole = json.loads(text or "")
        except (ValueError, RecursionError):
            if text is not None:
                ground.reading.unsure(path, "it is no state of Terraform: not valid JSON", Location(file=path))
            continue
        resources = whole.get("resources") if isinstance(whole, dict) else None
        if isinstance(resources, list) and "terraform_version" in whole:
            names = tuple(dict.fromkeys(_secrets(resources)))[:_MOST_NAMES]
            yield StateFile(path, Location(file=path, line=1), len(resources), names)


def _secrets(resources: list[object]) -> Iterator[str]:
    for resource in resources:
        if not isinstance(resource, dict):
            continue
        instances = resource.get("instances")
        for instance in instances if isinstance(instances, list) else ():
            attributes = instance.get("attributes") if isinstance(instance, dict) else None
            if isinstance(attributes, dict):
                for name, value in attributes.items():
                    if is_named(str(name)) and isinstance(value, str) and value:
                        yield f"{resource.get('type')}.{resource.get('name')} {name}"
