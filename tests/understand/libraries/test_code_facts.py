"""What calls of plain code say: certificates that are not checked, passwords, cookies, modes of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Understand

OFF = [
    ("from elasticsearch import Elasticsearch\nElasticsearch('https://x', verify_certs=False)\n", "verify_certs"),
    ("from opensearchpy import OpenSearch\nOpenSearch(['x'], ssl_assert_hostname=False)\n", "ssl_assert_hostname"),
    (
        "from pymongo import MongoClient\nMongoClient('x', tlsAllowInvalidCertificates=True)\n",
        "tlsAllowInvalidCertificates",
    ),
    ("import hvac, gitlab\ngitlab.Gitlab('x', ssl_verify=False)\n", "ssl_verify"),
    ("import httplib2\nhttplib2.Http(disable_ssl_certificate_validation=True)\n", "disable_ssl_certificate_validation"),
    ("import ssl, kafka\nkafka.KafkaProducer(ssl_check_hostname=False)\n", "ssl_check_hostname"),
    ("import winrm\nwinrm.Session('x', server_cert_validation='ignore')\n", "server_cert_validation"),
    ("import ssl, influxdb\ninfluxdb.InfluxDBClient(cert_reqs=ssl.CERT_NONE)\n", "cert_reqs"),
    ("import redis\nredis.Redis(ssl=True, ssl_cert_reqs=None)\n", "ssl_cert_reqs"),
    ("import redis\nredis.Redis(ssl=True, ssl_cert_reqs='none')\n", "ssl_cert_reqs"),
    (
        "import ssl, websocket\nwebsocket.create_connection('wss://x', sslopt={'cert_reqs': ssl.CERT_NONE})\n",
        "sslopt['cert_reqs']",
    ),
    (
        "import websocket\nwebsocket.create_connection('wss://x', sslopt={'check_hostname': False})\n",
        "sslopt['check_hostname']",
    ),
    ("from kubernetes import client\nc = client.Configuration()\nc.verify_ssl = False\n", "verify_ssl"),
]
NOT_OFF = [
    "from elasticsearch import Elasticsearch\nElasticsearch('https://x', verify_certs=True)\n",
    "from pymongo import MongoClient\nMongoClient('x', tlsInsecure=False)\n",
    "import redis\nredis.Redis(ssl_cert_reqs='required')\nredis.Redis(ssl=False, ssl_cert_reqs='none')\n",
    "import influxdb\ninfluxdb.InfluxDBClient(cert_reqs=None)\n",
    "import ssl, websocket\nwebsocket.create_connection('wss://x', sslopt={'cert_reqs': ssl.CERT_REQUIRED})\n",
    "import websocket\nfrom x import options\nwebsocket.create_connection('wss://x', sslopt=options)\n",
    "from kubernetes import client\nc = client.Configuration()\nc.verify_ssl = True\n",
]


@pytest.mark.parametrize(("source", "option"), OFF)
def test_a_certificate_that_is_not_checked(understand: Understand, source: str, option: str) -> None:
    assert [(fact[1], fact[3]) for fact in understand(source).facts("client")] == [(False, option)]


@pytest.mark.parametrize("source", NOT_OFF)
def test_a_certificate_that_is_checked(understand: Understand, source: str) -> None:
    assert understand(source).facts("client") == []


HASHED = [
    (
        "from werkzeug.security import generate_password_hash\ngenerate_password_hash('pw')\n",
        "generate_password_hash",
        None,
    ),
    (
        "from werkzeug.security import generate_password_hash as g\ng('pw', 'pbkdf2:sha256')\n",
        "generate_password_hash",
        "pbkdf2:sha256",
    ),
    ("import bcrypt\nbcrypt.hashpw(b'pw', bcrypt.gensalt())\n", "bcrypt.hashpw", None),
    ("from passlib.hash import md5_crypt\nmd5_crypt.hash('pw')\n", "passlib.hash.md5_crypt", "md5_crypt"),
    (
        "from passlib.context import CryptContext\nCryptContext(['bcrypt', 'md5_crypt']).hash('pw')\n",
        "CryptContext.hash",
        "bcrypt",
    ),
    (
        "from passlib.context import CryptContext\nCryptContext(['bcrypt'], default='hex_md5').hash('pw')\n",
        "CryptContext.hash",
        "hex_md5",
    ),
    ("from argon2 import PasswordHasher\nPasswordHasher().hash('pw')\n", "PasswordHasher.hash", None),
    ("from flask_security.utils import encrypt_password\nencrypt_password('pw')\n", "hash_password", None),
]


@pytest.mark.parametrize(("source", "function", "method"), HASHED)
def test_a_password_is_hashed(understand: Understand, source: str, function: str, method: str | None) -> None:
    seen = understand(source)
    assert [fact[:2] for fact in seen.facts("password hash")] == [(function, method)]
    assert [fact[1] for fact in seen.facts("account")] in (["pw"], [b"pw"])


def test_a_password_that_somebody_gives_makes_no_account(understand: Understand) -> None:
    seen = understand("import bcrypt\nfrom forms import password\nbcrypt.hashpw(password, bcrypt.gensalt())\n")
    assert len(seen.facts("password hash")) == 1
    assert seen.facts("account") == []


MODES = [
    ("import os\nos.chmod('x', 0o777)\n", "os.chmod", 0o777),
    ("import os, stat\nos.chmod('x', stat.S_IRWXU | stat.S_IRWXO)\n", "os.chmod", 0o707),
    ("import os, stat\nos.chmod('x', os.stat('x').st_mode | stat.S_IEXEC | 0o002)\n", "os.chmod", 0o102),
    ("import os\nos.fchmod(3, mode=0o666)\n", "os.fchmod", 0o666),
    ("from pathlib import Path\nPath('x').chmod(0o600)\n", "pathlib.Path.chmod", 0o600),
    ("import os\nos.umask(0)\n", "os.umask", 0),
]


@pytest.mark.parametrize(("source", "function", "mode"), MODES)
def test_the_mode_of_a_file(understand: Understand, source: str, function: str, mode: int) -> None:
    (seen,) = [fact for fact in understand(source).facts("use") if fact[0] == "mode"]
    assert (seen[1], seen[2]["mode"]) == (function, mode)


def test_a_mode_that_is_not_known_says_nothing_certain(understand: Understand) -> None:
    (seen,) = understand("import os\nos.chmod('x', int(os.environ['MODE']))\n").facts("use")
    assert str(seen[2]["mode"]).startswith("?")


RENDERED = [
    ("render_template('page.txt', name=1)", "page.txt", True),
    ("render_template('page.html')", "page.html", False),
    ("render_template(name + '.txt', x=1)", "….txt", True),
    ("render_template('%s.js' % name)", "….js", False),
    ("render_template(f'mail/{name}.md', **values)", "….md", True),
    ("render_template('{}.csv'.format(name))", "….csv", False),
]


@pytest.mark.parametrize(("call", "name", "has_values"), RENDERED)
def test_a_template_that_is_rendered(understand: Understand, call: str, name: str, *, has_values: bool) -> None:
    head = "from flask import Flask, render_template\nfrom x import name, values\n"
    (seen,) = [fact for fact in understand(f"{head}{call}\n").facts("use") if fact[0] == "rendered"]
    assert (seen[2]["name"], seen[2]["context"]) == (name, has_values)


@pytest.mark.parametrize("call", ["render_template(name)", "render_template(name + 'tml')"])
def test_a_template_whose_name_may_end_in_html(understand: Understand, call: str) -> None:
    head = "import os\nfrom flask import Flask, render_template\nname = os.environ['NAME']\n"
    assert not [fact for fact in understand(f"{head}{call}\n").facts("use") if "name" in fact[2]]


COOKIES = [
    ("import flask", "answer.set_cookie('a', 'b')", 1),
    ("import flask", "answer.set_cookie('a', 'b', secure=True, httponly=True, samesite='Lax')", 1),
    ("import flask", "answer.set_cookie('a', '', max_age=0)", 0),
    ("import flask", "answer.set_cookie(jar)", 0),
    ("import flask, falcon", "answer.set_cookie('a', 'b')", 0),
    ("import starlette", "answer.set_cookie('a', 'b')", 1),
    ("import flask, fastapi", "answer.set_cookie(name='a', value='b')", 1),
    ("import json", "answer.set_cookie('a', 'b')", 0),
]


@pytest.mark.parametrize(("imports", "call", "count"), COOKIES)
def test_cookies_on_answers_of_classes_that_are_not_known(
    understand: Understand, imports: str, call: str, count: int
) -> None:
    seen = understand(f"{imports}\nfrom x import make, jar\nanswer = make()\n{call}\n")
    assert len(seen.facts("set_cookie")) == count
