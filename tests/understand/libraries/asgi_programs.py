"""Small FastAPI and Starlette programs, with what Batten cannot tell of each."""

from __future__ import annotations

from dataclasses import dataclass, field

FASTAPI = "import os\nfrom fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response\n"
STARLETTE = (
    "import os\n"
    "from starlette.applications import Starlette\n"
    "from starlette.config import Config\n"
    "from starlette.middleware import Middleware\n"
    "from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse\n"
    "from starlette.routing import Mount, Route\n"
)
CORS = "from fastapi.middleware.cors import CORSMiddleware\n"
SESSION = (
    "from starlette.middleware.sessions import SessionMiddleware\n"
    "def index(request):\n"
    "    request.session['n'] = 1\n"
    "    return PlainTextResponse('ok')\n"
)
ROOT = "@app.get('/')\ndef index():\n    return {}\n"


@dataclass(frozen=True, eq=False)
class Program:
    """A program that makes `app`."""

    name: str
    source: str
    env: dict[str, str] = field(default_factory=dict)
    not_told: frozenset[str] = frozenset()
    """Settings that Batten says it cannot tell: honest, and to be deleted here on the day that it can."""

    def __str__(self) -> str:
        """Return the name."""
        return self.name


def fastapi(name: str, source: str, *not_told: str, **env: str) -> Program:
    """Return a FastAPI program."""
    return Program(name, FASTAPI + source, env, frozenset(not_told))


def starlette(name: str, source: str, *not_told: str, **env: str) -> Program:
    """Return a Starlette program."""
    return Program(name, STARLETTE + source, env, frozenset(not_told))


DOCS = [
    fastapi("as it comes", "app = FastAPI()\n"),
    fastapi("all off by the schema", "app = FastAPI(openapi_url=None)\n"),
    fastapi("off by an empty text", "app = FastAPI(openapi_url='')\n"),
    fastapi("pages off, schema on", "app = FastAPI(docs_url=None, redoc_url=None)\n"),
    fastapi("elsewhere", "app = FastAPI(docs_url='/api/docs', openapi_url='/api/openapi.json', redoc_url=None)\n"),
    fastapi("a path below", "app = FastAPI(root_path='/api')\n"),
    fastapi(
        "by a variable that is set",
        "on = os.getenv('DOCS') == 'on'\napp = FastAPI(docs_url='/docs' if on else None, redoc_url=None)\n",
        DOCS="on",
    ),
    fastapi("by a variable that is not", "app = FastAPI(openapi_url='/openapi.json' if os.getenv('DOCS') else None)\n"),
    fastapi("options of a dict", "options = {'openapi_url': None}\napp = FastAPI(title='x', **options)\n"),
    fastapi(
        "a dict by environment",
        "options = {}\nif os.environ['STAGE'] == 'live':\n    options.update(docs_url=None, redoc_url=None)\n"
        "app = FastAPI(**options)\n",
        STAGE="live",
    ),
    fastapi("switched off too late", "app = FastAPI()\napp.docs_url = None\napp.redoc_url = None\n"),
    fastapi("the schema switched off too late", "app = FastAPI()\napp.openapi_url = None\n"),
    fastapi(
        "an own page behind the first",
        "app = FastAPI()\n@app.get('/docs')\ndef docs():\n    raise HTTPException(401)\n",
    ),
    fastapi(
        "an own page",
        "from fastapi.openapi.docs import get_swagger_ui_html\n"
        "app = FastAPI(docs_url=None, redoc_url=None)\n"
        "@app.get('/docs', include_in_schema=False)\n"
        "async def docs():\n    return get_swagger_ui_html(openapi_url='/openapi.json', title='x')\n",
    ),
    fastapi(
        "an own page behind a login",
        "from fastapi.openapi.docs import get_swagger_ui_html\n"
        "from fastapi.openapi.utils import get_openapi\n"
        "from fastapi.security import HTTPBasic\n"
        "app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)\n"
        "@app.get('/docs')\n"
        "async def docs(user=Depends(HTTPBasic())):\n"
        "    return get_swagger_ui_html(openapi_url='/openapi.json', title='x')\n"
        "@app.get('/openapi.json', dependencies=[Depends(HTTPBasic())])\n"
        "async def schema():\n    return get_openapi(title='x', version='1', routes=app.routes)\n",
        "status /docs",
        "status /openapi.json",
    ),
    fastapi(
        "dependencies of the app do not guard the pages",
        "from fastapi.security import HTTPBasic\napp = FastAPI(dependencies=[Depends(HTTPBasic())])\n",
    ),
    fastapi(
        "an app in an app",
        "app = FastAPI(openapi_url=None)\nv1 = FastAPI()\napp.mount('/v1', v1)\n",
    ),
    fastapi(
        "two deep, off in the middle",
        "app = FastAPI(openapi_url=None)\nv1 = FastAPI(openapi_url=None)\nv2 = FastAPI(redoc_url=None)\n"
        "v1.mount('/v2', v2)\napp.mount('/v1', v1)\n",
    ),
    fastapi(
        "a mount at the root takes the rest",
        "app = FastAPI(openapi_url=None)\ninner = FastAPI(redoc_url=None)\napp.mount('/', inner)\n",
    ),
    fastapi(
        "a mount at the root comes after the pages", "app = FastAPI()\napp.mount('/', FastAPI(openapi_url=None))\n"
    ),
    fastapi(
        "a router has a prefix",
        "from fastapi.openapi.docs import get_redoc_html\n"
        "app = FastAPI(docs_url=None, redoc_url=None)\nrouter = APIRouter(prefix='/re')\n"
        "@router.get('/{name}')\ndef any(name: str):\n    return name\n"
        "@router.get('/doc')\ndef page():\n    return get_redoc_html(openapi_url='/openapi.json', title='x')\n"
        "app.include_router(router)\n",
    ),
    fastapi(
        "a route with a parameter takes the path",
        "app = FastAPI(docs_url=None)\n@app.get('/{name}')\ndef one(name: str):\n    return name\n",
        "status /docs",
    ),
    fastapi(
        "one that takes another method does not",
        "app = FastAPI(docs_url=None)\n@app.post('/{name}')\ndef one(name: str):\n    return name\n",
    ),
    fastapi(
        "numbers only",
        "app = FastAPI(openapi_url=None)\n@app.get('/{n:int}')\ndef one(n: int):\n    return n\n",
    ),
    fastapi(
        "the routes given first come first",
        "from starlette.responses import PlainTextResponse\nfrom starlette.routing import Route\n"
        "def no(request):\n    return PlainTextResponse('no', 403)\n"
        "app = FastAPI(routes=[Route('/docs', no)], redoc_url=None)\n",
        "status /docs",
    ),
    fastapi(
        "routes taken out again",
        "app = FastAPI()\napp.router.routes = [r for r in app.routes if r.path != '/docs']\n",
        "status /docs",
        "status /redoc",
        "status /openapi.json",
    ),
    fastapi(
        "a hook stands before the pages",
        "from starlette.responses import JSONResponse\napp = FastAPI()\n"
        "@app.middleware('http')\nasync def guard(request, call_next):\n"
        "    if request.url.path == '/docs' and request.headers.get('x-key') != 'k':\n"
        "        return JSONResponse({}, status_code=403)\n"
        "    return await call_next(request)\n",
        "status /docs",
    ),
    fastapi(
        "a hook that lets everything through",
        "import time\napp = FastAPI()\n"
        "@app.middleware('http')\nasync def timed(request: Request, call_next):\n"
        "    begun = time.time()\n    response = await call_next(request)\n"
        "    response.headers['X-Served'] = 'yes'\n    return response\n",
    ),
    fastapi(
        "a class of the project's own",
        "class API(FastAPI):\n    def __init__(self, **options):\n        super().__init__(docs_url=None, **options)\n"
        "app = API(redoc_url='/re')\n",
    ),
    fastapi(
        "a factory",
        "def create_app(debug=False):\n    made = FastAPI(debug=debug, redoc_url=None)\n    return made\n"
        "app = create_app(debug=os.getenv('DEBUG') == '1')\n",
        DEBUG="1",
    ),
]

MIDDLE = "from starlette.middleware.base import BaseHTTPMiddleware\nfrom starlette.responses import JSONResponse\n"
GATES = [
    fastapi(
        "a class that refuses strangers",
        MIDDLE + "class Guard(BaseHTTPMiddleware):\n"
        "    async def dispatch(self, request, call_next):\n"
        "        if not request.headers.get('authorization'):\n"
        "            return JSONResponse({}, status_code=401)\n"
        "        return await call_next(request)\n"
        "app = FastAPI()\napp.add_middleware(Guard)\n",
        "status /docs",
        "status /redoc",
        "status /openapi.json",
    ),
    fastapi(
        "a class that raises",
        MIDDLE + "class Guard(BaseHTTPMiddleware):\n"
        "    async def dispatch(self, request, call_next):\n"
        "        if request.headers.get('authorization') != 'k':\n"
        "            raise HTTPException(401)\n"
        "        return await call_next(request)\n"
        "app = FastAPI()\napp.add_middleware(Guard)\n",
        "status /docs",
        "status /redoc",
        "status /openapi.json",
    ),
    fastapi(
        "only below a path",
        MIDDLE + "class Guard(BaseHTTPMiddleware):\n"
        "    async def dispatch(self, request, call_next):\n"
        "        if request.url.path.startswith('/api/'):\n"
        "            return JSONResponse({}, status_code=401)\n"
        "        return await call_next(request)\n"
        "app = FastAPI()\napp.add_middleware(Guard)\n",
    ),
    fastapi(
        "what breaks is answered",
        MIDDLE + "app = FastAPI()\n@app.middleware('http')\nasync def caught(request, call_next):\n"
        "    try:\n        return await call_next(request)\n"
        "    except Exception:\n        return JSONResponse({}, status_code=500)\n",
    ),
    fastapi(
        "a limit of visits",
        MIDDLE + "import time\nseen = []\napp = FastAPI()\n@app.middleware('http')\n"
        "async def limit(request, call_next):\n    seen.append(time.time())\n"
        "    if len(seen) > 1000:\n        return JSONResponse({}, status_code=429)\n"
        "    return await call_next(request)\n",
    ),
    fastapi(
        "around a mounted app",
        MIDDLE + "app = FastAPI(openapi_url=None)\nv1 = FastAPI(redoc_url=None)\n@v1.middleware('http')\n"
        "async def guard(request, call_next):\n    if not request.cookies.get('s'):\n"
        "        return JSONResponse({}, status_code=403)\n    return await call_next(request)\n"
        "app.mount('/v1', v1)\n",
        "status /v1/docs",
        "status /v1/openapi.json",
    ),
    fastapi(
        "who a visitor is, not whether he may",
        "from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser\n"
        "from starlette.middleware.authentication import AuthenticationMiddleware\n"
        "class Backend(AuthenticationBackend):\n    async def authenticate(self, conn):\n"
        "        if 'authorization' not in conn.headers:\n            return None\n"
        "        return AuthCredentials(['in']), SimpleUser('x')\n"
        "app = FastAPI()\napp.add_middleware(AuthenticationMiddleware, backend=Backend())\n",
    ),
    fastapi(
        "whoever is not known is refused",
        "from starlette.authentication import AuthenticationBackend, AuthenticationError\n"
        "from starlette.middleware.authentication import AuthenticationMiddleware\n"
        "class Backend(AuthenticationBackend):\n    async def authenticate(self, conn):\n"
        "        if 'authorization' not in conn.headers:\n            raise AuthenticationError('no')\n"
        "app = FastAPI()\napp.add_middleware(AuthenticationMiddleware, backend=Backend())\n",
        "status /docs",
        "status /redoc",
        "status /openapi.json",
    ),
    fastapi(
        "a piece that is Starlette's with a path",
        CORS + "class Some(CORSMiddleware):\n    def __init__(self, app, prefix, **options):\n"
        "        super().__init__(app, **options)\n        self.prefix = prefix\n"
        "    async def __call__(self, scope, receive, send):\n"
        "        if scope['type'] == 'http' and scope['path'].startswith(self.prefix):\n"
        "            return await super().__call__(scope, receive, send)\n"
        "        await self.app(scope, receive, send)\n"
        "app = FastAPI()\napp.add_middleware(Some, prefix='/', allow_origins=['*'])\n",
    ),
    fastapi(
        "a view that asks for itself",
        "from fastapi.openapi.docs import get_swagger_ui_html\n"
        "app = FastAPI(docs_url=None, redoc_url=None)\n"
        "@app.get('/docs')\nasync def docs(request: Request):\n"
        "    if request.headers.get('x-key') != 'k':\n        raise HTTPException(403)\n"
        "    return get_swagger_ui_html(openapi_url='/openapi.json', title='x')\n",
        "status /docs",
    ),
    fastapi(
        "a dependency that asks for nothing",
        "from fastapi.openapi.docs import get_swagger_ui_html\ndef page_size():\n    return 20\n"
        "app = FastAPI(docs_url=None, redoc_url=None)\n"
        "@app.get('/docs')\nasync def docs(size: int = Depends(page_size)):\n"
        "    return get_swagger_ui_html(openapi_url='/openapi.json', title='x')\n",
    ),
]

DEBUG = [
    fastapi("debug by itself", "app = FastAPI(debug=True)\n"),
    fastapi("any text is debug", "app = FastAPI(debug=os.getenv('DEBUG', 'false'))\n"),
    fastapi("debug set later", "app = FastAPI()\napp.debug = os.environ['DEBUG'] == 'yes'\n", DEBUG="yes"),
    starlette("debug in the first place", "app = Starlette(True)\n"),
    starlette("four words", "config = Config()\napp = Starlette(debug=config('DEBUG', cast=bool))\n", DEBUG="TRUE"),
    starlette(
        "zero", "config = Config()\napp = Starlette(debug=config('DEBUG', cast=bool, default=True))\n", DEBUG="0"
    ),
    starlette("the default is cast", "config = Config()\napp = Starlette(debug=config('D', cast=bool, default='1'))\n"),
    starlette("a prefix", "config = Config(env_prefix='A_')\napp = Starlette(debug=config('D', cast=bool))\n", A_D="1"),
    starlette(
        "an own environment",
        "config = Config(environ={'D': 'false'})\napp = Starlette(debug=config('D', cast=bool, default=True))\n",
        D="true",
    ),
]

CORS_ = [
    fastapi("no origins", CORS + "app = FastAPI()\napp.add_middleware(CORSMiddleware)\n" + ROOT),
    fastapi("any", CORS + "app = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=['*'])\n" + ROOT),
    fastapi("any as text", CORS + "app = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins='*')\n" + ROOT),
    fastapi(
        "any with credentials",
        CORS + "app = FastAPI()\n"
        "app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=True)\n" + ROOT,
    ),
    fastapi(
        "a list from a variable",
        CORS + "app = FastAPI()\n"
        "app.add_middleware(CORSMiddleware, allow_origins=os.environ['ORIGINS'].split(','), allow_credentials=True)\n"
        + ROOT,
        ORIGINS="https://a.example,https://evil.example",
    ),
    fastapi(
        "a list without the stranger",
        CORS + "app = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=['https://a.example'])\n" + ROOT,
    ),
    fastapi(
        "a pattern for everyone",
        CORS + "app = FastAPI()\n"
        "app.add_middleware(CORSMiddleware, allow_origin_regex='https?://.*', allow_credentials=True)\n" + ROOT,
    ),
    fastapi(
        "a pattern has to match the whole",
        CORS + "app = FastAPI()\n"
        r"app.add_middleware(CORSMiddleware, allow_origin_regex=r'https://evil\.')" + "\n" + ROOT,
    ),
    fastapi(
        "a pattern and a list",
        CORS + "app = FastAPI()\n"
        "app.add_middleware(CORSMiddleware, allow_origins=['https://evil.example'], allow_origin_regex='x')\n" + ROOT,
    ),
    starlette(
        "given with the app",
        "from starlette.middleware.cors import CORSMiddleware\n"
        "def index(request):\n    return PlainTextResponse('ok')\n"
        "app = Starlette(routes=[Route('/', index)], middleware=[Middleware(CORSMiddleware, allow_origins=['*'])])\n",
    ),
    starlette(
        "around the app",
        "from starlette.middleware.cors import CORSMiddleware\n"
        "def index(request):\n    return PlainTextResponse('ok')\n"
        "inner = Starlette(routes=[Route('/', index)])\n"
        "app = CORSMiddleware(inner, allow_origins=['https://evil.example'])\n",
    ),
    fastapi(
        "by hand",
        "app = FastAPI()\n" + ROOT + "@app.middleware('http')\nasync def cors(request, call_next):\n"
        "    response = await call_next(request)\n"
        "    response.headers['Access-Control-Allow-Origin'] = request.headers.get('origin', '*')\n"
        "    response.headers['Access-Control-Allow-Credentials'] = 'true'\n"
        "    return response\n",
        "header.Access-Control-Allow-Origin",
    ),
    fastapi(
        "only where a variable asks",
        CORS + "app = FastAPI()\nif os.getenv('ORIGINS'):\n"
        "    app.add_middleware(CORSMiddleware, allow_origins=[os.environ['ORIGINS']])\n" + ROOT,
        ORIGINS="https://evil.example",
    ),
]

SESSIONS = [
    starlette(
        "a session as it comes",
        SESSION + "app = Starlette(routes=[Route('/', index)], middleware=[Middleware(SessionMiddleware, 'k')])\n",
    ),
    starlette(
        "a session over HTTPS",
        SESSION + "app = Starlette(routes=[Route('/', index)], middleware=[Middleware(SessionMiddleware, "
        "secret_key=os.environ['KEY'], https_only=True, same_site='strict', session_cookie='s', max_age=None)])\n",
        KEY="from-the-host",
    ),
    starlette(
        "a secret",
        SESSION + "from starlette.datastructures import Secret\nconfig = Config()\n"
        "app = Starlette(routes=[Route('/', index)])\n"
        "app.add_middleware(SessionMiddleware, secret_key=config('KEY', cast=Secret, default='sample'))\n",
    ),
    fastapi(
        "sessions of FastAPI",
        "from starlette.middleware.sessions import SessionMiddleware\napp = FastAPI(openapi_url=None)\n"
        "app.add_middleware(SessionMiddleware, secret_key='k', same_site='none', https_only=True)\n"
        "@app.get('/')\ndef index(request: Request):\n    request.session['n'] = 1\n    return {}\n",
    ),
]

HEADERS = [
    fastapi(
        "a hook sets headers",
        "app = FastAPI(openapi_url=None)\n" + ROOT + "@app.middleware('http')\n"
        "async def secure(request: Request, call_next):\n"
        "    response = await call_next(request)\n"
        "    response.headers['X-Frame-Options'] = 'DENY'\n"
        "    response.headers.setdefault('X-Content-Type-Options', 'nosniff')\n"
        "    response.headers.update({'Referrer-Policy': 'no-referrer'})\n"
        "    return response\n",
    ),
    fastapi(
        "a class sets headers",
        "from starlette.middleware.base import BaseHTTPMiddleware\n"
        "class Secure(BaseHTTPMiddleware):\n"
        "    def __init__(self, app, hsts=3600):\n        super().__init__(app)\n        self.hsts = hsts\n"
        "    async def dispatch(self, request, call_next):\n"
        "        response = await call_next(request)\n"
        "        response.headers['Strict-Transport-Security'] = f'max-age={self.hsts}'\n"
        "        return response\n"
        "app = FastAPI(openapi_url=None)\n" + ROOT + "app.add_middleware(Secure, hsts=31536000)\n",
    ),
    starlette(
        "a class without a base",
        "from starlette.datastructures import MutableHeaders\n"
        "class Secure:\n    def __init__(self, app):\n        self.app = app\n"
        "    async def __call__(self, scope, receive, send):\n"
        "        if scope['type'] != 'http':\n            return await self.app(scope, receive, send)\n"
        "        async def send_more(message):\n"
        "            if message['type'] == 'http.response.start':\n"
        "                headers = MutableHeaders(scope=message)\n"
        "                headers['X-Frame-Options'] = 'SAMEORIGIN'\n"
        "            await send(message)\n"
        "        await self.app(scope, receive, send_more)\n"
        "def index(request):\n    return PlainTextResponse('ok')\n"
        "app = Starlette(routes=[Route('/', index)], middleware=[Middleware(Secure)])\n",
    ),
    fastapi(
        "the library secure",
        "from secure import Secure\nsecure = Secure.with_default_headers()\napp = FastAPI(openapi_url=None)\n"
        + ROOT
        + "@app.middleware('http')\nasync def headers(request, call_next):\n"
        "    response = await call_next(request)\n    await secure.set_headers_async(response)\n    return response\n",
    ),
    fastapi(
        "only in production",
        "app = FastAPI(openapi_url=None)\n" + ROOT + "if os.getenv('STAGE') == 'live':\n"
        "    @app.middleware('http')\n    async def secure(request, call_next):\n"
        "        response = await call_next(request)\n        response.headers['X-Frame-Options'] = 'DENY'\n"
        "        return response\n",
        STAGE="live",
    ),
]

PROGRAMS = [*DOCS, *GATES, *DEBUG, *CORS_, *SESSIONS, *HEADERS]

MEASURE = """
import contextlib, io, os, warnings
from unittest.mock import patch
from starlette.testclient import TestClient
warnings.simplefilter("ignore")

def measured(program):
    scope = {"__name__": "app"}
    with patch.dict(os.environ, program["env"]), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(program["source"], "app.py", "exec"), scope)
        app = scope["app"]
        inner = app
        while not hasattr(inner, "debug"):
            inner = inner.app
        client = TestClient(app, base_url="https://testserver", raise_server_exceptions=False, follow_redirects=False)
        answer = client.get("/", headers={"Origin": "https://evil.example"})
        found = {"debug": inner.debug}
        found["cors.allow_origin"] = answer.headers.get("access-control-allow-origin")
        found["cors.allow_credentials"] = answer.headers.get("access-control-allow-credentials") == "true"
        cookie = answer.headers.get("set-cookie", "")
        flags = {part.strip().partition("=")[0].lower(): part.strip().partition("=")[2] for part in cookie.split(";")}
        found["cookie.secure"] = "secure" in flags
        found["session.same_site"] = flags.get("samesite")
        found["session.max_age"] = int(flags["max-age"]) if "max-age" in flags else None
        for name in program["asked"]:
            if name.startswith("status "):
                fresh = TestClient(app, base_url="https://testserver", raise_server_exceptions=False)
                found[name] = fresh.get(name.removeprefix("status ")).status_code
            elif name.startswith("header."):
                found[name] = answer.headers.get(name.removeprefix("header."))
        return found

answer = [measured(program) for program in data]
"""
"""Starts each program with the real libraries and asks it as a visitor would."""
