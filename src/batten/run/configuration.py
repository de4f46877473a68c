"""What production will run with: the effective configuration, evaluated and not judged."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Configuration
from batten.model.spelling import nearest
from batten.run.evaluated import EVALUATED, NOTHING, app_layer, doubts, evaluated, masks_of, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import AppSummary
    from batten.run.evaluated import Evaluated
    from batten.run.request import Request

_CODES = {EVALUATED: 0, NOTHING: 3}
"""The exit code by the state of the app layer; any other state is a reason, and incomplete."""
_INCOMPLETE = 4
_ABSENT = re.compile(r"^(\w+) is not set\b")
"""How the evaluator says that nothing sets a variable."""


def config(request: Request, *, reveal_secrets: bool = False) -> Configuration:
    """Return the effective configuration of a project; its code is read, never run.

    Secrets are masked unless `reveal_secrets`. No rule is asked.

    Raises:
        BattenError: the target does not exist, or a setting is malformed.
    """
    from batten.run.relevance import relevant  # noqa: PLC0415 - only this command asks

    held = evaluated(request, code=False)
    seen = held.seen
    masks = None if reveal_secrets else masks_of(held)
    layer = app_layer(seen)
    unsure, spared = doubts(held), tuple(seen.not_deployed)
    if masks is not None:
        unsure, spared = tuple(map(masks.unsure, unsure)), tuple(map(masks.not_deployed, spared))
    apps = tuple(replace(summary(app, masks), relevant=relevant(app)) for app in seen.apps)
    return Configuration(
        target=request.target,
        code=_CODES.get(layer, _INCOMPLETE),
        layers={"app": masks.said(layer) if masks else layer},
        apps=apps,
        unsure=unsure,
        not_deployed=spared,
        notes=tuple(_misspelt(held, apps)),
        inputs=tuple(sorted(seen.inputs)),
        bare=reveal_secrets,
    )


def _misspelt(held: Evaluated, apps: tuple[AppSummary, ...]) -> Iterator[str]:
    """Yield a note for each variable given that no Python file names, and that is nearly one that nothing sets."""
    absent = sorted(
        {
            name
            for app in apps
            for value in app.settings.values()
            for seen in value.evidence
            for name in _ABSENT.findall(seen.says)
        }
    )
    for given in sorted(held.given):
        near = nearest(given, absent)
        if near and not held.tree.mentioning((given,)):
            yield f"{given} is given, and no Python file names it: did you mean {near}?"
