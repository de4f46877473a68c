"""dj-database-url, dj-email-url and django-cache-url, by themselves and against the real ones."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

import dj_database_url
import dj_email_url  # type: ignore[import-untyped]
import django_cache_url  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conftest import Understand

HEAD = "import os, dj_database_url, dj_email_url, django_cache_url\n"
REAL = {
    "dj_database_url": dj_database_url,
    "dj_email_url": dj_email_url,
    "django_cache_url": django_cache_url,
}
DATABASES = """\
postgres://u:p%40@h:5432/n?sslmode=require&connect_timeout=10
postgres://u@h/n?currentSchema=a&x=1&x=2
postgresql://%2Fvar%2Frun/n
postgis://H.Example/n?flag=True
sqlite:///db.sqlite3
sqlite:////abs/db.sqlite3
sqlite://
sqlite://:memory:
mysql://u:p@h:3306/n?ssl-ca=/ca.pem&charset=utf8
mysql2://h/n?ssl-ca=
mysqlgis://h/n
oracle://u:p@h:1521/n
mssql://h/n
mssqlms://h:1/n
redshift://h/n?currentSchema=s
timescale://h/n
cockroach://root@h:26257/n
odd://h/n
just text
postgres://h:port/n
http://[bad/n
""".splitlines()
MAILS = """\
smtp://u%40x:p%20@h:25/?ssl=True
smtp://
smtp://h/?tls=1&timeout=5
smtp://h/?ssl=no&tls=yes
smtp://h/?timeout=x
submission://u:p@h
submit://h:2525/?_server_email=a@b&_default_from_email=c@d
smtps://h
console://
file:///tmp/mail
memory://
odd://h
""".splitlines()
CACHES = """\
locmem://
locmem://name?timeout=5&max_entries=3&cull_frequency=x
locmem://name?max_entries=3&key_prefix=p&version=1
redis://:pw@h:6380/2?timeout=5
redis://h?lib=redis-cache&max_connections=3&timeout=4&parser_class=p&connection_pool_class=c
redis://:pw@h/1?lib=redis-cache
rediss://u:pw@h
hiredis://:pw@h/1
redis:///tmp/redis.sock
redis:///tmp/redis.sock/3
redis-cache://h/1
memcached://h:1,g:2
memcached:///tmp/m
pymemcache:///tmp/m
file:///var/cache
uwsgicache://
uwsgicache://name
db://table
dummy://
odd://h
redis://h:port
""".splitlines()
READS = [
    *(("dj_database_url", f"dj_database_url.{call}", DATABASES) for call in (
        "parse(os.environ['X'])",
        "parse(os.environ['X'], conn_max_age=600, ssl_require=True)",
        "parse(url=os.environ['X'], engine='own', test_options={'NAME': 't'}, conn_health_checks=True)",
        "parse(os.environ['X'], None, None, False, True, False, {})",
        "config('X')",
        "config(env='X', default='sqlite:///d', conn_max_age=1, disable_server_side_cursors=True)",
        "config('UNSET', 'postgres://u:p@h/n', ssl_require=True)",
        "config('UNSET')",
        "config()",
    )),
    *(("dj_email_url", f"dj_email_url.{call}", MAILS) for call in (
        "parse(os.environ['X'])", "config('X')", "config('UNSET', default='smtp://h')", "config()",
    )),
    *(("django_cache_url", f"django_cache_url.{call}", CACHES) for call in (
        "parse(os.environ['X'])", "config('X')", "config('UNSET', 'dummy://')", "config()", "config('UNSET', None)",
    )),
]  # fmt: skip


def really(read: str, world: Mapping[str, str]) -> tuple[str, Any]:
    """Return what the real libraries make of a read."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(world)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return "value", eval(read, {"os": os, **REAL})
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        return "error", type(error).__name__
    finally:
        os.environ.clear()
        os.environ.update(before)


def agree(understand: Understand, read: str, world: Mapping[str, str]) -> None:
    """Check that a read is understood as the real library does it."""
    kind, value = really(read, world)
    seen = understand(f"{HEAD}A = {read}\n", env=world)
    if kind == "error":
        assert seen.stopped, (read, world, value, seen.name("A"))
        return
    assert not seen.stopped, (read, world, value, seen.stopped)
    assert seen.name("A") == value, (read, world)


@pytest.mark.parametrize(("library", "read", "urls"), READS, ids=lambda part: str(part)[:60])
def test_each_url(understand: Understand, library: str, read: str, urls: list[str]) -> None:
    assert library in read
    for url in ["", *urls]:
        agree(understand, read, {"X": url})
    agree(
        understand,
        read,
        {"X": urls[0], "DATABASE_URL": "mysql://h/n", "EMAIL_URL": "console://", "CACHE_URL": "db://t"},
    )


PIECES = st.text(alphabet="ab1%4/:@?&=.#,-", max_size=24)


@settings(
    max_examples=int(os.environ.get("BATTEN_VALUES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from([read for _, read, _ in READS if "parse" in read]),
    st.sampled_from([*DATABASES, *MAILS, *CACHES]),
    PIECES,
)
def test_any_url(understand: Understand, read: str, url: str, piece: str) -> None:
    agree(understand, read, {"X": f"{url.partition('://')[0]}://{piece}"})


def test_a_url_from_outside_keeps_what_the_call_asks_for(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}A = dj_database_url.parse(open('/run/secrets/url').read(), conn_max_age=5, ssl_require=True)\n"
        "B = dj_database_url.config()\n"
        "C = dj_database_url.parse('postgres://h/n', ssl_require=bool(open('/x').read()))\n"
        "D = dj_database_url.parse('postgres://h/n', engine=open('/x').read(), test_options=open('/x').read())\n"
        "E = dj_email_url.parse(open('/x').read())\nF = dj_database_url.config(open('/x').read())\n",
    )
    found = seen.name("A")
    assert found["CONN_MAX_AGE"] == {5, "absent"}
    assert found["OPTIONS"] == ["or", {"sslmode": "require", "?": "?"}, "absent"]
    assert seen.name("B") == {}
    assert seen.name("C")["OPTIONS"]["sslmode"] == {"require", "absent"}
    assert (seen.name("D")["ENGINE"], seen.name("D")["TEST"]) == ("?unknown", "?unknown")
    assert seen.name("E") == {"?": "?"}
    assert str(seen.name("F")).startswith("?")


def test_a_default_url_is_a_default(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}A = dj_database_url.config(default='postgres://u:p@h/n')\nB = A['PASSWORD']\nC = A['HOST']\n"
    )
    assert seen.name("B") == "p"
    assert seen.value("B").origin.unset == {"DATABASE_URL"}


def test_one_of_several_urls(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}A = dj_database_url.parse('mysql://h/n' if os.path.exists('/x') else 'sqlite:///d')\nB = A['ENGINE']\n"
        "C = dj_database_url.config('X' if os.path.exists('/x') else 'Y')\n"
        "if os.path.exists('/y'):\n    os.environ['Z'] = 'mysql://h/n'\nD = dj_database_url.config('Z')\n"
    )
    assert seen.name("B") == {"django.db.backends.mysql", "django.db.backends.sqlite3"}
    assert str(seen.name("C")).startswith("?")
    assert {} in seen.name("D")


def test_older_versions_agree_on_the_parts_that_matter(understand: Understand) -> None:
    head = f"{HEAD}A = dj_database_url.parse"
    for version in ("==0.5.0", "==2.3.0"):
        wanted = {"dj-database-url": version}
        found = understand(f"{head}('postgres://u:p@h:5/n?x=1')\n", requirements=wanted).name("A")
        assert {name: found[name] for name in ("USER", "PASSWORD", "HOST", "NAME")} == {
            "USER": "u", "PASSWORD": "p", "HOST": "h", "NAME": "n",
        }  # fmt: skip
        assert "ENGINE" not in found
        assert "?" in found
        assert "HOST" not in understand(f"{head}('postgres://%2Fa/n')\n", requirements=wanted).name("A")
        assert "?" in understand(f"{head}('odd://h/n')\n", requirements=wanted).name("A")
        assert understand(f"{head}('sqlite://:memory:')\n", requirements=wanted).name("A")["NAME"] == ":memory:"


def test_engines_of_the_project(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}@dj_database_url.register('own', 'own.engine')\ndef finish(config):\n    pass\n"
        "A = dj_database_url.parse('own://u@h/n')\n"
    )
    assert seen.name("A")["?"] == "?"
