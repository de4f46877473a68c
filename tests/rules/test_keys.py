"""Each known key and password is told by one rule, and its text by none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import Confidence, Evidence, Location, State, Value
from batten.rules import find
from batten.rules.dsn import Account, accounts
from batten.understand.subjects import App, Credential, SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Finding

KEY = "Vq7nN2hX9sT4wK8bR3mZ"
TOPIC = ("published", "default", "hardcoded", "weak")


def told(app: App) -> dict[str, list[Finding]]:
    """Return what each rule of the topic says."""
    found = {name: list(find(f"secret-key/{name}")[0].check(app)) for name in TOPIC}
    return {name: findings for name, findings in found.items() if findings}


@pytest.mark.parametrize(
    ("file", "confidence", "expected"),
    [
        ("app.py", Confidence.CERTAIN, "hardcoded"),
        ("settings.cfg", Confidence.CERTAIN, "hardcoded"),
        ("app.py", Confidence.LIKELY, "default"),
        ("compose.yaml", Confidence.CERTAIN, "published"),
        (".env", Confidence.LIKELY, "published"),
    ],
)
def test_one_rule_tells_a_key(
    file: str, confidence: Confidence, expected: str, app: Callable[..., App], known: Callable[..., Value]
) -> None:
    trace = (Evidence(Location(file=file, line=5), "SECRET_KEY is not set: default", repr(KEY)),)
    value = known(KEY, file, confidence=confidence, evidence=trace)
    found = told(app(keys=(SigningKey("SECRET_KEY", value, "the session cookie"),)))
    assert list(found) == [expected]
    (finding,) = found[expected]
    assert finding.graded.value == "critical"
    assert finding.confidence is confidence
    assert finding.secret
    assert finding.proof == KEY
    assert KEY not in finding.says
    assert not any(KEY in evidence.text for evidence in finding.evidence)


def test_a_class_chosen_by_default_is_still_hardcoded(app: Callable[..., App], known: Callable[..., Value]) -> None:
    value = known(KEY, confidence=Confidence.LIKELY, plain=True)
    assert list(told(app(keys=(SigningKey("SECRET_KEY", value, "sessions"),)))) == ["hardcoded"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("change-me", "critical"), ("CHANGE_ME", "critical"), ("x7Qp2z", "high"), (KEY, None)],
)
def test_only_strength_counts_for_a_private_key(
    text: str, expected: str | None, app: Callable[..., App], known: Callable[..., Value]
) -> None:
    given = app(keys=(SigningKey("SECRET_KEY", known(text, None), "sessions"),))
    ignored = app(
        keys=(SigningKey("SECRET_KEY", known(text, "web.env"), "sessions"),), uncommitted=frozenset({"web.env"})
    )
    for subject in (given, ignored):
        found = told(subject)
        assert {name: finding.graded.value for name, (finding,) in found.items()} == (
            {"weak": expected} if expected else {}
        )


def test_a_known_key_that_is_weak_as_well_says_so(app: Callable[..., App], known: Callable[..., Value]) -> None:
    found = told(app(keys=(SigningKey("SECRET_KEY", known("dev"), "sessions"),)))
    (finding,) = found["hardcoded"]
    assert finding.says.endswith("; it is a sample that everybody knows")
    found = told(app(keys=(SigningKey("SECRET_KEY", known(b"x7Qp2z"), "sessions"),)))
    assert found["hardcoded"][0].says.endswith("; it is 6 characters long")


def test_one_place_is_told_once(app: Callable[..., App], known: Callable[..., Value]) -> None:
    value = known(KEY)
    keys = (SigningKey("SECRET_KEY", value, "the session"), SigningKey("JWT_SECRET_KEY", value, "the tokens"))
    (finding,) = told(app(keys=keys))["hardcoded"]
    assert finding.says == (
        "SECRET_KEY and JWT_SECRET_KEY is a literal in the source: who reads it can forge the session and the tokens"
    )


@pytest.mark.parametrize("nothing", [None, "", b"", 5])
def test_no_key_is_no_finding(nothing: object, app: Callable[..., App], known: Callable[..., Value]) -> None:
    assert not told(app(keys=(SigningKey("SECRET_KEY", known(nothing), "sessions"),)))


def test_each_of_several_keys_counts(app: Callable[..., App], known: Callable[..., Value]) -> None:
    value = known((KEY, "x7Qp2z"))
    assert len(told(app(keys=(SigningKey("SECRET_KEY_FALLBACKS", value, "sessions"),)))["hardcoded"]) == 2


def test_random_keys_are_told_apart_from_read_ones(app: Callable[..., App], grades: Callable[..., list[str]]) -> None:
    at = Location(file="app.py", line=4)
    for why, expected in (("random, made anew at every start", ["info"]), ("read from a file", [])):
        key = SigningKey("SECRET_KEY", Value(State.RUNTIME, at=at, why=why), "sessions")
        assert grades("secret-key/random-per-start", app(keys=(key,))) == expected


DSNS = [
    ("postgresql://postgres:postgres@localhost:5432/shop", Account("postgres", "postgres", "localhost")),
    ("mysql+pymysql://root:example@db/shop", Account("root", "example", "db")),
    ("mongodb://a:p%40ss@one.example:1,two.example:2/x", Account("a", "p@ss", "one.example")),
    ("redis://:hunter2@[::1]:6379/0", Account("", "hunter2", "::1")),
    ("amqp://guest:guest@10.0.0.5", Account("guest", "guest", "10.0.0.5")),
    ("hunter2hunter2", Account("", "hunter2hunter2", "")),
]
NO_PASSWORD = [
    "redis://localhost:6379/0",
    "postgresql://shop@db/shop",
    "postgresql://shop:@db/shop",
    "postgresql://shop:${DB_PASSWORD}@db/shop",
    "postgresql://shop:<password>@db/shop",
    "sqlite:///shop.db",
    "http://[broken",
    "{password}",
    "",
]


@pytest.mark.parametrize(("text", "account"), DSNS)
def test_account_of_a_connection_string(text: str, account: Account) -> None:
    assert accounts(text) == (account,)


@pytest.mark.parametrize("text", NO_PASSWORD)
def test_no_password_is_no_account(text: str) -> None:
    assert accounts(text) == ()


@pytest.mark.parametrize(
    ("text", "default", "own"),
    [
        ("postgresql://postgres:postgres@localhost/shop", ["medium"], []),
        ("postgresql://postgres:postgres@db/shop", ["medium"], []),
        ("postgresql://postgres:postgres@db.example.net/shop", ["high"], []),
        ("postgresql://shop:shop@db/shop", ["medium"], []),
        ("postgresql://shop:Password@db/shop", ["medium"], []),
        ("postgresql://shop:Vq7nN2hX9sT4@db/shop", [], ["medium"]),
        ("postgresql://shop:Vq7nN2hX9sT4@10.0.0.5/shop", [], ["high"]),
        ("redis://localhost", [], []),
    ],
)
def test_passwords_are_judged_by_value(
    text: str,
    default: list[str],
    own: list[str],
    app: Callable[..., App],
    known: Callable[..., Value],
    grades: Callable[..., list[str]],
) -> None:
    subject = app(credentials=(Credential("DATABASE_URL", known(text)),))
    assert grades("default-credentials/database-url", subject) == default
    assert grades("secrets-in-repo/password", subject) == own


def test_a_password_that_is_not_committed_is_ones_own_business(
    app: Callable[..., App], known: Callable[..., Value], grades: Callable[..., list[str]]
) -> None:
    text = "postgresql://shop:Vq7nN2hX9sT4@db.example.net/shop"
    given = app(credentials=(Credential("DATABASE_URL", known(text, None)),))
    ignored = app(credentials=(Credential("DATABASE_URL", known(text, ".env")),), uncommitted=frozenset({".env"}))
    assert grades("secrets-in-repo/password", given) == []
    assert grades("secrets-in-repo/password", ignored) == []


def test_the_user_is_named_and_the_password_is_not(
    ask: Callable[..., list[Finding]], app: Callable[..., App], known: Callable[..., Value]
) -> None:
    subject = app(credentials=(Credential("DB", known("mysql://root:toor@db/x")), Credential("PW", known("toor"))))
    said = [finding.says for finding in ask("default-credentials/database-url", subject)]
    assert said == [
        "DB logs in as 'root' with a password that everybody knows",
        "PW logs in with a password that everybody knows",
    ]
