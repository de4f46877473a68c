"""django-environ, by itself and against the real one."""

from __future__ import annotations

import os
import pathlib
import urllib.parse
import warnings
from typing import TYPE_CHECKING, Any

import environ  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from batten.understand.libraries import django_environ_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conftest import Understand

HEAD = "import os, environ, urllib.parse, pathlib\n"
SCHEME = "DEBUG=(bool, False), HOSTS=(list, ['h']), N=(int, 3), PLAIN=str, ONE=(str, 'one'), P=('odd',)"


def plain(value: Any) -> Any:  # noqa: ANN401 - plain data
    """Return what the real library gives as plain data."""
    if isinstance(value, urllib.parse.ParseResult):
        return "<urllib.parse.ParseResult>"
    if isinstance(value, environ.Path):
        return "<environ.Path>"
    if isinstance(value, pathlib.Path):
        return "<pathlib.Path>"
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def really(read: str, world: Mapping[str, str], more: str = "") -> tuple[str, Any]:
    """Return what the real library makes of a read."""

    class Env(environ.Env):  # type: ignore[misc]
        ENVIRON = dict(world)  # noqa: RUF012 - as the original has it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = {"environ": environ, "urllib": urllib, "pathlib": pathlib, "env": eval(f"Env({SCHEME})", {"Env": Env})}
        try:
            exec(more, names)
            return "value", plain(eval(read, names))
        except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
            return "error", type(error).__name__


def agree(understand: Understand, read: str, world: Mapping[str, str], more: str = "") -> None:
    """Check that a read is understood as the real library does it."""
    kind, value = really(read, world, more)
    seen = understand(
        f"{HEAD}env = environ.Env({SCHEME})\n{more}\nA = {read}\n", env=world, requirements={"django-redis": "==5.0"}
    )
    if kind == "error":
        assert seen.stopped or str(seen.name("A")).startswith(("?", "<")), (read, world, value, seen.name("A"))
        return
    assert not seen.stopped, (read, world, value, seen.stopped)
    ours = seen.name("A")
    if "env.path" in read and ("\0" in str(ours) or ours == "?unknown"):
        return  # where the project lies is not known
    assert repr(ours) == repr(value), (read, world)


READS = """\
env("X")
env("X", default="d")
env("X", default=None)
env("X", default=5)
env("X", default=True)
env("X", default=1.5)
env("X", default=["a"])
env("X", default=("a",))
env("X", default={"a": "b"})
env("X", cast=int)
env("X", cast=int, default=7)
env("X", cast=bool, default="1")
env("X", cast=lambda text: text.upper())
env("X", cast=pathlib.Path)
env("X", int, 7)
env("X", default="$OTHER")
env("X", default="1", parse_default=True, cast=int)
env.str("X")
env.str("X", default="d", multiline=True)
env.str("X", "d")
env.bytes("X", b"d")
env.bytes("X")
env.bool("X")
env.bool("X", default=False)
env.bool("X", True)
env.int("X", default=0)
env.float("X")
env.float("X", default=2)
env.json("X")
env.json("X", default={"a": 1})
env.list("X")
env.list("X", default=[])
env.list("X", int, [1])
env.list("X", cast=bool)
env.tuple("X")
env.tuple("X", cast=int)
env.dict("X")
env.dict("X", default={})
env.dict("X", cast={"value": int})
env.dict("X", cast={"key": str, "value": bool, "cast": {"a": int}})
env.url("X").hostname
env.url("X", default="http://h/p").path
env.url("X", default=None)
env.path("X", default="/a")("b")
str(env.path("X", "/a") - 1)
env("X", cast=[int])
env("X", cast=(str,))
env("X", cast=dict)
env("X", cast=urllib.parse.urlparse)
env.get_value("X", cast=bool, default=None)
"X" in env
""".splitlines()
TEXTS = [
    None, "", "1", "0", "true", "TRUE", " on ", "off", "ok", "y", "5", "-1.5", "1,5", "1.000,5", "a,b", ",a,,b,",
    "(1,2)",
    "a=1,b=2", "a=1;b=2", "a=x=y", "[1]", '{"a": 1}', "$OTHER", "$$OTHER", "$MISSING", "d", "http://u:p@h:8/p?q=1", "é",
    "a\\nb", "None",
]  # fmt: skip


@pytest.mark.parametrize("read", READS)
def test_each_way_of_reading(understand: Understand, read: str) -> None:
    for text in TEXTS:
        world = {"OTHER": "1,2"} | ({} if text is None else {"X": text})
        agree(understand, read, world)


@pytest.mark.parametrize(
    ("more", "read"),
    [
        ("", "env('DEBUG')"),
        ("", "env('HOSTS')"),
        ("", "env('N')"),
        ("", "env('PLAIN')"),
        ("", "env('ONE')"),
        ("", "env('N', default=9)"),
        ("", "env('N', cast=str)"),
        ("", "env.bool('N')"),
        ("", "env.list('DEBUG')"),
        ("env.prefix = 'APP_'", "env('X', default='d')"),
        ("env.smart_cast = False", "env('X', default=5)"),
        ("env.escape_proxy = True", "env('X', default='\\\\$d')"),
        ("env.prefix = 'D'", "env('EBUG')"),
    ],
)
def test_the_scheme_and_the_switches(understand: Understand, more: str, read: str) -> None:
    for text in ["", "1", "on", "a,b", "\\$x", "$OTHER"]:
        for name in ("DEBUG", "HOSTS", "N", "PLAIN", "ONE", "X", "APP_X"):
            agree(understand, read, {name: text, "OTHER": "0"}, more)


URLS = """\
postgres://u:p%40@h:5432/n?sslmode=require&CONN_MAX_AGE=60
postgres://u@h1:1,h2:2/n
postgres://u:p@[::1]:5/n
postgresql:///n
postgres://%2Fvar%2Frun/n
postgres://u:p@/cloudsql/x:y/n
postgis://h/n?ATOMIC_REQUESTS=True
sqlite:///db.sqlite3
sqlite:////abs/db.sqlite3
sqlite://
sqlite://:memory:
mysql://u:p@h:3306/n?charset=utf8
mysql://u:p#x@h/n
oracle://u:p@h:1521/n
oracle://u:p@sid
mssql://u:p@h/n?driver=x
ldap://u:p@h:389
odd://h/n
just text
http://[bad/n
postgres://h:port/n
cockroachdb://root@h:26257/n
redis://:p@h:6379/0?timeout=5&key_prefix=x&client_class=y
rediss://h1:1,h2:2/1
redis:///tmp/redis.sock
rediscache://h/1
memcache://h:11211
memcache:///tmp/m.sock
pymemcache://a,b
locmemcache://
locmemcache://name?timeout=5
filecache:///var/cache
dbcache://table
dummycache://
smtp://u:p%20@h:25
smtp+tls://u@h:587?EMAIL_TIMEOUT=5
smtp+ssl://h
smtps://h
consolemail://
filemail:///tmp/mail
inmemory://
redis+pubsub://h:1/0
""".splitlines()
OF_URLS = [
    "env.db('X')",
    "env.db_url('X', default='sqlite:///d')",
    "env.db('X', engine='own')",
    "env.cache_url('X')",
    "env.cache('X', default='dummycache://')",
    "env.cache('X', default=None)",
    "env.email_url('X')",
    "env.email('X', default='consolemail://', backend='own')",
    "env.channels_url('X', default='inmemory://')",
    "env.channels('X', backend='own')",
]


@pytest.mark.parametrize("read", OF_URLS)
def test_urls_become_settings(understand: Understand, read: str, monkeypatch: pytest.MonkeyPatch) -> None:
    redis = "django_redis.cache.RedisCache"
    table = {name: redis if "redis" in name or "valkey" in name else held for name, held in REAL_CACHES.items()}
    monkeypatch.setattr(environ.Env, "CACHE_SCHEMES", table)
    for url in [None, *URLS]:
        kind, value = really(read, {} if url is None else {"X": url})
        source = f"{HEAD}env = environ.Env()\nA = {read}\n"
        seen = understand(source, env={} if url is None else {"X": url}, requirements={"django-redis": "==5.0"})
        if kind == "error":
            assert seen.stopped or seen.name("A") == "?error", (read, url, value, seen.name("A"))
        elif url == "pymemcache://a,b" and "cache" in read:
            assert seen.name("A")["BACKEND"] == "?unknown"
        else:
            assert seen.name("A") == value, (read, url, seen.stopped)


REAL_CACHES = dict(environ.Env.CACHE_SCHEMES)


def test_which_backend_redis_gets_depends_on_what_is_installed(understand: Understand) -> None:
    source = f"{HEAD}A = environ.Env().cache(default='redis://h/0?timeout=3')\n"
    found = understand(source).name("A")
    assert (found["BACKEND"], found["LOCATION"], found["OPTIONS"]) == ("?unknown", "redis://h/0", "?unknown")


def test_tables_that_the_program_changes(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}environ.Env.DB_SCHEMES['postgres'] = 'own.engine'\nenv = environ.Env()\nA = env.db()['ENGINE']\n"
        "environ.Env.DB_SCHEMES['mysql'] = open('/x').read()\nB = env.db()\n"
        "environ.Env.CACHE_SCHEMES['redis'] = open('/x').read()\nC = env.cache(default='dummycache://')\n"
        "environ.Env.BOOLEAN_TRUE_STRINGS = ('si',)\nD = env.bool('YES')\nE = env.ENVIRON['YES']\n"
        "F = environ.Env.ENVIRON.get('YES')\n",
        env={"DATABASE_URL": "postgres://h/n", "YES": "si"},
    )
    assert [seen.name(name) for name in "ABCDEF"] == ["own.engine", "?unknown", "?unknown", "?unknown", "si", "si"]


def test_what_cannot_be_followed_is_not_known(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}import other\nenv = environ.Env()\nA = env(other.NAME)\nB = env('X', **other.MORE)\n"
        "C = environ.Env(**other.SCHEME)('X')\nD = env('X', cast=other.cast)\nE = env.search_url(default='simple://')\n"
        "F = env('X', default=other.D)\nG = env.list('X', cast=other.c)\nenv.smart_cast = other.S\n"
        "H = env('X', default=5)\n"
        "I = environ.Env('x')\nenv.prefix = other.P\nJ = env('X')\nK = environ.FileAwareEnv()('PASSWORD')\n"
        "L = environ.Env.str('X')\nM = environ.Env.db_url_config('sqlite:///x')['NAME']\n"
        "N = environ.FileAwareEnv()('X')\n",
        env={"X": "1", "PASSWORD_FILE": "/run/secrets/p"},
    )
    assert [seen.name(name) for name in "ABCDEHJLMN"] == [*["?unknown"] * 8, "x", "1"]
    assert seen.name("F") == {"1", "?unknown"}
    assert seen.name("G") == ["?unknown"]
    assert str(seen.name("K")).startswith("?")


def test_a_chain_of_names_that_never_ends(understand: Understand) -> None:
    assert understand(f"{HEAD}A = environ.Env()('X')\n", env={"X": "$X"}).name("A") == "?unknown"


def test_a_missing_variable_may_be_caught(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}env = environ.Env()\ntry:\n    A = env('A')\nexcept environ.ImproperlyConfigured:\n    A = 'caught'\n"
        "B = env('B')\nC = env('C', default='c')\n"
    )
    assert (seen.name("A"), seen.name("B"), seen.name("C")) == ("caught", "?error", "c")
    assert seen.value("A").origin.unset == {"A"}
    assert seen.value("C").origin.unset == {"C"}


def test_choices_that_the_value_is_not_among(understand: Understand) -> None:
    head = f"{HEAD}env = environ.Env()\n"
    assert understand(f"{head}A = env.str('X', choices=('1', '2'))\n", env={"X": "1"}).name("A") == "1"
    assert "refuses" in understand(f"{head}A = env.str('X', choices=('1', '2'))\n", env={"X": "3"}).stopped
    seen = understand(
        f"{head}try:\n    A = env.str('X', choices=open('/x').read())\nexcept Exception:\n    A = 0\n", env={"X": "1"}
    )
    assert seen.name("A") == {"1", 0}


# Files

FILES = [
    (
        "A=1\n# c\n\nexport B='two'\nC=\"a\\tb\\\"c\"\nD=x # y\nE='q' # z\nF = 1\nG=\n'H'=1\nI='\n"
        "J=\"\nK=''\nL='a'b'\nA=last\n"
    ),
    "A=it's # 'x'\nB= 'x' # 'y'\nC='a' b\nD=\"x # y\"\nE=#\nF='a' #'\n",
    "A=1\r\nB=2\x0bC=3\n",
]


def _in_file(text: str, *, comments: bool) -> dict[str, str]:
    class Env(environ.Env):  # type: ignore[misc]
        ENVIRON: dict[str, str] = {}  # noqa: RUF012 - as the original has it

    class File:
        def read(self) -> str:
            return text

    Env.read_env(File(), parse_comments=comments)
    return Env.ENVIRON


def _same_file(text: str) -> None:
    for comments in (False, True):
        ours = django_environ_file.parse(text, ".env", comments=comments)
        assert {name: variable.value for name, variable in ours.items()} == _in_file(text, comments=comments), text


@pytest.mark.parametrize("text", FILES)
def test_files_as_the_real_one_reads_them(text: str) -> None:
    _same_file(text)


@settings(max_examples=int(os.environ.get("BATTEN_FILES", "300")), deadline=None)
@given(st.text(alphabet="AB=\"'\\# \nnt$export\t\r\x0b", max_size=40))
@example("A='' ''")
@example("A='\n#'")
def test_any_file_as_the_real_one_reads_it(text: str) -> None:
    _same_file(text)


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("environ.Env.read_env()", "1"),
        ("env.read_env()", "1"),
        ("environ.Env.read_env('conf/prod.env')", "2"),
        ("environ.Env.read_env(pathlib.Path('conf') / 'prod.env')", "2"),
        ("environ.Env.read_env(environ.Path('conf')('prod.env'))", "2"),
        ("environ.Env.read_env('/srv/nowhere.env')", "unset"),
        ("environ.Env.read_env(open('/x').read())", "unset"),
        ("env.read_env('.env'); env.read_env('conf/prod.env')", "1"),
        ("env.read_env('.env'); env.read_env('conf/prod.env', overwrite=True)", "2"),
        ("env.read_env('.env', A='kept')", "1"),
        ("env.read_env('missing.env', A=5)", "5"),
        (
            "env.read_env('.env', overwrite=bool(open('/x').read())); env.read_env('conf/prod.env', overwrite=False)",
            "1",
        ),
        ("os.environ.setdefault('A', 'own'); env.read_env()", "own"),
    ],
)
def test_which_file_is_read(understand: Understand, call: str, found: str) -> None:
    files = {".env": "A=1\n", "conf/prod.env": "A=2\n"}
    source = f"{HEAD}env = environ.Env()\n{call}\nA = env('A', default='unset')\n"
    assert understand(source, files=files).name("A") == found


def test_a_file_keeps_its_lines_and_does_not_overwrite(understand: Understand) -> None:
    source = f"{HEAD}env = environ.Env()\nenv.read_env()\nA = env('A')\nB = env('B')\nC = env('C', default='x')\n"
    seen = understand(source, files={".env": "# c\nA=file\nB=file\n"}, env={"B": "set"})
    assert [seen.name(name) for name in "ABC"] == ["file", "set", "x"]
    assert str(seen.value("A").origin.home) == ".env:2"
    assert understand(source).facts("dotenv missing")[0][0] == ".env"


def test_an_undecided_overwrite_leaves_both(understand: Understand) -> None:
    source = (
        f"{HEAD}env = environ.Env()\nif os.path.exists('/x'):\n    os.environ['U'] = 'there'\n"
        "env.read_env('.env', overwrite=os.path.exists('/y'), parse_comments=os.path.exists('/z'))\n"
        "A = env('A')\nB = env('B')\n"
    )
    seen = understand(source, files={".env": "A=file\nB=x # y\n"}, env={"A": "set"})
    assert (seen.name("A"), seen.name("B")) == ({"set", "file"}, "?unknown")
    source = source.replace("overwrite=os.path.exists('/y'), ", "") + "C = env('U')\n"
    assert understand(source, files={".env": "U=file\n"}, env={"A": "1", "B": "1"}).name("C") == {"there", "file"}


def test_comments_in_older_versions(understand: Understand) -> None:
    source = f"{HEAD}env = environ.Env()\nenv.read_env()\nA = env('A')\n"
    for version, found in (("==0.11.2", "x "), ("==0.12.0", "x # y")):
        seen = understand(source, files={".env": "A=x # y\n"}, requirements={"django-environ": version})
        assert seen.name("A") == found


def test_paths(understand: Understand) -> None:
    source = """\
import environ
root = environ.Path("/srv/app/conf/settings.py") - 2
A, B, C = str(root), root("static", "x"), str(root.path("..", "y"))
D, E = str(root + "z"), environ.Path("/a/b/c.py", is_file=True).root
F, G = f"{root}/f", str(environ.Path("/a", "b", required=bool(open("/x").read())))
H = root - "app"
with root.file("k.txt") as file:
    I = file.read()
"""
    seen = understand(source)
    assert [seen.name(name) for name in "ABCDEFG"] == [
        "/srv/app", "/srv/app/static/x", "/srv/y", "/srv/app/z", "/a/b", "/srv/app/f", "/a/b",
    ]  # fmt: skip
    assert seen.name("H") == "?unknown"
    assert str(seen.name("I")).startswith("?")
    names: dict[str, Any] = {}
    exec(source.partition("F, G")[0], {"environ": environ}, names)
    assert [names[name] for name in "ABCDE"] == [seen.name(name) for name in "ABCDE"]


VALUES = st.one_of(
    st.none(),
    st.text(alphabet='abTrue01 ,.=;()$-[]{}"\\n:/@?&#%', max_size=14),
    st.sampled_from([text for text in TEXTS if text]),
    st.sampled_from(URLS),
)


@settings(
    max_examples=int(os.environ.get("BATTEN_VALUES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from([*READS, *OF_URLS[:3], *OF_URLS[6:]]), VALUES)
def test_any_value_through_any_cast(understand: Understand, read: str, text: str | None) -> None:
    agree(understand, read, {"OTHER": "1,2"} | ({} if text is None else {"X": text}))
