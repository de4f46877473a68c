"""Splits a program into the files of a project: what settings packages do between their modules.

Each shape gives the files beside `settings.py`, lines for its beginning, and the names that are bound there then, with
their types. `<S>` and the like are holes for expressions, `#` is a number of its own.
"""

from __future__ import annotations

_TEXT = """
### base#.py
MODE_# = <S>
HOSTS_# = <LS>
_hidden# = 1
if <B>:
    MODE_# = <S>
### settings.py
from base# import *
HOSTS_#.append(<S>)
=> MODE_# S
=> HOSTS_# LS
=> ('_hidden#' in globals()) B
--
### base#.py
__all__ = ['SHOWN_#']
SHOWN_# = <S>
KEPT_# = <S>
### settings.py
KEPT_# = 'own'
from base# import *
=> SHOWN_# S
=> KEPT_# S
--
### conf#/__init__.py
from .base import *
if <B>:
    from .prod import *
else:
    from .dev import *
### conf#/base.py
NAME_# = <S>
SIZES_# = <LI>
OPTIONS_# = <D>
### conf#/prod.py
from .base import *
NAME_# = <S>
OPTIONS_#['prod'] = <I>
### conf#/dev.py
from .base import SIZES_#
SIZES_# = SIZES_# + [<I>]
### settings.py
from conf# import *
=> NAME_# S
=> SIZES_# LI
=> OPTIONS_# D
--
### conf#/__init__.py
### conf#/prod.py
LEVEL_# = <I>
MODE = 'prod'
### conf#/dev.py
LEVEL_# = <I>
MODE = 'dev'
### settings.py
import importlib
name# = os.environ.get('MODE') if <B> else 'dev'
module# = importlib.import_module('conf#.' + (name# if name# in ('dev', 'prod') else 'dev'))
for key# in dir(module#):
    if key#.isupper():
        globals()[key#] = getattr(module#, key#)
=> LEVEL_# I
=> module#.MODE S
--
### shared#.py
state = {'n': 0}
names = []
def note(name, by=1):
    state['n'] += by
    names.append(name)
    return names
### other#.py
from shared# import note, names
note(<S>)
seen = len(names)
### settings.py
from shared# import note as note#
import other#
note#(<S>, <I>)
from shared# import names as names#, state as state#
=> names# LS
=> state#['n'] I
=> other#.seen I
--
### config#.py
class Base:
    MODE = <S>
    NAMES = <LS>
    @classmethod
    def pick(cls, name):
        return {'prod': Prod, 'dev': Dev}.get(name, cls)
class Prod(Base):
    MODE = <S>
class Dev(Base):
    NAMES = ['dev']
### settings.py
import config#
chosen# = config#.Base.pick(<S>)
chosen#.MODE += '!'
config#.Base.NAMES.append(<S>)
=> chosen#.MODE S
=> chosen#.NAMES LS
=> config#.Base.MODE S
--
### lazy#.py
_made = []
def __getattr__(name):
    if name.startswith('LAZY'):
        _made.append(name)
        return name.lower()
    raise AttributeError(name)
KNOWN = <S>
### settings.py
import lazy#
first# = lazy#.LAZY_A
from lazy# import LAZY_B as second#, KNOWN as known#
try:
    third# = lazy#.other
except AttributeError:
    third# = 'none'
=> first# S
=> second# S
=> known# S
=> third# S
=> lazy#._made LS
--
### patched#.py
LIMIT = <I>
def limit():
    return LIMIT
### settings.py
import patched#
from patched# import LIMIT as limit#
if <B>:
    patched#.LIMIT = <I>
setattr(patched#, 'EXTRA', <S>)
=> patched#.limit() I
=> limit# I
=> patched#.EXTRA S
--
### maybe#.py
if <B>:
    OPTION = <S>
ALWAYS = <S>
### settings.py
try:
    from maybe# import OPTION as option#
except ImportError:
    option# = <S>
from maybe# import ALWAYS as always#
import maybe#
=> option# S
=> always# S
=> hasattr(maybe#, 'OPTION') B
=> getattr(maybe#, 'OPTION', 'none') S
--
### early#.py
import os
MODE = os.environ.get('EARLY#', 'unset')
os.environ.setdefault('LATE#', MODE)
### settings.py
if <B>:
    os.environ['EARLY#'] = <S>
from early# import MODE as early_mode#
os.environ['EARLY#'] = 'after'
=> early_mode# S
=> os.environ['LATE#'] S
--
### one#.py
import two#
A = 'a'
def both():
    return A + two#.B
### two#.py
import one#
B = getattr(one#, 'A', <S>)
### settings.py
from one# import both as both#
import two#
=> both#() S
=> two#.B S
"""

Files = tuple[tuple[str, str], ...]
After = tuple[tuple[str, str], ...]


def _read() -> tuple[tuple[Files, After], ...]:
    found = []
    for block in _TEXT.strip("\n").split("\n--\n"):
        files, after = [], []
        for part in block.split("### ")[1:]:
            path, _, text = part.partition("\n")
            lines = text.rstrip("\n").split("\n") if text.strip() else []
            after += [line[3:].rpartition(" ")[::2] for line in lines if line.startswith("=> ")]
            body = "".join(f"{line}\n" for line in lines if not line.startswith("=> "))
            files.append((path.strip(), body))
        found.append((tuple(files), tuple(after)))
    return tuple(found)


SHAPES = _read()
"""The files of each shape, `settings.py` the last, and what may be used afterwards."""
