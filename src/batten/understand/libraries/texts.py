"""`string`, `textwrap`, `shlex`, `html` and `hashlib` (CPython 3.11)."""

from __future__ import annotations

import hashlib
import html
import shlex
import string
import textwrap
from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.frozen import computed, computed_of_data
from batten.understand.evaluate.library import CALLS, VALUES, Call, calls, inits
from batten.understand.evaluate.objects import Abstract, Instance, Known, Mapping, Unknown, plain_object
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter


def _constant(text: str, machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Known(text, Origin(place))


for _name in (
    "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits punctuation whitespace printable"
).split():
    VALUES[f"string.{_name}"] = partial(_constant, getattr(string, _name))


CALLS["string.capwords"] = computed(string.capwords, "str")
CALLS["textwrap.dedent"] = computed(textwrap.dedent, "str")
CALLS["shlex.split"] = computed(shlex.split)
CALLS["shlex.quote"] = computed(shlex.quote, "str")
CALLS["shlex.join"] = computed_of_data(shlex.join, "str")
ESCAPE = computed(html.escape, "str")
CALLS.setdefault("html.escape", ESCAPE)
CALLS["html.unescape"] = computed(html.unescape, "str")


# string.Template


@inits("string.Template")
def _template(machine: Interpreter, instance: Instance, call: Call) -> None:
    machine.put(instance.cells, "template", call.get("template", 0) or Unknown("no template", Origin(call.place)))


@calls("string.Template.substitute", "string.Template.safe_substitute")
def _substitute(machine: Interpreter, call: Call) -> Abstract:
    template = plain_object(call.receiver or Known(None))
    text = template.cells.get("template") if isinstance(template, Instance) else None
    if isinstance(template, Instance) and template.of.name != "string.Template":
        text = None  # a class of its own may have another delimiter
    values = Mapping()
    for source in call.args:
        machine.update_mapping(values, source)
    values.cells.update(call.kwargs)
    if not isinstance(text, Known) or not isinstance(text.value, str) or values.open or call.open:
        return machine.unknown_of(call.place, *([text] if text else []), *values.cells.values(), of="str")
    pattern = string.Template.pattern
    wanted = {match["named"] or match["braced"] for match in pattern.finditer(text.value)} - {None}
    used = {name: held for name, held in values.cells.items() if name in wanted}
    node = getattr(call.node, "func", None)
    safe = str(getattr(node, "attr", "")) == "safe_substitute"

    def fill(source: str, *parts: Any) -> str:  # noqa: ANN401 - any constant
        made = string.Template(source)
        given = dict(zip(used, parts, strict=True))
        return made.safe_substitute(given) if safe else made.substitute(given)

    return machine.compute(call.place, fill, text, *used.values(), of="str")


# hashlib


def _hash(kind: str, machine: Interpreter, call: Call) -> Abstract:
    from batten.understand.evaluate.objects import Library  # noqa: PLC0415 - keeps the list above short

    instance = Instance(Library("hashlib.hash"), call.place, Origin(call.place))
    data = call.get("data", 0) or call.get("string", 0) or Known(b"", Origin(call.place))
    if call.open or call.kwargs.keys() - {"data", "string", "usedforsecurity"}:
        data = Unknown("bytes that are hashed in a way that is not followed", Origin(call.place))
    instance.facts["kind"] = kind
    machine.put(instance.cells, "data", machine.compute(call.place, lambda held: held + b"", data, of="bytes"))
    return instance


for _name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512"):
    CALLS[f"hashlib.{_name}"] = partial(_hash, _name)


@calls("hashlib.hash.update")
def _update(machine: Interpreter, call: Call) -> Abstract:
    target = call.receiver
    if isinstance(target, Instance):
        more = call.args[0] if call.args else Unknown("nothing")
        joined = machine.compute(call.place, lambda held, part: held + part, target.cells["data"], more, of="bytes")
        machine.put(target.cells, "data", joined)
    return Known(None)


def _digest(method: str, of: str, machine: Interpreter, call: Call) -> Abstract:
    target = call.receiver
    if not isinstance(target, Instance):
        return machine.unknown_of(call.place, *call.args, of=of)
    kind = target.facts["kind"]
    data = target.cells["data"]
    return machine.compute(call.place, lambda held: getattr(hashlib.new(kind, held), method)(), data, of=of)


CALLS["hashlib.hash.hexdigest"] = partial(_digest, "hexdigest", "str")
CALLS["hashlib.hash.digest"] = partial(_digest, "digest", "bytes")
