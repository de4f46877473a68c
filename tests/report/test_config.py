"""The effective configuration as a person sees it, whole, and the places where it could mislead."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from batten.model import (
    AppSummary,
    Confidence,
    Configuration,
    Entry,
    Evidence,
    Location,
    NotDeployed,
    State,
    Unsure,
    Value,
    python,
)
from batten.report.config import render
from batten.report.settings import folded, middle
from batten.report.style import Look, columns

HERE = Path(__file__).parent
OFF, ON = False, True
TAKEN = Evidence(Location("app.py", 17), "the app takes it here")
CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


def known(value: object, *trace: Evidence, sure: Confidence = Confidence.CERTAIN, secret: bool = False) -> Value:
    return Value(State.KNOWN, value, confidence=sure, evidence=trace, secret=secret)


def set_here(name: str, line: int, value: object) -> tuple[Evidence, Evidence]:
    return Evidence(Location("config.py", line), f"{name} is set here to", repr(value)), TAKEN


def absent(name: str, line: int, default: str) -> tuple[Evidence, Evidence]:
    return Evidence(Location("config.py", line), f"{name} is not set: default", default), TAKEN


SETTINGS = {
    "DEBUG": known(ON, *absent("SHOP_DEBUG", 9, "'true'"), sure=Confidence.LIKELY),
    "SECRET_KEY": known(
        "hunter2hunter2", *absent("SECRET_KEY", 10, "'hunter2hunter2'"), sure=Confidence.LIKELY, secret=True
    ),
    "SESSION_COOKIE_SECURE": known(OFF, *set_here("SESSION_COOKIE_SECURE", 16, value=False)),
    "SESSION_COOKIE_HTTPONLY": Value(State.KNOWN, value=True, default=True),
    "MAIL_PORT": known(25, *set_here("MAIL_PORT", 20, 25)),
    "DATABASE_URL": Value(
        State.UNKNOWN,
        evidence=(Evidence(Location("compose.yaml", 6), "compose environment sets DATABASE_URL"),),
        why="DATABASE_URL is set by compose environment, to a value that is not in the repository",
        external=True,
    ),
    "API_KEY": Value(
        State.ERROR,
        at=Location("config.py", 12),
        evidence=(Evidence(Location("config.py", 12), "API_KEY has to be set"),),
        why="API_KEY is not set: the app does not start without it",
        secret=True,
    ),
    "ALLOWED_HOSTS": Value(
        State.ONE_OF,
        cases_=(
            known(["*"], Evidence(Location("config.py", 30), "ALLOWED_HOSTS is set here to", "['*']"), TAKEN),
            known(["shop.example"], Evidence(Location("config.py", 32), "if production"), TAKEN),
        ),
        confidence=Confidence.POSSIBLE,
        why="it may be unset",
    ),
    "CSRF_SALT": Value(State.RUNTIME, at=Location("config.py", 14), why="random, made anew at every start"),
    "TRUSTED_HOSTS": Value(
        State.UNKNOWN, cases_=(known(None),), at=Location("app.py", 3), why="local.cfg may set it, and is not there"
    ),
    "run.debug": Value(State.UNSET),
    "run.host": known("0.0.0.0", Evidence(Location("Dockerfile", 6), "bound on the command line", "'0.0.0.0'")),
    "header.Content-Security-Policy": known(
        CSP, Evidence(Location("app.py", 38), "Content-Security-Policy is set here to", repr(CSP))
    ),
    "cors.allow_origin": known(
        "https://evil.example", Evidence(Location("app.py", 19), "origins is set here to", "'*'")
    ),
}
SHOP = AppSummary(
    name="shop",
    framework="flask",
    root="web",
    entry=Entry(
        "gunicorn --bind 0.0.0.0:8000 shop:app",
        Location("Dockerfile", 6),
        unit="web",
        origin=(
            Evidence(Location("compose.yaml", 2), "started by the compose service web"),
            Evidence(Location("Dockerfile", 6), "started by CMD"),
        ),
    ),
    settings=SETTINGS,
    relevant=frozenset(SETTINGS) - {"MAIL_PORT"},
)


@pytest.fixture
def shop() -> Configuration:
    """Return a configuration in which every state is told."""
    return Configuration(
        target=".",
        code=0,
        layers={"app": "evaluated"},
        apps=(SHOP,),
        unsure=(Unsure("a file", "it is binary", Location("b.py")),),
        not_deployed=(NotDeployed("app.run(debug=True)", "nothing starts it", Location("app.py", 50)),),
        notes=("SHOP_DEBG is given, and no Python file names it: did you mean SHOP_DEBUG?",),
    )


def only(held: Configuration, name: str, value: Value) -> Configuration:
    app = replace(SHOP, settings={name: value}, relevant=frozenset({name}))
    return replace(held, apps=(app,), unsure=(), not_deployed=(), notes=())


def test_whole_configuration_at_80_columns(shop: Configuration) -> None:
    assert render(shop) == (HERE / "config-80.txt").read_text(encoding="utf-8")


def test_whole_configuration_at_120_columns_in_ascii_with_every_setting(shop: Configuration) -> None:
    text = render(shop, Look(width=120, ascii=True), everything=True)
    assert text == (HERE / "config-120-ascii.txt").read_text(encoding="ascii")


def test_colour_adds_nothing_but_escapes(shop: Configuration) -> None:
    fancy = render(shop, Look(color=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", fancy) == render(shop)
    assert "\x1b[1;33mlikely  \x1b[0m" in fancy


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_no_line_is_wider_than_the_screen(shop: Configuration, width: int, *, ascii_only: bool) -> None:
    for line in render(shop, Look(width=width, ascii=ascii_only), everything=True).splitlines():
        assert len(line) <= width, line


def test_quiet_is_one_line_a_setting_in_full(shop: Configuration) -> None:
    text = render(shop, quiet=True)
    lines = dict(line.split(" = ", 1) for line in text.splitlines())
    assert lines["DEBUG"] == "True"
    assert lines["SECRET_KEY"] == "*** (14 characters)"
    assert lines["header.Content-Security-Policy"] == repr(CSP)
    assert lines["ALLOWED_HOSTS"] == "['*'] or ['shop.example'] (it may be unset)"
    assert lines["DATABASE_URL"] == "unknown: set outside the repository"
    assert lines["TRUSTED_HOSTS"] == "unknown: perhaps None"
    assert lines["run.debug"] == "unset: nothing sets it"
    assert "MAIL_PORT" not in lines


def test_one_setting_is_told_in_full(shop: Configuration) -> None:
    text = render(shop, names=["DEBUG", "SECRET_KEY"])
    assert "config.py:9 SHOP_DEBUG is not set: default 'true'\n" in text
    assert text.count("app.py:17 the app takes it here") == 2
    assert "hunter2" not in text
    assert "run.host" not in text
    assert "--all" not in text


def test_no_secret_comes_out_unless_it_was_bared(shop: Configuration) -> None:
    assert "hunter2" not in render(shop, everything=True) + render(shop, quiet=True)
    app = replace(SHOP, settings={name: value.bared() for name, value in SETTINGS.items()})
    text = render(replace(shop, apps=(app,), bare=True))
    assert "'hunter2hunter2'" in text
    assert "secrets  shown: " in text


def test_a_place_that_another_setting_tells_openly_is_told_beside_a_secret(shop: Configuration) -> None:
    chosen = Evidence(Location("Dockerfile", 4), "ENV sets STAGE to", "'production'")
    settings = {
        "DEBUG": known(OFF, Evidence(Location("config.py", 1), "DEBUG is set here to", "False"), chosen),
        "SECRET_KEY": known("hunter2", Evidence(Location("config.py", 2), "KEY is not set"), chosen, secret=True),
    }
    app = replace(SHOP, settings=settings, relevant=frozenset(settings))
    text = render(replace(shop, apps=(app,)), Look(width=160))
    assert text.count("Dockerfile:4 ENV sets STAGE to 'production'") == 2
    alone = replace(app, settings={"SECRET_KEY": settings["SECRET_KEY"]})
    assert "ENV sets STAGE to *** (10 characters)" in render(replace(shop, apps=(alone,)), Look(width=160))


def test_a_shared_end_of_origins_is_told_once(shop: Configuration) -> None:
    text = render(shop)
    assert text.count("app.py:17 the app takes it here") == 1
    assert "  [1] app.py:17 the app takes it here\n" in text
    assert re.search(r"SESSION_COOKIE_SECURE +certain +False +config\.py:16 \[1\]\n", text)


def test_the_longest_shared_end_is_taken(shop: Configuration) -> None:
    chosen = Evidence(Location("app.py", 9), "STAGE is not set")
    settings = {f"{n}_KEY": known(n, Evidence(Location("a.py", n), "if x"), chosen, TAKEN) for n in (1, 2, 3)}
    settings |= {f"{n}_KEY": known(n, Evidence(Location("a.py", n), "if x"), TAKEN) for n in (4, 5)}
    settings["6_KEY"] = known(6, Evidence(Location("a.py", 6), "if x"), Evidence(Location("b.py", 6), "if y"), TAKEN)
    app = replace(SHOP, settings=settings, relevant=frozenset(settings))
    text = render(replace(shop, apps=(app,)), Look(width=120))
    assert "a.py:1 if x [1]\n" in text
    assert "a.py:5 if x [2]\n" in text
    assert "a.py:6 if x; b.py:6 if y [2]\n" in text
    assert "  [1] app.py:9 STAGE is not set; app.py:17 the app takes it here\n" in text
    assert "  [2] app.py:17 the app takes it here\n" in text


def test_variables_that_decide_are_named_with_what_to_type(shop: Configuration) -> None:
    text = render(shop, Look(width=120))
    assert "required  the app does not start without API_KEY\n" in text
    assert "say what production sets: --env API_KEY=… or --env-file FILE\n" in text
    assert "likely  a default applies, because nothing in the repository sets SECRET_KEY and SHOP_DEBUG\n" in text


def test_a_default_without_a_variable_says_so(shop: Configuration) -> None:
    value = known(1, Evidence(Location("a.py", 1), "PORT is set here to", "1"), sure=Confidence.LIKELY)
    assert "nothing in the repository sets it otherwise" in render(only(shop, "PORT", value), Look(width=120))


def test_many_variables_are_counted(shop: Configuration) -> None:
    trace = tuple(Evidence(Location("a.py", n), f"VARIABLE_{n:02} is not set") for n in range(1, 21))
    text = render(only(shop, "PORT", known(1, *trace, sure=Confidence.LIKELY)), Look(width=120))
    assert "VARIABLE_12 and 8 more" in text


def test_an_app_that_refuses_to_start_has_no_table(shop: Configuration) -> None:
    refused = Value(State.ERROR, why="the app refuses to start: no module named 'shop.keys'")
    app = replace(SHOP, settings={"DEBUG": refused, "TESTING": refused, "run.host": SETTINGS["run.host"]})
    app = replace(app, relevant=frozenset(app.settings))
    held = replace(shop, apps=(app,), code=4, layers={"app": "web: the app refuses to start: no module"})
    text = render(held)
    assert "  it does not start: no module named 'shop.keys'\n" in text
    assert "how sure" not in text
    assert "incomplete  web: the app refuses to start: no module\n" in text
    assert "DEBUG = error: the app refuses to start: " in render(held, quiet=True)


def test_units_of_one_app_are_told_apart_by_what_differs(shop: Configuration) -> None:
    changed = {**SETTINGS, "DEBUG": known(OFF, *set_here("DEBUG", 1, value=False))}
    changed.pop("run.host")
    worker = replace(SHOP, entry=replace(SHOP.entry, unit="worker"), settings=changed)
    text = render(replace(shop, apps=(SHOP, worker, replace(SHOP, entry=replace(SHOP.entry, unit="again")))))
    _, _, second = text.partition("shop · worker (flask in web/)")
    assert "  the same as shop · web, without run.host, but for:\n" in second
    table, _, third = second.partition("shop · again")
    assert re.findall(r"^  ([A-Z_]+|run\.\w+) ", table, re.MULTILINE) == ["DEBUG"]
    assert "  the same as shop · web\n" in third
    assert render(replace(shop, apps=(SHOP, worker)), quiet=True).count("[shop · w") == 2


def test_another_app_has_a_table_of_its_own(shop: Configuration) -> None:
    text = render(replace(shop, apps=(SHOP, replace(SHOP, name="admin"))))
    assert text.count("SESSION_COOKIE_SECURE") == 2
    assert "the same as" not in text


def test_an_assumed_start_says_so(shop: Configuration) -> None:
    app = replace(SHOP, entry=Entry("python app.py", None, assumed=True), root=".")
    text = render(replace(shop, apps=(app,)), Look(width=120))
    assert text.startswith(
        "shop (flask)\n  production = python app.py, assumed: nothing in the repository says what starts it\n"
    )


def test_nothing_found_says_so() -> None:
    held = Configuration(target=".", code=3, layers={"app": "nothing found"})
    assert render(held) == "     nothing  no Python web app was found here\n"
    assert render(held, quiet=True) == ""


def test_an_app_without_anything_that_matters_says_so(shop: Configuration) -> None:
    text = render(replace(shop, apps=(replace(SHOP, relevant=frozenset()),)))
    assert "  nothing here that matters for security\n" in text
    assert f"more  {len(SETTINGS)} other settings: --all\n" in text


def test_foreign_text_cannot_drive_the_terminal(shop: Configuration) -> None:
    evil = "\x1b[2J\u202e\x07\udcff"
    value = known(f"a{evil}", Evidence(Location(f"{evil}.py", 1), f"set{evil}", evil))
    app = replace(
        SHOP,
        name=evil,
        framework=evil,
        root=evil,
        entry=Entry(evil, Location(evil, 1), unit=evil, origin=(Evidence(Location(evil, 2), evil),)),
        settings={evil: value, f"{evil}2": Value(State.UNKNOWN, why=evil)},
        relevant=frozenset({evil, f"{evil}2"}),
    )
    held = replace(shop, apps=(app, app), unsure=(Unsure(evil, evil),), notes=(evil,), layers={"app": evil}, code=4)
    for text in (render(held), render(held, quiet=True), render(held, names=[evil])):
        assert re.search(r"[^\n -~…·✗×]", text) is None
        assert r"\x1b[2J\u202e" in text


def test_a_long_value_keeps_its_ends(shop: Configuration) -> None:
    items = [f"project.middleware.number{n}.Middleware" for n in range(40)]
    text = render(only(shop, "MIDDLEWARE", known(items)))
    assert "['project." in text
    assert "number39.Middleware']" in text
    assert "…" in text
    assert text.count("project.middle") <= 3
    whole = render(only(shop, "MIDDLEWARE", known(items)), names=["MIDDLEWARE"])
    assert re.sub(r"\n +", "", whole).replace(" ", "").count("project.middleware.number") == 40


def test_many_cases_are_counted(shop: Configuration) -> None:
    cases = tuple(known(n) for n in range(20))
    assert "and 14 more" in render(only(shop, "PORT", Value(State.ONE_OF, cases_=cases)))


@pytest.mark.parametrize(
    "held",
    [1 << 100_000, "x" * 10_000, {"a": "\n" * 500}, ["船" * 90], b"\x00" * 600],
    ids=["huge", "long", "lines", "wide", "bytes"],
)
def test_any_value_is_shown_in_few_lines(shop: Configuration, held: object) -> None:
    value = known(held)
    lines = render(only(shop, "PORT", value)).splitlines()
    assert len(lines) < 20
    assert max(map(columns, lines)) <= 80


def test_a_setting_with_a_long_name_has_its_value_below(shop: Configuration) -> None:
    text = render(only(shop, "A_" * 20 + "KEY", known(1)))
    assert "  " + "A_" * 20 + "KEY\n" in text
    assert max(map(len, render(only(shop, "A" * 900, known(1))).splitlines())) <= 80


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(plain)
def test_a_value_is_written_as_python_writes_it(held: object) -> None:
    assert python(held) == repr(held)


@pytest.mark.parametrize("of", [set, frozenset])
def test_a_set_is_written_in_order(of: type[set[str]]) -> None:
    names = [f"name{n}" for n in range(9)]
    text = python([of(names), of()])
    assert eval(text) == [of(names), of()]
    assert re.findall(r"name\d", text) == names


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefghijkl", 7, "abcd…kl"),
        ("船船船船船船", 7, "船船…船"),
    ],
)
def test_the_middle_goes_first(text: str, room: int, shown: str) -> None:
    assert middle(text, room) == shown
    assert columns(shown) <= room


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("http://host.example/path", ["http://", "host.", "example/", "path"]),
        ("abcdefghijk", ["abcdefgh", "ijk"]),
        ("a  b", ["a  b"]),
        ("", [""]),
    ],
)
def test_text_is_broken_where_it_hurts_least(text: str, lines: list[str]) -> None:
    assert folded(text, 8) == lines
