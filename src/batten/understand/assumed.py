"""What would start the apps of a repository that says nothing about it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.stack import Start, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.understand.sources import Sources

ASGI = ("FastAPI(", "Starlette(", "Quart(", "Litestar(")
MAKERS = (
    *ASGI,
    "Flask(",
    "APIFlask(",
    "OpenAPI(",
    "get_wsgi_application(",
    "get_asgi_application(",
    "tornado.web",
    "from tornado import web",
    "from aiohttp import web",
    "aiohttp.web",
    "import bottle",
    "from bottle import",
    "Sanic(",
    "Configurator(",
)
"""What stands in a file that makes an app."""
MOST_CANDIDATES = 60
ASIDE = re.compile(
    r"(^|/)(tests?|testing|examples?|docs?|samples?|demos?|benchmarks?|fixtures|site-packages|node_modules|migrations|"
    r"scripts?|tools|notebooks)(/|$)|(^|/)(test_[^/]*|[^/]*_test|conftest|setup|bottle)\.py$"
)
"""Paths that no deployment is expected to start."""
_FACTORY = re.compile(
    r"(create|make|build|get|init|new)_?(\w*_)?(app|application)|app_?factory|create_(?!celery)\w*app"
)
_ERRANDS = re.compile(r"(^|/)bin/")
"""Where scripts lie that run beside an app: they count where nothing else makes one."""
_STARTERS = (
    *(".run(", "__main__", "app =", "app:", "application =", "serve(", "run(", "run_app(", ".listen("),
    *ASGI,
)
_ORDER = (
    "wsgi.py",
    "__main__.py",
    "app.py",
    "main.py",
    "run.py",
    "server.py",
    "application.py",
    "manage.py",
    "autoapp.py",
)


def set_aside(path: str) -> bool:
    """Return whether a file lies where no deployment is expected to start it."""
    return bool(ASIDE.search(path))


def makers(sources: Sources) -> list[str]:
    """Return the files that make an app and may be deployed."""
    return [path for path in sources.mentioning(MAKERS) if not set_aside(path)]


def units(sources: Sources, parse: Callable[[str, str], ast.Module | None]) -> Sequence[Unit]:
    """Return the likely ways to start the apps, most likely first; each is an assumption that says so."""
    named = _paste_files(sources)
    if named:
        return named
    making = makers(sources)
    if not making:
        making = list(sources.mentioning(MAKERS))
        if len(making) > 1:
            making = [path for path in making if not path.rpartition("/")[2].startswith(("test_", "conftest"))]
    if not making:
        return ()
    starters = [path for path in sources.mentioning(_STARTERS) if path in making or not set_aside(path)]
    found: list[tuple[tuple[int, int, str], Unit]] = []
    for path in starters[:MOST_CANDIDATES]:
        text = sources.read(path)
        tree = parse(path, text) if text else None
        unit = _unit(sources, path, tree, maker=path in making) if tree is not None else None
        if unit is not None:
            name = path.rpartition("/")[2]
            rank = _ORDER.index(name) if name in _ORDER else len(_ORDER)
            found.append(((path.count("/"), rank, path), unit))
    found.sort(key=lambda pair: pair[0])
    first = [unit for _, unit in found if not _ERRANDS.search(unit.name)]
    if not first:
        first = [unit for path in sorted(making) if (unit := _factory(sources, path, parse))]
    return first or [unit for _, unit in found]


def named(sources: Sources, path: str, parse: Callable[[str, str], ast.Module | None]) -> Unit:
    """Return the likely way to start the app that a file makes, else the file as a script; the file was asked for."""
    text = sources.read(path) or ""
    tree = parse(path, text) if any(maker in text for maker in MAKERS) else None
    found = _unit(sources, path, tree, maker=True) if tree is not None else None
    return found if found is not None else _script(sources, path)


def _paste_files(sources: Sources) -> list[Unit]:
    """Return a start by pserve for the PasteDeploy file that is for production, if there is one."""
    if not any(not set_aside(path) for path in sources.mentioning(("Configurator(",))):
        return []
    found = [
        path
        for path in sources.files()
        if path.endswith(".ini")
        and not set_aside(path)
        and not re.search(r"dev|test|alembic", path.rpartition("/")[2])
        and re.search(r"^\[(app|pipeline|composite):main\]", sources.read(path) or "", re.MULTILINE)
    ]
    found.sort(key=lambda path: ("prod" not in path, path.count("/"), path))
    return [_made(sources, path, Start("pserve", path), f"pserve {path}", ".") for path in found[:1]]


def _unit(sources: Sources, path: str, tree: ast.Module, *, maker: bool) -> Unit | None:
    name = path.rpartition("/")[2]
    if name == "asgi.py" and sources.exists(f"{path.removesuffix('asgi.py')}wsgi.py"):
        return None  # the same app; its neighbour stands for both
    if name in ("wsgi.py", "asgi.py"):
        exported = next((n for n in ("app", "application") if _binds(tree, n)), None)
        if exported:
            return _served(sources, path, exported)
    is_main = name == "__main__.py" and any(_is_main(n) or _runs(n) for n in tree.body)
    if is_main or (_starts(tree) and not _is_part(tree)):
        return _script(sources, path)
    made = _made_by_factory(tree)
    if made:
        return _served(sources, path, made)
    if maker:
        exported = next((n for n in ("app", "application") if _binds(tree, n)), None) or _bound_app(tree)
        if exported:
            return _served(sources, path, exported)
    return None


def _factory(sources: Sources, path: str, parse: Callable[[str, str], ast.Module | None]) -> Unit | None:
    tree = parse(path, sources.read(path) or "")
    body = tree.body if tree else []
    names = [node.name for node in body if isinstance(node, ast.FunctionDef) and _FACTORY.fullmatch(node.name)]
    if not names:
        return None
    name = next((n for n in ("create_app", "make_app") if n in names), names[0])
    return _served(sources, path, f"{name}()")


_STARTING = ("run", "serve_forever", "run_forever", "run_app", "listen", "go_fast")
_STARTED = re.compile(r"app|server|socketio|http|call|manager|^web|bottle|^sanic$|^uvicorn$|^hypercorn$", re.IGNORECASE)


def _starts(tree: ast.Module) -> bool:
    """Return whether running the file starts a server."""
    by_name = {"serve", "run_simple", "run_app"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "bottle":
            by_name |= {alias.asname or alias.name for alias in node.names if alias.name == "run"}
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute) and function.attr in _STARTING:
                owner = function.value
                text = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "call")
                if _STARTED.search(text):
                    return any(_is_main(n) or _runs(n) for n in tree.body)
            if isinstance(function, ast.Name) and function.id in by_name:
                return True
    return False


def _is_part(tree: ast.Module) -> bool:
    """Return whether a file imports relative to its package: `python file.py` could not run it."""
    return any(isinstance(node, ast.ImportFrom) and node.level for node in tree.body)


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.dump(node.test)


def _runs(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def _assigned(node: ast.stmt) -> list[str]:
    """Return the names that a statement assigns."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _binds(tree: ast.Module, name: str) -> bool:
    return any(name in _assigned(node) for node in tree.body) or any(
        isinstance(node, ast.ImportFrom) and any((a.asname or a.name) == name for a in node.names) for node in tree.body
    )


def _bound_app(tree: ast.Module) -> str | None:
    for node in tree.body:
        names = _assigned(node)
        if names and isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            function = node.value.func
            called = f"{ast.unparse(function)}("
            if any(
                maker.endswith("(") and called.endswith(maker) for maker in (*MAKERS, "Bottle(", "web.Application(")
            ):
                return names[0]
    return None


def _made_by_factory(tree: ast.Module) -> str | None:
    """Return the name bound to the result of a factory at the top of a module."""
    for node in tree.body:
        names = _assigned(node)
        if names and isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            function = node.value.func
            called = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            if _FACTORY.fullmatch(called):
                return names[0]
    return None


def importable(sources: Sources, path: str) -> tuple[str, str]:
    """Return the directory that has to be on the import path, and the module's name.

    That is the first one above that is no package; a `manage.py` marks it, too.
    """
    directory, _, file = path.rpartition("/")
    parts = [] if file == "__init__.py" else [file.removesuffix(".py")]
    while (
        directory
        and sources.exists(f"{directory}/__init__.py")
        and not (len(parts) > 1 and sources.exists(f"{directory}/manage.py"))
    ):
        directory, _, package = directory.rpartition("/")
        parts.insert(0, package)
    return directory or ".", ".".join(parts)


def _script(sources: Sources, path: str) -> Unit:
    root, module = importable(sources, path)
    package = module.removesuffix(".__main__")
    if "." in module:  # a file of a package is run as its module, or its neighbours would hide other modules
        return _made(sources, path, Start("python", package, is_module=True), f"python -m {package}", root)
    command = f"python {path}"
    return _made(sources, path, Start("python", path), command, root)


def _served(sources: Sources, path: str, expression: str) -> Unit:
    root, module = importable(sources, path)
    target = f"{module}:{expression}"
    if is_asgi(sources, path):
        return _made(sources, path, Start("asgi", target), f"an ASGI server with {target}", root)
    return _made(sources, path, Start("wsgi", target), f"a WSGI server with {target}", root)


def is_asgi(sources: Sources, path: str) -> bool:
    """Return whether the app that a file names is an ASGI app: made there, or all that is made is one."""
    text = sources.read(path) or ""
    if any(maker in text for maker in MAKERS):
        return any(maker in text for maker in ASGI)
    made = makers(sources)
    return bool(made) and all(any(maker in (sources.read(one) or "") for maker in ASGI) for one in made)


def _made(sources: Sources, path: str, start: Start, command: str, root: str) -> Unit:
    at = Location(file=path, line=1)
    roots = tuple(dict.fromkeys((root, ".", *(("src",) if sources.exists("src") else ()))))
    says = f"nothing in the repository says what starts it; assumed: {command}"
    return Unit(
        name=path,
        kind="assumed",
        start=start,
        command=command,
        at=at,
        evidence=(Evidence(at, says),),
        cwd=".",
        roots=roots,
    )
