"""The values of django-configurations, against the real ones."""

from __future__ import annotations

import decimal
import os
from typing import TYPE_CHECKING, Any

import pytest
from configurations import values  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings, strategies as st

if TYPE_CHECKING:
    from .conftest import Understand

HEAD = "from configurations import values\n"
MADE = """\
values.Value()
values.Value("d")
values.Value("d", environ=False)
values.Value(environ=False)
values.Value("d", environ_name="OWN")
values.Value("d", environ_name="OWN", late_binding=True)
values.Value("d", True, None, None)
values.Value("d", environ_prefix="APP_")
values.Value("d", environ_prefix="")
values.Value(environ_required=True)
values.Value(values.Value("inner"))
values.BooleanValue(False)
values.BooleanValue(True, environ_name="OWN", environ_prefix=None)
values.BooleanValue()
values.IntegerValue(5)
values.PositiveIntegerValue(5)
values.FloatValue(0.5)
values.DecimalValue()
values.ListValue()
values.ListValue(["a"])
values.ListValue("ab")
values.ListValue([1], converter=int)
values.ListValue(["x"], separator=";")
values.TupleValue(("a",))
values.SetValue(["a"])
values.DictValue({"a": 1})
values.DictValue()
values.SingleNestedListValue([["a"]])
values.SingleNestedTupleValue((("a", "b"),), converter=str)
values.SingleNestedListValue([["1"]], seq_separator="/", separator=" ", converter=int)
values.EmailValue("a@b.example")
values.URLValue("http://h.example/")
values.RegexValue("a", regex="a|b")
values.PathValue("/srv", check_exists=False)
values.SecretValue()
values.SecretValue("d")
values.SecretValue(environ_name="OWN", environ_prefix=None)
values.DatabaseURLValue()
values.DatabaseURLValue("sqlite:///d", conn_max_age=5)
values.DatabaseURLValue("sqlite:///d", alias="other", environ_name="OWN")
values.DatabaseURLValue("postgres://h/n", environ_prefix="DJANGO", ssl_require=True)
values.CacheURLValue("locmem://")
values.EmailURLValue("console://")
values.EmailURLValue()
""".splitlines()
TEXTS = [
    "",
    "1",
    "0",
    "yes",
    " No ",
    "maybe",
    "-3",
    "1.5",
    "a, b,,c",
    "a;b",
    "1;2,3",
    "1 2/3",
    "{'a': 1}",
    "{",
    "(1)",
    "a",
]
URLS = ["sqlite:///x", "postgres://u:p@h:1/n", "redis://h:1/2", "smtp://u@h", "odd://x"]
NAMES = ("DJANGO_NAME", "NAME", "OWN", "DJANGO_OWN", "APP_NAME", "DATABASE_URL", "CACHE_URL", "EMAIL_URL")


def plain(value: Any) -> Any:  # noqa: ANN401 - plain data
    """Return what the real library gives as plain data."""
    if isinstance(value, decimal.Decimal):
        return "<decimal.Decimal>"
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, set):
        return sorted(value)
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def agree(understand: Understand, made: str, world: dict[str, str]) -> None:
    """Check that a value is understood as the real one is set up."""
    before, late = dict(os.environ), True
    os.environ.clear()
    os.environ.update(world)
    try:
        value = eval(made, {"values": values})
        late = isinstance(value, values.Value)
        kind, found = "value", plain(value.setup("NAME") if late else value)
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        kind, found = "error", type(error).__name__
    finally:
        os.environ.clear()
        os.environ.update(before)
    source = f"{HEAD}A = {made}\n" + ("A = A.setup('NAME')\n" if late else "")
    seen = understand(source, env=world)
    if kind == "error":
        assert seen.stopped or seen.name("A") in ("?error", "?unknown", {"default": "?error"}), (
            made,
            world,
            found,
            seen.name("A"),
        )
        return
    ours = seen.name("A")
    assert not seen.stopped, (made, world, found, seen.stopped)
    checked = any(name in made for name in ("EmailValue", "URLValue('", "RegexValue", 'values.URLValue("'))
    above = "PathValue" in made and ".." in str(world)
    if ((checked or above) and ours == "?unknown") or "\0" in str(ours):
        return  # what Django's validators say of a text, and where the project lies, is not known
    assert (sorted(ours) if "SetValue" in made else ours) == found, (made, world)


@pytest.mark.parametrize("made", MADE)
def test_each_kind_with_each_text(understand: Understand, made: str) -> None:
    agree(understand, made, {})
    for text in [*TEXTS, *URLS]:
        for name in NAMES:
            if name in {"DJANGO_NAME", "OWN"} or text in {"1", *URLS}:
                agree(understand, made, {name: text})


@settings(
    max_examples=int(os.environ.get("BATTEN_VALUES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from([made for made in MADE if "URL" not in made and "Email" not in made]),
    st.text(alphabet="abyestrue01 ,;/{}'\":-.", max_size=12),
)
def test_any_text(understand: Understand, made: str, text: str) -> None:
    agree(understand, made, {"DJANGO_NAME": text, "OWN": text})


def test_values_of_the_project(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}import other\nclass Upper(values.Value):\n    def to_python(self, value):\n"
        "        return super().to_python(value).upper()\n"
        "class Semi(values.ListValue):\n    separator = ';'\n    converter = int\n"
        "class Hex(values.IntegerValue):\n    caster = lambda self, text: 255\n"
        "class Odd(values.Value):\n    def setup(self, name):\n        return 5\n"
        "A = Upper('x').setup('NAME')\nB = Semi([1]).setup('LIST')\nC = Hex(1).setup('N')\nD = Odd()\n"
        "E = values.Value(**other.MORE)\nF = values.Value(environ=other.E)\n"
        "G = values.Value(late_binding=other.L, environ_name='X')\n"
        "H = values.ListValue(other.L).setup('Q')\nI = values.Value('d').value\nJ = values.Value.setup('x')\n"
        "K = values.SearchURLValue('x://').setup('S')\nL = values.PathValue('~/x').setup('P')\n"
        "M = values.Value('d', environ_name='NAME', late_binding=True).value\n"
        "N = values.Value(environ_prefix=other.P).setup('N')\n"
        "O = values.Value.to_python('x')\nP = values.IntegerValue(1).to_python('5')\n"
        "Q = values.ListValue(environ=True).setup(other.N)\n",
        env={"DJANGO_NAME": "text", "DJANGO_LIST": "1;2", "DJANGO_N": "ff"},
    )
    assert [seen.name(name) for name in "ABCDEFGHIJ"] == [
        "TEXT", [1, 2], 255, "?unknown", "?unknown", "?unknown", "?unknown", "?unknown", "d", "?unknown",
    ]  # fmt: skip
    assert [seen.name(name) for name in "KLMNOPQ"] == [
        "?unknown", "?unknown", "text", "?unknown", "?unknown", 5, "?unknown",
    ]  # fmt: skip


def test_a_setting_keeps_its_history(understand: Understand) -> None:
    seen = understand(f"{HEAD}A = values.BooleanValue(True).setup('DEBUG')\nB = values.SecretValue().setup('KEY')\n")
    assert seen.name("A") is True
    assert seen.value("A").origin.unset == {"DJANGO_DEBUG"}
    assert seen.name("B") == "?error"


def test_the_class_that_is_chosen(understand: Understand) -> None:
    seen = understand(
        "import os\nfrom configurations import Configuration, values\n"
        "class Base(Configuration):\n    DEBUG = values.BooleanValue(False)\n    KEY = values.SecretValue()\n"
        "A = Base.DEBUG.setup('DEBUG')\n",
        env={"DJANGO_DEBUG": "yes"},
    )
    assert seen.name("A") is True
