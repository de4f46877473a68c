"""What starts the app decides what debug and an open address mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import UNSET, Confidence, Location, State, Value
from batten.understand.stack import Reach
from batten.understand.subjects import App, DebugTool, Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Finding

ON = Value(State.KNOWN, value=True, at=Location(file="app.py", line=9))
OFF = Value(State.KNOWN, value=False)
UNKNOWN = Value(State.UNKNOWN, why="a flag")
PROCFILE = Location(file="Procfile", line=1)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"debug": ON, "debugger": ON}, ["critical"]),
        ({"debug": ON, "debugger": UNKNOWN}, ["critical"]),
        ({"debug": ON, "debugger": OFF}, ["medium"]),
        ({"debug": ON, "debugger": OFF, "development": False, "kind": "gunicorn"}, ["medium"]),
        ({"debug": OFF, "debugger": ON}, []),
        ({"debug": UNKNOWN}, []),
    ],
)
def test_debug_is_as_bad_as_its_server(
    parts: dict[str, object],
    expected: list[str],
    app: Callable[..., App],
    server: Callable[..., Server],
    grades: Callable[..., list[str]],
) -> None:
    assert grades("debug-mode/flask", app(servers=(server(**parts),))) == expected


def test_one_literal_under_two_servers_is_told_once_at_its_worst(
    app: Callable[..., App], server: Callable[..., Server], ask: Callable[..., list[Finding]]
) -> None:
    gunicorn = server(debug=ON, debugger=OFF, development=False, kind="gunicorn", name="gunicorn")
    werkzeug = server(debug=ON, debugger=ON)
    for servers in ((gunicorn, werkzeug), (werkzeug, gunicorn)):
        (finding,) = ask("debug-mode/flask", app(servers=servers))
        assert finding.graded.value == "critical"
        assert finding.says == "debug is True under Flask's own server, its console runs the visitor's Python"


def test_a_start_that_is_only_assumed_is_not_certain(
    app: Callable[..., App], server: Callable[..., Server], ask: Callable[..., list[Finding]]
) -> None:
    subject = app(servers=(server(debug=ON, debugger=ON, assumed=True),))
    assert [finding.confidence for finding in ask("debug-mode/flask", subject)] == [Confidence.LIKELY]
    (finding,) = ask("bind-all/app", subject)
    assert (finding.graded.value, finding.confidence) == ("medium", Confidence.LIKELY)


def test_a_text_that_is_true_says_so(
    app: Callable[..., App],
    server: Callable[..., Server],
    known: Callable[..., Value],
    ask: Callable[..., list[Finding]],
) -> None:
    (finding,) = ask("debug-mode/flask", app(servers=(server(debug=known("False"), development=False, name="uwsgi"),)))
    assert finding.says == "debug is 'False' (true in Python) under uwsgi, which has no console"


def test_the_environment_is_named_where_it_turns_debug_on_as_well(
    app: Callable[..., App], server: Callable[..., Server], ask: Callable[..., list[Finding]]
) -> None:
    place = Location(variable="FLASK_DEBUG")
    servers = (server(debug=ON, debugger=ON),)
    (finding,) = ask("debug-mode/flask", app(servers=servers, debug_variable=Value(State.KNOWN, "1", at=place)))
    assert [str(evidence.at) for evidence in finding.evidence] == ["--env FLASK_DEBUG"]
    for silent in (Value(State.KNOWN, "", at=place), ON, UNSET):
        (finding,) = ask("debug-mode/flask", app(servers=servers, debug_variable=silent))
        assert finding.evidence == ()


def test_other_frameworks_have_their_own_debug_rule(
    app: Callable[..., App], server: Callable[..., Server], ask: Callable[..., list[Finding]]
) -> None:
    assert ask("debug-mode/flask", app(framework="django", servers=(server(debug=ON),))) == []


def test_the_debugger_without_debug(
    app: Callable[..., App], server: Callable[..., Server], grades: Callable[..., list[str]]
) -> None:
    assert grades("debug-mode/debugger", app(servers=(server(debugger=ON),))) == ["critical"]
    assert grades("debug-mode/debugger", app(servers=(server(debug=ON, debugger=ON),))) == []
    assert grades("debug-mode/debugger", app(servers=(server(debugger=OFF),))) == []


@pytest.mark.parametrize(
    ("what", "console", "enabled", "debugger", "toolbar"),
    [
        ("DebuggedApplication", True, ON, ["critical"], []),
        ("DebuggedApplication", False, ON, ["high"], []),
        ("DebuggedApplication", True, OFF, [], []),
        ("Flask-DebugToolbar", False, ON, [], ["high"]),
        ("Flask-DebugToolbar", False, OFF, [], []),
    ],
)
def test_tools(  # noqa: PLR0913, PLR0917 - five columns and two fixtures
    what: str,
    console: bool,  # noqa: FBT001 - a column
    enabled: Value,
    debugger: list[str],
    toolbar: list[str],
    app: Callable[..., App],
    grades: Callable[..., list[str]],
) -> None:
    tool = DebugTool(what, enabled, PROCFILE, console)
    assert grades("debug-mode/debugger", app(tools=(tool,))) == debugger
    assert grades("debug-mode/toolbar", tool) == toolbar


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, ["high"]),
        ({"host": "127.0.0.1"}, []),
        ({"host": "::"}, ["high"]),
        ({"reach": Reach.PLATFORM}, []),
        ({"contained": True}, ["high"]),
        ({"contained": True, "reach": Reach.INTERNAL}, []),
        ({"contained": True, "reach": Reach.LOOPBACK}, []),
        ({"contained": True, "reach": Reach.UNKNOWN}, []),
        ({"contained": True, "development": False}, []),
        ({"development": False}, ["medium"]),
        ({"reach": Reach.UNKNOWN}, ["high"]),
    ],
)
def test_an_open_address_counts_where_nothing_contains_it(
    parts: dict[str, object],
    expected: list[str],
    app: Callable[..., App],
    server: Callable[..., Server],
    known: Callable[..., Value],
    grades: Callable[..., list[str]],
) -> None:
    if "host" in parts:
        parts = {**parts, "host": known(parts["host"])}
    assert grades("bind-all/app", app(servers=(server(**parts),))) == expected
    assert grades("bind-all/server", app(servers=(server(**parts),))) == []
    assert grades("bind-all/server", app(servers=(server(at=PROCFILE, **parts),))) == expected


def test_a_literal_of_another_server_is_not_rewritten(
    app: Callable[..., App],
    server: Callable[..., Server],
    known: Callable[..., Value],
    ask: Callable[..., list[Finding]],
) -> None:
    bind = known("0.0.0.0", "gunicorn.conf.py", plain=True)
    (finding,) = ask("bind-all/server", app(servers=(server(at=PROCFILE, host=bind, kind="gunicorn"),)))
    assert finding.fix is not None
    assert finding.fix.edits == ()
    (finding,) = ask("bind-all/app", app(servers=(server(host=known("0.0.0.0", plain=True)),)))
    assert finding.fix is not None
    assert [edit.text for edit in finding.fix.edits] == ['"127.0.0.1"']


def test_a_server_in_a_container_is_not_told_to_listen_on_loopback(
    app: Callable[..., App],
    server: Callable[..., Server],
    known: Callable[..., Value],
    ask: Callable[..., list[Finding]],
) -> None:
    subject = app(servers=(server(host=known("0.0.0.0", plain=True), contained=True),))
    (finding,) = ask("bind-all/app", subject)
    assert finding.fix is not None
    assert finding.fix.edits == ()
    assert "publish the port on 127.0.0.1" in finding.fix.says


@pytest.mark.parametrize(
    ("name", "parts", "expected"),
    [
        ("dev-server/app-run", {}, ["medium"]),
        ("dev-server/app-run", {"assumed": True}, []),
        ("dev-server/app-run", {"kind": "flask"}, []),
        ("dev-server/flask-run", {"kind": "flask"}, ["medium"]),
        ("dev-server/flask-run", {"kind": "flask", "assumed": True}, []),
        ("dev-server/reload", {"reload": ON}, []),
        ("dev-server/reload", {"reload": ON, "development": False}, ["low"]),
        ("dev-server/reload", {"reload": OFF, "development": False}, []),
        ("dev-server/reload", {"reload": UNSET, "development": False}, []),
    ],
)
def test_development_servers(
    name: str,
    parts: dict[str, object],
    expected: list[str],
    server: Callable[..., Server],
    grades: Callable[..., list[str]],
) -> None:
    assert grades(name, server(**parts)) == expected
