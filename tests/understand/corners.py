"""Corners of Python that settings files turn at times; each program is compared with CPython as it stands."""

from __future__ import annotations

_TEXT = r"""
class A(object):
    def __init__(self, x):
        self.x, self.y = x, 2
class B(A, object):
    pass
b=B(1)
b.z=3
r=(b.x, b.y, b.z)
--
x=1
def f():
    global x
    try:
        y = x
        del y
        return y
    except UnboundLocalError:
        return 'unbound'
r=f()
--
x=1
def f():
    try:
        y = x
        x = 2
    except UnboundLocalError:
        return 'unbound'
    return y
r=f()
--
fs=[lambda: i for i in range(3)]
r=[f() for f in fs]
--
fs=[]
for i in range(3):
    fs.append(lambda i=i: i)
r=[f() for f in fs]
gs=[]
for j in range(3):
    gs.append(lambda: j)
q=[g() for g in gs]
--
d=dict(os.environ)
r=d.get('HOME','none')
s='HOME' in d
t={**os.environ}.get('MODE')
u=d.get('NOPE_X','dflt')
n=len(os.environ) > 0
--
r=[k for k in os.environ if k.startswith('MO')]
s={k: v for k, v in os.environ.items() if k == 'MODE'}
--
d={'a':1,'b':2,'c':3}
if os.environ['OPEN']:
    del d['a']
    d['a']=1
r=list(d)
s=d.get('a',5)
--
d={}
if os.environ['OPEN']:
    d['a']=1; d['b']=2
else:
    d['b']=2; d['a']=1
r=list(d)
s=d['a']
--
class A:
    x=1
cs=[A]
for c in cs*len(os.environ['OPEN']):
    c.x=2
r=A.x
--
class A:
    x=1
class B:
    x=1
pick={'a':A,'b':B}
c=pick.get(os.environ['OPEN'],A)
c.x=2
r=A.x
s=B.x
--
ls=[[i] for i in range(12)]
k=int(os.environ['OPEN']) if os.environ['OPEN'].isdigit() else 0
x=ls[k]
x.append('z')
r=ls[0]
s=ls[5]
--
x={True:'a',1:'b',1.0:'c'}
r=x
s=x[1]
t=len(x)
--
t=([1],2)
u=t
u[0].append(3)
r=t
--
def deco(f):
    @functools.wraps(f)
    def inner(*a, **k):
        return 'w' + f(*a, **k)
    return inner
@deco
def g(x='y'):
    return x
r=g()
s=g(x='q')
t=g.__name__
--
def make(prefix):
    def deco(f):
        def inner(*a):
            return prefix + f(*a)
        return inner
    return deco
@make('p-')
def g(x): return x
r=g('z')
--
async def f():
    return 1
c=f()
r=bool(c)
s=asyncio.run(c)
--
r=0
for i in range(4):
    try:
        if i==1: continue
        if i==3: break
        r+=1
    finally:
        r+=10
--
def f():
    for i in range(3):
        try:
            return 'body'
        finally:
            if os.environ['OPEN']: break
    return 'after'
r=f()
--
def f():
    try:
        raise ValueError('a')
    except ValueError as e:
        return str(e)
r=f()
--
try:
    raise ValueError('x')
except ValueError as e:
    pass
try:
    e
    r='bound'
except NameError:
    r='unbound'
--
class E(Exception):
    pass
class F(E):
    pass
def f(k):
    try:
        if k: raise F('m')
        raise E('n')
    except F: return 'F'
    except E: return 'E'
r=f(os.environ['OPEN'])
--
x=[1,2,3]
for i in x:
    if i<3: x.append(i+10) if len(x)<6 else None
r=x
--
x=[1,2,3,4]
for i in x:
    x.remove(i)
r=x
--
d={'a':1}
v=d.values()
d['b']=2
r=list(v)
k=d.keys()
s='b' in k
t=len(k)
--
a=b=c=[]
a.append(1)
r=(b,c)
--
class C:
    n=0
    def __init__(self):
        type(self).n += 1
        C.n += 1
C(); C()
r=C.n
--
class C:
    def __init__(self): self.__x=1
    def get(self): return self.__x
r=C().get()
s=hasattr(C(),'__x')
t=hasattr(C(),'_C__x')
--
class C:
    def __getattr__(self, name): return name.upper()
r=C().abc
--
class D(dict):
    def __missing__(self, k): return k+'!'
d=D(a=1)
r=d['b']
s=d['a']
t=d.get('b')
u=bool(D())
--
class L(list):
    pass
l=L([1]); l.append(2)
r=len(l)
s=list(l)
--
from collections import defaultdict, Counter, OrderedDict, namedtuple
d=defaultdict(list); d['a'].append(1)
r=d['a']
c=Counter('aab')
s=c['a']
P=namedtuple('P','x y')
t=P(1,2).y
o=OrderedDict(a=1)
u=o['a']
v=bool(OrderedDict())
--
import datetime
r=bool(datetime.timedelta(0))
s=datetime.timedelta(days=1).total_seconds()
t='y' if datetime.timedelta(0) else 'n'
--
import logging, math, string
r=bool(logging.NOTSET)
s=logging.DEBUG==10
t=math.pi>3
u=string.digits
v='y' if logging.NOTSET else 'n'
--
import decimal
r='y' if decimal.Decimal('0') else 'n'
--
r='%s-%(a)s' if False else '%(a)s' % {'a':1}
s='%d%%' % 5
t='%.2f' % 1.5
u=f'{1.5:.2f}|{"a":>3}|{3:03d}|{True}|{None!r}'
v='{0}{1}{0}'.format('a','b')
w='{a[0]}'.format(a=[1])
x='{:,}'.format(1234567)
--
r=b'a'.decode()
s='é'.encode('utf8')
t=str(b'a')
u=bytes(3)
v=bytes('a','utf8')
w=bytearray(b'x')
x=len(b'abc')
--
r=float('nan')
s=r==r
t=1e3
u=10**20
v=-7//2
w=-7%3
x=round(2.5)
y=round(2.675,2)
z=0.1+0.2
k=1/3
b=True+True
c=~5
e=5 if 0.0 else 6
--
r=[1,2,3][-1]
s='abc'[::-1]
t=[1,2,3][5:]
u=(1,)+(2,)
v=[0]*3
w=[[]]*2
w[0].append(1)
--
r=[*range(3)]
s={**{'a':1},'a':2}
a,(b,c)=1,(2,3)
*d,e='xyz'
t=(a,b,c,d,e)
--
x=5
r=x is 5
s='a' is 'a'
t=[] is []
u=None is None
v=(1,2)==(1,2)
w=x is not None
--
r=sorted(['b','A','c'], key=str.lower)
s=sorted([(1,'b'),(0,'z'),(1,'a')])
t=max('abc','abd')
u=list(map(str,[1,2]))
v=list(map(int,'123'))
w=sum([[1],[2]],[])
x=dict(map(lambda p: p.split('='), ['a=1','b=2']))
--
r=os.environ.get('MODE').upper()
s=(os.environ.get('MISSING') or 'x').upper()
t=os.environ.get('MISSING','1,2').split(',')
os.environ['NEW']='1'
u=os.getenv('NEW')
v=os.environ.pop('NEW')
w=os.getenv('NEW')
--
r=isinstance(True,int)
s=isinstance(1,bool)
t=isinstance('a',(int,str))
u=isinstance([],list)
v=isinstance({}, dict)
w=callable(len)
x=issubclass(bool,int)
y=type('a') is str
z=type(1).__name__
--
import collections.abc
r=isinstance([], collections.abc.Sequence)
s=isinstance({}, collections.abc.Mapping)
t=isinstance('a', object)
--
def f(*, a=1, **kw): return (a, kw)
r=f(b=2)
def g(a, /, b=2): return (a,b)
s=g(1)
def h(a, *b): return (a,b)
t=h(1,2,3)
u=h(*[1,2])
--
def f(x, acc=None):
    acc = acc or []
    acc.append(x)
    return acc
r=f(1)
s=f(2)
l=[]
t=f(3,l)
u=l
--
class A:
    def who(self): return 'A'
class B(A):
    def who(self): return 'B' + super().who()
class C(A):
    def who(self): return 'C' + super().who()
class D(B,C):
    def who(self): return 'D' + super().who()
r=D().who()
s=[c.__name__ for c in D.__mro__]
--
class A:
    x: int = 1
    y: str
r=A.x
s=hasattr(A,'y')
t=A.__annotations__
--
class A:
    items = []
    def add(self, i): self.items.append(i)
a=A(); b=A()
a.add(1)
r=b.items
b.items = [5]
s=A.items
--
r = [i for i in range(10) if i % 2 if i > 3]
s = {i: [j for j in range(i)] for i in range(3)}
t = any(i for i in [0, 0, 1])
u = all([])
v = sum(i for i in range(5))
--
i=10
r=[i for i in range(3)]
s=i
for i in range(3): pass
t=i
--
n=0
while (n := n + 1) < 5:
    if n == 3: break
r=n
--
try:
    r = 1/0
except ZeroDivisionError:
    r = 'z'
try:
    s = [][0]
except IndexError:
    s = 'i'
try:
    t = {}['a']
except KeyError:
    t='k'
try:
    u = int('x')
except (TypeError, ValueError):
    u='v'
try:
    v = None.foo
except AttributeError:
    v='a'
try:
    w = 'a'+1
except TypeError:
    w='t'
--
x=None
try:
    x.lower()
    r='ok'
except AttributeError:
    r='none'
y=os.environ.get('MISSING')
try:
    s=y.lower()
except AttributeError:
    s='none'
try:
    t=int(y)
except TypeError:
    t='te'
--
def gen():
    yield 1
    yield 2
r=list(gen())
s=sum(gen())
x=gen()
t=next(x)
--
from functools import reduce
r=reduce(lambda a,b: a*b,[1,2,3,4])
from itertools import chain
s=list(chain([1],[2]))
from operator import itemgetter
t=sorted([{'a':2},{'a':1}], key=itemgetter('a'))
--
r=json.loads('{"a": [1, null, true]}')
s=json.dumps({'a':1})
t=json.loads(os.environ.get('MISSING','[]'))
import copy
u=copy.deepcopy([[1]])
l=[[1]]
m=copy.copy(l)
m[0].append(2)
v=l
--
import random
l=[1,2,3]
random.shuffle(l)
r=l
import heapq
h=[3,1,2]
heapq.heapify(h)
s=h
--
x = [3,1,2]
y = x.sort()
r = x
s = y
z = x.reverse() or x
t=z
--
r='a,b;c'.replace(';',',').split(',')
s='a'.join(['1','2'])
t='abc'.find('z')
u=' x '.strip().center(5,'*')
v='aXb'.partition('X')
w='a-b'.title()
x='%'.join('ab')
y='abc'.isalpha()
z='a\tb'.expandtabs(4)
--
if os.environ['OPEN'] == 'prod':
    class C: X=1
else:
    class C: X=2
r=C.X
c=C()
c.Y=3
s=c.Y
t=c.X
--
if os.environ['OPEN']:
    def f(): return 1
else:
    f = lambda: 2
r=f()
--
x=os.environ['OPEN']
if x: r='t'
elif x == '': r='e'
else: r='n'
s = x or 'd'
t = bool(x) == (x != '')
--
x=os.environ['OPEN']
y='a' if x=='1' else 'b'
if y=='a': r='A'
else: r='B'
if y=='a' and r=='B': s='impossible'
else: s='ok'
--
x = []
def f():
    x.append(1)
    return os.environ['OPEN']
if f() and f(): pass
r = len(x)
while len(x) < 5 and f(): pass
s=len(x)
--
l=[1]
m=l if os.environ['OPEN'] else l
m.append(2)
r=l
n=[l,m]
n[0].append(3)
s=m
--
d={'x':[1]}
e=d.copy()
e['x'].append(2)
r=d
f=dict(d)
f['y']=1
s=d
g={**d}
g['x']=0
t=d
--
class C:
    def __init__(s, **k): s.__dict__.update(k)
c=C(a=1,b=2)
r=c.a
for k,v in vars(c).items():
    globals()['v_'+k]=v
s=v_a
t=sorted(vars(c))
--
class C:
    A=1
    b=2
    def m(self): pass
r=[k for k in dir(C) if k.isupper()]
s={k:getattr(C,k) for k in ('A','b')}
t=sorted(k for k in vars(C) if not k.startswith('_'))
--
import sys
r=sys.version_info >= (3,8)
s=sys.platform
t=os.name
u=os.sep
v=__name__
w=__file__
--
from pathlib import Path
B=Path(__file__).resolve().parent
r=str(B/'x'/'..'/'y')
s=B.name
t=(B/'a.txt').suffix
u=str(B.parent)
v=os.path.join(os.path.dirname(os.path.abspath(__file__)),'db.sqlite')
w='sqlite:///'+v
x=str(Path('a')/'b')
y=Path('/a/b/../c').as_posix()
z=str(Path('a//b/'))
k=Path('a') == Path('a')
--
r=str(__import__('pathlib').Path('.'))
from pathlib import Path
s=str(Path())
t=str(Path('..')/'x')
u=str(Path('/a')/'/b')
v=Path('a/b').parts
w=Path('x.tar.gz').stem
x=str(Path('x.tar.gz').with_suffix('.z'))
y=str(Path('a/b').parent.parent)
z=str(Path('a').parent)
--
from enum import Enum, IntEnum, StrEnum, auto
class P(Enum):
    A = 'a'
    B = 'b'
class S(str, Enum):
    A = 'a'
    B = 'b'
class T(StrEnum):
    PROD = auto()
    B = 'x'
class U(IntEnum):
    X = auto()
    Y = auto()
class V(Enum):
    X = 5
    Y = auto()
a = (P.A == P.B, P.A is P.B, P.A != P.B, P.A in (P.A, P.B), P.A in [P.B], P.A == 'a')
b = (S.A == 'a', S.A in ('a', 'b'), S.A == S.B, 'b' in [S.A], S.A != 'x', S.A.upper())
c = (T.PROD == 'prod', f'{T.PROD}', str(T.B), T.PROD.value, T.PROD.startswith('p'))
d = (U.Y == 2, U.X < U.Y, str(U.X), U.Y.value, V.Y.value)
e = {'a': 1}.get(S.A)
f = S(os.environ['MODE']) == 'a' if os.environ['MODE'] in ('a', 'b') else 0
--
from typing import Annotated, Dict, List, Optional, Union
Names = list[str]
Maybe = str | None
Other = Optional[Dict[str, int]]
r = list[int]([1, 2])
s = List is List
class L(list[int]):
    pass
class D(Dict[str, int]):
    Z = 1
t = D.Z
u = isinstance(5, int | str)
v = isinstance('x', Union[int, str])
w = [1, 2] | {3} if False else {1} | {2}
x = ... is Ellipsis
y = Ellipsis == ...
--
from pathlib import Path
B = Path('/srv')
r = f'{B}/x {B!s} {B / "a"}'
class F:
    def __str__(self):
        return 'text'
    def __format__(self, spec):
        return 'form' + spec
s = (f'{F()}', f'{F()!s}', f'{F():>9}')
class G:
    def __str__(self):
        return 'text'
t = (f'{G()}', f'{G()!s}', f'{str(G()):>9}')
class H:
    pass
h = H()
object.__setattr__(h, 'x', 5)
u = h.x
class K:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value + 1)
k = K()
k.x = 1
v = k.x
--
p=os.environ['OPEN']
a=f"0.0.0.0:{p}"
b=a.split(':')[0]
c=a.startswith('0.0')
d=a.startswith('1')
e=a.startswith('0.0.0.0:8')
f='0.0.0.0:'+p
g=f.partition(':')[0]
h=f == '127.0.0.1:80'
i=f != '0.0.0.0:1'
j=bool(f)
k=a.split(':')[-1]
l=a.upper().startswith('0.')
m=a.lower().lstrip().split('.')[1]
n=len(a.split(':'))
o=f"{p}!".startswith('x')
q=a.partition(':')[2]
r=a.partition('.')[2].startswith('0.0')
s=f"{a}/{p}".split('.')[0]
t=a is None
u=a in ('x', 'y')
--
p=os.environ['OPEN']
try:
    a='x-'+p
    b=a.startswith('x-')
except TypeError:
    b='no'
c=('q'+p+'z').startswith('q')
d=f"{p:>5}".startswith(' ')
e=f"{'ß'}{p}".upper().startswith('SS')
--
from dataclasses import dataclass, field
@dataclass
class Base:
    host: str = 'localhost'
    debug: bool = False
class Prod(Base):
    workers = 3
a=Prod(debug=True)
r=(a.host, a.debug, a.workers, Prod().debug, Prod('x').host)
s=(Prod() == Prod(), Prod() == Base(), Prod(debug=True) == Prod())
--
from dataclasses import dataclass, field
@dataclass
class Base:
    made: list = field(init=False)
    size: int = field(init=False, default=3)
    def __post_init__(self):
        self.made = [1]
@dataclass
class Sub(Base):
    made: list = field(init=False)
    name: str = 'n'
    def __post_init__(self):
        super().__post_init__()
        self.made.append(2)
a=Sub('x')
r=(a.made, a.size, a.name)
--
from dataclasses import dataclass
class Old:
    def __init__(self, x=1):
        self.x = x * 10
@dataclass
class New(Old):
    x: int = 2
@dataclass(init=False)
class Own(Old):
    x: int = 2
@dataclass
class Kept:
    x: int = 5
    def __init__(self):
        self.x = 6
r=[New().x, New(3).x, Own().x, Own(4).x, Kept().x]
--
from dataclasses import dataclass, field
@dataclass
class A:
    x: int
    y: int = 1
def tried(make):
    try:
        return make().y
    except TypeError:
        return 'wrong arguments'
r=[tried(lambda: A()), tried(lambda: A(1, 2, 3))]
s=[tried(lambda: A(1, z=3)), tried(lambda: A(1, x=3)), tried(lambda: A(1))]
"""

CORNERS = tuple(f"import asyncio, functools, json, os\n{block}\n" for block in _TEXT.strip("\n").split("\n--\n"))
