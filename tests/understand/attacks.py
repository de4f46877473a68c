"""Programs that try to have a wrong value stated: changes that come from where nobody looks.

Each is compared with CPython as it stands, like the corners.
"""

from __future__ import annotations

_TEXT = r"""
k = os.environ['OPEN']
os.environ[k or 'Z'] = 'evil'
r = os.environ.get('MODE')
s = os.environ.get('MISSING', 'dflt')
t = 'MISSING' in os.environ
u = os.getenv('NOT_THERE')
--
os.environ['MODE' if os.environ['OPEN'] else 'FLAG'] = 'x'
r = os.environ['MODE']
s = os.environ['FLAG']
--
os.environ.update({os.environ['OPEN'] or 'Q': 'v'})
r = os.environ.get('MODE')
s = os.environ.get('prod')
--
os.environ.setdefault(os.environ['OPEN'] or 'Q', 'v')
r = os.environ.get('prod')
s = os.environ.get('MODE')
--
os.environ.pop(os.environ['OPEN'], None)
r = os.environ.get('MODE')
--
k = os.environ['OPEN']
os.environ['prod'] = 'A'
os.environ.pop(k, None)
r = os.environ.get('prod')
s = 'prod' in os.environ
--
os.environ['prod'] = 'A'
if os.environ['OPEN'] in os.environ:
    del os.environ[os.environ['OPEN']]
r = os.environ.get('prod')
--
os.putenv('prod', 'A')
r = os.environ.get('prod')
s = os.getenv('MODE')
os.putenv('MODE', 'other')
t = os.getenv('MODE')
--
os.unsetenv('MODE')
r = os.environ.get('MODE')
--
e = os.environ
e['MODE'] = 'x'
r = os.environ['MODE']
c = os.environ.copy()
c['MODE'] = 'y'
s = os.environ['MODE']
t = c['MODE']
--
os.environ = {'MODE': 'replaced'}
r = os.environ['MODE']
s = os.getenv('MODE')
t = os.environ.get('FLAG', 'none')
--
os.environ = dict(os.environ, NEW='1')
r = os.environ['NEW']
s = os.getenv('NEW')
--
from os import environ, getenv
os.environ['MODE'] = 'z'
r = environ['MODE']
s = getenv('MODE')
--
import os as o2
o2.getenv = lambda *a: 'fake'
r = os.getenv('MODE')
--
os.environ.get = lambda *a: 'fake'
r = os.environ.get('MODE')
--
os.environ.clear()
r = os.environ.get('MODE', 'gone')
--
def wipe():
    for k in list(os.environ):
        if k.startswith('MO'):
            del os.environ[k]
wipe()
r = os.environ.get('MODE', 'gone')
s = os.environ.get('FLAG', 'gone')
--
for k in list(os.environ):
    os.environ[k.lower()] = 'low'
r = os.environ.get('mode')
s = os.environ.get('MODE')
--
try:
    os.environ['MODE'] = 5
except TypeError:
    r = 'te'
s = os.environ['MODE']
--
os.environb[b'MODE'] = b'bytes'
r = os.environ['MODE']
--
a = os.environb.get(b'MODE')
r = a
--
os.environ |= {'MODE': 'or', 'NN': '1'}
r = os.environ['MODE']
s = os.environ.get('NN')
--
d = os.environ | {'MODE': 'x'}
r = d['MODE']
s = os.environ['MODE']
--
exec("x = 5")
r = x
--
x = 1
exec("x = 5")
r = x
--
x = 1
exec(os.environ['OPEN'] and "x = 5" or "x = 6")
r = x
--
x = 1
def f():
    exec("x = 5", globals())
f()
r = x
--
x = 1
eval("globals().update(x=7)")
r = x
--
d = {'x': 1}
exec("x = x + 1", d)
r = d['x']
--
x = 1
globals()['x'] = 2
r = x
--
x = 1
def f():
    g = globals()
    g['x'] = 2
    g.update(y=3)
f()
r = x
s = y
--
x = 1
vars()['x'] = 4
r = x
--
x = 1
locals()['x'] = 4
r = x
--
def f():
    x = 1
    locals()['x'] = 4
    return x
r = f()
--
x = 1
sys.modules['__main__'].__dict__['q'] = 4
r = x
--
x = 1
setattr(sys.modules[__name__], 'x', 9)
r = x
--
import importlib
m = importlib.import_module('os')
m.environ['MODE'] = 'imp'
r = os.environ['MODE']
--
m = __import__('os')
m.environ['MODE'] = 'imp'
r = os.environ['MODE']
--
import types
m = types.ModuleType('fakeos')
m.environ = {'MODE': 'no'}
sys.modules['fakeos'] = m
import fakeos
r = fakeos.environ['MODE']
--
import types
m = types.ModuleType('conf')
exec("A = 1\nB = 'x'", m.__dict__)
r = m.A
--
class C:
    x = []
    def add(self):
        self.x += [1]
c = C()
c.add()
r = C.x
s = c.x is C.x
t = 'x' in vars(c)
--
class C:
    n = 0
    def inc(self):
        self.n += 1
c = C()
c.inc(); c.inc()
r = C.n
s = c.n
--
class D:
    def __get__(self, o, t=None):
        return 'got' if o is not None else 'cls'
class C:
    d = D()
r = C().d
s = C.d
c = C()
c.__dict__['d'] = 'inst'
t = c.d
--
class D:
    def __get__(self, o, t=None):
        return 'desc'
    def __set__(self, o, v):
        o.__dict__['real'] = v
class C:
    d = D()
c = C()
c.d = 5
r = c.d
s = c.real
c.__dict__['d'] = 9
t = c.d
--
class D:
    def __set_name__(self, owner, name):
        self.name = name
        owner.NAMES = [name]
    def __get__(self, o, t=None):
        return os.environ.get(self.name, 'dd')
class C:
    MODE = D()
    OTHER = D()
r = C().MODE
s = C.NAMES
t = C.OTHER
--
class M(type):
    def __getattr__(cls, name):
        return 'meta-' + name
class C(metaclass=M):
    x = 1
r = C.x
s = C.y
--
class M(type):
    def __getattribute__(cls, name):
        return 'all'
class C(metaclass=M):
    x = 1
r = C.x
--
class C:
    x = 1
    def __getattribute__(self, name):
        return 'hi'
r = C().x
s = C.x
--
class C:
    def __init_subclass__(cls, **k):
        cls.made = k.get('tag', 'none')
        cls.DEBUG = True
class S(C, tag='z'):
    DEBUG = False
r = S.made
s = S.DEBUG
--
class P:
    def __init__(self):
        self.v = 1
    def __setattr__(self, n, v):
        object.__setattr__(self, n, v * 2)
p = P()
p.v = 4
r = p.v
--
class P:
    def __delattr__(self, n):
        object.__setattr__(self, n, 'deleted')
p = P()
p.x = 1
del p.x
r = p.x
--
def deco(cls):
    cls.DEBUG = True
    return cls
@deco
class C:
    DEBUG = False
r = C.DEBUG
--
def deco(cls):
    class W(cls):
        DEBUG = 'w'
    return W
@deco
class C:
    DEBUG = False
r = C.DEBUG
s = C.__name__
--
class C:
    DEBUG = False
def patch():
    C.DEBUG = True
import atexit
atexit.register(patch)
r = C.DEBUG
--
import threading
x = 1
def w():
    global x
    x = 2
t = threading.Thread(target=w)
t.start()
t.join()
r = x
--
import threading
l = []
def w(): l.append(1)
th = threading.Thread(target=w, daemon=True)
th.start(); th.join()
r = len(l)
--
import concurrent.futures
l = []
with concurrent.futures.ThreadPoolExecutor() as ex:
    list(ex.map(l.append, [1, 2]))
r = len(l)
--
import signal
x = 1
def h(*a):
    global x
    x = 2
signal.signal(signal.SIGUSR1, h)
os.kill(os.getpid(), signal.SIGUSR1)
r = x
--
assert True
x = 'a'
try:
    assert x == 'b', 'm'
    r = 'no'
except AssertionError as e:
    r = str(e)
s = __debug__
--
r = 'ok' if __debug__ else 'opt'
--
import time
r = time.time() > 0
s = time.time() > 5e9
t = int(time.time()) % 2
--
import datetime
r = datetime.datetime.now().year > 2000
s = datetime.date.today().year
--
r = repr(1e16), repr(1e-5), repr(123456789.123), str(1e15), f"{1e100}"
s = f"{1234.5:,.2f} {0.00001:g} {5:08.3f} {255:#x} {10:b} {1e10:.3e} {50:%}"
t = '%5.1f|%-5s|%05d|%x|%o|%e|%g|%r|%c|%%' % (2.25, 'a', 42, 255, 8, 12345.678, 1e-7, 'q', 'z')
u = round(0.5), round(1.5), round(2.675, 2), round(-1.5), round(1234, -2)
v = float('inf'), float('-inf'), 1e308 * 10
w = 0.1 + 0.2, 1 / 3, 2 ** 0.5, 2 ** -1
--
r = int('0x1f', 16), int('0b11', 0), int(' 12 '), int('1_000'), int(3.9), int(-3.9), int('z', 36)
s = float(' 1.5 '), float('1e3'), float('1_0')
t = bool('False'), bool(0.0), bool(()), bool('0')
--
r = 2 ** 200
s = (2 ** 200) % 97
t = 1 << 70
u = -7 // 2, -7 % 3, divmod(-7, 2), 7 // -2
v = 10 ** 400 > 1
--
try:
    r = int('9' * 5000)
except ValueError:
    r = 'too long'
--
try:
    s = str(10 ** 5000)
except ValueError:
    s = 'too long'
r = s if len(s) < 20 else 'long'
--
x = 'a' * 100000
r = len(x)
s = x.endswith('a')
t = (x + 'b')[-1]
--
x = ['a'] * 100000
r = len(x)
x.append('b')
s = x[-1]
--
x = []
x.append(x)
r = len(x)
s = x[0] is x
--
d = {}
d['self'] = d
r = d['self']['self'] is d
--
def gen():
    os.environ['MODE'] = 'x'
    yield 1
list(gen())
r = os.environ['MODE']
--
def gen():
    os.environ['MODE'] = 'x'
    yield 1
g = gen()
r = os.environ['MODE']
next(g)
s = os.environ['MODE']
--
class C:
    x = 1
def gen():
    C.x = 2
    yield 1
next(gen())
r = C.x
--
class C:
    x = 1
def change():
    C.x = 2
def gen():
    change()
    yield 1
g = gen()
next(g)
r = C.x
--
x = 1
def change():
    global x
    x = 2
def gen():
    change()
    yield 1
g = gen()
next(g)
r = x
--
l = []
def change():
    l.append(1)
def gen():
    change()
    yield 1
g = gen()
next(g)
r = len(l)
--
class C:
    x = 1
c = C()
def gen():
    c.x = 2
    yield 1
g = gen()
next(g)
r = c.x
--
class C:
    def __init__(self): self.l = []
    def gen(self):
        self.l.append(1)
        self.y = 2
        yield 1
c = C()
c.y = 0
list(c.gen())
r = c.l
s = c.y
--
from contextlib import contextmanager
x = 1
@contextmanager
def cm():
    global x
    x = 2
    yield 5
    x = 3
with cm() as v:
    r = x
s = x
t = v
--
from contextlib import contextmanager
@contextmanager
def env(name, value):
    old = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ[name] = old
with env('MODE', 'inside'):
    r = os.environ['MODE']
s = os.environ['MODE']
--
class cm:
    def __enter__(self):
        os.environ['MODE'] = 'in'
        return self
    def __exit__(self, *a):
        os.environ['MODE'] = 'out'
        return True
with cm():
    r = os.environ['MODE']
    1/0
    r = 'never'
s = os.environ['MODE']
--
import functools
def deco(f):
    @functools.wraps(f)
    def w(*a, **k):
        os.environ['MODE'] = 'deco'
        return f(*a, **k)
    return w
@deco
def f(): return 1
r = os.environ['MODE']
f()
s = os.environ['MODE']
--
import functools
@functools.singledispatch
def f(x): return 'any'
@f.register(int)
def _(x): return 'int'
r = f('a')
s = f(1)
--
import functools
@functools.cache
def f(x):
    os.environ['N'] = str(int(os.environ.get('N', '0')) + 1)
    return x
f(1); f(1); f(2)
r = os.environ['N']
--
def f(x, l=[]):
    l.append(x)
    return l
a = f(1)
b = f(2)
r = a is b
s = f.__defaults__[0]
t = len(f(3))
--
def f(a, b=1): return (a, b)
f.__defaults__ = (9,)
r = f(1)
--
def f(): return 1
def g(): return 2
f.__code__ = g.__code__
r = f()
--
class C:
    def m(self): return 1
C.m = lambda self: 2
r = C().m()
c = C()
c.m = lambda: 3
s = c.m()
--
class A:
    def m(self): return 'A'
class B:
    def m(self): return 'B'
a = A()
a.__class__ = B
r = a.m()
--
class A:
    def m(self): return 'A'
class B(A): pass
class Z:
    def m(self): return 'Z'
B.__bases__ = (Z,)
r = B().m()
--
try:
    [int(x) for x in ['1', 'z']]
    r = 'ok'
except ValueError:
    r = 'bad'
--
seen = []
def note(x):
    seen.append(x)
    return int(x)
try:
    [note(x) for x in ['1', 'z', '2']]
except ValueError:
    pass
r = seen
--
d = {}
try:
    d['a'] = 1
    d['b'] = int('x')
    d['c'] = 2
except ValueError:
    d['e'] = 1
finally:
    d['f'] = 1
r = list(d)
--
l = [1, 2, 3]
try:
    for i in l:
        l.append(i)
        if len(l) > 5: raise KeyError
except KeyError:
    pass
r = l
--
try:
    d = {'a': 1}
    for k in d:
        d['b'] = 2
    r = 'ok'
except RuntimeError:
    r = 're'
--
def f():
    try:
        return 'try'
    finally:
        os.environ['MODE'] = 'fin'
r = f()
s = os.environ['MODE']
--
def f():
    try:
        return 'try'
    finally:
        return 'fin'
r = f()
--
def f():
    x = [1]
    try:
        return x
    finally:
        x.append(2)
r = f()
--
def f():
    x = 1
    try:
        return x
    finally:
        x = 2
r = f()
--
try:
    try:
        raise ValueError('a')
    except ValueError as e:
        raise KeyError('b') from e
except KeyError as e:
    r = type(e.__cause__).__name__
    s = str(e)
    t = e.args
--
try:
    raise ValueError('a', 2)
except ValueError as e:
    r = e.args
    s = str(e)
--
class E(Exception):
    def __init__(self, code):
        self.code = code
    def __str__(self): return f'code {self.code}'
try:
    raise E(5)
except E as e:
    r = e.code
    s = str(e)
    t = f'{e}'
    u = e.args
--
try:
    raise ExceptionGroup('g', [ValueError('a'), KeyError('b')])
except* ValueError as g:
    r = len(g.exceptions)
except* KeyError:
    s = 'k'
--
import contextlib
with contextlib.ExitStack() as st:
    st.callback(lambda: os.environ.__setitem__('MODE', 'cb'))
    r = os.environ['MODE']
s = os.environ['MODE']
--
import contextlib
@contextlib.contextmanager
def c():
    try:
        yield 1
    except ValueError:
        os.environ['MODE'] = 'caught'
with c():
    raise ValueError
r = os.environ['MODE']
--
x = 1
class C:
    x = 2
    y = [x for _ in range(2)]
    z = [i for i in range(x)]
    def m(self): return x
r = C.y
s = C.z
t = C().m()
--
x = 'g'
class C:
    print_ = x
    x = 'c'
    def f(): return x
    after = x
r = C.print_
s = C.after
t = C.f()
--
x = 'g'
def f():
    class C:
        x = x
        y = x + '!'
    return C
r = f().x
s = f().y
--
x = 'g'
def f():
    x = 'l'
    class C:
        y = x
        x = 'c'
        z = x
    return C
r = f().z
--
def outer():
    x = 1
    def inc():
        nonlocal x
        x += 1
        return x
    inc(); inc()
    return x
r = outer()
--
def outer():
    fs = []
    for i in range(3):
        def f(): return i
        fs.append(f)
    return [f() for f in fs]
r = outer()
--
r = (lambda *a, **k: (a, sorted(k)))(1, *[2, 3], x=1, **{'y': 2})
--
def f(a, *, b, c=3, **kw): return (a, b, c, kw)
r = f(1, b=2, d=4)
try:
    f(1)
    s = 'ok'
except TypeError:
    s = 'te'
--
x, *y = 'abc'
(a, b), c = [1, 2], 3
r = (x, y, a, b, c)
--
i = 0
l = [0, 0]
i, l[i] = 1, 5
r = l
--
x = y = []
x += [1]
r = y
x = x + [2]
s = y
--
t = ([],)
try:
    t[0] += [1]
except TypeError:
    r = 'te'
s = t
--
d = {'a': [1]}
e = dict(d)
e['a'] += [2]
r = d
f = {**d, 'b': d['a']}
f['b'].append(3)
s = d['a']
--
import copy
a = [[1], [2]]
b = copy.deepcopy(a)
c = a[:]
a[0].append(9)
r = (b, c)
--
a = [1, 2, 3, 4, 5]
a[1:3] = ['x']
r = list(a)
a[::2] = [0, 0]
s = list(a)
del a[-1]
a.insert(100, 'e')
t = a
--
a = [3, 1, 2]
b = sorted(a)
a.sort(key=lambda v: -v)
r = (a, b)
s = a.index(1), a.count(3), a.pop(0), a
--
s = {3, 1, 2}
t = s
t |= {9}
r = s
u = s - {1}, s & {1, 9}, s ^ {1}
v = {1, 2} < {1, 2, 3}
w = frozenset(s) == s
--
d = {'b': 1, 'a': 2}
d['b'] = 3
d['c'] = 4
del d['b']
d['b'] = 5
r = list(d.items())
s = d.popitem()
t = d.pop('zz', 'no')
u = list(reversed(d))
--
d = dict.fromkeys(['a', 'b'], [])
d['a'].append(1)
r = d
--
d = {}
d.setdefault('x', []).append(1)
d.setdefault('x', []).append(2)
r = d
--
d = {1: 'a', True: 'b', 1.0: 'c', '1': 'd'}
r = d
--
d = {'a': 1} | {'b': 2}
d |= [('c', 3)]
r = d
--
from collections import ChainMap
c = ChainMap({'a': 1}, {'a': 2, 'b': 3})
r = c['a'], c['b'], c.get('z', 0)
c['b'] = 9
s = c.maps[1]['b'], c['b']
--
from collections import ChainMap
c = ChainMap({}, os.environ)
r = c['MODE']
s = c.get('MISSING', 'd')
--
from types import SimpleNamespace, MappingProxyType
n = SimpleNamespace(a=1, b=2)
n.c = 3
r = n.a + n.c
s = vars(n)
t = MappingProxyType({'a': 1})['a']
--
from collections import namedtuple
P = namedtuple('P', 'x y', defaults=[5])
p = P(1)
r = p.y, p[0], p._replace(x=9).x, p._asdict()
x, y = p
s = x
--
from collections import deque
d = deque([1, 2], maxlen=2)
d.append(3)
r = list(d)
d.appendleft(9)
s = d[0]
--
from collections import Counter
c = Counter('aabbb')
r = c.most_common(1)
c.update('a')
s = c['a'], c['zz']
--
from collections import defaultdict
d = defaultdict(lambda: 'dflt')
r = d['x'], list(d), d.get('y')
--
import re
r = re.sub(r'(\w)-(\w)', r'\2-\1', 'a-b')
s = re.match(r'(?P<n>\d+)', '12x').group('n')
t = re.split(r'[,;]\s*', 'a, b;c')
u = re.findall('a.', 'abac')
v = bool(re.search('z', 'abc'))
w = re.fullmatch('a+', 'aaa') is not None
x = re.compile('x').sub(lambda m: m.group(0).upper(), 'axb')
--
from datetime import timedelta
r = timedelta(days=31).total_seconds()
s = int(timedelta(hours=1, minutes=30).total_seconds())
t = str(timedelta(days=1, seconds=5))
u = timedelta(weeks=1).days
v = (timedelta(days=1) * 2).days
w = timedelta(days=1) > timedelta(hours=2)
--
r = ast = __import__('ast').literal_eval("{'a': [1, (2,), None, True, -1.5]}")
--
r = json.loads('{"a": 1.0, "b": [true, null], "c": "\\u00e9"}')
s = json.dumps({'b': [1, None, True], 'a': 'é'}, sort_keys=True)
t = json.dumps([1.0, 1e20])
try:
    json.loads('{bad')
except ValueError as e:
    u = type(e).__name__
--
r = 'ß'.upper(), 'İ'.lower() == 'i̇', 'ǆ'.title(), 'Straße'.casefold()
s = '\uff11\uff12'.isdigit(), int('\uff11\uff12'), '²'.isdigit(), '½'.isnumeric(), '1.5'.isdigit()
t = 'a\u2028b'.splitlines(), 'a\x0bb\x1cc'.splitlines()
u = ' a\u00a0b\t'.split(), '\u3000x'.strip()
--
r = 'abc'.encode('utf-16').decode('utf-16')
s = b'\xff'.decode('latin1')
t = '\udcff'.encode('utf8', 'surrogateescape')
u = 'é'.encode('ascii', 'ignore')
--
r = '%s %s' % ('a', ['b'])
s = '%(x)s' % {'x': 1, 'y': 2}
t = '%s' % (('a', 'b'),)
u = 'x' % ()
--
r = 'a,b,,c'.split(','), 'a b'.split(None, 1), 'a.b.c'.rsplit('.', 1), ''.split(','), ''.split()
s = 'abcabc'.rfind('b'), 'abc'.index('c'), 'aXbX'.rpartition('X')
t = 'abc'.translate(str.maketrans('ab', 'xy')), 'abc'.removeprefix('ab'), 'abc'.removesuffix('bc')
u = 'x'.zfill(3), '-5'.zfill(4), 'x'.ljust(3, '.') + '|', 'a'.rjust(3)
v = 'Hello'.swapcase(), 'hello world'.capitalize(), "it's".title()
--
r = [*range(5, 0, -2)], list(range(0)), range(5)[2], 3 in range(5), len(range(1, 10, 3))
s = list(zip('ab', [1, 2, 3])), list(enumerate('ab', 1)), list(map(max, [1, 5], [3, 2]))
t = any([]), all([]), sum([0.1] * 3), min('ba'), max([1, 3], [2]), max(1, 2, key=lambda v: -v)
--
try:
    list(zip([1], [1, 2], strict=True))
    r = 'ok'
except ValueError:
    r = 've'
--
it = iter([1, 2, 3])
r = [next(it), next(it)]
s = list(it)
t = next(it, 'done')
--
it = iter([1, 2, 3])
r = 2 in it
s = list(it)
--
m = map(int, ['1', '2'])
r = list(m)
s = list(m)
--
z = zip([1, 2], 'ab')
a = next(z)
r = list(z)
--
g = (x for x in [1, 2, 3])
r = next(g)
s = sum(g)
t = list(g)
--
n = 2
g = (x * n for x in [1, 2])
n = 10
r = list(g)
--
l = [1, 2]
g = (x for x in l)
l.append(3)
r = list(g)
--
l = [1, 2, 3]
f = filter(lambda v: v > k, l)
k = 1
r = list(f)
--
l = [1, 2]
r = reversed(l)
l.append(3)
s = list(r)
--
i = iter(l := [1, 2])
l.append(3)
s = list(i)
--
calls = []
def it():
    calls.append(1)
    return len(calls) == 3
r = list(iter(it, True))
s = len(calls)
--
def gen():
    x = yield 1
    yield x
g = gen()
r = next(g)
s = g.send('sent')
--
def gen():
    yield from [1, 2]
    return 'ret'
def outer():
    v = yield from gen()
    yield v
r = list(outer())
--
def gen():
    try:
        yield 1
        yield 2
    finally:
        os.environ['MODE'] = 'closed'
g = gen()
next(g)
g.close()
r = os.environ['MODE']
--
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
i = It()
r = list(i)
s = i.n
--
class G:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i
r = list(G())
s = 1 in G()
--
class B:
    def __bool__(self): return False
    def __len__(self): return 5
class L:
    def __len__(self): return 0
r = bool(B()), bool(L()), 'x' if L() else 'y'
--
class C:
    def __eq__(self, o): return True
    def __hash__(self): return 1
d = {C(): 'a'}
d[C()] = 'b'
r = len(d)
s = C() == 5, 5 == C(), C() != 5
--
class C:
    def __lt__(self, o): return True
    def __add__(self, o): return 'add'
    def __radd__(self, o): return 'radd'
    def __call__(self, *a): return a
    def __contains__(self, x): return 'yes'
    def __str__(self): return 'str'
    def __repr__(self): return 'repr'
    def __format__(self, s): return 'fmt' + s
c = C()
r = c < c, c > c, c + 1, 1 + c, c(1, 2), 3 in c, str(c), repr(c), f'{c:x}', f'{c!r}', '%s' % c, str([c])
--
class C:
    __slots__ = ('a',)
c = C()
c.a = 1
try:
    c.b = 2
    r = 'ok'
except AttributeError:
    r = 'ae'
--
class C:
    @property
    def p(self): return 1
try:
    C().p = 2
    r = 'ok'
except AttributeError:
    r = 'ae'
--
class A:
    @property
    def p(self): return 'A'
class B(A):
    @property
    def p(self): return super().p + 'B'
class C(B):
    p = 'C'
r = B().p, C().p
--
class A:
    @classmethod
    def make(cls): return cls.__name__
    @staticmethod
    def st(x): return x
class B(A): pass
r = B.make(), B().make(), A.st(1), B().st(2)
--
HOSTS = ['a']
def gen():
    for h in HOSTS:
        yield h
g = gen()
r = HOSTS
--
HOSTS = ['a']
def gen():
    out = []
    for h in HOSTS:
        out.append(h)
        yield h
g = gen()
r = HOSTS
--
HOSTS = ['a']
def change(l): l.append('x')
def gen():
    change(HOSTS)
    yield 1
next(gen())
r = HOSTS
--
class C:
    x = 1
    l = []
def gen(c):
    c.x = 2
    c.l.append(3)
    yield 1
next(gen(C))
r = C.x
s = C.l
--
d = {'a': {'b': 1}}
def gen():
    d['a']['b'] = 2
    yield
next(gen())
r = d['a']['b']
--
import threading
class C:
    def __init__(self): self.x = 1
    def run(self): self.x = 2
c = C()
t = threading.Thread(target=c.run)
t.start(); t.join()
r = c.x
--
from base import *
r = DEBUG
s = HOSTS
HOSTS.append('more')
t = hidden if 'hidden' in globals() else 'no'
### base.py
import os
DEBUG = os.environ.get('FLAG') == 'True'
HOSTS = ['a']
_private = 1
--
from base import *
r = 'X' in globals()
s = '_Y' in globals()
t = Z
### base.py
__all__ = ['Z', '_Y']
X, _Y, Z = 1, 2, 3
--
from base import *
r = A
### base.py
A = 1
__all__ = ['A'] + ['B' for _ in range(1)]
B = 2
__all__ += ['C']
C = 3
--
import base
base.A = 5
from base import A, get
r = A
s = get()
### base.py
A = 1
def get(): return A
--
from base import A, change
r = A
change()
s = A
import base
t = base.A
### base.py
A = 1
def change():
    global A
    A = 2
--
import a
r = a.X
s = a.b.Y
### a.py
import b
X = 'a'
### b.py
import a
Y = getattr(a, 'X', 'not yet')
--
from a import X
r = X
import b
s = b.seen
### a.py
import b
X = 1
### b.py
try:
    from a import X
    seen = 'X'
except ImportError:
    seen = 'circular'
--
import pkg
r = hasattr(pkg, 'sub')
import pkg.sub
s = pkg.sub.V
t = pkg.V
### pkg/__init__.py
V = 'pkg'
### pkg/sub.py
from . import V as W
V = W + 's'
--
import pkg.sub
s = pkg.sub.V
t = pkg.V
### pkg/__init__.py
V = 'pkg'
### pkg/sub.py
from . import V as W
V = W + '.sub'
--
from pkg import sub
r = sub.V
### pkg/__init__.py
sub = type('S', (), {'V': 'attr'})
### pkg/sub.py
V = 'module'
--
from pkg import *
r = 'sub' in globals()
s = A
### pkg/__init__.py
from .sub import *
from .sub import _hidden
A = A + 1
### pkg/sub.py
A = 1
_hidden = 2
--
import base
r = base.anything
s = base.known
try:
    base.bad
    t = 'ok'
except AttributeError:
    t = 'ae'
### base.py
known = 1
def __getattr__(name):
    if name == 'bad': raise AttributeError(name)
    return 'dyn-' + name
--
from base import dynamic
r = dynamic
### base.py
def __getattr__(name):
    return name.upper()
--
try:
    from local_settings import *
except ImportError:
    DEBUG = False
r = DEBUG
--
DEBUG = True
try:
    from local_settings import DEBUG
except ImportError:
    pass
r = DEBUG
### local_settings.py
DEBUG = 'local'
--
import importlib
m = importlib.import_module('conf.' + os.environ.get('MODE', 'dev'))
r = m.X
### conf/__init__.py
### conf/prod.py
X = 'prod'
### conf/dev.py
X = 'dev'
--
name = 'conf.prod'
mod = __import__(name)
r = mod.prod.X
m2 = __import__(name, fromlist=['X'])
s = m2.X
### conf/__init__.py
### conf/prod.py
X = 'prod'
--
import conf.prod as p
for k in dir(p):
    if k.isupper():
        globals()[k] = getattr(p, k)
r = X
### conf/__init__.py
### conf/prod.py
X = 'prod'
y = 1
--
import base, importlib
base.X = 9
r = base.X
importlib.reload(base)
s = base.X
### base.py
X = 1
--
import sys
sys.modules['base'] = type(sys)('base')
sys.modules['base'].X = 'fake'
import base
r = base.X
### base.py
X = 'real'
--
import base
del sys.modules['base']
os.environ['STAGE'] = 'two'
import base as again
r = base.X
s = again.X
### base.py
import os
X = os.environ.get('STAGE', 'one')
--
import base
base.os.environ['MODE'] = 'patched'
r = os.environ['MODE']
### base.py
import os
--
import base
base.settings['debug'] = True
from base import settings, read
r = settings['debug']
s = read()
### base.py
settings = {'debug': False}
def read(): return settings['debug']
--
import base
base.Config.DEBUG = True
import other
r = other.D
### base.py
class Config:
    DEBUG = False
### other.py
from base import Config
D = Config.DEBUG
--
import other
import base
base.Config.DEBUG = True
r = other.D
s = other.C.DEBUG
### base.py
class Config:
    DEBUG = False
### other.py
from base import Config as C
D = C.DEBUG
--
if os.environ['OPEN']:
    import a as m
else:
    import b as m
r = m.X
m.X = 'changed'
import a, b
s = a.X
t = b.X
### a.py
X = 'a'
### b.py
X = 'b'
--
if os.environ['OPEN']:
    import a
try:
    r = a.X
except NameError:
    r = 'unbound'
import sys
s = 'a' in sys.modules
### a.py
X = 'a'
--
if os.environ['OPEN']:
    import a
import a
r = a.X
s = os.environ.get('FROM_A')
### a.py
import os
X = 'a'
os.environ['FROM_A'] = os.environ.get('FROM_A', '') + 'x'
--
import a
import a
from a import X
r = os.environ.get('FROM_A')
### a.py
import os
X = 'a'
os.environ['FROM_A'] = os.environ.get('FROM_A', '') + 'x'
--
os.environ['EARLY'] = '1'
import a
os.environ['EARLY'] = '2'
r = a.E
### a.py
import os
E = os.environ['EARLY']
--
import a
r = a.NAME
s = a.FILE.endswith('a.py')
t = a.PKG
u = __name__
### a.py
NAME = __name__
FILE = __file__
PKG = __package__
--
import pkg.mod
r = pkg.mod.NAME
s = pkg.mod.PKG
### pkg/__init__.py
### pkg/mod.py
NAME = __name__
PKG = __package__
--
try:
    import a
except ZeroDivisionError:
    r = 'zde'
s = 'a' in sys.modules
try:
    import a
    t = 'ok'
except ZeroDivisionError:
    t = 'again'
### a.py
1 / 0
--
try:
    from a import nope
    r = 'ok'
except ImportError:
    r = 'ie'
### a.py
x = 1
--
import a
a.hook.append('main')
r = a.hook
s = a.get()
### a.py
hook = []
def get(): return hook
--
from a import hook
hook.append('main')
import a
r = a.hook
hook = ['new']
s = a.hook
### a.py
hook = []
--
from a import *
X = 2
r = show()
### a.py
X = 1
def show(): return X
--
from a import deco, registry
@deco
def f(): return 1
r = len(registry)
s = f()
### a.py
registry = []
def deco(f):
    registry.append(f.__name__)
    return f
--
from a import Meta
class C(metaclass=Meta):
    pass
r = C.registered
### a.py
class Meta(type):
    def __init__(cls, name, bases, ns):
        cls.registered = name
        super().__init__(name, bases, ns)
--
from a import Base, found
class One(Base): pass
class Two(Base): pass
r = found
### a.py
found = []
class Base:
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        found.append(cls.__name__)
--
from functools import cached_property
class C:
    n = 0
    @cached_property
    def v(self):
        C.n += 1
        return C.n
c = C()
r = c.v, c.v, C().v
c.v = 'set'
s = c.v
del c.v
t = c.v
--
from functools import lru_cache
@lru_cache
def settings(): return {'a': 1}
settings()['a'] = 2
r = settings()['a']
settings.cache_clear()
s = settings()['a']
--
from functools import partialmethod
class C:
    def m(self, a, b): return (a, b)
    p = partialmethod(m, 1)
r = C().p(2)
--
class C:
    x = property(lambda self: self._x, lambda self, v: setattr(self, '_x', v * 2))
c = C()
c.x = 4
r = c.x
--
class C:
    def __init__(self):
        self.__dict__['a'] = 1
    def __getattr__(self, n):
        return self.__dict__.get(n, 'none')
c = C()
r = c.a, c.b
c.b = 2
s = c.b
--
class C:
    a = 1
c = C()
c.a += 1
C.a = 10
r = c.a, C.a
del c.a
s = c.a
--
class C: pass
c = C()
setattr(c, os.environ['OPEN'] or 'zz', 5)
r = hasattr(c, 'prod')
s = getattr(c, 'prod', 'none')
--
class C:
    prod = 1
setattr(C, os.environ['OPEN'] or 'zz', 5)
r = C.prod
s = getattr(C, 'dev', 'none')
t = hasattr(C, 'dev')
--
class C:
    prod = 1
c = C()
delattr(C, 'prod')
r = hasattr(c, 'prod')
--
class C:
    prod = 1
for n in ('a', 'b'):
    setattr(C, n, n.upper())
r = C.a + C.b
--
x = {'a': 1}
def f(d):
    d = dict(d)
    d['a'] = 2
    return d
r = f(x), x
--
def f(d={}):
    d.setdefault('n', 0)
    d['n'] += 1
    return d['n']
r = f(), f(), f({})
--
def f(*args, **kw):
    args += (1,)
    kw['z'] = 1
    return args, kw
d = {'a': 1}
r = f(0, **d), d
--
a = [1, 2]
def f(l):
    l = l + [3]
    return l
r = f(a), a
def g(l):
    l += [3]
    return l
s = g(a), a
--
a = (1, 2)
b = a
a += (3,)
r = a, b
s1 = 'x'
s2 = s1
s1 += 'y'
r2 = s1, s2
--
d = {'a': 1, 'b': 2}
for k in list(d):
    if k == 'a': del d[k]
r = d
e = {k: v for k, v in d.items() if v > 5}
s = e
--
d = {'b': 1}
d2 = {'a': 0, **d, 'b': 5}
r = list(d2.items())
s = dict(sorted(d2.items()))
t = max(d2, key=d2.get)
--
l = [1, 2, 3]
it = iter(l)
a = [x for x in it if x < 2]
r = a, list(it)
--
x = 5
def f():
    r = x
    return r
x = 6
r = f()
--
def f():
    return y
try:
    r = f()
except NameError:
    r = 'ne'
y = 1
s = f()
--
def f():
    try:
        return x
    except NameError:
        return 'ne'
    x = 1
try:
    r = f()
except UnboundLocalError:
    r = 'ule'
--
try:
    del nope
    r = 'ok'
except NameError:
    r = 'ne'
class C: pass
try:
    del C().a
    s = 'ok'
except AttributeError:
    s = 'ae'
--
r = [i for i in range(5) if (j := i) > 2]
s = j
--
def f(n):
    while n > 0:
        n -= 1
        if n == 2: return 'two'
    else:
        return 'else'
r = f(5), f(1), f(2)
--
r = []
for i in range(3):
    for j in range(3):
        if j == i: break
        r.append((i, j))
    else:
        r.append('else')
--
r = ''
for c in 'abc':
    try:
        if c == 'b': continue
        r += c
    finally:
        r += '.'
--
r = None
try:
    for i in range(3):
        if i: raise StopIteration
        r = i
except StopIteration:
    r = (r, 'si')
--
with open(__file__.replace('settings.py', 'nope.txt')) if False else __import__('contextlib').nullcontext(5) as v:
    r = v
--
try:
    open('/nonexistent/file')
    r = 'ok'
except FileNotFoundError:
    r = 'fnf'
except OSError:
    r = 'ose'
--
r = os.path.exists('/nonexistent/zzz')
--
import random
random.seed(1)
r = random.randint(1, 10)
s = random.choice(['a'])
--
import secrets
r = len(secrets.token_hex(8))
s = secrets.token_hex(8) == secrets.token_hex(8)
--
import uuid, hashlib, base64
r = hashlib.md5(b'a').hexdigest()
s = base64.b64encode(b'ab').decode()
t = str(uuid.UUID(int=5))
u = hashlib.sha256('x'.encode()).hexdigest()[:8]
--
r = hash('a') == hash('a')
s = hash('a') % 2
t = id(r) == id(r)
--
s = {'a', 'b', 'c', 'd', 'e'}
r = list(s)
t = ','.join(s)
u = next(iter(s))
v = s.pop()
--
r = str({'a', 'b', 'c'})
s = repr({'a'})
t = f"{ {1, 2, 3} }"
--
s = len(sys.argv)
--
r = sys.version_info[0]
s = sys.version_info >= (3, 0)
t = sys.maxsize > 2**32
u = sys.byteorder
--
r = os.getcwd()
t = os.path.expanduser('~/x')
u = os.path.expandvars('$MODE/x')
v = os.path.normpath('a//b/../c')
w = os.path.relpath('/srv/app/x', '/srv/app')
x = os.path.realpath('/srv/../etc')
--
from pathlib import Path
r = str(Path.home()), str(Path.cwd())
s = Path('a/../b').resolve().name
t = Path('x.txt').with_name('y.md').name
u = Path('/a/b/c').relative_to('/a').as_posix()
v = Path('/a') in Path('/a/b').parents
w = [p.name for p in Path('/a/b').parents]
x = Path('a', 'b', '..', 'c').as_posix()
y = Path('~/x').expanduser().name
--
from string import Template
r = Template('$a-${b}').substitute(a=1, b='x')
s = Template('$a $zz').safe_substitute(a=1)
--
from urllib.parse import urlparse, quote, urlencode, parse_qs, urljoin
u = urlparse('postgres://us:p%40@h:5432/db?x=1#f')
r = u.scheme, u.hostname, u.port, u.path, u.username, u.password
s = quote('a b/c'), urlencode({'a': 1, 'b': 'x y'}), parse_qs('a=1&a=2')
t = urljoin('http://a/b/c', '../d')
u2 = u._replace(netloc='z').geturl()
u = None
--
import itertools
r = list(itertools.chain('ab', [1])), list(itertools.islice(range(10), 2, 5))
s = list(itertools.product('ab', [1, 2])), list(itertools.accumulate([1, 2, 3]))
t = [(k, list(g)) for k, g in itertools.groupby('aabb')]
u = list(itertools.zip_longest([1], [2, 3])), list(itertools.repeat('x', 2))
c = itertools.count(5)
v = next(c), next(c)
cy = itertools.cycle('ab')
w = [next(cy) for _ in range(3)]
c = cy = None
--
import operator
r = operator.attrgetter('real')(5), operator.methodcaller('upper')('a'), operator.itemgetter(1, 0)('ab')
--
import decimal, fractions
r = str(decimal.Decimal('1.10') + 1), int(decimal.Decimal('5.5'))
s = float(fractions.Fraction(1, 4))
--
import ipaddress
r = ipaddress.ip_address('10.0.0.1').is_private, str(ipaddress.ip_network('10.0.0.0/8'))
s = '10.1.2.3' in [str(h) for h in [1]]
--
import textwrap, shlex
r = textwrap.dedent('  a\n  b'), shlex.split('a "b c"')
--
import configparser
c = configparser.ConfigParser()
c.read_string('[a]\nx=1\nb = %(x)s2\n')
r = c['a']['x'], c.getint('a', 'x'), c.get('a', 'b'), c.has_section('z'), c.get('a', 'zz', fallback='f')
c = None
--
import tomllib
r = tomllib.loads('a = 1\n[b]\nc = "x"')
--
from collections import OrderedDict
d = OrderedDict(a=1, b=2)
d.move_to_end('a')
r = list(d)
s = d.popitem(last=False)
--
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: str = 'd'
p = P(1)
r = p.y, p[0], p == (1, 'd'), len(p), p._asdict()
--
from dataclasses import dataclass, field, replace, asdict, fields
@dataclass(frozen=True, order=True)
class D:
    a: int = 1
    b: list = field(default_factory=list)
d = D()
try:
    d.a = 2
    r = 'ok'
except AttributeError:
    r = 'frozen'
s = replace(d, a=5).a, asdict(D(2, [1])), D(1) < D(2), [f.name for f in fields(D)]
t = repr(D(3)), D(1) == D(1), hash(D.__name__) == hash('D')
--
from dataclasses import dataclass, KW_ONLY
@dataclass(slots=True, kw_only=True)
class D:
    a: int
    b: int = 2
    def __post_init__(self): self.a += 1
r = D(a=1).a, D(a=1, b=5).b
try:
    D(1)
    s = 'ok'
except TypeError:
    s = 'te'
--
import enum
class F(enum.Flag):
    A = enum.auto()
    B = enum.auto()
r = (F.A | F.B).value, F.A in (F.A | F.B), bool(F.A & F.B)
class E(enum.Enum):
    X = 'x'
    Y = 'y'
    Z = 'x'
    @property
    def up(self): return self.value.upper()
    @classmethod
    def dflt(cls): return cls.Y
    def __str__(self): return 'E:' + self.value
s = [e.name for e in E], E.Z is E.X, E('y').up, E.dflt().name, str(E.X), f'{E.X}', E['Y'].value, len(E)
u = 'x' in [e.value for e in E]
try:
    E('nope')
    t = 'ok'
except ValueError:
    t = 've'
--
import enum
@enum.unique
class C(str, enum.Enum):
    A = 'a'
    def __eq__(self, o): return True
r = C.A == 'zzz'
s = C.A in ['q']
--
class A:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return isinstance(o, A) and self.v == o.v
    def __hash__(self): return hash(self.v)
r = A(1) == A(1), A(1) in [A(1)], len({A(1), A(1)}), {A(1): 'x'}.get(A(1)), A(1) != A(2), [A(1)].index(A(1))
--
class S(str):
    def lower(self): return 'LOWER'
    def __eq__(self, o): return False
    def __hash__(self): return 1
s1 = S('Abc')
r = s1.lower(), s1 == 'Abc', s1.upper(), len(s1), s1 + 'x', s1 in ('Abc',)
s1 = None
--
class L(list):
    def append(self, x): super().append(x * 2)
l = L([1])
l.append(5)
r = list(l), l[1], len(l), l == [1, 10]
l = None
--
class D(dict):
    def __getitem__(self, k): return 'got'
    def get(self, k, d=None): return 'get'
d = D(a=1)
r = d['a'], d.get('a'), dict(d), list(d.values())
d = None
--
class D(dict):
    def __getattr__(self, n):
        try: return self[n]
        except KeyError: raise AttributeError(n)
    __setattr__ = dict.__setitem__
d = D(a=1)
d.b = 2
r = d.a, d['b'], hasattr(d, 'zz'), getattr(d, 'q', 'no')
d = None
--
class I(int):
    def __bool__(self): return False
i = I(5)
r = bool(i), i + 1, 'y' if i else 'n'
i = None
--
if os.environ['OPEN']:
    x = 1
try:
    r = x
except NameError:
    r = 'unbound'
--
x = 'g'
class C:
    if os.environ['OPEN']:
        x = 'c'
    y = x
r = C.y
--
if os.environ['OPEN']:
    len = lambda v: 99
r = len('abc')
--
def f(flag):
    if flag:
        v = 1
    try:
        return v
    except UnboundLocalError:
        return 'ule'
r = f(os.environ['OPEN'])
--
class Base:
    def __init_subclass__(cls, tag='t', **kw):
        cls.tag = tag
        cls.DEBUG = True
class S(Base, tag='z'):
    DEBUG = False
class T(S): pass
r = S.tag, S.DEBUG, T.tag
--
class C:
    def get(self): return 1
    p = property(get)
    s = staticmethod(get)
r = C().get(), C().p, C.s(None)
--
class C:
    def __init__(self): self.x = 1
    def __enter__(self): return self
    def __exit__(self, *a): self.x = 3
c = C()
def f():
    with c:
        c.x = 2
        return c.x
r = f(), c.x
--
seen = []
any(seen.append(x) or True for x in [1, 2])
r = seen
--
seen = []
def note(x):
    seen.append(x)
    return x
r = any(note(x) for x in [0, 1, 2]), list(seen)
s = all(note(x) for x in [1, 0, 2]), list(seen)
t = next(note(x) for x in [7, 8]), list(seen)
u = 7 in map(note, [6, 7, 8]), list(seen)
--
def gen(n):
    for i in range(n):
        if i == 2: continue
        yield i * 2
    yield 'end'
r = list(gen(4)), sum(1 for _ in gen(3)), ','.join(map(str, gen(2)))
s = [x for x in gen(3)]
a, *b = gen(2)
t = (a, b)
--
def gen():
    yield 'a'
    if os.environ['OPEN']:
        yield 'b'
    yield 'c'
r = list(gen())
s = 'a' in gen()
t = len(list(gen()))
--
def gen():
    for k, v in {'a': 1, 'b': 0}.items():
        if v:
            yield k
HOSTS = list(gen())
r = HOSTS
--
def gen(x):
    yield x
    yield from gen(x - 1) if x > 0 else []
r = list(gen(3))
--
def gen():
    try:
        yield 1
        raise ValueError('x')
    except ValueError:
        yield 'caught'
    finally:
        yield 'fin'
r = list(gen())
--
def gen():
    yield 1
    raise KeyError('x')
g = gen()
r = next(g)
try:
    next(g)
    s = 'ok'
except KeyError:
    s = 'ke'
--
def gen():
    x = yield 1
    yield ('got', x)
g = gen()
next(g)
r = g.send('v')
--
def gen():
    yield 1
    return 'val'
def outer():
    v = yield from gen()
    yield v
r = list(outer())
--
def count():
    n = 0
    while True:
        yield n
        n += 1
c = count()
r = next(c), next(c)
s = [x for x, _ in zip(count(), 'abc')]
--
class C:
    items = ['a', 'b']
    def __iter__(self):
        for i in self.items:
            yield i.upper()
r = list(C()), 'A' in C(), [*C()]
for x in C(): s = x
--
def gen():
    for i in range(2):
        yield i
g = gen()
r = list(g), list(g)
h = gen()
s = next(h), list(h)
--
l = [1, 2]
def gen():
    for i in l: yield i
g = gen()
l.append(3)
r = list(g)
--
def gen():
    for i in range(3):
        yield i
out = []
for i in gen():
    if i == 1: break
    out.append(i)
r = out
--
import contextlib
@contextlib.contextmanager
def cm():
    yield 'v'
with cm() as x:
    y = 5
r = y
--
def gen():
    local = []
    for i in 'ab':
        local.append(i)
        yield list(local)
r = list(gen())
--
state = {'n': 0}
def gen():
    for _ in range(2):
        state['n'] += 1
        yield state['n']
r = list(gen())
s = state['n']
--
def f(*a): return a
r = f(*(x for x in "ab")), {x: 1 for x in (y for y in "cd")}, dict((k, 1) for k in "ef"), max(x for x in [1, 3])
s = ''.join(c for c in 'abc' if c != 'b'), tuple(x for x in [1]), set(x for x in [1]) == {1}, sum(x for x in [1, 2])
--
import base
r = [n for n in dir(base) if n.isupper()]
s = dir(base.C)
t = 'x' in dir(base), 'y' in dir(base)
### base.py
B = 1
A = 2
x = 3
class C:
    z = 1
    def m(self): pass
--
from functools import reduce
r = reduce(lambda a, b: a + b, ['a', 'b'], 'x'), reduce(lambda a, b: a * b, [1, 2, 3])
try:
    reduce(lambda a, b: a, [])
    s = 'ok'
except TypeError:
    s = 'te'
--
state = []
def gen():
    for i in range(3):
        state.append(i)
        yield i
g = gen()
r = list(state)
s = next(g)
t = list(state)
--
state = []
def gen():
    for i in range(3):
        state.append(i)
        yield i
r = list(gen()), state, ','.join(map(str, gen())), len(state)
s = sorted(gen()), sum(gen()), [*gen()], len(state)
--
state = []
def gen():
    for i in range(3):
        state.append(i)
        yield i
for x in gen():
    state.append('body')
r = state
--
state = []
def gen():
    for i in range(3):
        state.append(i)
        yield i
r = [(x, len(state)) for x in gen()]
s = dict(zip(gen(), 'ab')), len(state)
t = any(gen()), len(state)
u = list(map(lambda v: len(state), gen()))
v = list(enumerate(gen())), len(state)
w = 1 in gen(), len(state)
x = max(gen(), key=lambda v: len(state))
--
class Dev:
    MODE = 'dev'
    NAMES = ['d']
class Prod(Dev):
    MODE = 'prod'
    NAMES = ['p']
chosen = Prod if os.environ.get('MISSING') else Dev
chosen.MODE = 'x'
chosen.NAMES.append('y')
r = Dev.MODE, Prod.MODE
s = Dev.NAMES, Prod.NAMES
--
a, b = [1], [2]
(a if os.environ.get('MISSING') else b).append(3)
c = a if os.environ.get('NOT_THERE') else b
c += [4]
c[0] = 9
r = a
s = b
--
d, e = {'k': 1}, {'k': 2}
f = d if os.environ.get('MISSING') else e
f['k'] = 5
f.update(z=1)
r = d
s = e
--
class C:
    def limit(self): return 'limit'
    def other(self): return 'other'
if os.environ.get('MISSING'):
    flag = True
else:
    flag = False
C.limit = C.other if flag else C.limit
r = C().limit()
s = C.limit(C())
--
from collections import defaultdict
d = defaultdict(list)
d[len(os.environ.get('MISSING', 'prod'))].append('x')
r = d.get(1, ['none'])
s = 1 in d
t = len(d)
u = list(d)
e = {os.environ.get('MISSING', 'a'): 1}
v = e.get('b', 0), e.get('a', 0)
--
r = 'abc'.translate({97: 'b'}), (2.5).as_integer_ratio(), b'12'.isdigit(), (5).bit_count(), 'a'.isidentifier()
s = 'abc'.format_map({}), '{a}'.format_map({'a': 1})
try:
    '{a}'.format(b=1)
    t = 'ok'
except KeyError:
    t = 'ke'
--
from functools import lru_cache
calls = []
@lru_cache
def cached(name):
    calls.append(name)
    return [name]
one = cached(os.environ['OPEN'])
one.append('changed')
two = cached('prod')
r = two
s = len(calls)
t = cached(os.environ['EITHER'])
u = len(calls)
--
left = ['', 'x']
taken = []
while left and (item := left.pop()) != os.environ['OPEN']:
    taken.append(item)
else:
    taken.append('else')
r = taken
s = left
--
from collections import defaultdict
d = defaultdict(list)
d[1].append('1')
for word in os.environ['OPEN'].split(','):
    d[len(word)].append(word)
r = d.get(1, ['none'])
s = len(d)
--
import importlib
name = os.environ.get('MISSING', 'dev')
m = importlib.import_module('conf.' + (name if name in ('dev', 'prod') else 'dev'))
r = m.X
### conf/__init__.py
### conf/prod.py
X = 'prod'
### conf/dev.py
X = 'dev'
--
count = 0
def bump():
    global count
    count += 1
os.environ.get('MISSING', 'x') or bump()
r = count
bump() if os.environ.get('NOT_THERE') else None
s = count
--
try:
    if 'NOT_THERE' in os.environ: raise ValueError('no')
    later = 'bound'
except ValueError:
    pass
after = 'after'
--
d = {'x': 1}
d.setdefault(os.environ.get('NOT_THERE', 'Dev'), 2)
e = {'a': 1, 'b': 2}
e.pop(os.environ.get('MISSING', 'a'), None)
f = {}
f.update(d)
r = sorted(d)
s = e.get('b')
t = 'true' in f
--
try:
    if 'NOT_THERE' in os.environ: raise ValueError('no')
    x = 1
except ValueError:
    y = 2
else:
    z = 3
finally:
    w = 4
y2 = 'y' in globals()
--
class A:
    x = 1
    y = 2
r = getattr(A, 'x' if os.environ['OPEN'] else 'y')
s = getattr(A, os.environ['OPEN'], 'd')
t = getattr(A, 'z' if os.environ['OPEN'] else 'y', 'none')
u = hasattr(A, os.environ['OPEN'])
v = hasattr(A, 'z' if os.environ['OPEN'] else 'y')
w = getattr(A(), 'z', os.environ['OPEN'])
--
class A:
    x = 1
    y = 2
setattr(A, 'x' if os.environ['OPEN'] else 'y', 5)
r = A.x
s = A.y
t = A().x
--
class A:
    prod = 1
a = A()
setattr(a, os.environ['OPEN'] or 'q', 5)
r = a.prod
s = A.prod
t = A().prod
u = hasattr(a, 'dev')
--
class A:
    def __init__(self):
        self.prod = 1
        self.x = 2
a = A()
b = A()
try:
    delattr(a, os.environ['OPEN'] or 'x')
except AttributeError:
    pass
r = getattr(a, 'prod', 'gone')
s = getattr(a, 'x', 'gone')
t = b.x
delattr(b, 'x')
u = hasattr(b, 'x')
--
class A:
    x = 1
a = A() if os.environ['OPEN'] else A
delattr(A, 'x')
r = hasattr(A, 'x')
s = hasattr(a, 'x')
--
try:
    isinstance(1)
except TypeError:
    r = 'wrong'
try:
    isinstance(1, str, int)
except TypeError:
    s = 'wrong'
--
class A:
    pass
class B(A):
    pass
class C(dict):
    pass
one = os.environ['OPEN']
n = len(one)
r = [isinstance(one, str), isinstance(n, int), isinstance(n, (str, list)), isinstance(one, (A, str))]
s = [isinstance({}, A), isinstance(A(), dict), isinstance(B(), A), isinstance(A(), B)]
r2 = [isinstance(C(), dict), isinstance(A, type)]
t = [isinstance(len, str), isinstance(lambda: 1, int), isinstance(json, dict)]
r3 = [isinstance(True, int), isinstance(1, bool)]
u = [isinstance([1], list), isinstance((1,), list), isinstance({1}, (set, frozenset)), isinstance(b'', (bytes, str))]
v = isinstance(A() if one else 1, A)
w = isinstance(A() if one else B(), A)
x = isinstance(functools.partial(len), str)
y = isinstance(C(), A)
--
class Meta(type):
    def __instancecheck__(cls, other):
        return True
class A(metaclass=Meta):
    pass
r = isinstance(1, A)
s = isinstance({}, A)
--
class A:
    def __call__(self):
        return 1
class B:
    pass
r = [callable(A()), callable(B()), callable(len), callable(1), callable(A), callable(A().__call__)]
r2 = [callable([]), callable(json.dumps)]
s = callable(len if os.environ['OPEN'] else 1)
t = callable(functools.partial(len))
--
class A:
    x = 1
    def y(self): pass
class B(A):
    z = 2
r = [n for n in dir(B) if not n.startswith('_')]
s = [n for n in dir(B()) if not n.startswith('_')]
t = 'z' in dir(A)
if os.environ['OPEN']:
    del B.z
u = [n for n in dir(B) if not n.startswith('_')]
--
import conf
r = sorted(dir(conf))
s = '__path__' in dir(conf)
### conf/__init__.py
X = 1
--
def f():
    n = 1
    def g():
        nonlocal n
        n = 2
        yield n
        n = 3
        yield n
    it = g()
    next(it)
    return n
r = f()
--
x = 1
def g():
    exec("global x\nx = 5")
    yield 1
it = g()
next(it)
r = x
--
class A:
    def __init__(self): self.n = 1
    def bump(self):
        self.n += 1
a = A()
m = a.bump
def g():
    m()
    yield 1
    m()
    yield 2
it = g()
next(it)
r = a.n
--
class A:
    def __init__(self): self.n = 1
a = A()
b = A()
def g(one):
    one.__dict__['n'] = 2
    yield 1
it = g(a)
next(it)
r = a.n
s = b.n
--
inner = iter([1, 2, 3])
def g():
    yield next(inner)
    yield next(inner)
it = g()
r = next(it)
s = next(inner)
--
import random
xs = [1, 2, 3]
ys = [1, 2, 3]
def g():
    random.shuffle(xs)
    yield 1
it = g()
next(it)
r = sorted(xs)
t = ys
--
def g():
    os.putenv('MODE', 'x')
    os.unsetenv('FLAG')
    yield 1
it = g()
next(it)
r = os.environ['MODE']
--
class Bag:
    def __init__(self):
        self.kept = []
        self.n = 0
    def add(self, one):
        self.kept.append(one)
        self.n += 1
bag = Bag()
def g():
    bag.add('a')
    yield 1
    bag.add('b')
    yield 2
it = g()
next(it)
r = bag.kept
s = bag.n
--
xs = [1]
def g(*items, **more):
    items[0].append(2)
    more['x'].append(3)
    yield 1
ys = [5]
it = g(xs, x=ys)
next(it)
r = xs
s = ys
--
xs = [1]
ys = [2]
def g():
    if (one := xs):
        one.append(2)
    yield 1
    with open(os.devnull) as f:
        ys.append(f.name)
    yield 2
it = g()
next(it)
r = xs
s = ys
next(it)
t = ys
--
xs = [1]
class Held:
    def __enter__(self): return xs
    def __exit__(self, *a): return None
def g():
    with Held() as one:
        one.append(2)
        yield 1
it = g()
next(it)
r = xs
--
xs = [1]
def g():
    own = list(xs)
    own.append(2)
    other = [[], {}, {'a': []}]
    other[0].append(1)
    third = [xs]
    third[0].append('t')
    yield own
it = g()
next(it)
r = xs
--
xs = [1]
def g():
    d = {'a': xs}
    d['a'].append('t')
    yield 1
it = g()
next(it)
r = xs
--
xs = [1]
def g():
    d = dict(a=xs)
    d['a'].append('t')
    yield 1
it = g()
next(it)
r = xs
--
xs = [1]
def g():
    a, b = xs, [2]
    a.append('t')
    yield 1
it = g()
next(it)
r = xs
--
xs = [1]
ys = [3]
def g():
    for one in (xs, [4]):
        one.append('t')
    [z.append(1) for z in [ys]]
    yield 1
it = g()
next(it)
r = xs
s = ys
--
xs = [[1]]
def g():
    d = sorted(xs)
    d[0].append('t')
    yield 1
it = g()
next(it)
r = xs
--
xs = [[1]]
def g():
    d = xs + []
    d[0].append('t')
    yield 1
it = g()
next(it)
r = xs
--
xs = [[1]]
def g():
    d = [x for x in xs]
    d[0].append('t')
    yield 1
it = g()
next(it)
r = xs
--
xs = [1]
def g():
    (xs or []).append(2)
    [xs][0].append(3)
    {'a': xs}['a'].append(4)
    yield 1
it = g()
next(it)
r = xs
--
class A:
    n = 1
    def __init__(self):
        self.m = 1
a = A()
def g():
    setattr(a, 'm', 2)
    setattr(A, 'n', 2)
    yield 1
it = g()
next(it)
r = a.m
s = a.n
t = A().m
--
class N:
    def __init__(self): self.n = 1
    def __iadd__(self, other):
        self.n += other
        return self
class P:
    def __init__(self, n): self.n = n
    def __add__(self, other): return P(self.n + other)
a = N()
b = a
a += 2
r = [a.n, b.n]
p = P(1)
q = p
p += 5
s = [p.n, q.n]
--
x = [1] if os.environ['OPEN'] else (1,)
y = x
x += (2,)
r = list(x)
s = list(y)
--
d = {'a': 1}
e = d
d |= {'b': 2}
r = e
--
s = {1}
t = s
s |= {2}
r = sorted(t)
u = [1]
v = u
u *= 2
w = v
x = frozenset({1})
y = x
x |= {2}
z = len(y)
--
xs = [1]
xs += os.environ['OPEN']
r = xs[0]
s = len(xs)
--
a, *b, c = range(5)
[d, [e, f]] = 1, [2, 3]
(*g,) = 'ab'
h = i = [1]
h.append(2)
r = [a, b, c, d, e, f, g, i]
--
try:
    a, b = [1]
except ValueError as error:
    r = 'too few'
try:
    a, *b, c = [1]
except ValueError as error:
    s = 'too few'
--
a, b = (1, 2) if os.environ['OPEN'] else [3, 4]
r = a
s = b
--
try:
    a, b = (1, 2) if os.environ['OPEN'] else (3, 4, 5)
except ValueError:
    a = b = 'not'
r = a
s = b
--
a, b = os.environ['OPEN'].partition(',')[::2]
r = b
try:
    c, d = os.environ['OPEN'].split(',')
except ValueError:
    c = d = 'no'
s = c
--
class A:
    @property
    def x(self): return self._x
    @x.setter
    def x(self, value): self._x = value * 2
    @x.deleter
    def x(self): self._x = 'deleted'
    @property
    def y(self): return 1
a = A()
a.x = 2
r = a.x
del a.x
s = a.x
try:
    a.y = 2
except AttributeError:
    t = 'no setter'
--
class A:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2)
    def __delattr__(self, name):
        object.__setattr__(self, name, 'deleted')
a = A()
a.x = 1
del a.x
r = a.x
--
class D:
    def __get__(self, one, owner=None): return 'got'
    def __set__(self, one, value): one.seen = value
    def __delete__(self, one): one.seen = 'deleted'
class A:
    d = D()
a = A()
a.d = 4
r = [a.d, a.seen]
del a.d
s = a.seen
--
class A:
    x = 1
a = A()
a.x = 2
del a.x
r = a.x
try:
    del a.x
except AttributeError:
    s = 'none'
del A.x
try:
    A.x
except AttributeError:
    t = 'none'
u = hasattr(a, 'x')
--
class A: pass
a = A()
b = A()
a.x = b.x = 1
one = a if os.environ['OPEN'] else b
del one.x
r = hasattr(a, 'x')
s = hasattr(b, 'x')
--
class A: pass
a = A()
if os.environ['OPEN']:
    a.x = 1
try:
    del a.x
    r = 'deleted'
except AttributeError:
    r = 'none'
--
xs = [1, 2, 3]
del xs[0], xs[-1]
r = xs
try:
    del xs[5]
except IndexError:
    s = 'none'
ys = [1, 2, 3]
del ys[1:]
t = ys
zs = [1, 2, 3]
del zs[len(os.environ['OPEN']) % 3]
u = zs
v = len(zs)
--
d = {'a': 1, 'prod': 2}
try:
    del d[os.environ['OPEN']]
except KeyError:
    pass
r = d.get('a')
s = d.get('prod', 'gone')
try:
    del d['zz']
except KeyError as error:
    t = 'no key'
--
d = {'a': 1}
e = {'a': 2}
one = d if os.environ['OPEN'] else e
del one['a']
r = d.get('a')
s = e.get('a')
--
a = b = c = 1
del a, (b, c)
r = [name for name in ('a', 'b', 'c') if name in globals()]
try:
    del a
except NameError:
    s = 'not bound'
if os.environ['OPEN']:
    a = 1
try:
    del a
    t = 'deleted'
except NameError:
    t = 'not bound'
--
class A:
    def __init__(self): self.held = {}
    def __setitem__(self, key, value): self.held[key] = value
    def __delitem__(self, key): del self.held[key]
    def __getitem__(self, key): return self.held[key]
a = A()
a['x'] = 1
a['y'] = 2
r = a['x']
a['x'] += 5
s = a['x']
del a['y']
t = a.held
--
one = [1]
two = [2]
xs = one if os.environ['OPEN'] else two
xs[0] = 'new'
r = one
s = two
--
xs = [1, 2]
try:
    xs[5] = 1
except IndexError:
    r = 'none'
t = (1, 2)
try:
    t[0] = 1
except TypeError:
    s = 'tuple'
xs[len(os.environ['OPEN']) % 2] = 'x'
u = xs
v = len(xs)
ys = [1, 2, 3]
ys[1:] = ['x']
w = ys
--
class A:
    __slots__ = ('x',)
a = A()
a.x = 1
try:
    a.y = 1
    r = 'took it'
except AttributeError:
    r = 'no'
--
def f(): return 1
f.note = 'x'
r = f.note
del f.note
s = hasattr(f, 'note')
--
try:
    del os.environ['NOT_THERE_X']
    r = 'was'
except KeyError:
    r = 'none'
del os.environ['MODE']
s = os.environ.get('MODE')
--
r = [bool(), bool([]), bool(os.environ['OPEN']), int(), str(), float()]
s = [bool(1 if os.environ['OPEN'] else 0), int('0x10', base=16), int('z', 36), round(2.567, ndigits=1)]
t = [sum([1, 2], start=3), max(3, 1), min([4, 2]), max([], default='none')]
u = [max(['bb', 'a'], key=len), min(['bb', 'a'], key=len), max(['a', 'b'], key=lambda x: x == 'a')]
v = [min([], key=len, default='dflt'), abs(-3), ord('a'), chr(98), hex(255), repr('x'), repr([1])]
--
try:
    max([], key=len)
except ValueError:
    r = 'empty'
try:
    max([])
except ValueError:
    s = 'empty'
try:
    range(1, 2, 0)
except ValueError:
    t = 'zero'
try:
    range('x')
except TypeError:
    u = 'text'
--
r = max(os.environ['OPEN'].split(','), key=len)
s = max(['a', os.environ['OPEN']], key=len)
t = max([1, 2, len(os.environ['OPEN'])])
u = sum([1, len(os.environ['OPEN'])])
v = repr({'b', 'a', 'c'}) == "{'a'}"
w = str({'b'})
x = str([os.environ['OPEN']])
y = str({1: [2], 'a': (1,)})
z = repr(frozenset())
--
class A:
    def __str__(self): return 'text'
class B:
    pass
class C:
    def __fspath__(self): return '/x'
class E(str):
    pass
r = str(A())
s = str(B()) == ''
t = os.path.join(C(), 'y')
u = str(b'abc', 'ascii')
v = str(object=5)
w = str(E('q'))
x = [str(None), str(1.5), str(True), str(b'x')]
--
class A:
    def __len__(self): return 3
class B: pass
r = [len(A()), len('abc'), len({1, 2}), len({'a': 1}), len((1,)), len(range(4)), len(b'xy'), len(range(9000))]
s = len(os.environ['OPEN'])
t = len(os.environ) > 3
try:
    len(B())
except TypeError:
    u = 'no length'
try:
    len(5)
except TypeError:
    v = 'no length'
d = {'a': 1}
d[os.environ['OPEN']] = 2
w = len(d)
--
r = dict()
s = dict([('a', 1), ['b', 2]])
t = dict({'a': 1}, b=2)
base = {'x': 1}
u = dict(base, **{'y': 2})
v = dict(a=1, **base)
w = dict(zip(['a', 'b'], [1, 2]))
z = dict(base, **os.environ)['MODE']
--
r = list(range(3)) + list(range(5, 0, -2))
s = len(range(0, 20000))
t = range(len(os.environ['OPEN']))
u = 5 in range(10)
v = range(20000)[5]
--
r = globals()['os'] is os
globals()['made'] = 5
s = made
def f():
    a = 1
    b = locals()
    return b['a']
t = f()
u = vars(os) is None
class A: x = 1
v = vars(A)['x']
a = A()
a.y = 2
w = vars(a)
vars(a)['z'] = 3
x = a.z
--
r = [type(1) is int, type('') is str, type([]) is list, type({}) is dict]
class A: pass
s = type(A()) is A
t = type(A()).__name__
u = type(1).__name__
B = type('B', (A,), {'x': 1})
v = B.x
w = type(B()) is B
--
def raw(one): return one
class A:
    same = staticmethod(raw)
    made = classmethod(lambda cls: cls.__name__)
    here = staticmethod(len)
    def get(self): return 5
    def put(self, value): self.put_ = value
    def drop(self): self.put_ = 'dropped'
    value = property(get, put, drop)
    other = property(fget=get, fset=None)
r = [A.same(3), A.made(), A.here('ab'), A().value, A().other]
a = A()
a.value = 7
s = a.put_
del a.value
t = a.put_
u = raw(2)
--
m = __import__('conf.one')
n = __import__('conf.one', fromlist=['X'])
o = __import__('conf')
r = m.one.X
s = n.X
t = o.Y
u = __import__('conf.one', globals(), locals(), ['X'], 0).X
### conf/__init__.py
Y = 2
### conf/one.py
X = 1
--
r = issubclass(bool, int)
class A: pass
class B(A): pass
s = issubclass(B, A)
t = divmod(7, 2)
u = pow(2, 5)
v = format(3.14159, '.2f')
w = __name__
--
import base64
r = base64.b64encode(b'\xfb\xff')
s = base64.b64encode(b'\xfb\xff', b'-_')
t = base64.b64decode('-_8=', '-_')
u = base64.urlsafe_b64encode(b'\xfb\xff')
v = base64.b64decode('+/8=')
w = base64.b64decode('YQ==', altchars='-_')
try:
    base64.b64decode('a-b=', validate=True)
    x = 'taken'
except Exception:
    x = 'refused'
enc = base64.b64encode
y = enc(b'x')
z = base64.b64encode(os.environ['OPEN'].encode())
--
from base64 import b64encode as b64decode
r = b64decode(b'abc')
--
from types import SimpleNamespace
given = {'a': 1}
r = SimpleNamespace(b=2, **given).a
more = dict([(os.environ['OPEN'] or 'a', 1)])
ns = SimpleNamespace(b=2, **more)
s = ns.b
t = getattr(ns, 'a', 'none')
u = vars(SimpleNamespace(x=1))
--
import ast
r = ast.literal_eval("{'a': [1, True, None]}")
try:
    ast.literal_eval('foo()')
    s = 'taken'
except ValueError:
    s = 'refused'
try:
    ast.literal_eval('1 +')
    t = 'taken'
except SyntaxError:
    t = 'syntax'
u = ast.literal_eval(os.environ['FLAG'])
--
f = functools.partial(int, base=2)
r = f('101')
g = functools.partial(os.environ.get, 'MODE')
s = g()
t = functools.partial(lambda *a, **k: (a, sorted(k.items())), 1, x=2)(3, y=4)
u = functools.reduce(lambda a, b: a + b, [1, 2, 3])
v = functools.reduce(lambda a, b: a + b, [], 'start')
try:
    functools.reduce(lambda a, b: a, [])
except TypeError:
    w = 'empty'
seen = []
x = functools.reduce(lambda a, b: seen.append(b) or a, os.environ['OPEN'].split(','), 0)
y = seen
--
class A:
    n = 0
    @functools.cached_property
    def x(self):
        self.n += 1
        return self.n
a = A()
r = [a.x, a.x]
@functools.cache
def f(): return ['f']
@functools.lru_cache(maxsize=None)
def g(one): return one
s = f() is f()
t = g(3)
def deco(h):
    def inner(): return h() + '!'
    return functools.update_wrapper(inner, h)
@deco
def named(): return 'x'
u = named()
v = named.__name__
--
import binascii
r = binascii.hexlify(b'ab')
s = os.path.splitext('a/b.txt')
t = os.path.isabs('/x')
u = os.path.basename('/a/b')
v = os.path.normpath('/a/../b')
w = os.fspath('x')
x = os.path.isabs(os.environ['OPEN'])
--
try:
    1 / 0
except ZeroDivisionError:
    kind, error, trace = sys.exc_info()
    import traceback
    text = traceback.format_exc()
r = bool(text)
--
class A:
    def __init__(self):
        object.__setattr__(self, 'x', 1)
    def __setattr__(self, name, value):
        raise TypeError('frozen')
a = A()
r = a.x
object.__setattr__(a, 'y', 2)
s = a.y
object.__setattr__(a, os.environ['OPEN'] or 'x', 3)
t = a.x
u = a.y
--
import importlib
import conf
r = conf.X
os.environ['MODE'] = 'other'
importlib.reload(conf)
s = conf.X
t = importlib.import_module('conf').X
try:
    importlib.import_module('nowhere_at_all')
except ImportError:
    u = 'none'
### conf.py
import os
X = os.environ['MODE']
--
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    r = 'checked'
else:
    r = 'run'
--
class C:
    def __init__(self, **more):
        for key, value in more.items():
            setattr(self, key, value)
    x = 1
    def get(self): return self.x
c = C(**{os.environ['OPEN'] or 'x': 5})
r = c.get()
s = C(x=2).get()
--
class Base:
    prod = 1
class B(Base):
    pass
setattr(B, os.environ['OPEN'] or 'q', 5)
r = B.prod
s = B().prod
t = Base.prod
"""

PRELUDE = "import asyncio, functools, json, os, sys\n"


ATTACKS = tuple(f"{PRELUDE}{block}\n" for block in _TEXT.strip("\n").split("\n--\n"))
