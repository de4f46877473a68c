"""The standard library as understood, against CPython itself: one expression after another."""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from batten.understand.libraries import backtracking
from batten.understand.libraries.regular import MOST_WORK

if TYPE_CHECKING:
    from .conftest import Outside, Understand

HEAD = """\
import collections, copy, datetime, decimal, enum, hashlib, html, ipaddress, itertools, logging, operator, os, re
import shlex, string, textwrap, typing, urllib.parse, uuid
from collections import ChainMap, OrderedDict, defaultdict
from decimal import Decimal
from urllib.parse import urlparse
URL = "postgres://bob:p%40w@[::1]:5432/shop?sslmode=require&x=1&x=2#f"
class Level(str, enum.Enum):
    LOW = "low"
    HIGH = "high"
    TOP = "high"
class Number(enum.Enum):
    ONE = 1
    TWO = enum.auto()
class Size(enum.IntEnum):
    S = 1
    L = 2
class Word(enum.StrEnum):
    YES = enum.auto()
    NO = "n"
class Mode(enum.Flag):
    R = 1
    W = 2
class Told(enum.Enum):
    A = "a"
    def __str__(self):
        return "told " + self.value
"""
EXPRESSIONS = """\
urlparse(URL).hostname
urlparse(URL).port
urlparse(URL).username
urlparse(URL).password
urlparse(URL).path
urlparse(URL)[1]
urlparse(URL).geturl()
tuple(urlparse(URL))
[*urlparse(URL)][:2]
len(urlparse(URL))
urlparse(URL)._replace(scheme="x", netloc="h").geturl()
urllib.parse.urlsplit(URL).query
urlparse("//[bad").hostname
urlparse("http://h:x").port
urllib.parse.parse_qs(urlparse(URL).query)
urllib.parse.parse_qsl("a=1&b=", keep_blank_values=True)
urllib.parse.quote("a b/ü")
urllib.parse.quote("a/b", safe="")
urllib.parse.quote_plus("a b")
urllib.parse.unquote("%41")
urllib.parse.urlunparse(("http", "h", "/p", "", "q=1", ""))
urllib.parse.urlencode({"a": 1, "b": "x y"})
urllib.parse.urlencode({"a": [1, 2]}, doseq=True)
urllib.parse.urljoin("http://h/a/", "../b")
urllib.parse.unquote_plus("a+b%20c")
urllib.parse.urldefrag(URL).fragment
f"{urlparse(URL).scheme}://{urlparse(URL).hostname}"
bool(urlparse(""))
urlparse(URL) == urlparse(URL)
urllib.parse.ParseResult("http", "h", "", "", "", "").geturl()
str(Decimal("1.10") * 2)
Decimal(1) == 1
int(Decimal("5.9"))
float(Decimal("0.5"))
bool(Decimal(0))
-Decimal(1) < 0
Decimal("x")
Decimal(1) / 0
f"{Decimal('1.5')}"
f"{Decimal('1.5'):.2f}"
"%s" % Decimal("1")
sorted([Decimal(2), Decimal(1)])[0] == 1
str(Decimal("1.005").quantize(Decimal("0.01")))
isinstance(Decimal(1), Decimal)
max(Decimal(1), 2) == 2
datetime.timedelta(days=7).total_seconds()
datetime.timedelta(hours=1).seconds
str(datetime.timedelta(minutes=5))
datetime.timedelta(days=1) * 2 > datetime.timedelta(hours=30)
not datetime.timedelta(0)
datetime.timedelta(1) in [datetime.timedelta(days=1)]
uuid.UUID("12345678123456781234567812345678").hex
str(uuid.UUID(int=5))
uuid.UUID("x")
uuid.uuid5(uuid.NAMESPACE_DNS, "shop.example.com").hex
str(uuid.uuid3(uuid.NAMESPACE_URL, name="https://shop.example.com"))
uuid.uuid5(uuid.NAMESPACE_OID, "1") == uuid.uuid5(uuid.NAMESPACE_X500, "1")
ipaddress.ip_address("10.0.0.1") in ipaddress.ip_network("10.0.0.0/8")
ipaddress.ip_address("127.0.0.1").is_loopback
str(ipaddress.ip_network("10.0.0.0/8"))
ipaddress.ip_network("::/64").prefixlen
ipaddress.ip_address("::1").version
ipaddress.ip_network("10.0.0.1/8")
ipaddress.ip_network("10.0.0.1/8", strict=False).num_addresses
re.sub("^postgres://", "postgresql://", URL)
re.split(r"[,\\s]+", "a, b c")
re.findall(r"\\d+", "1 22")
re.escape("a.b")
re.match(r"(\\w+)://(\\w+):", URL).group(2)
re.match("x", URL)
bool(re.search("shop", URL))
re.match("(?P<a>.)", "x")["a"]
re.match("(?P<a>.)(?P<b>.)", "xy").groupdict()
re.match("(.)(.)", "xy").groups()
re.match("a", "abc").span()
re.compile("^on$", re.I).match("ON") is not None
re.compile("x").sub("y", "axx", count=1)
re.compile("x").pattern
[m.group() for m in re.finditer("a.", "abacad")]
[m.start() for m in re.compile("a").finditer("aba")]
re.sub("(a)", r"<\\1>", "banana", count=2)
re.fullmatch("a+", "aaa").end()
re.subn("a", "b", "aa")
re.split("(,)", "a,b")
re.match("(", "x")
re.match(b"a", "x")
re.sub("a", "b")
re.sub("A", "b", "aA", flags=re.IGNORECASE | re.M)
re.search("x", "y") or "none"
re.match("a|b", "b").group(0)
OrderedDict([("a", 1)])
dict(OrderedDict(a=1, b=2))
list(OrderedDict(b=1, a=2))
OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1)
OrderedDict(a=1, b=2) == {"b": 2, "a": 1}
OrderedDict({"x": 1}, y=2)["y"]
len(OrderedDict(a=1))
OrderedDict(a=1).get("z", 0)
defaultdict(list)["x"]
defaultdict(int, a=1)["a"]
defaultdict(lambda: 5)["q"]
"x" in defaultdict(list)
defaultdict(None, a=1)["b"]
ChainMap({"a": 1}, {"a": 2, "b": 3})["b"]
ChainMap({"a": 1}, {"a": 2})["a"]
ChainMap({}, {"c": 1}).get("z", 9)
"c" in ChainMap({}, {"c": 1})
dict(ChainMap({"a": 1}, {"a": 2, "b": 3}))
{**ChainMap({"a": 1}, {"a": 2, "b": 3})}
list(ChainMap({"a": 1}, {"b": 3}))
list(ChainMap({"a": 1}, {"b": 3}).keys())
sorted(ChainMap({"a": 1}, {"b": 3}).items())
sorted(ChainMap({"a": 1}, {"b": 3}).values())
ChainMap({"a": 1}).new_child({"a": 0})["a"]
ChainMap({"a": 1}).new_child()["a"]
ChainMap({"a": 1}, os.environ)["SET"]
ChainMap({"SET": "mine"}, os.environ)["SET"]
ChainMap(os.environ, {"SET": "mine", "UNSET": "other"})["UNSET"]
ChainMap({}, {})["nope"]
"z" in ChainMap({"a": 1}, os.environ)
ChainMap().get("a")
ChainMap(os.environ, {"UNSET": 1}).get("UNSET")
list(itertools.chain([1], (2, 3), "ab"))
list(itertools.chain.from_iterable([[1], [2]]))
[*itertools.chain()]
[(b.append(2), a, b) for a in [[1]] for b in [copy.copy(a)]]
[(b[0].append(2), a, b) for a in [[[1]]] for b in [copy.copy(a)]]
[(b[0].append(2), a, b) for a in [[[1]]] for b in [copy.deepcopy(a)]]
copy.deepcopy({"a": {"b": (1, {2})}})
copy.copy({"a": 1})
copy.deepcopy(1)
copy.copy("x")
copy.deepcopy(OrderedDict(a=[1]))
copy.deepcopy(Decimal(1)) == 1
operator.add(1, 2)
operator.itemgetter("a")({"a": 1})
operator.itemgetter(0, 1)("xyz")
operator.not_(0)
operator.lt(1, 2)
operator.attrgetter("name")(Number.ONE)
operator.or_({"a": 1}, {"b": 2})
operator.mod("%s", 1)
sorted([(2, 1), (1, 2)], key=operator.itemgetter(1))
string.ascii_letters
string.digits + string.punctuation
string.capwords("a b")
textwrap.dedent("  a\\n  b")
shlex.split("a 'b c' # d", comments=True)
shlex.quote("a b")
shlex.join(["a", "b c"])
html.escape("<a>")
html.unescape("&lt;")
shlex.split("'")
string.Template("$a-${b}-$$").substitute(a=1, b="x")
string.Template("$a $z").safe_substitute({"a": 1})
string.Template("$a").substitute({"a": 2}, a=3)
string.Template("$missing").substitute(a=1)
string.Template("$ x").substitute()
hashlib.sha256(b"abc").hexdigest()
hashlib.md5(b"x", usedforsecurity=False).hexdigest()
hashlib.sha1().digest()
hashlib.sha512("é".encode()).hexdigest()
hashlib.sha256("text").hexdigest()
logging.DEBUG
getattr(logging, "INFO")
logging.getLevelName("ERROR")
logging.getLevelName(10)
logging.getLevelName("X")
logging.WARN
typing.cast(str, 5)
typing.cast("int", val="x")
Level("low") == "low"
Level.LOW.value
Level.LOW.name
Level.TOP is Level.HIGH
Level["TOP"].name
Level.LOW in ("low",)
str(Level.LOW)
Level("nope")
Level["nope"]
[m.value for m in Level]
[m.name for m in Number]
len(Level)
Number.TWO.value
Number(2).name
Number.ONE == 1
list(Level.__members__)
Number.ONE is Number(1)
Number.ONE != Number.TWO
Number.ONE in (Number.TWO,)
{Number.ONE: "a", Number.TWO: "b"}[Number.TWO]
{Level.LOW: 1}["low"]
Size.S < Size.L
Size.L + 1
Size(2) == 2
max(Size) == 2
[1, 2][Size.S]
Size.S in [1]
{1: "one"}[Size.S]
Word.YES.value
Word.NO == "n"
str(Word.NO)
f"{Word.NO}!"
Word.YES.upper()
"x-" + Word.NO
"n" in Word.__members__
(Mode.R | Mode.W) == Mode(3)
Mode.R in (Mode.R | Mode.W)
bool(Mode.R & Mode.W)
f"{Size.S}"
str(Told.A)
f"{Told.A}"
Told("a").value
"%s" % Told.A.value
Told.A == "a"
not Told.A
Level.LOW.upper()
Level.LOW.startswith("l")
"%s" % Level.LOW.value
{"low": 1}.get(Level.LOW)
Level.LOW + "er"
Level.LOW or 1
[k.value for k in {Number.ONE: 1}]
[k for k, v in {Level.HIGH: 1}.items()] == [Level.HIGH]
list({Number.TWO: 1}) == [Number.TWO]
""".splitlines()
REAL = """
import os
os.environ.clear()
os.environ.update({"SET": "set"})
names = {}
exec(data[0], names)

def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if value is None or type(value) in (bool, int, float, str) else "<object>"

answer = []
for source in data[1]:
    try:
        answer.append(["value", plain(eval(source, names))])
    except Exception as error:
        answer.append(["error", type(error).__name__])
"""


def flat(value: object) -> object:
    """Return what we understood in the shape that the other process answers in."""
    if isinstance(value, list | tuple):
        return [flat(item) for item in value]
    if isinstance(value, dict):
        return {str(flat(key)): flat(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, str) and value.startswith("<") and "." in value:
        return "<object>"
    return value if value is None or isinstance(value, bool | int | float | str) else "<object>"


@pytest.mark.process
def test_expressions_are_what_cpython_makes_of_them(understand: Understand, outside: Outside) -> None:
    for source, (kind, value) in zip(EXPRESSIONS, outside(REAL, [HEAD, EXPRESSIONS]), strict=True):
        seen = understand(f"{HEAD}A = {source}\n", env={"SET": "set"})
        if kind == "error":
            assert seen.stopped, (source, value, seen.name("A") if "A" in seen.names else "")
            continue
        assert not seen.stopped, (source, seen.stopped)
        assert flat(seen.name("A")) == value, source


NOT_FOLLOWED = """\
urlparse(b"http://h/").netloc
re.sub("a", lambda m: "b", "a")
re.match("(a|a)*b", "a" * 60)
re.match("x" * 2000, "x")
re.match("x", "x" * 30_000)
re.sub("a", "b", "a", **other.MORE)
re.compile(other.PATTERN).sub("a", "b")
re.compile("a", **other.MORE)
urlparse(other.URL).hostname
urllib.parse.urlencode(other.DATA)
urllib.parse.urlencode(**other.DATA)
urllib.parse.quote("a", **other.DATA)
urlparse(URL)._replace(**other.DATA)
f"{Level.LOW}"
str(Size.S)
Level(other.X)
Number(other.X).value
hashlib.sha256(other.DATA).hexdigest()
hashlib.sha256(b"a", **other.DATA).hexdigest()
string.Template(other.TEXT).substitute(a=1)
string.Template("$a").substitute(other.DATA)
ChainMap(*other.MAPS)["a"]
ChainMap({"a": 1}, other.MAP)[other.KEY]
"a" in ChainMap(other.MAP, {"a": 1})
ChainMap(dict(**other.MAP), {"a": 1})["a"]
list(itertools.chain([1], other.LIST))
list(itertools.chain(*other.LISTS))
list(itertools.chain.from_iterable(other.LISTS))
copy.deepcopy(other.THING)
copy.copy(os.environ)
copy.deepcopy(os.environ)
operator.add(1)
operator.itemgetter(*other.NAMES)({"a": 1})
operator.attrgetter(other.NAME)(Number.ONE)
defaultdict(list, **other.MORE)["a"]
OrderedDict(other.PAIRS)["a"]
socket.gethostname()
platform.node()
subprocess.check_output(["x"])
getpass.getuser()
multiprocessing.cpu_count()
logging.getLevelName(other.LEVEL)
typing.cast(str)
shlex.join(other.PARTS)
""".splitlines()


@pytest.mark.parametrize("source", NOT_FOLLOWED)
def test_what_cannot_be_told_is_not_known(understand: Understand, source: str) -> None:
    head = f"{HEAD}import other, socket, platform, subprocess, getpass, multiprocessing\n"
    found = understand(f"{head}A = {source}\n").name("A")
    assert str(found).startswith("?"), found


def test_members_of_what_the_class_makes_itself(understand: Understand) -> None:
    seen = understand(
        "import enum, other\nclass Own(enum.Enum):\n    A = 1\n    B = other.B\n    C = other.C\n"
        "class Built(enum.Enum):\n    A = 1\n    B = 1\n"
        "    def __init__(self, value):\n        self.twice = value * 2\n"
        "class Missing(enum.Enum):\n    A = 1\n    @classmethod\n    def _missing_(cls, value):\n        return cls.A\n"
        "A = Own.A.value\nB = Own.B.value\nC = Own.C.name\nD = Own(1)\nE = Own.A is Own.B\nF = Built.A.value\n"
        "G = Built.A is Built.B\nH = Missing(5)\nI = Own['A'].name\nJ = Missing(1).name\n"
    )
    assert [seen.name(name) for name in "ABCEFGIJ"] == [
        1, "?unknown", "?unknown", "?unknown", "?unknown", True, "A", "A",
    ]  # fmt: skip
    assert str(seen.name("D")) == str(seen.name("H")) == "?unknown"


def test_a_member_chosen_by_a_variable_keeps_its_history(understand: Understand) -> None:
    source = (
        "import enum, os\nclass Env(str, enum.Enum):\n    DEV = 'dev'\n    PROD = 'prod'\n"
        "NOW = Env(os.environ.get('ENV', 'prod'))\nDEBUG = NOW == Env.DEV\nWHICH = NOW.value\n"
    )
    seen = understand(source)
    assert (seen.name("DEBUG"), seen.name("WHICH")) == (False, "prod")
    assert seen.value("DEBUG").origin.unset == {"ENV"}
    assert understand(source, env={"ENV": "dev"}).name("DEBUG") is True
    assert "refuses" in understand(source, env={"ENV": "staging"}).stopped


def test_an_undecided_member_is_one_of_them(understand: Understand) -> None:
    seen = understand(
        "import enum, os\nclass Env(enum.Enum):\n    DEV = 'dev'\n    PROD = 'prod'\n"
        "NOW = Env('dev' if os.path.exists('/x') else 'prod')\nA = NOW.value\nB = NOW is Env.DEV\n"
        "try:\n    C = Env(open('/y').read()).value\nexcept ValueError:\n    C = 'none'\n"
    )
    assert seen.name("A") == {"dev", "prod"}
    assert seen.name("B") == {True, False}
    assert "none" in seen.name("C")


def test_a_program_that_may_fail_may_be_caught(understand: Understand) -> None:
    seen = understand(
        "import subprocess, logging, warnings\nlog = logging.getLogger(__name__)\n"
        "try:\n    A = subprocess.check_output(['git']).decode().strip()\nexcept Exception:\n    A = 'none'\n"
        "try:\n    log.debug('x')\n    warnings.warn('y')\n    B = 1\nexcept Exception:\n    B = 2\n"
    )
    assert (seen.name("A"), seen.name("B")) == ({"?runtime", "none"}, 1)


def test_an_object_that_is_hashed_piece_by_piece(understand: Understand) -> None:
    seen = understand("import hashlib\nh = hashlib.sha256()\nh.update(b'a')\nh.update(b'bc')\nA = h.hexdigest()\n")
    assert seen.name("A").startswith("ba7816bf")


def test_an_ordinary_dict_inside_another_is_made_once(understand: Understand) -> None:
    seen = understand(
        "from collections import defaultdict\nD = defaultdict(dict)\nD['a']['b'] = 1\nD['a']['c'] = 2\n"
        "L = defaultdict(list)\n"
        "L['x'].append(1)\nL['x'].append(2)\nA = D['a']\nB = L['x']\nC = D.get('q')\nE = list(D)\n"
    )
    assert [seen.name(name) for name in "ABCE"] == [{"b": 1, "c": 2}, [1, 2], None, ["a"]]


PARTS = st.sampled_from(
    ["a", "b", ".", r"\w", r"\d", "[ab]", "[^a]", "(a|b)", "(a|aa)", "(?:ab)?", "$", "^", r"\b", "(?=a)", "x", "(?i:a)"]
)
PATTERNS = st.lists(
    st.builds("".join, st.tuples(PARTS, st.sampled_from(["", "", "*", "+", "?", "{2,}", "*?", "{1,30}", "++"]))),
    max_size=6,
).map("".join)


@settings(max_examples=int(os.environ.get("BATTEN_PATTERNS", "150")), deadline=None)
@given(PATTERNS, st.sampled_from(["a" * 40, "ab" * 30, "a" * 30 + "x", "aab1" * 12, "a" * 200 + "b", "word " * 30]))
def test_an_expression_that_is_followed_takes_no_time(pattern: str, text: str) -> None:
    try:
        work = backtracking.work(pattern, 0, text)
    except re.error:
        return
    if work <= MOST_WORK:
        began = time.process_time()
        re.findall(pattern, text)
        assert time.process_time() - began < 1.5


def test_words_for_yes_and_no(understand: Understand) -> None:
    seen = understand(
        "import other\nfrom distutils.util import strtobool\nA = [strtobool('Yes'), strtobool('OFF')]\n"
        "try:\n    B = strtobool('perhaps')\nexcept ValueError:\n    B = 'refused'\nC = strtobool(other.word)\n"
    )
    assert [seen.name(name) for name in "ABC"] == [[1, 0], "refused", "?unknown"]


def test_a_directory_put_on_the_path_is_searched(understand: Understand) -> None:
    seen = understand(
        "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))\n"
        "sys.path.append('more')\nsys.path.append('nowhere')\nimport one, two\nA, B = one.X, two.X\n"
        "P = list(sys.path)\n",
        files={"lib/one.py": "X = 'lib'\n", "more/two.py": "X = 'more'\n"},
    )
    assert [seen.name(name) for name in "AB"] == ["lib", "more"]
    assert seen.name("P") == "?"


def test_what_the_server_alone_knows_is_not_known(understand: Understand) -> None:
    seen = understand(
        "import functools, importlib, os, other\nA = os.path.abspath(other.path)\nB = os.path.exists('nowhere.txt')\n"
        "C = functools.partial()\nD = importlib.import_module(other.name)\nE = importlib.reload(other.module)\n"
        "F = os.path.isfile('app.py')\nG = functools.reduce(other.add, other.items)\n"
    )
    assert [seen.name(name) for name in "ABCDEFG"] == [*["?unknown"] * 5, True, "?unknown"]


def test_leaving_ends_the_program(understand: Understand) -> None:
    assert understand("exit('bye')\n").stopped == "the app refuses to start: bye"
    assert understand("import other\nquit(other.code)\n").stopped == "the app refuses to start: the program exits"
    assert understand("import sys\nsys.exit()\n").stopped == "the app refuses to start: the program exits"


def test_text_that_is_escaped_is_text_beside_flask_too(understand: Understand) -> None:
    assert understand("import flask\nimport html\nA = html.escape('<a>')\n").name("A") == "&lt;a&gt;"
