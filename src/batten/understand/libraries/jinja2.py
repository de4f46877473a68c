"""Jinja2 3.1: whether templates escape what they print.

Facts from Jinja2 3.1.6 `jinja2.environment` and `jinja2.utils.select_autoescape`:
`Environment` and `Template` escape nothing unless told to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, BASES, CALLS, Call, calls, inits, setter
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Unknown
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.extension import runtime

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

ENVIRONMENT = "jinja2.Environment"
ALIASES.update(
    {
        "jinja2.environment.Environment": ENVIRONMENT,
        "jinja2.environment.Template": "jinja2.Template",
        "jinja2.utils.select_autoescape": "jinja2.select_autoescape",
        "jinja2.nativetypes.NativeTemplate": "jinja2.Template",
    }
)
_KINDS = (
    ENVIRONMENT,
    "jinja2.sandbox.SandboxedEnvironment",
    "jinja2.sandbox.ImmutableSandboxedEnvironment",
    "jinja2.nativetypes.NativeEnvironment",
)
for _kind in _KINDS[1:]:
    BASES[_kind] = (ENVIRONMENT,)
_POSITION = 16
"""Of `autoescape` among the parameters of `Environment`; one later in `Template`."""


_MARKUP = re.compile(r"<[A-Za-z!/{]")


def _note(machine: Interpreter, instance: Instance, autoescape: Abstract | None, place: Place, what: str) -> None:
    """Record the escaping of an environment; what is set last counts."""
    fact = ("jinja", autoescape, place, what)
    earlier = instance.facts.get("fact")
    if earlier is not None and not machine.control:
        machine.record[:] = [held for held in machine.record if held is not earlier]
    instance.facts["fact"] = fact
    machine.record.append(fact)


@inits(*_KINDS)
def _environment(machine: Interpreter, instance: Instance, call: Call) -> None:
    autoescape = call.get("autoescape", _POSITION)
    if autoescape is None and call.open:
        autoescape = Unknown("autoescape may be among arguments that are not known", Origin(call.place))
    ends = call.kwargs.get("keep_trailing_newline")
    if autoescape is None and ("block_start_string" in call.kwargs or (ends is not None and machine.truth(ends))):
        return  # made to write source code, settings or LaTeX, whose own signs or line ends count: no pages
    _note(machine, instance, autoescape, call.place, instance.library or ENVIRONMENT)


@inits("jinja2.Template")
def _template(machine: Interpreter, instance: Instance, call: Call) -> None:
    autoescape = call.get("autoescape", _POSITION + 1)
    if autoescape is None and call.open:
        autoescape = Unknown("autoescape may be among arguments that are not known", Origin(call.place))
    text = call.get("source", 0)
    told = str(text.value).strip() if isinstance(text, Known) else ""
    if autoescape is None and "\n" in told and not _MARKUP.search(told):
        return  # a mail, a prompt, a file of settings: there is nothing to escape for
    _note(machine, instance, autoescape, call.place, "jinja2.Template")


@setter(f"{ENVIRONMENT}.autoescape")
def _set_autoescape(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
    what = "app.jinja_env" if "app" in instance.facts else instance.library or ENVIRONMENT
    machine.put(instance.cells, "autoescape", held)
    _note(machine, instance, held, place, what)


@calls(f"{ENVIRONMENT}.overlay")
def _overlay(machine: Interpreter, call: Call) -> Abstract:
    """Return a copy, which escapes as its source does unless told otherwise."""
    made = Instance(Library(ENVIRONMENT), call.place)
    if "autoescape" in call.kwargs:
        _note(machine, made, call.kwargs["autoescape"], call.place, f"{ENVIRONMENT}.overlay")
    return made


@calls("jinja2.select_autoescape")
def _select(machine: Interpreter, call: Call) -> Abstract:
    """Return the function that escapes by a template's name; it escapes the listed endings."""
    made = Instance(Library("jinja2.select_autoescape"), call.place, Origin(call.place))
    enabled = call.get("enabled_extensions", 0)
    plain = machine.plain(enabled) if enabled is not None else (("html", "htm", "xml"),)
    made.facts["select"] = tuple(plain[0]) if plain is not None and isinstance(plain[0], list | tuple | set) else None
    made.facts["default"] = call.get("default", 3) or Known(value=False)
    made.facts["default_for_string"] = call.get("default_for_string", 2) or Known(value=True)
    return made


@calls(f"{ENVIRONMENT}.get_template", f"{ENVIRONMENT}.from_string", f"{ENVIRONMENT}.select_template")
def _from_environment(machine: Interpreter, call: Call) -> Abstract:
    """Return a template, which escapes as its environment does."""
    del machine
    return Instance(Library("jinja2.template of an environment"), call.place)


runtime(
    "jinja2.Template.render",
    "jinja2.template of an environment.render",
    why="a rendered template",
    of="str",
)
CALLS["jinja2.escape"] = CALLS["jinja2.utils.escape"] = lambda machine, call: machine.unknown_of(
    call.place, *call.args[:1], of="str"
)
