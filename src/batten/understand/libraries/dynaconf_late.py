"""dynaconf 3.3: values that are made when they are read: `@format`, `@jinja`, `@get`.

Facts from dynaconf 3.3.5 `dynaconf.utils.parse_conf`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.evaluate.environ import read
from batten.understand.evaluate.objects import (
    Abstract,
    Instance,
    Known,
    Mapping,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.libraries.dynaconf_options import upper
from batten.understand.libraries.dynaconf_values import CASTS, LAZY, META

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place
    from batten.understand.libraries.dynaconf_load import Loader


def made_late(machine: Interpreter, loader: Loader, held: Abstract, place: Place) -> Abstract:
    """Return a value with what dynaconf makes when it is read (`parse_conf.Lazy`)."""
    target = plain_object(held)
    if isinstance(target, Mapping):
        for key, one in list(target.cells.items()):
            target.cells[key] = made_late(machine, loader, one, place)
        return held
    if isinstance(target, Sequence) and target.items is not None:
        items = tuple(made_late(machine, loader, one, place) for one in target.items)
        return Sequence(target.of, items, target.origin) if items != target.items else held
    if not isinstance(target, Instance) or target.library not in {LAZY, META}:
        return held
    if target.library == META:
        return Unknown("a mark of dynaconf inside of a value is not followed", target.origin)
    text: Known = target.facts["text"]
    made = _LATE.get(target.facts["kind"], _not_made)(machine, loader, text, place)
    for cast in reversed(target.facts["casts"]):
        made = machine.compute(place, CASTS[cast], made)
    return made


def _not_made(machine: Interpreter, loader: Loader, text: Known, place: Place) -> Abstract:
    del machine, loader, place
    return Unknown("a file that a setting names is not followed", text.origin, of="str")


_FIELD = re.compile(r"\{(?:(this)\.([A-Za-z_][\w.]*)|(env)\[([A-Za-z_]\w*)\])\}")
_JINJA = re.compile(r"\{\{\s*(this|env)\.([A-Za-z_][\w.]*)\s*\}\}")


def _format(machine: Interpreter, loader: Loader, text: Known, place: Place) -> Abstract:
    """`@format text`: `{env[NAME]}` and `{this.NAME}`."""
    return _filled(machine, loader, text, _FIELD, "{}", place)


def _jinja(machine: Interpreter, loader: Loader, text: Known, place: Place) -> Abstract:
    """`@jinja text`: `{{ env.NAME }}` and `{{ this.NAME }}`; anything else in braces is not followed."""
    return _filled(machine, loader, text, _JINJA, "{%", place)


def _filled(
    machine: Interpreter, loader: Loader, text: Known, field: re.Pattern[str], signs: str, place: Place
) -> Abstract:
    whole = str(text.value)
    between, parts = field.split(whole), list(field.finditer(whole))
    rest = field.sub("", whole)
    if any(sign in rest for sign in signs):
        return Unknown(f"the template {whole!r} is not followed", text.origin, of="str")
    named = [list(filter(None, part.groups())) for part in parts]
    unset = Known("", text.origin) if field is _JINJA else None
    values = [_part(machine, loader, whence, name, unset, place) for whence, name in named]
    step = 1 + field.groups
    plain = [Known(one, text.origin) for one in between[::step]]

    def glue(*pieces: object) -> str:
        return "".join(map(str, pieces))

    mixed = [one for pair in zip(plain, [*values, Known("")], strict=True) for one in pair]
    return machine.compute(place, glue, *mixed, of="str")


def _part(
    machine: Interpreter, loader: Loader, whence: str, name: str, unset: Abstract | None, place: Place
) -> Abstract:
    if whence == "env":
        return read(machine, machine.environ.cells, name, unset, place)
    held: Abstract = loader.store
    for one in name.split("."):
        held = machine.get_item(held, Known(upper(one) if held is loader.store else one), place)
    return made_late(machine, loader, held, place)


def _get(machine: Interpreter, loader: Loader, text: Known, place: Place) -> Abstract:
    """`@get KEY @cast default`."""
    words = str(text.value).split()
    if not words or "'" in str(text.value) or '"' in str(text.value):
        return Unknown("@get that is not followed", text.origin)
    casts = [word for word in words[1:] if word.startswith("@")]
    defaults = [word for word in words[1:] if not word.startswith("@")]
    held = loader.store.cells.get(upper(words[0]), Known(defaults[-1], text.origin) if defaults else None)
    if held is None or any(cast not in CASTS for cast in casts):
        return Unknown(f"@get {text.value} is not followed", text.origin)
    made = made_late(machine, loader, held, place)
    return machine.compute(place, CASTS[casts[-1]], made) if casts else made


_LATE = {"@format": _format, "@jinja": _jinja, "@get": _get}
