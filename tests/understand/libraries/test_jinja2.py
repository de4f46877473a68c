"""Jinja2's escaping, by itself and against the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Outside, Understand, Understood

HEAD = "import os, jinja2\nfrom jinja2 import Environment, Template, select_autoescape\n"


def escapings(seen: Understood) -> list[tuple[Any, str]]:
    """Return autoescape and the name of each environment."""
    return [(fact[0], fact[2]) for fact in seen.facts("jinja")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Environment()", (None, "jinja2.Environment")),
        ("jinja2.environment.Environment(autoescape=True)", (True, "jinja2.Environment")),
        ("jinja2.Environment(autoescape=os.path.exists('x'))", ("?unknown", "jinja2.Environment")),
        ("Environment(autoescape=select_autoescape())", ("<jinja2.select_autoescape>", "jinja2.Environment")),
        ("Environment(**options)", ("?unknown", "jinja2.Environment")),
        (
            "from jinja2.sandbox import SandboxedEnvironment\nSandboxedEnvironment()",
            (None, "jinja2.sandbox.SandboxedEnvironment"),
        ),
        ("Template('{{ x }}').render(x=1)", (None, "jinja2.Template")),
        ("Template('Dear {{ x }},\\n1 < 2').render(x=1)\nEnvironment(autoescape=True)", (True, "jinja2.Environment")),
        ("Template('{{ x }}', autoescape=True)", (True, "jinja2.Template")),
        ("Template('<p>{{ x }}', **options)", ("?unknown", "jinja2.Template")),
        ("e = Environment()\ne.autoescape = True", (True, "jinja2.Environment")),
        ("e = Environment(autoescape=True)\ne.autoescape = False", (False, "jinja2.Environment")),
    ],
)
def test_escaping(understand: Understand, source: str, expected: tuple[Any, str]) -> None:
    assert escapings(understand(HEAD + "import other\noptions = other.OPTIONS\n" + source + "\n")) == [expected]


def test_an_environment_set_under_a_condition_keeps_both(understand: Understand) -> None:
    seen = understand(HEAD + "e = Environment()\nif os.environ.get('X', '1'):\n    e.autoescape = True\n")
    assert escapings(seen) == [(None, "jinja2.Environment"), (True, "jinja2.Environment")]


def test_an_overlay_escapes_as_its_source_unless_told(understand: Understand) -> None:
    seen = understand(HEAD + "e = Environment(autoescape=True)\ne.overlay()\ne.overlay(autoescape=False)\n")
    assert escapings(seen) == [(True, "jinja2.Environment"), (False, "jinja2.Environment.overlay")]


def test_the_apps_own_environment(understand: Understand) -> None:
    seen = understand(
        "import jinja2\nfrom flask import Flask\napp = Flask(__name__)\napp.jinja_env.autoescape = False\n"
    )
    assert escapings(seen) == [(False, "app.jinja_env")]


def test_select_autoescape_says_what_it_escapes(understand: Understand) -> None:
    seen = understand(HEAD + "A = select_autoescape()\nB = select_autoescape(['html'], default=True)\n")
    assert seen.value("A").facts["select"] == ("html", "htm", "xml")  # type: ignore[attr-defined]
    assert seen.value("B").facts["select"] == ("html",)  # type: ignore[attr-defined]


def test_templates_give_text_made_at_run_time(understand: Understand) -> None:
    seen = understand(HEAD + "A = Environment().from_string('x').render()\n")
    assert seen.name("A") == "?runtime"


REAL = """
import jinja2
answer = []
for source in data:
    env = eval(source, {"jinja2": jinja2})
    template = env if isinstance(env, jinja2.Template) else env.from_string("{{ x }}")
    answer.append(template.render(x="<b>") == "&lt;b&gt;")
"""


@pytest.mark.process
def test_the_real_library_escapes_as_understood(understand: Understand, outside: Outside) -> None:
    sources = [
        "jinja2.Environment()",
        "jinja2.Environment(autoescape=True)",
        "jinja2.Environment(autoescape=jinja2.select_autoescape())",
        "jinja2.Template('{{ x }}')",
        "jinja2.Template('{{ x }}', autoescape=True)",
        "jinja2.Environment(autoescape=True).overlay(autoescape=False)",
    ]
    for source, escapes in zip(sources, outside(REAL, sources), strict=True):
        autoescape = escapings(understand(f"import jinja2\n{source}\n"))[-1][0]
        assert (autoescape is not None and autoescape is not False) == escapes, source
