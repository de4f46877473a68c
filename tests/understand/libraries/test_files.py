"""Files that settings read: open files, JSON, TOML and YAML, against the real readers."""
# ruff: noqa: E501 - programs and their texts stand on one line each

from __future__ import annotations

import datetime as dt
import io
import json
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import ruamel.yaml
import toml  # type: ignore[import-untyped]
import yaml
from hypothesis import HealthCheck, given, settings, strategies as st

from batten.understand.evaluate.objects import Mapping as Dict, Sequence as Row, plain_object
from batten.understand.libraries import structured

if TYPE_CHECKING:
    from .conftest import Understand, Understood

HEAD = (
    "import json, tomllib, toml, tomli, yaml, io, os\nfrom pathlib import Path\nfrom collections import OrderedDict\n"
)


def places(seen: Understood, name: str) -> dict[str, str]:
    """Return where each leaf of a name's value stands."""
    found: dict[str, str] = {}

    def walk(value: Any, keys: str) -> None:  # noqa: ANN401 - a value
        target = plain_object(value)
        if isinstance(target, Dict):
            for key, held in target.cells.items():
                walk(held, f"{keys}.{key}")
        elif isinstance(target, Row):
            for index, held in enumerate(target.items or ()):
                walk(held, f"{keys}.{index}")
        else:
            found[keys.removeprefix(".")] = str(target.origin.home)

    walk(seen.value(name), "")
    return found


# Open files


LINES = "one\ntwo\n\nlast"
READS = """\
open("f").read()
open("f", "rb").read()
open("f").read(3)
open("f", "rb").read(3)
open("f").readline()
open("f").readlines()
open("f", "rb").readlines()
[line.strip() for line in open("f")]
[line for line in io.StringIO("a\\nb")]
(lambda f: (f.read(), f.read()))(open("f"))
(lambda f: (f.readline(), f.readline(), f.read()))(open("f", mode="r", encoding="utf-8"))
(lambda f: (f.read(), f.seek(0) and None, f.read())[2])(open("f"))
Path("f").read_text().splitlines()
Path("f").read_bytes()
Path("f").open().read()
Path("f").open("rb").read(1)
io.BytesIO(b"ab").read()
io.StringIO().read()
open("f", encoding="latin-1").read()
open("f").close()
str(Path("a/b.txt").with_suffix(".ini"))
str(Path("a/b.txt").with_name("c"))
Path("a/b").parts
""".splitlines()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_open_files(understand: Understand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f").write_text(LINES)
    monkeypatch.chdir(tmp_path)
    for read in READS:
        found = eval(read, {"io": io, "Path": Path})
        seen = understand(f"{HEAD}A = {read}\n", files={"f": LINES})
        assert not seen.stopped
        assert seen.name("A") == (list(found) if isinstance(found, tuple) else found), read


def test_what_of_a_file_is_not_known(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}import other\nA = open('/run/secrets/key').read().strip()\nB = open('x', 'w').name\nC = open(other.F).read()\n"
        "D = open('é.txt', encoding='latin-1').read()\nf = open('é.txt')\nf.seek(other.N)\nE = f.read()\n"
        "F = open('é.txt', 'rb').read(1)\nG = open('é.txt').readline(other.N)\nH = open('é.txt').readlines(5)\n"
        "I = Path('missing.key').read_text()\nJ = [*open('/x')]\nK = Path.cwd()\n"
        "with open('é.txt') as file:\n    L = file.read()\n",
        files={"é.txt": "é\n"},
    )
    assert [seen.name(name) for name in "ABC"] == ["?external", "?unknown", "?unknown"] or seen.name("B") != "x"
    assert (seen.name("A"), seen.name("I")) == ("?external", "?external")
    assert [str(seen.name(name))[0] for name in "CDEFGHJ"] == ["?"] * 7
    assert seen.name("L") == "é\n"
    assert str(seen.value("L").origin.home[0]) == "é.txt"


def test_a_secret_that_may_not_be_there(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}try:\n    A = open('/run/secrets/key').read()\nexcept FileNotFoundError:\n    A = 'dev'\n"
        "B = Path('key').read_text() if Path('key').exists() else 'dev'\n"
    )
    assert seen.name("A") == {"?external", "dev"}
    assert seen.name("B") == {"?external", "dev"}


# JSON and TOML


JSON = '{\n "a": {\n  "b": [\n   1,\n   {"c": "x"},\n   [2]\n  ]\n },\n "d": null, "e\\u00e9": true\n}'
TOML = """\
title = "t"
dotted.key = 1

[app]
debug = true
"quoted name" = 'x'
when = 2020-01-01

[[servers]]
host = "a"
[[servers]]

host = "b"
  [servers.inner]
  deep = [1, 2]
[a.b]
c = {d = 1}
"""


def test_lines_of_json_and_toml(understand: Understand) -> None:
    files = {"c.json": JSON, "conf/c.toml": TOML}
    seen = understand(
        f"{HEAD}with open('c.json') as f:\n    J = json.load(f)\nT = tomllib.loads(Path('conf/c.toml').read_text())\n"
        "K = json.loads(Path('c.json').read_bytes())\nA = J['a']['b'][0]\nB = T['app']['debug']\n",
        files=files,
    )
    assert places(seen, "J") == {
        "a.b.0": "c.json:4", "a.b.1.c": "c.json:5", "a.b.2.0": "c.json:6", "d": "c.json:9", "eé": "c.json:9",
    }  # fmt: skip
    assert places(seen, "T") == {
        "title": "conf/c.toml:1", "dotted.key": "conf/c.toml:2", "app.debug": "conf/c.toml:5",
        "app.quoted name": "conf/c.toml:6", "app.when": "conf/c.toml:7", "servers.0.host": "conf/c.toml:10",
        "servers.1.host": "conf/c.toml:13", "servers.1.inner.deep.0": "conf/c.toml:15",
        "servers.1.inner.deep.1": "conf/c.toml:15", "a.b.c.d": "conf/c.toml:17",
    }  # fmt: skip
    assert seen.name("J") == seen.name("K") == json.loads(JSON)
    assert [hop[1] for hop in seen.value("B").origin.hops] == ["conf/c.toml sets app.debug to", "conf/c.toml is read"]


@pytest.mark.parametrize(
    "read",
    [
        "tomllib.load(open('c.toml', 'rb'))", "tomli.loads(open('c.toml').read())", "toml.load('c.toml')",
        "toml.load(open('c.toml'))", "toml.loads(open('c.toml').read())", "toml.load(Path('c.toml'))",
    ],
)  # fmt: skip
def test_readers_of_toml(understand: Understand, read: str) -> None:
    text = TOML.replace("when = 2020-01-01\n", "")
    found = understand(f"{HEAD}A = {read}\n", files={"c.toml": text}).name("A")
    assert found == tomllib.loads(text) == toml.loads(text)


def test_what_is_read_in_a_way_of_its_own(understand: Understand) -> None:
    files = {"c.toml": TOML + "mixed = [1, 'a']\n", "c.json": JSON, "big.json": "[" + "1," * 200_000 + "1]"}
    seen = understand(
        f"{HEAD}import other\nA = json.loads('1', object_hook=other.f)\nB = json.load(open('c.json'), **other.K)\n"
        "C = toml.load('c.toml')\nD = tomllib.load(other.F)\nE = json.load(open('big.json'))\n"
        "F = tomllib.loads('a = 1', parse_float=other.f)\nG = json.load(open('c.json'), object_pairs_hook=OrderedDict)['d']\n"
        "H = json.loads(os.environ['J'])['a']\nI = json.dumps({'a': [1]})\nK = tomllib.loads(open('c.toml').read())['title']\n",
        files=files,
        env={"J": '{"a": 5}'},
    )
    assert [seen.name(name) for name in "ABCDEF"] == ["?unknown"] * 6
    assert [seen.name(name) for name in "GHIK"] == [None, 5, '{"a": [1]}', "t"]


@pytest.mark.parametrize(
    ("read", "error"),
    [
        ("json.load(open('bad'))", "json.JSONDecodeError"),
        ("json.loads('{')", "ValueError"),
        ("tomllib.load(open('bad', 'rb'))", "tomllib.TOMLDecodeError"),
        ("yaml.safe_load(open('bad'))", "yaml.YAMLError"),
        ("yaml.safe_load('!own x')", "yaml.constructor.ConstructorError"),
        ("yaml.safe_load('a: 1\\n---\\nb: 2')", "yaml.YAMLError"),
        ("yaml.safe_load('{[1]: 2}')", "yaml.YAMLError"),
        ("yaml.safe_load('<<: 1')", "yaml.YAMLError"),
        ("json.load('{}')", "AttributeError"),
    ],
)
def test_files_that_are_not_what_they_should_be(understand: Understand, read: str, error: str) -> None:
    source = f"{HEAD}try:\n    A = {read}\nexcept {error}:\n    A = 'caught'\n"
    assert understand(source, files={"bad": "{ x: [ = "}).name("A") == "caught"
    assert "refuses" in understand(f"{HEAD}A = {read}\n", files={"bad": "{ x: [ = "}).stopped


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from([None, 0, 2]),
)
def test_json_has_a_line_for_each_part(data: Any, indent: int | None) -> None:  # noqa: ANN401 - plain data
    text = json.dumps(data, indent=indent)
    lines = structured.json_lines(text)

    def check(value: Any, keys: tuple[str | int, ...]) -> None:  # noqa: ANN401 - plain data
        if keys:
            written = text.splitlines()[lines[keys] - 1]
            assert json.dumps(keys[-1]) in written if isinstance(keys[-1], str) else written.strip()
        if isinstance(value, dict | list):
            for key, held in value.items() if isinstance(value, dict) else enumerate(value):
                check(held, (*keys, key))

    check(data, ())


# YAML


YAML = """\
# settings
base: &base
  debug: yes
  hosts:
    - a
    - 'b'
prod:
  <<: *base
  debug: "no"
  port: 8080
text: |
  two
  lines
"""


def test_lines_of_yaml(understand: Understand) -> None:
    seen = understand(f"{HEAD}Y = yaml.safe_load(open('c.yml'))\nA = Y['prod']['debug']\n", files={"c.yml": YAML})
    assert places(seen, "Y") == {
        "base.debug": "c.yml:3", "base.hosts.0": "c.yml:5", "base.hosts.1": "c.yml:6", "prod.debug": "c.yml:9",
        "prod.hosts.0": "c.yml:5", "prod.hosts.1": "c.yml:6", "prod.port": "c.yml:10", "text": "c.yml:11",
    }  # fmt: skip
    assert [hop[1] for hop in seen.value("A").origin.hops] == ["c.yml sets prod.debug to", "c.yml is read"]
    assert seen.name("Y") == yaml.safe_load(YAML)


SCALARS = """\
yes No on OFF true FALSE y n null ~ Null 1 -1 +1 0 007 0o7 0x1F 0b11 1_000 1:30 190:20:30 1.5 -0.5 1e3 1.5e3 1.0e+3 .5 5. .inf
-.INF .nan 2020-01-01 2001-12-14t21:59:43.10-05:00 "yes" 'no' !!str yes !!int "3" !!float 1 !!bool "on" !!null x a=b = << 1.2.3
0.0.0.0 ${HOME} %(x)s @x 08 1__0 _1 0x_ 1e5 12e03 +.5 -5e-1 "1" [a,b] [yes, 1, [x]] {a: 1, 2: b} {yes: no} {~: 1} [] {} 'it''s'
"a\\tb" http://x:1/ a:b :a a#b -x ? true_ TRUEE nULL NULL True
""".split()


def real(value: Any) -> Any:  # noqa: ANN401 - plain data
    """Return what PyYAML gives as our tests show it."""
    if isinstance(value, dict):
        return {key: real(item) for key, item in value.items()}
    if isinstance(value, list):
        return [real(item) for item in value]
    return "?unknown" if isinstance(value, dt.date | set) else value


def same_yaml(understand: Understand, text: str, call: str = "yaml.safe_load(T)") -> None:
    """Check that a text is read as PyYAML reads it."""
    try:
        kind, value = "value", real(eval(call, {"yaml": yaml, "T": text}))
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        kind, value = "error", type(error).__name__
    seen = understand(f"{HEAD}T = {text!r}\nA = {call}\n")
    if kind == "error":
        assert seen.stopped or "python/" in text, (text, value, seen.name("A"))
        return
    assert not seen.stopped, (text, seen.stopped, value)
    assert repr(seen.name("A")) == repr(value), text


@pytest.mark.parametrize("call", ["yaml.safe_load(T)", "yaml.full_load(T)", "yaml.load(T, Loader=yaml.BaseLoader)"])
def test_scalars_of_yaml(understand: Understand, call: str) -> None:
    for scalar in SCALARS:
        same_yaml(understand, f"a: {scalar}\n", call)
        same_yaml(understand, f"- {scalar}\n", call)
    same_yaml(understand, YAML, call)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x {b: 1}\nc: *x\n", "a: *nope\n", "x: &a [1]\ny: &a [2]\nz: *a\n", "<<: [{a: 1}, {a: 2, b: 3}]\nb: 4\n",
        "a: 1\na: 2\n", "? [1]\n: 2\n", "a: !!set {x, y}\n", "a: !!python/tuple [1]\n", "a: !own 1\n", "--- 1\n", "", "# c\n",
        "a: !!binary aGk=\n", "a:\n\t- b\n", "a: b: c\n", "[1, 2", "a: {<<: {b: 1}, c: 2}\n", "<<: *x\n", "- - - 1\n",
        "a: 'x\n", "%YAML 1.1\n---\na: 1\n", "a: |\n  x\n b\n", "&a [*a]\n", "a: !!int x\n", "a: !!timestamp 2020-01-01\n",
        "b: &b {x: 1}\na:\n  <<: [*b, *b]\n  <<: {y: 2}\n", "!!str \na: ",
        "a: !!int [1]\n",
    ],
)  # fmt: skip
def test_texts_of_yaml(understand: Understand, text: str) -> None:
    if "*a]" in text:
        found = understand(f"{HEAD}A = yaml.safe_load({text!r})\n")
        assert found.name("A") == ["?unknown"]
        return
    same_yaml(understand, text)


PIECES = st.lists(
    st.sampled_from(
        ["a: ", "b: ", "- ", "\n", "  ", "yes", "1", "x", "'q'", "&n ", "*n", "<<: ", "[", "]", "{", "}", ", ", "# c", "0x1f",
         "|\n", ": ", "!!str ", "null", "1:2", "~", "---\n", '"d"']
    ),
    max_size=14,
).map("".join)  # fmt: skip


@settings(
    max_examples=int(os.environ.get("BATTEN_FILES", "300")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(PIECES)
def test_any_text_of_yaml(understand: Understand, text: str) -> None:
    try:
        again = "&n" in text and yaml.safe_load(text) is not None
    except Exception:  # noqa: BLE001 - it is compared below
        again = False
    if again and "*n" in text:
        return  # it may hold itself
    same_yaml(understand, text)


def test_which_loader_reads(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}import other\nclass Own(yaml.SafeLoader):\n    pass\nA = yaml.load('a: yes', yaml.SafeLoader)\n"
        "B = yaml.load('a: yes', Loader=other.L)\nC = yaml.load('a: yes', Loader=Own)\nD = list(yaml.safe_load_all('1\\n---\\n2'))\n"
        "E = yaml.safe_load(other.T)\nF = yaml.safe_load('[' * 100 + ']' * 100)\nG = yaml.safe_load(b'a: 1')\n"
        "H = yaml.safe_load('x' * 400_000)\n"
    )
    assert (seen.name("A"), seen.name("D"), seen.name("G")) == ({"a": True}, [1, 2], {"a": 1})
    assert [seen.name(name) for name in "BCEFH"] == ["?unknown"] * 5


def test_constructors_of_the_project(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}yaml.SafeLoader.add_constructor('!env', lambda loader, node: os.environ[node.value])\n"
        "A = yaml.safe_load('a: !env X\\nb: text')\nyaml.add_implicit_resolver('!env', None)\nB = yaml.safe_load('a: ${X}\\nb: 1')\n"
    )
    assert seen.name("A") == {"a": "?unknown", "b": "text"}
    assert seen.name("B") == {"?": "?"}


@pytest.mark.parametrize("typ", ["'safe'", "'rt'", "None", "'base'"])
def test_ruamel(understand: Understand, typ: str) -> None:
    reader = eval(f"ruamel.yaml.YAML(typ={typ})", {"ruamel": ruamel})
    for scalar in SCALARS:
        try:
            value = reader.load(f"a: {scalar}\n")["a"]
        except Exception:  # noqa: BLE001 - what is not YAML 1.2 is not compared
            continue
        source = (
            f"import ruamel.yaml\nfrom ruamel.yaml import YAML\nA = YAML(typ={typ}).load({f'a: {scalar}'!r})['a']\n"
        )
        seen = understand(source + "\n")
        if seen.stopped or "?" in str(seen.name("A")):
            continue
        assert seen.name("A") == value, scalar
        assert (seen.name("A") is None) == (value is None)
        assert isinstance(value, type(seen.name("A"))) or isinstance(seen.name("A"), dict | list | int | float), scalar


def test_ruamel_of_files(understand: Understand) -> None:
    seen = understand(
        "import other\nfrom pathlib import Path\nfrom ruamel.yaml import YAML\nyaml = YAML()\nA = yaml.load(Path('c.yml'))['base']\n"
        "B = yaml.load(open('c.yml'))['prod']['port']\nC = YAML(typ=other.T).load('a: 1')\nyaml.version = (1, 1)\n"
        "D = yaml.load('a: yes')\nE = YAML.load('x')\nF = YAML(pure=True).load('a: 1')\n",
        files={"c.yml": YAML},
    )
    assert (seen.name("A"), seen.name("B")) == ({"debug": "yes", "hosts": ["a", "b"]}, 8080)
    assert [seen.name(name) for name in "CDE"] == ["?unknown"] * 3
    assert str(seen.value("B").origin.home) == "c.yml:10"


def test_what_exec_cannot_run_as_a_file_may_write_anything(understand: Understand) -> None:
    for call in ("exec()", "exec(**{'globals': {}})", "exec(b'X = 1')"):
        seen = understand(f"X = 1\n{call}\n")
        assert seen.name("X") == {1, "?unknown"}, call
