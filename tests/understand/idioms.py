"""Idioms of real settings files, with holes: `<S>` takes an expression of that type, `#` a number of its own.

The lines after `=>` are expressions that may be used afterwards, each with its type.
"""

from __future__ import annotations

TEXT = r"""
class Dev#:
    DEBUG = True
    HOST = <S>
class Prod#(Dev#):
    DEBUG = <B>
    SIZE = <I>
configs# = {'dev': Dev#, 'prod': Prod#}
chosen# = configs#.get(<S>, Prod#)
=> chosen#.DEBUG B
=> chosen#.HOST S
=> getattr(chosen#, 'SIZE', 0) I
--
class Dev#:
    MODE = 'dev'
    NAMES = <LS>
class Prod#(Dev#):
    MODE = <S>
chosen# = Prod# if <B> else Dev#
chosen#.MODE = <S>
chosen#.NAMES.append(<S>)
=> chosen#.MODE S
=> Dev#.MODE S
=> Prod#.MODE S
=> Dev#.NAMES LS
--
class Holder#:
    def __init__(self, names):
        self._names = names
        self.reads = 0
    @property
    def names(self):
        self.reads += 1
        return self._names
    @names.setter
    def names(self, value):
        if <B>:
            self._names = list(value)
held# = Holder#(<LS>)
held#.names = <LS>
held#.names.append(<S>)
=> held#.names LS
=> held#.reads I
--
def add#(target, *items, sep=<S>, **more):
    target.extend(items)
    if <B>:
        target.append(sep)
    for key, value in more.items():
        target.append(key + value)
    return target
into# = <LS>
same# = add#(into#, <S>, *<LS>, b=<S>)
add#(same#, sep=<S>)
=> into# LS
=> same# LS
--
def remember#(item, seen=[]):
    if <B>:
        seen.append(item)
    return seen
first# = remember#(<S>)
second# = remember#(<S>)
=> first# LS
=> second# LS
--
settings# = {'db': {'host': <S>, 'port': <I>}, 'names': <LS>}
if <B>:
    settings#['db']['host'] = <S>
if <B>:
    settings#['names'] = settings#['names'] + [<S>]
else:
    settings#.setdefault('names', []).append(<S>)
other# = dict(settings#)
other#['db']['port'] += <I>
=> settings#['db']['host'] S
=> settings#['db']['port'] I
=> settings#['names'] LS
=> other#['names'] LS
--
total# = 0
while True:
    total# += 1
    if <B> or total# > 3:
        break
=> total# I
--
found# = None
for item# in <LS>:
    if item# == <S>:
        found# = item#
        break
    if <B>:
        continue
    found# = item# + '!'
else:
    found# = 'none'
=> found# N
--
def find#(items, default=<S>):
    for item in items:
        for letter in item:
            if letter == <S>:
                return item
        if <B>:
            break
    else:
        return 'else'
    return default
found# = find#(<LS>)
=> found# S
--
os.environ['ADDED#'] = <S>
if <B>:
    os.environ.setdefault('ADDED#', 'x')
    os.environ['MODE'] = <S>
gone# = os.environ.pop('FLAG', <S>)
os.environ.setdefault('FLAG', <S>)
=> os.environ['ADDED#'] S
=> os.environ.get('MODE', '') S
=> gone# S
=> os.environ['FLAG'] S
--
def build#(debug=False, **options):
    result = {'debug': debug, **options}
    if not debug:
        return result
    result.update(level=<I>)
    return result
built# = build#(<B>, size=<I>)
=> built#['debug'] B
=> built#.get('level', 0) I
=> len(built#) I
--
from contextlib import suppress
state# = <S>
with suppress(KeyError, ValueError):
    state# = os.environ[<S>]
    state# = str(int(state#))
=> state# S
--
class Quiet#:
    def __init__(self, names):
        self.names = names
    def __enter__(self):
        return self.names
    def __exit__(self, kind, error, trace):
        self.names.append('left')
        return <B>
names# = <LS>
with Quiet#(names#) as inner#:
    inner#.append(<S>)
    if <B>:
        raise RuntimeError('no')
    inner#.append('end')
=> names# LS
--
level# = 0
def outer#():
    global level#
    level# += 1
    try:
        if <B>:
            raise LookupError('one')
        level# += 10
        return <S>
    except KeyError:
        level# += 100
    except LookupError:
        level# += 1000
        if <B>:
            return 'caught'
    finally:
        level# += 5
    return 'end'
try:
    said# = outer#()
except Exception:
    said# = 'raised'
=> level# I
=> said# S
--
it# = iter(<LS>)
head# = next(it#, <S>)
rest# = list(it#)
again# = list(it#)
=> head# S
=> rest# LS
=> again# LS
--
pairs# = dict(enumerate(<LS>, start=1))
ranked# = sorted(pairs#.items(), key=lambda pair: pair[1], reverse=<B>)
=> [text for _, text in ranked#] LS
=> pairs#.get(1, '') S
--
from functools import reduce
joined# = reduce(lambda a, b: a + b, <LS>, <S>)
grouped# = {}
for word# in <LS>:
    grouped#.setdefault(len(word#), []).append(word#)
=> len(grouped#) I
=> grouped#.get(1, []) LS
--
class Meta#(type):
    def __new__(mcs, name, bases, namespace):
        namespace['MADE'] = 'meta'
        return super().__new__(mcs, name, bases, namespace)
class Made#(metaclass=Meta#):
    MADE = 'body'
    SIZE = <I>
=> Made#.MADE S
=> Made#.SIZE I
--
class Counted#:
    made = []
    def __new__(cls, *args):
        cls.made.append('new')
        return super().__new__(cls)
    def __init__(self, tag=<S>):
        self.tag = tag
one# = Counted#()
two# = Counted#(<S>)
=> one#.tag S
=> Counted#.made LS
--
class Sized#:
    def __init__(self, items):
        self.items = items
    def __len__(self):
        return len(self.items)
    def __contains__(self, item):
        return item in self.items
    def __getitem__(self, key):
        return self.items[key]
    def __iter__(self):
        return iter(self.items)
    def __eq__(self, other):
        return True
sized# = Sized#(<LS>)
=> bool(sized#) B
=> len(sized#) I
=> (<S> in sized#) B
=> list(sized#) LS
=> (sized# == None) B
=> ('full' if sized# else 'empty') S
--
def gen#(items):
    for item in items:
        yield item
        items_seen#.append(item)
items_seen# = []
got# = list(gen#(<LS>))
=> got# LS
=> items_seen# LS
--
@lru_cache
def cached#(name):
    calls#.append(name)
    return [name]
calls# = []
one# = cached#(<S>)
one#.append('changed')
two# = cached#(<S>)
=> calls# LS
=> two# LS
--
fallback# = os.environ.get('MISSING') or os.environ.get('EMPTY') or <S>
flag# = {'true': True, 'false': False}.get(<S>.lower(), <B>)
level# = {'a': 1, 'prod': 2}[<S>] if <S> in {'a': 1, 'prod': 2} else <I>
=> fallback# S
=> flag# B
=> level# I
--
try:
    port# = int(<S>)
except ValueError:
    port# = <I>
else:
    port# += 1
finally:
    done# = True
=> port# I
=> done# B
--
try:
    try:
        inner# = {'a': 1}[<S>]
    finally:
        seen# = <LS>
        seen#.append('finally')
except KeyError as error:
    inner# = 0
    seen#.append('key')
=> inner# I
=> seen# LS
--
try:
    import not_a_module_anywhere_#
    has# = True
except ImportError:
    has# = False
    names# = <LS>
else:
    names# = []
=> has# B
=> names# LS
--
match {'mode': <S>, 'size': <I>}:
    case {'mode': 'prod', 'size': size#}:
        chosen# = 'production'
    case {'mode': mode#, **rest#} if <B>:
        chosen# = mode#
    case _:
        chosen# = <S>
=> chosen# S
--
match <LS>:
    case []:
        shape# = 'none'
    case [only#]:
        shape# = only#
    case [first#, *others#] if <B>:
        shape# = first# + str(len(others#))
    case ['a', 'b' | 'prod', *_]:
        shape# = 'two'
    case _:
        shape# = 'many'
=> shape# S
--
match <N>:
    case None:
        kind# = 'none'
    case str(text#) if <B>:
        kind# = text#
    case 'prod' | 'dev' as named#:
        kind# = named#
    case _:
        kind# = 'else'
=> kind# S
--
class Base#:
    options = {'a': 1}
    def setup(self):
        self.options['base'] = <I>
        return self
class Child#(Base#):
    options = {**Base#.options, 'child': <I>}
    def setup(self):
        if <B>:
            super().setup()
        self.extra = <S>
        return self
child# = Child#().setup()
=> child#.options D
=> Base#.options D
=> child#.extra S
=> hasattr(child#, 'extra') B
=> hasattr(child#, 'other') B
--
thing# = partial(lambda a, b, c='d': f'{a}{b}{c}', <S>, c=<S>)
made# = thing#(<S>)
=> made# S
--
holder# = type('Holder#', (), {})()
for name#, value# in {'A#': <S>, 'B#': <S>}.items():
    globals()[name#] = value#
=> A# S
=> B# S
--
class Late#:
    pass
late# = Late#()
if <B>:
    late#.mode = <S>
setattr(late#, 'size', <I>)
=> getattr(late#, 'mode', 'unset') S
=> hasattr(late#, 'mode') B
=> late#.size I
--
class Level#(enum.IntEnum):
    LOW = 0
    HIGH = 2
level# = Level#.HIGH if <B> else Level#.LOW
=> ('yes' if level# else 'no') S
=> level#.value I
=> (level# > 1) B
=> Level#['LOW'].name S
=> [one.name for one in Level#] LS
--
matrix# = [[<S>] * 2 for _ in range(2)]
row# = matrix#[0]
row#.append(<S>)
matrix#[1][0] = <S>
flat# = [cell for line in matrix# for cell in line if cell]
=> flat# LS
=> matrix# L2
--
left#, right# = <LS>, <LS>
left#, right# = right#, left#
right# += [<S>]
(left# if <B> else right#).append(<S>)
=> left# LS
=> right# LS
--
count# = 0
def bump#(value=True):
    global count#
    count# += 1
    return value
any([bump#(<B>), bump#(False)])
bump#(False) and bump#()
<B> or bump#()
picked# = bump#('a') if <B> else bump#('b')
=> count# I
=> picked# S
--
def recurse#(n):
    if n <= 0:
        return <S>
    return recurse#(n - 1) + 'x'
deep# = recurse#(<I> % 5)
=> deep# S
--
words# = <LS>
words#[:] = [word.upper() for word in words# if word]
alias# = words#
words# += ['tail']
alias#.insert(0, <S>)
del words#[0]
=> words# LS
=> alias# LS
--
chars# = ''
for char# in <S>:
    if char# in 'aeiou':
        continue
    chars# += char#
    if len(chars#) > 2:
        break
=> chars# S
--
base# = Path('/srv') / <S>
joined# = os.path.join('/srv', 'x', <S>)
=> str(base#) S
=> base#.name S
=> base#.suffix S
=> str(base#.parent) S
=> joined# S
=> os.path.splitext(joined#)[1] S
=> os.path.dirname(joined#) S
--
import re
pattern# = re.compile(r'^(?P<key>[a-z]+)(?:[,.](?P<rest>.*))?$')
found# = pattern#.match(<S>)
key# = found#.group('key') if found# else 'none'
rest# = (found# and found#.group('rest')) or 'nothing'
=> key# S
=> rest# S
=> re.sub(r'[aeiou]', '*', <S>) S
=> re.split(r'[,\s]+', <S>) LS
=> bool(re.search(r'^\d+$', <S>)) B
=> re.findall(r'\w', <S>) LS
--
from datetime import timedelta
age# = timedelta(days=<I> % 40, seconds=len(<S>))
longer# = max(age#, timedelta(hours=<I> % 30))
=> int(age#.total_seconds()) I
=> str(longer#) S
=> (age# < longer#) B
=> (age# * 2).days I
--
def switch#(name, default=<B>):
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in {'1', 'true', 'yes', 'on'}:
        return True
    if value.strip().lower() in {'0', 'false', 'no', 'off', ''}:
        return False
    raise ValueError(f'{name} is {value!r}')
try:
    on# = switch#('FLAG') and switch#(<S>, not <B>)
except ValueError as error:
    on# = 'no' in str(error)
=> on# B
--
def logged#(function):
    def inner(*args, **kwargs):
        calls#.append(function.__name__)
        return function(*args, **kwargs) + kwargs.get('end', '')
    return inner
def ending#(end):
    def mark(function):
        return lambda *args, **kwargs: function(*args, **{'end': end, **kwargs})
    return mark
calls# = []
@ending#(<S>)
@logged#
def named#(text, end='!'):
    return text + end
first# = named#(<S>)
second# = named#(<S>, end='?') if <B> else 'skipped'
=> first# S
=> second# S
=> len(calls#) I
--
class Root#:
    def parts(self):
        return ['root']
class Left#(Root#):
    def parts(self):
        return ['left', *super().parts()]
class Right#(Root#):
    def parts(self):
        return [<S>, *super().parts()]
class Both#(Left#, Right#):
    def parts(self):
        found = super().parts()
        if <B>:
            found.append('both')
        return found
=> Both#().parts() LS
=> [one.__name__ for one in Both#.__mro__[:-1]] LS
=> isinstance(Both#(), Right#) B
--
raw# = os.environ.get('HOSTS', '[]') if <B> else '["x", 1]'
try:
    data# = json.loads(raw#)
except ValueError:
    data# = [part.strip() for part in raw#.split(',')]
=> [str(one) for one in data#] LS
=> len(data#) I
--
try:
    literal# = ast.literal_eval(<S>)
except (ValueError, SyntaxError):
    literal# = 'not a literal'
=> str(literal#) S
=> isinstance(literal#, int) B
--
def chosen#(items):
    for position, item in enumerate(items):
        if not item:
            continue
        if item == <S>:
            yield 'same'
            return
        yield f'{position}{item}'
    yield 'end'
every# = list(chosen#(<LS>))
=> every# LS
=> [one for one in chosen#(<LS>) if one != 'end'] LS
=> next(chosen#([<S>]), 'none') S
=> ('end' in chosen#(<LS>)) B
=> sum(1 for _ in chosen#(<LS>)) I
--
from contextlib import contextmanager
@contextmanager
def changed#(name, value):
    kept = os.environ.get(name)
    os.environ[name] = value
    try:
        yield name
    finally:
        if kept is None:
            del os.environ[name]
        else:
            os.environ[name] = kept
with changed#('MODE', <S>) as name#:
    inside# = os.environ['MODE']
=> inside# S
=> name# S
=> os.environ['MODE'] S
--
class Setting#:
    def __init__(self, default):
        self.default = default
    def __set_name__(self, owner, name):
        self.name = name
    def __get__(self, instance, owner):
        return os.environ.get(self.name, self.default)
class Settings#:
    MODE = Setting#(<S>)
    OTHER = Setting#(<S>)
settings# = Settings#()
=> settings#.MODE S
=> Settings#.OTHER S
--
from collections import ChainMap, Counter, defaultdict, namedtuple
by_size# = defaultdict(list)
for word# in <LS>:
    by_size#[len(word#)].append(word#)
count# = Counter(<LS>)
Pair# = namedtuple('Pair#', 'name size', defaults=[3])
pair# = Pair#(<S>)
chain# = ChainMap({'a': <S>} if <B> else {}, {'a': <S>, 'b': 'last'})
=> by_size#.get(1, ['none']) LS
=> count#['a'] I
=> pair#.size I
=> pair#._replace(size=<I>).size I
=> chain#['a'] S
=> chain#.get('c', <S>) S
--
before# = sorted(key for key in os.environ if key in ('MODE', 'NEW#', 'FLAG'))
os.environ.update({'NEW#': <S>}, MODE=<S>)
removed# = os.environ.pop('NEW#', 'none') if <B> else 'kept'
os.environ |= {'NEW#': <S>}
if <B>:
    os.environ.pop('MODE')
=> before# LS
=> removed# S
=> os.environ['NEW#'] S
=> os.environ.get('MODE', 'gone') S
=> ('MODE' in os.environ) B
--
left# = <LS>
taken# = []
while left# and (item# := left#.pop()) != <S>:
    taken#.append(item#)
    if len(taken#) > 3:
        break
else:
    taken#.append('else')
=> taken# LS
=> left# LS
--
def settle#(value):
    steps = []
    try:
        steps.append('try')
        if value:
            return steps
        steps.append(str(1 // len(value)))
    except ZeroDivisionError:
        steps.append('zero')
        return steps
    finally:
        steps.append('finally')
        seen#.extend(steps)
    return ['never']
seen# = []
=> settle#(<S>) LS
=> settle#(<LS>) LS
=> seen# LS
--
def counted#(limit):
    total = 0
    def add(*amounts, twice=False):
        nonlocal total
        for amount in amounts:
            total += amount * (2 if twice else 1)
            if total > limit:
                total = limit
                return 'full'
        return 'open'
    def read():
        return total
    return add, read
add#, read# = counted#(<I>)
state# = add#(*<LI>, twice=<B>)
=> state# S
=> read#() I
--
line# = <S>
head#, sign#, tail# = line#.partition(',')
=> head# S
=> tail#.rstrip() S
=> line#.rsplit(',', 1)[-1] S
=> line#.zfill(4) S
=> line#.splitlines() LS
=> line#.removeprefix('pr').removesuffix('d').swapcase() S
=> line#.rjust(6, '*')[-6:] S
=> f'{line#!r:>8}|{len(line#):03d}|{<I>:,}' S
=> line#.isalnum() B
=> line#.casefold().find('a') I
=> line#.translate({97: 'b'}) S
--
def number#(text, default=<I>):
    for convert in (int, float):
        try:
            return int(convert(text))
        except (TypeError, ValueError):
            continue
    return default
=> number#(<S>) I
=> number#(os.environ.get('SIZE')) I
=> number#(<N>, 4) I
=> int(bool(<S>)) I
=> round(float(number#(<S>)) / 3, 2) F
=> int(<B>) + int(<F>) I
--
import itertools
=> list(itertools.chain(<LS>, <LS>)) LS
=> list(itertools.islice(<LS>, 1)) LS
=> [a + b for a, b in zip(<LS>, <LS>)] LS
=> [a + b for a, b in itertools.zip_longest(<LS>, <LS>, fillvalue='-')] LS
=> sorted(<LS>, key=lambda word: (len(word), word), reverse=<B>) LS
=> min(<LS>, key=len, default='none') S
--
class Plain#:
    LIMIT = <I>
    names = []
    def limit(self):
        return self.LIMIT
    def replaced(self):
        return 'replaced'
plain# = Plain#()
if <B>:
    Plain#.LIMIT = <I>
Plain#.limit = Plain#.replaced if <B> else Plain#.limit
plain#.names.append(<S>)
plain#.own = [<S>]
if <B>:
    del plain#.own
=> str(plain#.limit()) S
=> Plain#.names LS
=> getattr(plain#, 'own', ['gone']) LS
=> vars(plain#).get('own', ['none']) LS
"""


def read() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return each idiom: its lines, and the expressions that may be used afterwards with their types."""
    found = []
    for block in TEXT.split("--\n"):
        lines = [line for line in block.strip("\n").split("\n") if line]
        body = [line for line in lines if not line.startswith("=> ")]
        after = [line[3:].rpartition(" ") for line in lines if line.startswith("=> ")]
        found.append(("\n".join(body) + "\n", tuple((expression, kind) for expression, _, kind in after)))
    return tuple(found)


IDIOMS = read()
