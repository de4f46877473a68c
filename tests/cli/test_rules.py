"""`batten rules`, `batten explain`, and the page of a rule."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from batten.model import Bad, Good, Rule, Severity
from batten.report.pages import index, page, prose, why
from batten.rules import Requirement, Standards, all_rules

if TYPE_CHECKING:
    from .conftest import Typed


def test_every_rule_is_listed_with_its_severity(batten: Typed) -> None:
    out = batten("rules").out
    for rule in all_rules():
        assert any(line.split()[:2] == [rule.severity.value, rule.id] for line in out.splitlines())
    assert max(map(len, out.splitlines())) <= 80


def test_the_list_for_programs(batten: Typed) -> None:
    held = {row["id"]: row for row in json.loads(batten("rules", "--format", "json").out)}
    assert held.keys() == {rule.id for rule in all_rules()}
    flask = held["debug-mode/flask"]
    assert (flask["cwe"], flask["severity"], flask["topic"], flask["layer"]) == (489, "critical", "debug-mode", "app")
    assert "A02:2025" in flask["owasp"]
    assert "v5.0.0-13.4.2 (L2)" in flask["asvs"]


def test_explain_prints_the_page(batten: Typed) -> None:
    out = batten("explain", "debug-mode/flask").out
    for head in ("# debug-mode/flask", "## Why it matters", "## Fix", "## What it finds", "## What it leaves alone"):
        assert f"{head}\n" in out
    assert "[CWE-489](https://cwe.mitre.org/data/definitions/489.html)" in out


def test_explain_a_topic_prints_all_its_pages(batten: Typed) -> None:
    out = batten("explain", "cookie-flags").out
    for rule in all_rules():
        assert (f"# {rule.id}\n" in out) is (rule.topic == "cookie-flags")


def test_explain_is_drawn_where_colour_is_wanted(batten: Typed) -> None:
    out = batten("explain", "debug-mode/flask", "--color", "always").out
    assert "\x1b[" in out
    assert "## Fix" not in out


def test_a_name_nearly_right_is_suggested(batten: Typed) -> None:
    said = batten("explain", "debug-mode/flsk")
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert "did you mean debug-mode/flask" in said.err


RULE = Rule(
    id="debug-mode/flask",
    severity=Severity.CRITICAL,
    cwe=489,
    over=object,
    sources=("Flask 3.1 docs",),
    bad=(Bad("it is on", {"app.py": "run(1)  # <- here\n"}, fixed={"app.py": "run()\n"}, env={"A": "1"}),),
    good=(Good("it is off", {"README.md": "```\nx\n```\n", "Dockerfile": "FROM x"}),),
    check=lambda _: iter(()),
    doc="""Debug is on.

It shows the source,
and more. Version 3.0.3 as well.

A second paragraph, e.g. this.

Attack: cause an error.

gunicorn never reaches it, and the rule is then silent.

Fix: turn it off.
""",
    module="batten.rules.app.debug_mode.flask",
)
STANDARDS = Standards(
    cwe=(489, 215), owasp=("A02:2025",), asvs=(Requirement("v5.0.0-13.4.2", 2),), wstg=("WSTG-CONF-02",)
)


def test_the_parts_of_a_docstring() -> None:
    parts = prose(RULE.doc)
    assert parts.title == "Debug is on"
    assert parts.why == "It shows the source, and more. Version 3.0.3 as well.\n\nA second paragraph, e.g. this."
    assert parts.attack == "Cause an error."
    assert parts.silent == "gunicorn never reaches it, and the rule is then silent."
    assert parts.fix == "Turn it off."


@pytest.mark.parametrize(
    ("paragraph", "sentence"),
    [
        ("One. Two.", "One."),
        ("Since 3.0.3 it is so, e.g. here. Then more.", "Since 3.0.3 it is so, e.g. here."),
        ("Read `os.environ`. `x` follows.", "Read `os.environ`."),
        ("Only one", "Only one"),
    ],
)
def test_why_is_the_first_sentence(paragraph: str, sentence: str) -> None:
    assert why(f"Title.\n\n{paragraph}\n\nFix: it.") == sentence


def test_the_page_of_a_rule() -> None:
    assert (
        page(RULE, STANDARDS)
        == """\
# debug-mode/flask

**Debug is on.**

Severity critical · layer app · persona regular · CWE-489

## Why it matters

It shows the source, and more. Version 3.0.3 as well.

A second paragraph, e.g. this.

## How it is attacked

Cause an error.

## When the rule is silent

gunicorn never reaches it, and the rule is then silent.

## Fix

Turn it off.

## What it finds

### It is on

Run with `--env A=1`.

`app.py`

```python
run(1)  # <- here
```

After the fix:

`app.py`

```python
run()
```

## What it leaves alone

### It is off

`README.md`

````text
```
x
```
````

`Dockerfile`

```docker
FROM x
```

## Standards and sources

- [CWE-489](https://cwe.mitre.org/data/definitions/489.html), [CWE-215](https://cwe.mitre.org/data/definitions/215.html)
- [OWASP Top 10](https://owasp.org/www-project-top-ten/): A02:2025
- [OWASP ASVS 5.0](https://owasp.org/www-project-application-security-verification-standard/): v5.0.0-13.4.2 (L2)
- [OWASP WSTG](https://owasp.org/www-project-web-security-testing-guide/): WSTG-CONF-02
- Flask 3.1 docs

## Accept it

When it is meant so, say why and until when, on the line or above it:

```text
# batten: ignore[debug-mode/flask] until=2027-03-01 -- the reason
```
"""
    )


def test_the_index_links_every_page() -> None:
    text = index([RULE])
    assert "## App\n" in text
    assert "| [`debug-mode/flask`](debug-mode/flask.md) | critical | 489 | Debug is on |" in text
