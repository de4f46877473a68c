"""`configparser`, by itself and against the real one."""
# ruff: noqa: E501 - one program stands on each line

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Understand

HEAD = "import configparser, os, io\nfrom configparser import ConfigParser, RawConfigParser, ExtendedInterpolation\n"
MAIN = """\
; a comment
[DEFAULT]
home = /srv
Debug: no

[app]
host = 0.0.0.0
port = 8080
debug = Yes
root = %(home)s/app
deep = %(root)s/x
many = a
  b

  c
percent = 100%%
empty =
rate = 1.5
broken = %(nothing)s

[other]
port: 1
name = other
"""
EXTENDED = "[common]\nhost = h\n[app]\nurl = http://${common:host}:${port}/\nport = 80\nbad = ${nope:x}\ncash = $$5\n"
FILES = {
    "app.ini": MAIN,
    "ext.ini": EXTENDED,
    "second.ini": "[app]\nport = 9090\nadded = x\n",
    "bad.ini": "no section\n",
}
PROGRAMS = """\
cp = ConfigParser(); cp.read("app.ini")
cp = RawConfigParser(); cp.read("app.ini")
cp = ConfigParser(interpolation=None); cp.read(["app.ini", "missing.ini"])
cp = ConfigParser(interpolation=ExtendedInterpolation()); cp.read("ext.ini")
cp = ConfigParser(); done = cp.read(["app.ini", "second.ini"])
cp = ConfigParser(); cp.read_file(open("app.ini"))
cp = ConfigParser(); cp.read_string(open("app.ini").read())
cp = ConfigParser(); cp.read_file(["[app]", "port = 5"])
cp = ConfigParser(); cp.read_dict({"app": {"port": 80, "Debug": True, "none": None}, "DEFAULT": {"home": "/h"}})
cp = ConfigParser({"home": "/d", "Port": 1}); cp.read_string("[app]\\nx = %(home)s/%(port)s")
cp = ConfigParser(defaults={"a": "100%"}); cp.read_string("[app]\\nport = 1")
cp = ConfigParser(allow_no_value=True); cp.read_string("[app]\\nflag\\nport = 1")
cp = ConfigParser(delimiters=("=",), comment_prefixes=("//",), inline_comment_prefixes=(";",)); cp.read_string("[app]\\na:b = c ; d\\n// x")
cp = ConfigParser(strict=False); cp.read_string("[app]\\nport = 1\\nport = 2\\n[app]\\nport = 3")
cp = ConfigParser(); cp.read_string("[app]\\nport = 1\\nPort = 2")
cp = ConfigParser(); cp.read_string("[app]\\n[app]")
cp = ConfigParser(default_section="common", interpolation=None); cp.read_string("[common]\\nport=7\\n[app]\\nx=1")
cp = ConfigParser(empty_lines_in_values=False); cp.read_string("[app]\\nx = 1\\n\\n  2")
cp = ConfigParser(); cp.read("bad.ini")
cp = ConfigParser(); cp.optionxform = str; cp.read("app.ini")
cp = ConfigParser(); cp.optionxform = lambda option: option.upper(); cp.read_string("[app]\\nport = 1\\nx = %(port)s")
cp = ConfigParser(converters={"list": lambda text: text.split(",")}); cp.read_string("[app]\\nport = 1,2\\n[other]\\nport=")
cp = ConfigParser(); cp.add_section("app"); cp.set("app", "Port", "5"); cp["other"] = {"port": "6"}; cp["app"]["host"] = "x"
cp = ConfigParser(); cp.add_section("app"); cp.add_section("app")
cp = ConfigParser(); cp.read_dict({"app": {"x": "50%"}})
cp = ConfigParser(); cp.read("app.ini"); cp.set("app", "port", 5)
cp = ConfigParser(); cp.read("app.ini"); cp.remove_option("app", "port"); cp.remove_section("other")
cp = ConfigParser(os.environ); cp.read_string("[app]\\nx = %(set)s")
cp = Own(); cp.read("app.ini")
cp = Upper(); cp.read("app.ini")
cp = Yes(); cp.read("app.ini")
""".splitlines()
OWN = """\
class Own(ConfigParser):
    def get(self, section, option, **kwargs):
        try:
            value = super().get(section, option, **kwargs)
        except (configparser.NoSectionError, configparser.NoOptionError):
            return "5"
        return os.environ.get(option.upper(), value)
class Upper(configparser.RawConfigParser):
    def optionxform(self, name):
        return name.upper()
class Yes(ConfigParser):
    BOOLEAN_STATES = {"yes": True, "no": False, "5": True}
"""
READS = """\
cp.get("app", "port")
cp.get("app", "PORT")
cp.get("app", "home", fallback="f")
cp.get("app", "nope", fallback=None)
cp.get("nope", "nope", fallback="f")
cp.get("app", "root", raw=True, fallback=0)
cp.get("app", "root", vars={"home": "/v"}, fallback=0)
cp.get("app", "nope")
cp.get("nope", "x")
cp.getint("app", "port")
cp.getint("app", "nope", fallback=7)
cp.getint("app", "host", fallback=7)
cp.getfloat("app", "rate", fallback=0.1)
cp.getboolean("app", "debug", fallback=None)
cp.getboolean("other", "debug", fallback=False)
cp.getboolean("app", "port", fallback=True)
cp.getboolean("nope", "debug", fallback=True)
cp["app"]["port"]
cp["app"]["root"]
cp["app"]["nope"]
cp["nope"]["x"]
cp["app"].get("port")
cp["app"].get("nope")
cp["app"].get("nope", "f")
cp["app"].getint("port", 1)
cp["app"].getboolean("debug", fallback=True)
cp["app"].getfloat("rate")
cp.sections()
cp.options("app")
cp.options("nope")
cp.items("app")
dict(cp.items("other"))
dict(cp["other"])
cp.items("app", raw=True)
[name for name in cp]
[section.name for name, section in cp.items()]
"app" in cp
"DEFAULT" in cp
"port" in cp["app"]
"PORT" in cp["app"]
cp.has_section("app")
cp.has_section("DEFAULT")
cp.has_option("app", "home")
cp.has_option("nope", "x")
cp.has_option("", "home")
cp.defaults()
list(cp["app"])
list(cp["app"].keys())
[value for value in cp["other"].values()]
{k: v for k, v in cp["other"].items()}
len(cp["other"])
bool(cp["app"])
cp.get("app", "deep", fallback=0)
cp.get("app", "many", fallback=0)
cp.get("app", "percent", fallback=0)
cp.get("app", "empty", fallback=0)
cp.get("app", "broken", fallback=0)
cp.get("app", "url", fallback=0)
cp.get("app", "bad", fallback=0)
cp.get("app", "cash", fallback=0)
cp.get("app", "x", fallback=0)
cp.getlist("app", "port")
cp.getlist("app", "nope", fallback=[])
cp["app"].parser is cp
cp.get("app", "flag", fallback=0)
""".splitlines()


def plain(value: Any) -> Any:  # noqa: ANN401 - plain data
    """Return what the real one gives as plain data."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def agree(understand: Understand, program: str, read: str, files: dict[str, str]) -> None:
    """Check that a program is understood as CPython runs it, in a directory with the files."""
    source = f"{HEAD}{OWN}{program}\nA = {read}\n"
    names: dict[str, Any] = {}
    try:
        exec(source, names)
        kind, value = "value", plain(names["A"])
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        kind, value = "error", type(error).__name__
    seen = understand(
        source, files=files, env={"SET": "set", "PORT": "1"} if "Own" in program or "environ" in program else {}
    )
    if kind == "error":
        missing = "missing.ini" in program and not seen.stopped and str(seen.name("A")).startswith("?")
        vague = (
            not seen.stopped
            and "?" in str(seen.name("A"))
            and ("environ" in program or "getlist" in read or "Own" in program)
        )
        assert seen.stopped or missing or vague, (program, read, value, seen.name("A"))
        return
    assert not seen.stopped, (program, read, value, seen.stopped)
    ours = seen.name("A")
    if ("environ" in program or "Own" in program) and "?" in str(ours):
        return  # the machine may have set any option
    assert repr(ours) == repr(value), (program, read)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setenv("SET", "set")


@pytest.mark.usefixtures("here")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("program", PROGRAMS)
def test_what_each_program_reads(understand: Understand, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "Own" in program or "environ" in program:
        monkeypatch.setenv("PORT", "1")
    for read in READS:
        agree(understand, program, read, FILES)


LINES = st.sampled_from(
    [
        "[a]", "[b]", "[DEFAULT]", "x = 1", "X: 2", "y = %(x)s!", "z = %(y)s %(x)s", "  more", "", "# c", "; c", "w =", "v",
        "u = a = b", "t = %", "s = %%", "[b", "r = ${x}", "q = ${a:x}", "p = ${b:q}", "x = ${y}", "\tindent = 1", "[c] x",
        "o = a # b ; c", "n = é", "y = %(y)s",
    ]
)  # fmt: skip
KINDS = ["ConfigParser()", "RawConfigParser()", "ConfigParser(interpolation=ExtendedInterpolation())",
         "ConfigParser(allow_no_value=True)", "ConfigParser(strict=False)"]  # fmt: skip
DUMP = "{name: [cp.get(name, option, raw=True) for option in cp.options(name)] for name in cp.sections()}"


@settings(
    max_examples=int(os.environ.get("BATTEN_FILES", "200")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(LINES, max_size=10).map(lambda lines: "[a]\n" + "\n".join(lines)),
    st.sampled_from(KINDS),
    st.sampled_from(
        [
            DUMP,
            "cp.items('a')",
            "cp.items('b')",
            "dict(cp['b'])",
            "cp.get('a', 'z')",
            "cp.get('b', 'p')",
            "cp.defaults()",
        ]
    ),
)
def test_any_text(understand: Understand, text: str, kind: str, read: str) -> None:
    agree(understand, f"cp = {kind}; cp.read_string({text!r})", read, {})


def test_options_know_their_lines(understand: Understand) -> None:
    source = f"{HEAD}cp = ConfigParser()\ncp.read('conf/app.ini')\nA = cp.get('app', 'port')\nB = cp['app']['root']\n"
    seen = understand(
        f"{source}C = cp.getboolean('app', 'debug')\nD = cp['app']['many']\n", files={"conf/app.ini": MAIN}
    )
    homes = [str(seen.value(name).origin.home) for name in "ABCD"]
    assert homes == ["conf/app.ini:8", "conf/app.ini:10", "conf/app.ini:9", "conf/app.ini:12"]
    assert [hop[1] for hop in seen.value("B").origin.hops] == [
        "conf/app.ini is read",
        "conf/app.ini sets root of [app] to",
        "conf/app.ini sets home of [DEFAULT] to",
    ]
    seen = understand(f"{HEAD}cp = ConfigParser()\ncp.read_file(open('app.ini'))\nA = cp['app']['port']\n", files=FILES)
    assert str(seen.value("A").origin.home) == "app.ini:8"


def test_a_fallback_is_told(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}cp = ConfigParser()\ncp.read('app.ini')\nA = cp.getint('app', 'x', fallback=3)\n", files=FILES
    )
    assert seen.value("A").origin.hops[-1][1] == "no option 'x' in section 'app': fallback"


def test_files_that_are_not_there(understand: Understand) -> None:
    source = f"{HEAD}cp = ConfigParser()\nN = cp.read(['app.ini', 'local.ini'])\nA = cp['app']['port']\n"
    seen = understand(source, files=FILES)
    assert (seen.name("A"), seen.name("N")) == ("8080", ["app.ini"])
    assert seen.facts("config missing")[0][0] == "local.ini"
    seen = understand(
        f"{HEAD}cp = ConfigParser()\ncp.read('local.ini')\nA = cp.get('app', 'port')\nB = cp['app']['x']\n"
    )
    assert (seen.name("A"), seen.name("B")) == ("?external", "?external")
    seen = understand(
        f"{HEAD}cp = ConfigParser()\ncp.read('local.ini')\n"
        "try:\n    A = cp.get('app', 'port')\nexcept configparser.NoSectionError:\n    A = 'none'\n"
    )
    assert seen.name("A") == "none"


def test_a_file_outside_of_the_repository_may_say_anything(understand: Understand) -> None:
    source = f"{HEAD}cp = ConfigParser()\ncp.read(['app.ini', '/etc/app.ini'])\nA = cp.get('app', 'port')\n"
    seen = understand(
        f"{source}B = cp.get('new', 'x', fallback='f')\nC = cp.getint('app', 'y', fallback=5)\nD = cp.sections()\n"
        "E = cp.has_option('app', 'port')\nF = cp.has_option('app', 'q')\nG = 'new' in cp\nH = cp.get('app', 'root')\n"
        "I = cp.items('app')\nJ = dict(cp['app'])\nK = len(cp['app'])\n",
        files=FILES,
    )
    assert seen.name("A") == {"8080", "?unknown"}
    assert seen.name("B") == {"f", "?unknown"}
    assert 5 in seen.name("C")
    assert seen.name("D") == "?"
    assert (seen.name("E"), seen.name("F"), seen.name("G")) == (True, "?unknown", "?unknown")
    assert "?" in str(seen.name("H"))
    assert (seen.name("I"), seen.name("J"), seen.name("K")) == ("?", {"?": "?"}, "?unknown")


def test_what_cannot_be_followed_is_not_known(understand: Understand) -> None:
    for made in (
        "ConfigParser(**other.MORE)",
        "ConfigParser(delimiters=other.D)",
        "ConfigParser(interpolation=other.I)",
        "ConfigParser(interpolation=configparser.LegacyInterpolation())",
    ):
        seen = understand(
            f"{HEAD}import other\ncp = {made}\ncp.read('app.ini')\nA = cp.get('app', 'root')\n", files=FILES
        )
        assert "?" in str(seen.name("A")), made
    seen = understand(
        f"{HEAD}import other\ncp = ConfigParser(other.D)\ncp.read('app.ini')\nA = cp.get('app', 'q')\n", files=FILES
    )
    assert seen.name("A") == "?unknown"
    for done in (
        "cp.read(other.FILES)", "cp.read(open('/x').read())", "cp.read_string(other.text())", "cp.read_dict(other.D)",
        "cp.read_dict({'app': other.D})", "cp.read_file(other.F)", "cp.set(other.S, 'port', '1')", "cp['app'] = other.D",
        "cp[other.S] = {}", "cp.read_dict({'app': {**other.D}})", "cp.optionxform = other.f; cp.read('app.ini')",
    ):  # fmt: skip
        program = f"{HEAD}import other\ncp = ConfigParser()\ncp.read('app.ini')\n{done}\nA = cp.get('app', 'port')\n"
        seen = understand(program, files=FILES)
        assert "?" in str(seen.name("A")), done
    for read in (
        "cp.get(other.S, 'port')", "cp.get('app', other.O)", "cp['app'][other.O]", "cp[other.S]", "cp.items(other.S)",
        "cp.options(other.S)", "cp.has_option(other.S, 'x')", "cp.has_section(other.S)", "cp.get('app', **other.K)",
        "cp.get('app', 'root', raw=other.R)", "cp.get('app', 'root', vars=other.V)", "ConfigParser.get('app', 'port')",
        "ConfigParser.sections()", "cp.get('app', 'port', vars={**other.V})", "other.x in cp", "cp.getboolean('app', other.O)",
        "configparser.SectionProxy.get('x')", "cp.remove_option(other.S, 'x')", "cp.add_section(other.S)",
        "ConfigParser.getint('app')", "ConfigParser.has_option('x')", "ConfigParser.read('x')", "ConfigParser.items('x')",
        "ConfigParser.options()", "ConfigParser.set('x')", "ConfigParser.defaults()", "ConfigParser.has_section('x')",
        "'x' in configparser.SectionProxy(cp, 'app')", "cp.remove_section(other.S)",
    ):  # fmt: skip
        seen = understand(f"{HEAD}import other\ncp = ConfigParser()\ncp.read('app.ini')\nA = {read}\n", files=FILES)
        assert "?" in str(seen.name("A")) or "object" in str(seen.name("A")) or seen.stopped, read


def test_values_that_are_one_of_several(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}import other\ncp = ConfigParser()\ncp.read('app.ini')\n"
        "if os.path.exists('/x'):\n    cp.set('app', 'port', '1')\n    cp.set('app', 'home', '/other')\n"
        "    cp.add_section('maybe')\n    cp.set('maybe', 'x', 'y')\n"
        "A = cp.get('app', 'port')\nB = cp.get('app', 'deep')\nC = cp.get('maybe', 'x', fallback='f')\n"
        "D = cp.getint('app', 'port')\nE = cp.has_section('maybe')\nF = cp.get('app' if os.path.exists('/y') else 'other', 'port')\n"
        "cp.set('app', 'home', open('/z').read())\nG = cp.get('app', 'root')\nH = cp.get('app', 'host')\n"
        "cp.set('app', 'home', '%(port)s')\nI = cp.get('app', 'root')\n"
        "cp.remove_option('app', 'rate')\nJ = cp.getfloat('app', 'rate', fallback=2.5)\n",
        files=FILES,
    )
    assert seen.name("A") == {"8080", "1"}
    assert seen.name("B") == {"/srv/app/x", "/other/app/x"}
    assert seen.name("C") == {"y", "f"}
    assert seen.name("D") == {8080, 1}
    assert seen.name("E") == "?unknown"
    assert seen.name("F") == {"8080", "1"}
    assert str(seen.name("G")).startswith("?")
    assert seen.name("H") == "0.0.0.0"
    assert seen.name("I") == {"8080/app", "1/app"}
    assert seen.name("J") == 2.5


def test_a_parser_that_is_made_in_a_way_of_its_own(understand: Understand) -> None:
    seen = understand(
        f"{HEAD}import other\nclass Env(ConfigParser):\n    def __init__(self, path):\n        super().__init__()\n"
        "        self.read(path)\n    def flag(self, name):\n        return self.getboolean('app', name, fallback=False)\n"
        "    def getboolean(self, section, option, **kwargs):\n"
        "        return super().getboolean(section, option, **kwargs)\n"
        "conf = Env('app.ini')\nA = conf.flag('debug')\nB = conf.flag('nope')\n"
        "class States(ConfigParser):\n    BOOLEAN_STATES = other.STATES\n"
        "s = States()\ns.read('app.ini')\nC = s.getboolean('app', 'debug')\n",
        files=FILES,
    )
    assert [seen.name(name) for name in "ABC"] == [True, False, "?unknown"]
