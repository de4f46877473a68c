"""Flask-CORS, by itself and against the real one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Outside, Understand, Understood

HEAD = "import os, re\nfrom flask import Flask\nfrom flask_cors import CORS, cross_origin\napp = Flask(__name__)\n"


def policies(seen: Understood) -> list[dict[str, Any]]:
    """Return the policies, without what is always the same."""
    return [fact[1] for fact in seen.facts("cors")]


def test_the_defaults_allow_every_origin_without_credentials(understand: Understand) -> None:
    seen = understand(HEAD + "CORS(app)\n")
    assert policies(seen) == [
        {"origins": "*", "credentials": False, "pattern": False, "echo": True, "paths": "/*", "late": []}
    ]
    assert seen.facts("extension")[0][0] == "flask_cors.CORS"
    assert seen.places("cors") == [5]


@pytest.mark.parametrize(
    ("install", "origins", "credentials"),
    [
        ("CORS(app, origins='https://a.example')", "https://a.example", False),
        ("CORS(origins=['https://a.example']).init_app(app)", ["https://a.example"], False),
        ("CORS(origins='x').init_app(app, origins='y', supports_credentials=True)", "y", True),
        ("app.config['CORS_ORIGINS'] = 'https://c.example'\nCORS(app)", "https://c.example", False),
        ("app.config['CORS_ORIGINS'] = 'x'\nCORS(app, origins='y')", "y", False),
        ("app.config['CORS_ORIGINS'] = None\nCORS(app)", "*", False),
        ("app.config['CORS_SUPPORTS_CREDENTIALS'] = 1\nCORS(app)", "*", True),
        ("CORS(app)\napp.config['CORS_ORIGINS'] = 'too late'", "*", False),
        ("CORS(app, origins=os.environ.get('ORIGINS', '*').split(','))", ["*"], False),
    ],
)
def test_the_last_of_settings_and_arguments_wins(
    understand: Understand, install: str, origins: object, credentials: object
) -> None:
    (policy,) = policies(understand(HEAD + install + "\n"))
    assert (policy["origins"], policy["credentials"]) == (origins, credentials)


def test_resources_have_options_of_their_own(understand: Understand) -> None:
    seen = understand(
        HEAD + "CORS(app, origins='https://a.example', resources={'/api/*': {'origins': '*'}, '/x': {}})\n"
    )
    assert [(p["paths"], p["origins"]) for p in policies(seen)] == [("/api/*", "*"), ("/x", "https://a.example")]


@pytest.mark.parametrize(
    ("resources", "paths"),
    [("'/api/*'", ["/api/*"]), ("['/a', '/b']", ["/a", "/b"]), ("open('x').read()", [""]), ("{}", [""])],
)
def test_resources_are_a_path_or_a_list_of_paths(understand: Understand, resources: str, paths: list[str]) -> None:
    seen = understand(HEAD + f"CORS(app, resources={resources})\n")
    assert [p["paths"] for p in policies(seen)] == paths


def test_options_that_are_not_known_are_not_taken_for_the_default(understand: Understand) -> None:
    seen = understand(HEAD + "import other\nCORS(app, **other.OPTIONS)\nCORS(app, resources={'/a': other.MORE})\n")
    assert [p["origins"] for p in policies(seen)] == ["?unknown", "?unknown"]


def test_strings_with_regex_characters_are_patterns(understand: Understand) -> None:
    seen = understand(
        HEAD + "CORS(app, origins=['https://a.example', r'https://.*\\.b\\.example', re.compile('x.y')])\n"
    )
    assert [(p["origins"], p["pattern"]) for p in policies(seen)] == [
        (["https://a.example"], False),
        ([r"https://.*\.b\.example", "x.y"], True),
    ]
    (policy,) = policies(understand(HEAD + "CORS(app, origins='https://[ab].example')\n"))
    assert policy["pattern"]


def test_origins_that_depend_on_something_stay_alternatives(understand: Understand) -> None:
    source = (
        HEAD + "import other\nORIGINS = ['https://a.example'] if os.path.exists('x') else '^http://b'\n"
        "CORS(app, origins=ORIGINS)\n"
    )
    literal, pattern = policies(understand(source))
    assert (literal["origins"], literal["pattern"]) == (["https://a.example"], False)
    assert (pattern["origins"], pattern["pattern"]) == ("^http://b", True)


def test_a_wildcard_sent_as_it_is_with_credentials_is_refused(understand: Understand) -> None:
    seen = understand(HEAD + "CORS(app, send_wildcard=True, supports_credentials=True)\n")
    assert "supports_credentials" in seen.stopped
    seen = understand(HEAD + "CORS(app, origins=['*'], send_wildcard=True, supports_credentials=True)\n")
    assert "supports_credentials" in seen.stopped
    seen = understand(HEAD + "CORS(app, origins=open('x').read(), send_wildcard=True, supports_credentials=True)\n")
    assert not seen.stopped
    (policy,) = policies(understand(HEAD + "CORS(app, send_wildcard=True)\n"))
    assert policy["echo"] is False


def test_the_decorator_keeps_the_view_and_reads_the_settings_late(understand: Understand) -> None:
    seen = understand(
        HEAD
        + "@app.route('/')\n@cross_origin(supports_credentials=True)\ndef view():\n    return 'x'\nRESULT = view()\n"
    )
    (policy,) = policies(seen)
    assert (policy["origins"], policy["credentials"], policy["late"]) == ("*", True, ["origins"])
    assert seen.name("RESULT") == "x"


REAL = """
from flask import Flask
from flask_cors import CORS, cross_origin
answer = []
for source in data:
    app = Flask("app")
    exec(source, {"app": app, "CORS": CORS, "cross_origin": cross_origin, "re": __import__("re")})
    app.add_url_rule("/", view_func=lambda: "x")
    client = app.test_client()
    row = []
    for origin in ("https://evil.example", "https://a.example", "https://a.example.evil.example", "https://x.b.example"):
        got = client.get("/", headers={"Origin": origin}).headers
        row.append([got.get("Access-Control-Allow-Origin"), got.get("Access-Control-Allow-Credentials")])
    answer.append(row)
"""
ORIGINS = ("https://evil.example", "https://a.example", "https://a.example.evil.example", "https://x.b.example")
INSTALLS = [
    "CORS(app)",
    "CORS(app, supports_credentials=True)",
    "CORS(app, send_wildcard=True)",
    "CORS(app, origins='https://a.example', supports_credentials=True)",
    r"CORS(app, origins=['https://a.example', r'https://.*\.b\.example'])",
    "CORS(app, origins='https://a.e')",
    "CORS(app, origins=['https://a.*'])",
    "CORS(app, origins=re.compile('https://a.example'))",
    "app.config['CORS_ORIGINS'] = 'https://a.example'\nCORS(app)",
    "app.config['CORS_ORIGINS'] = None\nCORS(app, supports_credentials='yes')",
    "CORS(app, origins='HTTPS://A.EXAMPLE')",
    "CORS(app, resources={'/*': {'origins': 'https://a.example', 'supports_credentials': True}})",
]


def answered(policy: dict[str, Any], origin: str) -> str | None:
    """Return the Allow-Origin that a policy means."""
    held = policy["origins"]
    for one in held if isinstance(held, list) else [held]:
        if one == "*":
            return origin if policy["echo"] else "*"
        if policy["pattern"] and re.match(one, origin, re.IGNORECASE):
            return origin
        if not policy["pattern"] and one.casefold() == origin.casefold():
            return origin
    return None


@pytest.mark.process
def test_policies_mean_what_the_real_library_answers(understand: Understand, outside: Outside) -> None:
    for source, answers in zip(INSTALLS, outside(REAL, INSTALLS), strict=True):
        found = policies(understand(HEAD + source + "\n"))
        for origin, (allowed, credentials) in zip(ORIGINS, answers, strict=True):
            ours = [(a, p["credentials"]) for p in found if (a := answered(p, origin)) is not None]
            assert (ours[0][0] if ours else None) == allowed, (source, origin)
            if ours:
                assert bool(credentials) == ours[0][1], (source, origin)
