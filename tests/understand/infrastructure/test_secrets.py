"""Secrets in the files of a repository. The tokens here are made up."""

from __future__ import annotations

import base64
import datetime as dt
import json
import random
from typing import TYPE_CHECKING

import pytest

from batten.model import Severity
from batten.understand import DictSources, resolve
from batten.understand.apps import Understanding
from batten.understand.infrastructure import survey
from batten.understand.infrastructure.secrets import files, formats, keys, slots, tokens
from batten.understand.infrastructure.secrets.nouns import Held, PrivateKey, SecretFile, Token

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from batten.model import Unsure

DAY = dt.date(2026, 7, 1)
LOT = random.Random(5)


def drawn(count: int, of: str = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789") -> str:
    """Return characters drawn by lot."""
    return "".join(LOT.choice(of) for _ in range(count))


HEX = "0123456789abcdef"
GITHUB = "ghp_" + drawn(36)
TOKENS = {
    "GitHub": GITHUB,
    "GitHub, fine-grained": "github_pat_" + drawn(22) + "_" + drawn(59),
    "GitLab": "glpat-" + drawn(20),
    "AWS": "AKIA" + drawn(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    "Slack": "xoxb-" + drawn(12, "123456789") + "-" + drawn(12, "123456789") + "-" + drawn(24),
    "hooks of Slack": "https://hooks.slack.com/services/T" + drawn(8) + "/B" + drawn(8) + "/" + drawn(24),
    "Stripe": "sk_live_" + drawn(24),
    "SendGrid": "SG." + drawn(22) + "." + drawn(43),
    "npm": "npm_" + drawn(36),
    "OpenAI": "sk-proj-" + drawn(74) + "T3BlbkFJ" + drawn(74),
    "Anthropic": "sk-ant-api03-" + drawn(93) + "AA",
    "Telegram": "7" + drawn(9, "123456789") + ":A" + drawn(34),
    "Discord": "M" + drawn(23) + "." + drawn(6) + "." + drawn(38),
    "DigitalOcean": "dop_v1_" + drawn(64, HEX),
    "Terraform": drawn(14) + ".atlasv1." + drawn(64),
    "Azure": "AccountName=shop;AccountKey=" + drawn(86) + "==;EndpointSuffix=core.windows.net",
    "Entra": drawn(3) + "8Q~" + drawn(33),
    "age": "AGE-SECRET-KEY-1" + drawn(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
    "Mailchimp": drawn(32, HEX) + "-us21",
    "Fly.io": "fm2_" + drawn(120),
}  # fmt: skip


def found(text: str, path: str = "shop/pay.py") -> list[tokens.Found]:
    return [*tokens.read(path, text.encode(), DAY)]


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize(
    "around",
    ['key = "{}"', "KEY={}", '{{"key": "{}"}}', "curl -H 'Authorization: Bearer {}'", "# {}", "<key>{}</key>", "f({})"],
)
def test_a_token_is_found_wherever_it_stands(name: str, around: str) -> None:
    text = "x = 1\n" + around.format(TOKENS[name]) + "\n"
    (one,) = found(text)
    assert one.text in TOKENS[name]
    assert (one.at.line, text.split("\n")[1][(one.at.column or 0) - 1 :].startswith(one.text)) == (2, True)


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "ghp_1234567890abcdefghijklmnopqrstuvwxyz",
        "sk_live_" + "a1b2" * 6,
        "SG.your-key-here-xxxxxxxx." + "x" * 43,
        "hf_" + "abcdefghij" * 3 + "abcd",
        "the_long_name_of_a_function_that_is_no_token_at_all",
        "sha256:" + "2f" * 32,
        f'placeholder: "{GITHUB}"',
        GITHUB[:-5],
        "x" + GITHUB,
    ],
)
def test_what_is_no_token(text: str) -> None:
    assert found(f'key = "{text}"\n') == []


def test_an_access_key_of_aws_is_worse_with_its_secret() -> None:
    pair = f'key = "{TOKENS["AWS"]}"\nsecret = "{drawn(40)}"\n'
    assert [one.severity for one in found(pair)] == [Severity.CRITICAL]
    assert [one.severity for one in found(pair.replace("secret", "name").split("\n", maxsplit=1)[0])] == [
        Severity.MEDIUM
    ]


def signed(**claims: object) -> str:
    def part(held: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(held).encode()).decode().rstrip("=")

    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}.{drawn(43)}"


@pytest.mark.parametrize(
    ("claims", "severity"),
    [
        ({"sub": "shop", "scope": "all"}, Severity.MEDIUM),
        ({"sub": "shop", "exp": 1_900_000_000}, Severity.MEDIUM),
        ({"sub": "shop", "exp": 1_600_000_000}, None),
        ({"role": "service_role", "iss": "supabase"}, Severity.CRITICAL),
        ({"role": "anon", "iss": "supabase"}, None),
        ({"sub": "1234567890", "name": "John Doe"}, None),
    ],
)
def test_a_signed_token_is_judged_by_what_it_says(claims: dict[str, object], severity: Severity | None) -> None:
    assert [one.severity for one in found(f'token = "{signed(**claims)}"')] == ([severity] if severity else [])


def test_a_text_that_only_looks_signed() -> None:
    assert found("eyJhbGciOiJub25lIiwidHlwIjoi.eyJhbGciOiJub25lIiwidHlwIjoi." + drawn(30)) == []


def test_a_key_that_every_browser_gets() -> None:
    key = 'key = "AIza' + drawn(35) + '"'
    assert [one.severity for one in found(key)] == [Severity.MEDIUM]
    assert found(key, "static/firebase.js") == []


def test_the_first_look_misses_nothing_that_the_forms_find() -> None:
    for name, token in TOKENS.items():
        assert any(True for _ in formats.marks(f"a = 1\nb('{token}')".encode())), name


def test_a_long_line_and_many_tokens_take_no_time() -> None:
    assert len(found("x" * 300_000 + f' "{GITHUB}" ' + "y" * 300_000)) == 1
    assert len(found("\n".join("ghp_" + drawn(36) for _ in range(500)))) == 50
    assert found("-" * 400_000) == []
    assert found("eyJ" + "a" * 400_000 + ".eyJ") == []


# Private keys

BODY = "\n".join(drawn(64) for _ in range(12))


def key(kind: str = "", body: str = BODY) -> str:
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("text", "what", "locked"),
    [
        (key(), "a private key", False),
        (key("RSA "), "a private key (RSA)", False),
        (key("OPENSSH "), "a private key of OpenSSH", False),
        (key("ENCRYPTED "), "an encrypted private key", True),
        (key("RSA ", f"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB\n\n{BODY}"), "a private key (RSA)", True),
        (json.dumps({"type": "service_account", "private_key": key()}), "a key of a Google service account", False),
        ("key = (\n" + "".join(f'    "{row}\\n"\n' for row in key().split("\n")) + ")", "a private key", False),
        (
            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPrivate-Lines: 1\n" + drawn(64) + "\n",
            "a private key of PuTTY",
            False,
        ),
    ],
)
def test_a_private_key(text: str, what: str, *, locked: bool) -> None:
    assert [(one.what, one.is_encrypted) for one in keys.read("a/b.key", text.encode())] == [(what, locked)]


@pytest.mark.parametrize(
    "text",
    [
        key(body="..."),
        key(body="A" * 200),
        key().replace("PRIVATE", "PUBLIC"),
        "PRIVATE KEY",
        key(body=""),
        "PuTTY-User-Key-File-3: x\nPrivate-Lines:",
    ],
)
def test_no_private_key(text: str) -> None:
    assert not [*keys.read("a/b.key", text.encode())]


@pytest.mark.parametrize(
    ("path", "desk"), [("deploy/localhost.key", True), ("tls/dev/a.key", True), ("tls/shop.key", False)]
)
def test_a_key_for_the_desk(path: str, *, desk: bool) -> None:
    assert [one.is_for_the_desk for one in keys.read(path, key().encode())] == [desk]


# Names and what is written beside them

SECRET = "q8ZtV3mN0pRcYw5LxKd2"


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("a.ini", f"password = {SECRET}"),
        ("a.ini", f"password = {SECRET} ; of the mail server"),
        ("a.toml", f'api_key = "{SECRET}"  # of the shop'),
        ("config.yaml", f"  - client_secret: '{SECRET}'"),
        ("config.json", f'  "db": {{"password": "{SECRET}", "x": 1}},'),
        ("a.properties", f"shop.password={SECRET}"),
        ("config.php.conf", f"'password' => '{SECRET}',"),
        ("a.ini", f"broker = amqp://shop:{SECRET}@queue/shop"),
        (".npmrc", f"//npm.shop.example/:_authToken={SECRET}"),
        (".netrc", f"machine shop.example login a password {SECRET}"),
        (".git-credentials", f"https://a:{SECRET}@github.com"),
    ],
)
def test_a_setting_that_holds_a_secret(path: str, row: str) -> None:
    assert [(one.text.count(SECRET), one.at.line) for one in slots.config(path, f"x: 1\n{row}\n")] == [(1, 2)]


@pytest.mark.parametrize(
    "row",
    [
        "password = changeme",
        "password = ${DB_PASSWORD}",
        "password = {{ vault_password }}",
        "password_file = /run/secrets/db",
        f"# password = {SECRET}",
        f"api_key = ENC[{SECRET}]",
        f"public_key = {SECRET}",
        f"site_key = {SECRET}",
        "password_hash = $2b$12$q8ZtV3mN0pRcYw5LxKd2Hs",
        f"commit = {SECRET}",
        "token_lifetime = 3600",
        "secret_name = shop-2024-key1",
        "password",
        "= 3",
        f"password = {SECRET * 200}",
    ],
)
def test_a_setting_that_holds_none(row: str) -> None:
    assert [*slots.config("a.ini", row)] == []


@pytest.mark.parametrize(
    "text",
    [
        f"$ANSIBLE_VAULT;1.1\npassword: {SECRET}",
        f"password: {SECRET}\nsops:\n  version: 3",
        f"apiVersion: v1\nkind: Secret\npassword: {SECRET}",
    ],
)
def test_files_that_are_encrypted_or_read_elsewhere(text: str) -> None:
    assert [*slots.config("config.yaml", text)] == []


def test_variables_of_a_file() -> None:
    text = f"USER=plane\nDB_PASSWORD=plane\nAPI_KEY={SECRET}\nMAIL_PASSWORD=correct-horse\nPAY_KEY=access-here-please\n"
    assert [(one.name, one.at.line) for one in slots.env(".env", text)] == [("API_KEY", 3), ("MAIL_PASSWORD", 4)]
    assert [*slots.env(".env", f"API_KEY={SECRET}\nsops_version=3\n")] == []


# Which files


@pytest.mark.parametrize(
    ("path", "looked"),
    [
        ("shop/pay.py", True), (".env", True), ("deploy/id_rsa", True), ("a/.npmrc", True), ("config/prod.yaml", True),
        ("Dockerfile", True), ("tests/a.py", False), ("shop/test_pay.py", False), (".env.example", False),
        ("docs/conf.py", False), ("static/app.min.js", False), ("uv.lock", False), ("a.png", False),
        ("node_modules/a.js", False), ("README.md", False), ("settings.py.j2", False), ("shop/fixtures/a.json", False),
        ("package-lock.json", False), ("latest.py", True), ("contest/a.py", True), ("unittests/scans/a.json", False),
        ("integrationtests/a.py", False), ("docker/login/fixtures.json", False), ("latests/a.py", True),
    ],
)  # fmt: skip
def test_files_that_are_looked_at(path: str, *, looked: bool) -> None:
    assert files.is_looked_at(path) is looked


def parts(
    held: Mapping[str, str], tracked: Collection[str] | None = None, doubts: list[Unsure] | None = None
) -> list[object]:
    sources = DictSources(held, tracked)
    told: list[Unsure] = [] if doubts is None else doubts
    stack = resolve(sources, told.append)
    around = survey(sources, stack, Understanding(), told.append, today=DAY)
    return [part for part in around.parts if isinstance(part, Token | PrivateKey | SecretFile)]


ENV = f"API_KEY={SECRET}\n"


@pytest.mark.parametrize(
    ("ignore", "tracked", "held"),
    [
        ("", None, Held.COMMITTED),
        (".env\n", None, None),
        ("", {".env"}, Held.COMMITTED),
        (".env\n", {".env"}, Held.COMMITTED),
        ("", {"other"}, Held.NEXT),
        (".env\n", {"other"}, None),
    ],
)
def test_whether_git_has_the_file(ignore: str, tracked: set[str] | None, held: Held | None) -> None:
    found = parts({".env": ENV, ".gitignore": ignore}, tracked)
    assert [one.held for one in found if isinstance(one, SecretFile)] == ([held] if held else [])


def test_a_token_is_not_told_as_a_setting_too() -> None:
    found = parts({".env": f"GITHUB_TOKEN={GITHUB}\n"})
    assert [type(one) for one in found] == [Token]


def test_what_other_files_say_is_told_by_their_own_rules() -> None:
    assert parts({"Dockerfile": f"FROM a\nENV API_KEY={SECRET}\n", "main.tf": f'a = "{GITHUB}"\n'}) == []


def test_files_that_are_no_text() -> None:
    assert (
        parts({"a.py": "\0" * 50 + GITHUB, "b.json": "{" * 10_000, "c.env": "\ufeffA=" + "x" * 600_000, "d.yaml": ""})
        != []
    )


def test_more_files_than_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 2)
    doubts: list[Unsure] = []
    assert parts({f"{name}.env": ENV for name in "abcd"}, None, doubts) != []
    assert [doubt.why for doubt in doubts if "secrets" in doubt.why] == [
        "secrets were looked for in 2 files, and in no more"
    ]
