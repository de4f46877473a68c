"""Programs with pydantic: types with values for them, and what settings files write around models.

A program binds names that begin with `r`; those are compared with what the real library makes.
"""

from __future__ import annotations

from tests.understand.libraries.pydantic_process import Program

IMPORTS = """\
import enum, os, re, typing
from collections.abc import Mapping as AnyMapping, Sequence as AnySequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Dict, FrozenSet, List, Literal, Optional, Set, Tuple, Union
class Mode(str, enum.Enum):
    DEV = 'dev'
    PROD = 'prod'
class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2
class Kind(enum.Enum):
    ONE = 1
    TWO = 'two'
class Ratio(float, enum.Enum):
    HALF = 0.5
class Loose(enum.Enum):
    A = 'a'
    @classmethod
    def _missing_(cls, value):
        return cls.A
class Plain:
    pass
class Holder:
    def __init__(self, x=1):
        self.x = x
"""
NEW = """\
from pydantic import (
    AfterValidator, AnyUrl, BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, Json, PlainValidator, PositiveInt,
    NonNegativeFloat, NegativeInt, PostgresDsn, RedisDsn, SecretBytes, SecretStr, StrictBool, StrictInt, StrictStr,
    StringConstraints, ValidationError, WrapValidator, conint, conlist, constr, confloat, conset, field_validator,
    model_validator, computed_field, PrivateAttr, AliasChoices, AliasPath, Strict, SkipValidation, AmqpDsn, MySQLDsn,
    FilePath, DirectoryPath, ByteSize, validator, root_validator, field_serializer, RootModel, TypeAdapter,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, NoDecode
"""
OLD = """\
from pydantic.v1 import (
    AnyUrl, AnyHttpUrl, BaseModel, BaseSettings, Field, HttpUrl, Json, PositiveInt, NonNegativeFloat, NegativeInt,
    PostgresDsn, RedisDsn, SecretBytes, SecretStr, StrictBool, StrictInt, StrictStr, ValidationError, conint, conlist,
    constr, confloat, conset, validator, root_validator, PrivateAttr, AmqpDsn, FilePath, ByteSize, Extra,
)
"""
TRIED = """\
class Inner(BaseModel):
    a: int = 1
    b: str = 'b'
class Other(BaseModel):
    c: int
def tried(make):
    try:
        return make()
    except ValueError:
        return 'refused'
    except Exception as error:
        return type(error).__name__
"""

BOTH_TYPES = """
bool | int | float | str | bytes | Any | None | object
Optional[int] | Optional[str] | Union[int, str] | Union[str, int] | Union[bool, int, None] | Union[int, float]
Union[List[int], str] | Union[Dict[str, int], List[str]] | Union[bool, str] | Union[Mode, str] | Union[float, bool]
Literal['dev', 'prod'] | Literal[1, 2] | Literal['1', 1] | Optional[Literal['dev']] | Literal[True, 'x']
Mode | Level | Kind | Ratio | Loose | Optional[Mode] | List[Mode]
List[int] | List[str] | list | list[float] | Set[int] | set[str] | FrozenSet[str] | tuple | Tuple[int, ...]
Tuple[int, str] | tuple[str, ...] | Dict[str, int] | dict | dict[int, str] | Dict[str, Any] | Dict[str, List[int]]
AnySequence[int] | AnyMapping[str, int] | List[Optional[int]] | List[List[int]] | typing.Sequence
SecretStr | SecretBytes | Optional[SecretStr] | List[SecretStr] | Path | Optional[Path] | List[Path]
AnyUrl | HttpUrl | PostgresDsn | RedisDsn | AmqpDsn | Optional[HttpUrl] | List[AnyUrl] | Union[HttpUrl, str]
Json | Json[int] | Json[List[int]] | StrictBool | StrictInt | StrictStr | PositiveInt | NonNegativeFloat | NegativeInt
conint(gt=0, le=10) | constr(min_length=2, max_length=4) | conlist(int, min_items=1) | confloat(ge=0.5)
constr(strip_whitespace=True) | constr(to_lower=True) | conset(str, min_items=1) | Inner | Optional[Inner]
List[Inner] | Dict[str, Inner] | Union[Inner, Other] | Union[Inner, str] | typing.Text | typing.Callable | type
'int' | 'List[str]' | timedelta | Decimal | re.Pattern | ByteSize
"""
NEW_TYPES = """
Annotated[int, Field(gt=0)] | Annotated[str, Field(min_length=2)] | Annotated[int, Strict()]
Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True)] | Annotated[list[int], Field(max_length=2)]
Annotated[int, AfterValidator(lambda v: v * 2)] | Annotated[int, BeforeValidator(lambda v: str(v).strip())]
Annotated[str, PlainValidator(lambda v: v)] | Annotated[int, WrapValidator(lambda v, handler: handler(v) + 1)]
Annotated[str, 'a note'] | int|None | str|int | list[int]|str | SkipValidation[int] | MySQLDsn
Annotated[float, Field(multiple_of=0.5)] | Annotated[SecretStr, Field(min_length=3)] | typing.Final[int]
Annotated[int, Field(strict=True)] | Annotated[dict[str, int], Field(min_length=1)]
Annotated[bool, Field(strict=True)]
Annotated[Union[int, str], Field(union_mode='left_to_right')] | conint(strict=True) | constr(pattern='a+')
"""
VALUES = (
    "True", "False", "0", "1", "2", "-3", "1.0", "1.5", "'1'", "'0'", "'true'", "'off'", "'yes'", "' 1 '", "''", "'x'",
    "'dev'", "'abcde'", "None", "b'ab'", "[]", "[1, 2]", "['1', 'x']", "(1, 'a')", "{1}", "{'a': 1}",
    "{'a': '2', 'b': 3}", "{'1': 'x'}",
    "{'c': 5}", "'[1, 2]'", "'{\"a\": 1}'", "Mode.DEV", "Level.LOW", "Kind.TWO", "Inner()", "Other(c=1)",
    "Path('/srv/x')", "SecretStr('abc')", "'https://user:pw@Example.com:8443/a?b=c#d'", "'redis://h:1/0'",
    "'postgres://u:p@h/db'", "'http://x'", "'amqp://u:p@h//'", "'1e3'", "'1_000'", "'+5'", "'nan'", "10**20", "'  Ab '",
    "[[1], ['2']]", "['dev']", "[None, 1]", "{'x': {'a': 2}}", "[{'a': 3}]", "{'x': [1]}", "int", "len", "range(2)",
    "frozenset({'a'})", "{'a'}", "'0.5'", "'/etc'", "'a@b.example'", "'mysql://u:p@h/d'", "Holder()", "'2.50'", "1e400",
)  # fmt: skip


def of_types(*, old: bool) -> list[Program]:
    """Return a program for each type: every value in turn."""
    lines = BOTH_TYPES if old else BOTH_TYPES + NEW_TYPES
    wanted = [one.strip() for line in lines.strip().splitlines() for one in line.split(" | ")]
    found = []
    for type_ in filter(None, dict.fromkeys(wanted)):
        written = type_ if old else type_.replace("min_items", "min_length")
        head = f"{IMPORTS}{OLD if old else NEW}{TRIED}class M(BaseModel):\n    x: {written}\n"
        body = "".join(f"r{index} = tried(lambda: M(x={value}).x)\n" for index, value in enumerate(VALUES))
        found.append(Program(head + body))
    return found


def _programs(text: str, head: str) -> list[Program]:
    """Return the programs of a text: blocks parted by `--`, `env NAME=value` and `file NAME: text` before a source."""
    found = []
    for block in text.strip("\n").split("\n--\n"):
        lines = block.split("\n")
        env: dict[str, str] = {}
        files: dict[str, str] = {}
        while lines and lines[0].startswith(("env ", "file ")):
            kind, _, rest = lines.pop(0).partition(" ")
            name, _, value = rest.partition("=" if kind == "env" else ": ")
            (env if kind == "env" else files)[name] = value.replace("\\n", "\n")
        found.append(Program(head + "\n".join(lines) + "\n", env, files))
    return found


def written(*, old: bool) -> list[Program]:
    """Return the programs that stand in the texts below."""
    head = IMPORTS + (OLD if old else NEW) + TRIED
    return _programs(_OLD_TEXT if old else _NEW_TEXT, head)


_NEW_TEXT = r"""
file .env: A=1\nB=one\nC=\nD\n
file .env.two: A=\nB=two\nC=3\nD=4\n
env D=
class S(BaseSettings):
    model_config = SettingsConfigDict(env_file=('.env', '.env.two'), env_ignore_empty=True)
    a: int = 0
    b: str = ''
    c: int = 0
    d: Optional[int] = 9
r = S()
--
file .env: DB__HOST=h\nDB__PORT=1\n
env DB__PORT=2
class Db(BaseModel):
    host: str = 'localhost'
    port: int = 5432
class S(BaseSettings):
    model_config = SettingsConfigDict(env_file='.env', env_nested_delimiter='__')
    db: Db = Db()
r = S()
--
class S(BaseSettings):
    model_config = SettingsConfigDict(env_file=['/nowhere/of/this/.env', '~/.no.such.env'])
    a: int = 1
r = S()
--
class S(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=os.environ.get('PREFIX', 'P_'), env_file=os.environ.get('FILES', None))
    a: int = 1
r = S()
--
class M(BaseModel):
    model_config = ConfigDict(ignored_types=(int,))
    a = 1
    b: int = 2
r = M().b
--
class Mixin:
    size: int = 3
class M(Mixin, BaseModel):
    x: int = 1
r = M()
r1 = M(size='4').size
--
class Mixin:
    def twice(self):
        return self.x * 2
class M(Mixin, BaseModel):
    x: int = 1
    def other(self):
        return 5
r1 = M(x=3).twice()
--
class A(BaseModel):
    x: int = 1
    @field_validator('x')
    @classmethod
    def check(cls, v):
        return v + 1
class B(A):
    y: typing.Final[int] = 5
    def check(self):
        return 0
r1 = A(x=1).x
r2 = B(x=1).x
r3 = B().check()
--
class M(BaseModel):
    names = ('x',)
r = 1
--
class S(BaseSettings):
    port = 5
r = 1
--
class M(BaseModel):
    if os.environ.get('BIG'):
        x: int = 5
    else:
        x: int = 6
    try:
        y: int = 7
    except ValueError:
        pass
r = M()
--
class M(BaseModel):
    x: list = Field(default_factory=None, default=[1])
    y: int = Field(**{'default': 4, 'gt': 3})
r1 = M().x
r2 = M().y
r3 = tried(lambda: M(y=2).y)
--
env MODE=PROD
env LEVEL=2
env KIND=ONE
env IN__MODE=DEV
class Inside(BaseModel):
    mode: Mode = Mode.PROD
class S(BaseSettings):
    model_config = SettingsConfigDict(env_parse_enums=True, env_nested_delimiter='__')
    mode: Mode = Mode.DEV
    level: Level = Level.LOW
    kind: Kind = Kind.TWO
    in_: Inside = Field(Inside(), alias='IN')
r1 = S().mode.value
r2 = S().level.value
r3 = S().kind.value
r4 = S().in_.mode.value
--
env ITEMS=1,2
class S(BaseSettings):
    items: list[int] = []
r = tried(lambda: S().items)
--
env ITEMS=1,2
env PAIR=null
env OTHER=[1]
class S(BaseSettings):
    items: Union[list[int], str] = []
    pair: dict = {}
    other: Union[str, list[int]] = 'x'
r = S()
--
env DB__HOST=h
env DB__PORT=6
env DB__HOST__NAME=x
class Db(BaseModel):
    host: str = 'localhost'
    port: int = 5432
class S(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter='__')
    db: Db = Db()
r = tried(lambda: S().db.host)
--
env DB={"Host": "h", "inner": {"a": 3}}
env DB__PORT=6
env DB__INNER__B=bb
env DB__TAGS=["t"]
env DB__MORE={"k": 1}
env DB__EMPTY=
class Db(BaseModel):
    host: str = 'localhost'
    port: int = 5432
    inner: Inner = Inner()
    tags: Annotated[list[str], Field(min_length=1)] = ['x']
    more: dict[str, int] = {}
    empty: str = 'e'
class S(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter='__')
    db: Optional[Db] = None
r = S()
--
env BAG__A=1
env BAG__B={"c": 2}
env BAG__D=x
env LOOSE__A__B=1
env DEEP__K__A=5
class S(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter='__')
    bag: dict[str, Any] = {}
    loose: dict = {}
    deep: dict[str, Inner] = {}
r = S()
--
env DB_HOST_NAME=h
env DB_PORT=6
class Db(BaseModel):
    host_name: str = 'localhost'
    port: int = 5432
class S(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter='_', env_nested_max_split=1)
    db: Db = Db()
r = S()
--
env DB__host=h
env db__port=6
class Db(BaseModel):
    host: str = 'localhost'
    port: int = 5432
class S(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter='__', case_sensitive=True)
    db: Db = Db()
    DB: Optional[dict] = None
r = S()
--
env DB__HOST=none
env DB__PORT=none
env TOKEN=none
class Db(BaseModel):
    host: Optional[str] = 'localhost'
    port: int = 5432
class S(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter='__', env_parse_none_str='none')
    db: Db = Db()
    token: Optional[dict] = {'a': 1}
r = tried(lambda: S().db.host)
r1 = tried(lambda: S().token)
--
file .env: APP_A=1\nAPP_MORE=2\nOTHER=3\nEMPTY=\nBARE\n
class S(BaseSettings):
    model_config = SettingsConfigDict(env_file='.env', env_prefix='APP_', extra='allow')
    a: int = 0
    bare: Optional[str] = 'b'
r = tried(lambda: S().model_dump())
--
file .env: DB__HOST=h\nDB__WHAT=1\nA=1\nA=2\na=3\nB\n
class Db(BaseModel):
    host: str = 'localhost'
class S(BaseSettings):
    model_config = SettingsConfigDict(env_file='.env', env_nested_delimiter='__')
    db: Db = Db()
    a: int = 0
    b: Optional[str] = 'b'
r = tried(lambda: S().model_dump())
--
file .env: A=one\nB=${A}/x\nC=${HOME_OF_ALL}\n
env A=two
class S(BaseSettings):
    model_config = SettingsConfigDict(env_file=Path('.env'), extra='ignore')
    a: str = ''
    b: str = ''
    c: str = 'c'
r = S()
--
file secrets/items: [1, 2]\n
file secrets/bad: 1,2\n
file secrets/nothing: null\n
class S(BaseSettings):
    model_config = SettingsConfigDict(secrets_dir='secrets')
    items: list[int] = []
    nothing: dict = {'a': 1}
    both: Union[list[int], str] = 'x'
class T(BaseSettings):
    model_config = SettingsConfigDict(secrets_dir='secrets')
    bad: list[int] = []
r = S()
r1 = tried(lambda: T().bad)
--
env BIG=1
class S(BaseSettings):
    model_config = SettingsConfigDict(env_file=['.env.one', '.env.two'] if os.environ.get('BIG') else None)
    big: bool = False
r = S(_env_prefix=None)
r1 = S(_env_prefix='X_').big
--
class M(BaseModel):
    x: int = 1
    @field_validator('x')
    @classmethod
    def check(cls, v):
        if v > 5:
            raise ValueError('too big')
        return v + 1
    @field_validator('x', mode='before')
    @classmethod
    def prepare(cls, v, info):
        return v if v != 'five' else 5
r1 = M().x
r2 = M(x='3').x
r3 = M(x='five').x
r4 = tried(lambda: M(x=9).x)
r5 = M(x=2).model_dump()
--
class M(BaseModel):
    model_config = ConfigDict(validate_default=True, str_strip_whitespace=True, str_to_lower=True)
    a: str = ' A '
    b: str = 'B'
    @field_validator('*', mode='after')
    @classmethod
    def check(cls, v, info):
        return v + info.field_name
    @field_validator('b', mode='wrap')
    @classmethod
    def around(cls, v, handler):
        return handler(v) + '!'
r1 = M().a, M().b
r2 = M(a=' Q ').a
--
class M(BaseModel):
    a: str = 'x'
    b: str = 'y'
    @model_validator(mode='before')
    @classmethod
    def early(cls, data):
        if isinstance(data, dict) and 'a' in data:
            data = {**data, 'b': data['a'] + '!'}
        return data
    @model_validator(mode='after')
    def late(self):
        if self.a == 'bad':
            raise ValueError('bad')
        self.b += '?'
        return self
    @model_validator(mode='wrap')
    @classmethod
    def around(cls, data, handler):
        made = handler(data)
        made.a += '+'
        return made
r1 = M().b, M(a='q').b, M(a='q').a
r2 = tried(lambda: M(a='bad').b)
r3 = M(a='z').model_dump()
--
class M(BaseModel):
    a: int = 1
    inner: Inner = Inner(a=2)
    more: list[Inner] = [Inner(), Inner(a=5)]
    byname: dict[str, Inner] = {'k': Inner(b='z')}
    secret: SecretStr = SecretStr('abc')
    hidden: int = Field(3, exclude=True)
    @computed_field
    @property
    def double(self) -> int:
        return self.a * 2
m = M(a='4')
r1 = m.model_dump()
r2 = m.model_dump(exclude={'inner', 'more'})
r3 = m.model_dump(include={'a'})
r4 = m.dict()
r5 = m.model_copy(update={'a': 9}).a
r6 = m.copy().inner.a
r7 = m.secret.get_secret_value(), str(m.secret), len(m.secret), repr(m.secret), bool(m.secret)
r8 = m.more[1].a, m.byname['k'].b, m.double
r9 = M.model_validate({'a': 7}).a
r10 = M.model_construct(a='raw').a
--
class M(BaseModel):
    model_config = {'extra': 'allow'}
    a: int = 1
m = M(b=2, c={'d': 3})
r1 = m.b, m.c
r2 = m.model_dump()
r3 = hasattr(m, 'z')
m.new = 5
r4 = m.new
--
class M(BaseModel):
    model_config = ConfigDict(extra='forbid', frozen=True)
    a: int = 1
r1 = tried(lambda: M(b=2).a)
def change():
    m = M()
    m.a = 2
    return m.a
r2 = tried(change)
--
class M(BaseModel):
    model_config = ConfigDict(validate_assignment=True)
    a: int = 1
m = M()
m.a = '5'
r1 = m.a
def change(v):
    m.a = v
    return m.a
r2 = tried(lambda: change('x'))
def other():
    m.zzz = 1
    return 'set'
r3 = tried(other)
--
class M(BaseModel):
    a: int = Field(alias='A')
    b: str = Field('b', validation_alias=AliasChoices('B', 'bee', AliasPath('deep', 'b', 0)))
    c: int = Field(3, alias='C')
r1 = M(A='1').a
r2 = tried(lambda: M(a=1).a)
r3 = M(A=1, B='x').b, M(A=1, bee='y').b, M(A=1, deep={'b': ['z']}).b, M(A=1, deep={'b': []}).b
r4 = M(A=2).model_dump()
r5 = M(A=2).model_dump(by_alias=True)
--
class M(BaseModel):
    model_config = ConfigDict(populate_by_name=True, alias_generator=str.upper)
    a: int = 1
    b_c: int = Field(2, alias='bc')
r1 = M(A=5).a, M(a=6).a, M(bc=7).b_c, M(b_c=8).b_c
--
class M(BaseModel):
    model_config = ConfigDict(use_enum_values=True)
    mode: Mode = Mode.DEV
    other: Mode = 'prod'
r1 = M().mode, M(mode='prod').mode, M().other, M().model_dump()
r2 = tried(lambda: M(mode='nope').mode)
--
class M(BaseModel):
    a: list[int] = Field(default_factory=list)
    b: dict = Field(default_factory=lambda: {'x': 1})
    c: str = Field(default_factory=lambda data: str(data['a']))
    _private: int = PrivateAttr(5)
    _made: list = PrivateAttr(default_factory=list)
    def model_post_init(self, context):
        self._made.append(1)
        self.a.append(9)
m = M(a=[1])
r1 = m.a, m.b, m.c, m._private, m._made
n = M()
r2 = n.a
--
class Base(BaseModel):
    a: int = 1
    b: int
    @field_validator('a')
    @classmethod
    def check(cls, v): return v + 1
class Sub(Base):
    b: int = 2
    c: str = 'c'
    a: int = 10
    @field_validator('c')
    @classmethod
    def more(cls, v): return v.upper()
r1 = Sub().model_dump(), Sub(a=1, c='q').model_dump()
r2 = tried(lambda: Base())
r3 = Sub.model_fields['c'].default
r4 = isinstance(Sub(), Base)
--
class M(BaseModel):
    a: int = None
    b: Optional[int] = None
    c: str = 5
r1 = M().a, M().c
--
class M(BaseModel):
    x: int = 'not an int'
    y: Optional[Inner] = None
r1 = M().x, M().y, M(y={'a': '4'}).y.a, tried(lambda: M(y={'a': 'q'}))
r2 = M(y={'a': '4'}).model_dump(exclude_none=True), M().model_dump(exclude_none=True)
r3 = M(y=Inner(a=3)).y.a
--
class M(BaseModel):
    x: int = 1
    @field_serializer('x')
    def show(self, v): return str(v)
r1 = M().model_dump()
r2 = M().x
--
class M(BaseModel):
    @validator('x', pre=True, always=True, check_fields=False)
    def early(cls, v): return v
    x: int = 3
    @root_validator(pre=True)
    def all_of(cls, values):
        return {**values, 'x': 4}
    @root_validator(skip_on_failure=True)
    def late(cls, values):
        values['x'] += 1
        return values
r1 = M().x
--
env DEBUG=true
env PORT=8000
env HOSTS=["a", "b"]
env secret_key=low
env MODE=prod
class S(BaseSettings):
    debug: bool = False
    port: int = 1
    hosts: list[str] = []
    secret_key: SecretStr = SecretStr('dev')
    mode: Mode = Mode.DEV
    missing: str = 'none'
r = S()
r1 = S(debug=False).debug
r2 = S().secret_key.get_secret_value()
--
env APP_DEBUG=0
env APP_DB__HOST=db.example
env APP_DB__PORT=5433
env APP_NUMBERS=1,2
class Db(BaseModel):
    host: str = 'localhost'
    port: int = 5432
    user: Optional[str] = None
class S(BaseSettings):
    model_config = SettingsConfigDict(env_prefix='APP_', env_nested_delimiter='__')
    debug: bool = True
    db: Db = Db()
    numbers: Annotated[list[int], NoDecode] = []
    @field_validator('numbers', mode='before')
    @classmethod
    def split(cls, v): return v.split(',') if isinstance(v, str) else v
r = S()
--
env DB={"host": "j", "port": 1}
env DB__PORT=2
class Db(BaseModel):
    host: str = 'localhost'
    port: int = 5432
class S(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter='__', nested_model_default_partial_update=True)
    db: Db = Db(host='h')
r = S()
--
env DB__PORT=2
class Db(BaseModel):
    host: str = 'localhost'
    port: int = 5432
class S(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter='__', nested_model_default_partial_update=True)
    db: Db = Db(host='h')
r = S()
--
file .env: DEBUG=true\nNAME="from file"\nEXTRA=1\n
env NAME=from process
class S(BaseSettings):
    model_config = SettingsConfigDict(env_file='.env', extra='ignore')
    debug: bool = False
    name: str = 'x'
r = S()
--
file .env: DEBUG=true\nEXTRA=1\n
class S(BaseSettings):
    model_config = SettingsConfigDict(env_file='.env')
    debug: bool = False
r = tried(lambda: S().debug)
--
file .env: DEBUG=true\nexport A=1\nA_B='2'\n
file .env.prod: DEBUG=false\n
class S(BaseSettings):
    model_config = SettingsConfigDict(env_file=('.env', '.env.prod', '.env.none'), extra='allow')
    debug: bool = True
    a: int = 0
r = S()
--
file .env: DEBUG=true\n
class S(BaseSettings):
    debug: bool = False
r = S(_env_file='.env')
r1 = S(_env_file=None).debug
r2 = S().debug
--
file secrets/db_password: s3cret\n
file secrets/port: 99
class S(BaseSettings):
    model_config = SettingsConfigDict(secrets_dir='secrets')
    db_password: str = 'x'
    port: int = 1
    other: str = 'o'
r = S()
--
env DEBUG=
env PORT=
env NAME=null
class S(BaseSettings):
    model_config = SettingsConfigDict(env_ignore_empty=True, env_parse_none_str='null')
    debug: bool = True
    port: Optional[int] = 5
    name: Optional[str] = 'n'
r = S()
--
env debug=1
env PORT=2
class S(BaseSettings):
    model_config = SettingsConfigDict(case_sensitive=True)
    debug: bool = False
    PORT: int = 1
    Port: int = 0
r = S()
--
env ALIASED=5
env B_TWO=6
env pre_c=7
class S(BaseSettings):
    model_config = SettingsConfigDict(env_prefix='pre_')
    a: int = Field(1, alias='ALIASED')
    b: int = Field(2, validation_alias=AliasChoices('B_ONE', 'B_TWO'))
    c: int = 3
r = S()
r1 = S(ALIASED=9).a
--
env DEBUG=maybe
class S(BaseSettings):
    debug: bool = False
r = tried(lambda: S().debug)
--
env HOSTS=not json
class S(BaseSettings):
    hosts: list[str] = []
r = tried(lambda: S().hosts)
--
env A=from env
class S(BaseSettings):
    a: str = 'default'
    b: str = 'b'
    @classmethod
    def settings_customise_sources(cls, settings_cls, init_settings, env_settings, **rest):
        return env_settings, init_settings
r = S(a='init', b='init b')
--
file conf.json: {"a": "json", "n": {"a": 4}}
file conf.toml: b = "toml"\nnumbers = [1, 2]\n
env A=env
from pydantic_settings import JsonConfigSettingsSource, TomlConfigSettingsSource
class S(BaseSettings):
    model_config = SettingsConfigDict(json_file='conf.json', toml_file='conf.toml')
    a: str = 'default'
    b: str = 'b'
    n: Inner = Inner()
    numbers: list[int] = []
    @classmethod
    def settings_customise_sources(cls, settings_cls, init_settings, env_settings, **rest):
        files = JsonConfigSettingsSource(settings_cls), TomlConfigSettingsSource(settings_cls)
        return init_settings, *files, env_settings
r = S()
--
file one.json: {"a": "one"}
file two.json: {"b": "two"}
from pydantic_settings import JsonConfigSettingsSource
class S(BaseSettings):
    a: str = 'default'
    b: str = 'b'
    @classmethod
    def settings_customise_sources(cls, settings_cls, **sources):
        return (JsonConfigSettingsSource(settings_cls, json_file=['one.json', 'two.json']),)
r = S()
--
class S(BaseSettings):
    needed: str
    other: int = 1
r = tried(lambda: S().needed)
--
env DATABASE_URL=postgresql://u:p%40w@db.example:5432/name
env REDIS=redis://localhost
env SITE=https://Example.com
class S(BaseSettings):
    database_url: PostgresDsn
    redis: RedisDsn = 'redis://x:1/1'
    site: HttpUrl = HttpUrl('https://d.example')
s = S()
r = s
r1 = str(s.database_url), s.site.host, s.site.scheme, s.site.port, s.redis.path
r2 = s.database_url.hosts()[0]['host'], s.redis.host, s.redis.port
r3 = str(s.site), str(s.redis)
--
r1 = str(PostgresDsn.build(scheme='postgresql', username='u', password='p', host='h', port=5, path='db'))
r2 = str(RedisDsn.build(scheme='redis', host='h', path='0'))
r3 = str(HttpUrl('http://a.example')) + 'x'
r4 = HttpUrl('http://a.example/p?q=1#f').query, HttpUrl('http://a.example/p?q=1#f').fragment
r5 = AnyUrl('ftp://u:p@h:21/x').username, AnyUrl('ftp://u:p@h:21/x').password, AnyUrl('foo:bar').host
r6 = tried(lambda: str(HttpUrl('nope')))
r7 = HttpUrl('http://a.example') == HttpUrl('http://a.example/')
--
class Names(RootModel[list[str]]):
    pass
r1 = tried(lambda: Names(['a']).root)
r2 = tried(lambda: TypeAdapter(list[int]).validate_python(['1']))
r3 = tried(lambda: TypeAdapter(bool).validate_python('on'))
--
from functools import lru_cache
env = 1
class S(BaseSettings):
    debug: bool = False
    model_config = {'env_file': None}
@lru_cache
def settings():
    return S()
r1 = settings() is settings()
r2 = settings().debug
class T(S):
    debug: bool = True
r3 = T().debug
r4 = S().model_dump(), T().model_dump(mode='python')
--
from pydantic.dataclasses import dataclass
@dataclass
class D:
    a: int = 1
    b: str = 'x'
r1 = D().a, D(b='q').b
r2 = tried(lambda: D(a='5').a)
r3 = tried(lambda: D(a='q').a)
--
class M(BaseModel):
    later: 'Later' = None
    items: 'list[Later]' = []
class Later(BaseModel):
    v: int = 1
M.model_rebuild()
r1 = M(later={'v': '3'}).later.v
r2 = M(items=[{'v': 4}]).items[0].v
--
class M(BaseModel):
    a: Union[Inner, Other] = Inner()
    b: Union[int, None, str] = None
r1 = tried(lambda: M(a={'c': 1}).a.c)
r2 = M(b='7').b, M(b=7).b, M(b=True).b
r3 = M().a.b
--
env S_A=1
class S(BaseSettings, env_prefix='S_'):
    a: int = 0
    b: 'int' = 2
r = S()
r1 = S(a=3, b='4').b
r2 = tried(lambda: S(c=1))
--
env A__B__C=5
env A__D=[1,2]
class B(BaseModel):
    c: int = 1
class A(BaseModel):
    b: B = B()
    d: list[int] = []
class S(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter='__')
    a: A = A()
    m: dict[str, str] = {}
r = S()
--
env M={"k": "v"}
env M__X=y
class S(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter='__')
    m: dict[str, str] = {}
    o: Optional[Inner] = None
r = S()
"""

_OLD_TEXT = r"""
class M(BaseModel):
    a = 5
    b = 'x'
    c = [1]
    d = (1, 2)
    e = {'k': 1}
    f = {1, 2}
    g = 1.5
    h = True
    i = Field(7)
r = M(a='6', c=('3',), d=['1'], e=[('z', 1)], f=[3], g='2', h='no')
r1 = tried(lambda: M(a='x').a)
r2 = M().i
r3 = tried(lambda: M(i='x').i)
--
class M(BaseModel):
    y = None
r = 1
--
class A(BaseModel):
    x: int = 1
class B(A):
    x = 7
    class Config:
        extra = 'allow'
r1 = B().x, B(x='8').x
--
class Common:
    env_prefix = 'APP_'
class S(BaseSettings):
    a: int = 1
    class Config(Common):
        case_sensitive = False
r = S()
--
class M(BaseModel):
    x: int = 1
    y: str = None
    @validator('x')
    def check(cls, v):
        if v > 5:
            raise ValueError('too big')
        return v + 1
    @validator('y', pre=True, always=True)
    def prepare(cls, v, values):
        return v or str(values.get('x'))
r1 = M().x, M().y
r2 = M(x='3').x, M(y='q').y
r3 = tried(lambda: M(x=9).x)
r4 = M(x=2).dict()
--
class M(BaseModel):
    items: List[int] = []
    @validator('items', each_item=True)
    def check(cls, v): return v * 2
    @validator('items', pre=True)
    def split(cls, v): return v.split(',') if isinstance(v, str) else v
r1 = M(items='1,2').items, M().items
--
class M(BaseModel):
    a: str = 'a'
    b: str = 'b'
    @root_validator(pre=True)
    def early(cls, values):
        values = dict(values)
        values.setdefault('a', 'early')
        return values
    @root_validator
    def late(cls, values):
        if values.get('a') == 'bad':
            raise ValueError('bad')
        values['b'] = values['a'] + '!'
        return values
r1 = M().a, M().b, M(a='q').b
r2 = tried(lambda: M(a='bad').a)
--
class M(BaseModel):
    a: Mode = Mode.DEV
    b: Optional[int]
    c: Any
    d: int = Field(3, alias='D')
    _p: int = PrivateAttr(4)
    class Config:
        use_enum_values = True
        allow_population_by_field_name = True
        anystr_strip_whitespace = True
r1 = M(a='prod').a, M().b, M().c, M(D='5').d, M(d=6).d, M()._p
r2 = M(a='prod').dict(), M().copy(update={'b': 2}).b
r3 = M.parse_obj({'D': 9}).d
--
class M(BaseModel):
    a: int = 1
    class Config:
        extra = Extra.forbid
        allow_mutation = False
r1 = tried(lambda: M(b=2).a)
--
class M(BaseModel):
    a: int = 1
    class Config:
        extra = 'allow'
        validate_assignment = True
m = M(b=2)
r1 = m.b, m.dict()
m.a = '4'
r2 = m.a
--
env DEBUG=on
env port=90
env HOSTS=["a"]
class S(BaseSettings):
    debug: bool = False
    port: int = 1
    hosts: List[str] = []
    secret: SecretStr = 'dev'
r = S()
r1 = S(debug='no').debug
--
env APP_DEBUG=1
env OTHER=x
env ONE=1
class S(BaseSettings):
    debug: bool = False
    named: str = Field('n', env='OTHER')
    several: int = Field(0, env=['ZERO', 'ONE'])
    class Config:
        env_prefix = 'APP_'
        fields = {'debug': {'env': 'APP_DEBUG'}}
r = S()
--
env DB__HOST=h
class S(BaseSettings):
    db: Inner = Inner()
    class Config:
        env_nested_delimiter = '__'
r = S()
--
env DB__A=7
class S(BaseSettings):
    db: Inner = Inner()
    class Config:
        env_nested_delimiter = '__'
r = S()
--
file .env: DEBUG=true\nNAME=file\n
env NAME=process
class S(BaseSettings):
    debug: bool = False
    name: str = 'x'
    class Config:
        env_file = '.env'
        env_file_encoding = 'utf-8'
r = S()
r1 = S(_env_file=None).debug
--
file secrets/token: abc\n
class S(BaseSettings):
    token: str = 'x'
    class Config:
        secrets_dir = 'secrets'
r = S()
--
env A=env
class S(BaseSettings):
    a: str = 'd'
    class Config:
        @classmethod
        def customise_sources(cls, init_settings, env_settings, file_secret_settings):
            return env_settings, init_settings
r = S(a='init')
--
env A=env
def extra(settings):
    return {'b': 'from function'}
class S(BaseSettings):
    a: str = 'd'
    b: str = 'b'
    class Config:
        @classmethod
        def customise_sources(cls, init_settings, env_settings, file_secret_settings):
            return init_settings, extra, env_settings
r = S()
--
env debug=1
env PORT=2
class S(BaseSettings):
    debug: bool = False
    PORT: int = 1
    class Config:
        case_sensitive = True
r = S()
--
env HOSTS=nope
class S(BaseSettings):
    hosts: List[str] = []
r = tried(lambda: S().hosts)
--
env D={"a": 1}
env U=5
env L=[1, "2"]
class S(BaseSettings):
    d: Dict[str, int] = {}
    u: Union[int, str] = 0
    l: Optional[List[int]] = None
    o: Optional[Dict[str, str]] = None
r = S()
--
env DATABASE_URL=postgresql://u:p@db:5432/n
class S(BaseSettings):
    database_url: PostgresDsn
    site: HttpUrl = 'https://d.example'
s = S()
r = s
r1 = str(s.database_url), s.database_url.host, s.database_url.port, s.database_url.user, s.database_url.path
r2 = s.database_url + 'x', s.site.scheme
r3 = PostgresDsn.build(scheme='postgresql', user='u', password='p', host='h', port='5', path='/db')
r4 = AnyHttpUrl.build(scheme='http', host='h', path='/x', query='a=b', fragment='f')
--
class S(BaseSettings):
    needed: str
r = tried(lambda: S().needed)
--
class M(BaseModel):
    a: int = Field(5, gt=3)
    b: str = Field('x', max_length=2)
    c: List[int] = Field([1], min_items=1)
r1 = M().a, tried(lambda: M(a=1)), tried(lambda: M(b='long')), tried(lambda: M(c=[])), M(a='7').a
--
class Base(BaseModel):
    a: int = 1
    class Config:
        extra = 'ignore'
class Sub(Base):
    b: int = 2
    a: str = 'str'
r1 = Sub().dict(), Sub(a=5).a, Sub(zz=1).dict()
r2 = Sub(a='x').json()
"""
