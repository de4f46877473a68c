"""Small FastAPI and Starlette programs: lists of routes and middleware, requests, answers and errors."""

from __future__ import annotations

from dataclasses import replace

from tests.understand.libraries.asgi_programs import ROOT, fastapi, starlette

DENIED = "async def denied(request):\n    return Response('no', status_code=403)\n"
INDEX = "def index(request):\n    return PlainTextResponse('ok')\n"

ROUTES = [
    fastapi(
        "a route put before the page",
        "from starlette.routing import Route\napp = FastAPI()\n"
        + DENIED
        + "app.router.routes.insert(0, Route('/docs', denied))\n",
    ),
    fastapi(
        "a route put behind the page",
        "from starlette.routing import Route\napp = FastAPI()\n"
        + DENIED
        + "app.router.routes.append(Route('/docs', denied))\n",
    ),
    fastapi(
        "routes added as a list",
        "from starlette.routing import Route\napp = FastAPI(docs_url=None)\n"
        + DENIED
        + "app.routes.extend([Route('/docs', denied), Route('/x', denied)])\n",
    ),
    fastapi("a route added by a call", "app = FastAPI(docs_url=None)\n" + DENIED + "app.add_route('/docs', denied)\n"),
    fastapi("a mount over the page", "app = FastAPI()\nother = FastAPI(openapi_url=None)\napp.mount('/docs', other)\n"),
    fastapi("a mounted app with pages", "app = FastAPI(openapi_url=None)\napp.mount('/api', FastAPI())\n"),
    fastapi("a page with a socket", "app = FastAPI()\n@app.websocket('/docs')\nasync def talk(socket):\n    pass\n"),
    fastapi(
        "a router with pages of its own",
        "router = APIRouter(prefix='/docs')\n@router.get('')\ndef page():\n    raise HTTPException(404)\n"
        "app = FastAPI(docs_url=None)\napp.include_router(router)\n",
    ),
    fastapi(
        "a router behind a login",
        "from fastapi.security import HTTPBasic\nrouter = APIRouter(dependencies=[Depends(HTTPBasic())])\n"
        "@router.get('/docs')\ndef page():\n    return 'x'\napp = FastAPI(docs_url=None, redoc_url=None)\n"
        "app.include_router(router)\n",
    ),
    starlette(
        "nested routes",
        "from starlette.routing import Host, Router, WebSocketRoute\n" + INDEX + "async def talk(socket):\n    pass\n"
        "app = Starlette(routes=[Mount('/api', routes=[Route('/', index)]), WebSocketRoute('/ws', talk),\n"
        "    Host('a.example', Router([Route('/', index)])), Route('/', index, methods=['GET'])])\n",
    ),
    fastapi(
        "errors answered by the app",
        "app = FastAPI(docs_url=None, redoc_url=None)\n@app.exception_handler(404)\n"
        "async def missing(request, error):\n    return Response('gone', status_code=410)\n"
        "async def broken(request, error):\n    return Response('x', status_code=500)\n"
        "app.add_exception_handler(Exception, broken)\n" + ROOT,
    ),
    starlette(
        "errors and life handed over",
        "import contextlib\n" + INDEX + "async def missing(request, error):\n"
        "    return PlainTextResponse('gone', status_code=410)\n"
        "@contextlib.asynccontextmanager\nasync def life(app):\n    app.state.ready = True\n    yield\n"
        "app = Starlette(routes=[Route('/', index)], exception_handlers={404: missing}, lifespan=life)\n",
    ),
    fastapi(
        "a middleware put into the list",
        "from starlette.middleware import Middleware\nfrom fastapi.middleware.cors import CORSMiddleware\n"
        "app = FastAPI(openapi_url=None)\n" + ROOT + "app.user_middleware.append(Middleware(CORSMiddleware,\n"
        "    allow_origins=['*']))\n",
    ),
    fastapi(
        "a list of middleware emptied",
        "from starlette.middleware import Middleware\nfrom fastapi.middleware.cors import CORSMiddleware\n"
        "app = FastAPI(openapi_url=None, middleware=[Middleware(CORSMiddleware, allow_origins=['*'])])\n"
        + ROOT
        + "app.user_middleware.clear()\n",
    ),
    fastapi(
        "a list of middleware replaced",
        "from starlette.middleware import Middleware\nfrom fastapi.middleware.cors import CORSMiddleware\n"
        "app = FastAPI(openapi_url=None, middleware=[Middleware(CORSMiddleware, allow_origins=['*'])])\n"
        + ROOT
        + "app.user_middleware = []\n",
    ),
    fastapi(
        "start-up changes an answer",
        "app = FastAPI(openapi_url=None)\n@app.on_event('startup')\ndef begin():\n    app.state.mode = 'x'\n" + ROOT,
    ),
]

ANSWERS = [
    fastapi(
        "closed by path",
        "app = FastAPI()\n@app.middleware('http')\nasync def gate(request, call_next):\n"
        "    if request.url.path in ('/docs', '/redoc', '/openapi.json'):\n"
        "        return Response(status_code=404)\n    return await call_next(request)\n",
    ),
    fastapi(
        "closed by the scope",
        "app = FastAPI()\n@app.middleware('http')\nasync def gate(request, call_next):\n"
        "    if request.scope['path'].startswith('/docs') and request.method == 'GET':\n"
        "        return Response('no', 403, {'X-Why': 'closed'})\n    return await call_next(request)\n",
    ),
    fastapi(
        "closed by a header",
        "app = FastAPI()\n@app.middleware('http')\nasync def gate(request, call_next):\n"
        "    if request.headers.get('X-Key') != 'k' and request.url.path == '/docs':\n"
        "        return Response(status_code=401)\n    return await call_next(request)\n",
    ),
    fastapi(
        "redirected to TLS",
        "from starlette.responses import RedirectResponse\napp = FastAPI()\n@app.middleware('http')\n"
        "async def tls(request, call_next):\n    if request.url.scheme == 'http':\n"
        "        return RedirectResponse(str(request.url.replace(scheme='https')))\n"
        "    return await call_next(request)\n",
    ),
    fastapi(
        "headers added and taken",
        "app = FastAPI(openapi_url=None)\n" + ROOT + "@app.middleware('http')\nasync def secure(request, call_next):\n"
        "    response = await call_next(request)\n    response.headers.append('X-Frame-Options', 'DENY')\n"
        "    if 'server' in response.headers:\n        del response.headers['server']\n"
        "    response.headers['X-Content-Type-Options'] = 'nosniff'\n    return response\n",
    ),
    starlette(
        "an answer with headers of its own",
        "def index(request):\n    return JSONResponse({}, headers={'X-Frame-Options': 'DENY'})\n"
        "app = Starlette(routes=[Route('/', index)])\n",
    ),
    starlette(
        "a cookie and what a visitor sends",
        "def index(request):\n    answer = PlainTextResponse(request.query_params.get('q', request.method))\n"
        "    answer.set_cookie('seen', request.cookies.get('seen', '1'), secure=True, httponly=True)\n"
        "    answer.delete_cookie('old')\n    return answer\napp = Starlette(routes=[Route('/', index)])\n",
    ),
    fastapi(
        "status codes by name",
        "from fastapi import status\napp = FastAPI(docs_url=None, redoc_url=None)\n"
        "@app.get('/docs', status_code=status.HTTP_204_NO_CONTENT)\ndef docs():\n"
        "    raise HTTPException(status.HTTP_403_FORBIDDEN, detail='closed')\n",
    ),
]

BY_HAND = (
    "from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html\n"
    "from fastapi.openapi.utils import get_openapi\n"
)
OFF = "app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)\n"
PAGE = "    return get_swagger_ui_html(openapi_url='/openapi.json', title='x')\n"

HAND = [
    fastapi(
        "routes added by calls",
        f"{OFF}{BY_HAND}def page():\n{PAGE}async def talk(socket):\n    pass\nrouter = APIRouter()\n"
        "router.add_api_route('/docs', page)\nrouter.add_api_websocket_route('/redoc', talk)\n"
        "app.include_router(router)\napp.add_api_route('/openapi.json', endpoint=app.openapi, methods=['POST'])\n",
    ),
    fastapi(
        "routes handed over",
        f"from fastapi.routing import APIRoute\n{BY_HAND}def page():\n{PAGE}"
        "app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, routes=[\n"
        "    APIRoute('/redoc', page), APIRoute('/docs', page, methods=['PUT'])])\n",
    ),
    fastapi(
        "the schema made by hand",
        f"{OFF}{BY_HAND}@app.get('/openapi.json')\ndef schema():\n"
        "    return get_openapi(title='x', version='1', routes=app.routes)\n",
    ),
    fastapi(
        "the schema remembered",
        f"{BY_HAND}app = FastAPI()\ndef own():\n    if not app.openapi_schema:\n"
        "        app.openapi_schema = get_openapi(title='x', version='1', routes=app.routes)\n"
        "    return app.openapi_schema\napp.openapi = own\n",
    ),
    fastapi("the schema before anything", "app = FastAPI()\nassert app.openapi_schema is None\n"),
    fastapi(
        "pages of a login in text",
        f"{OFF}{BY_HAND}from typing import List, Optional\n@app.get('/docs')\n"
        f"def page(one: 'Optional[str]' = None, many: List[int] = None):\n{PAGE}",
    ),
    fastapi(
        "sockets and a schema of the app's own",
        f"{OFF}@app.websocket('/docs')\nasync def talk(socket):\n    pass\n"
        "@app.get('/openapi.json')\ndef schema():\n    return app.openapi()\n",
    ),
    fastapi("off too late", "app = FastAPI()\napp.openapi_url = None\n"),
    fastapi(
        "a page with a dependency by its type",
        f"{OFF}{BY_HAND}from typing import Annotated\nclass Asked:\n    def __init__(self, request: Request):\n"
        f"        raise HTTPException(403)\n@app.get('/docs')\ndef page(asked: Annotated[Asked, Depends()]):\n{PAGE}",
    ),
    fastapi(
        "a page with a login that is optional",
        f"{OFF}{BY_HAND}from fastapi.security import HTTPBearer\nbearer = HTTPBearer(auto_error=False)\n"
        f"@app.get('/docs')\ndef page(who: 'object' = Depends(bearer)):\n{PAGE}",
    ),
    fastapi(
        "a page that a middleware closes",
        "app = FastAPI()\n@app.middleware('http')\nasync def closed(request, call_next):\n"
        "    if request.url.path == '/docs':\n        return Response(status_code=404)\n"
        "    return await call_next(request)\n",
    ),
    fastapi("routes taken out", "app = FastAPI()\napp.router.routes.clear()\n"),
    fastapi(
        "routes replaced", "app = FastAPI()\napp.router.routes = [r for r in app.router.routes if r.path != '/docs']\n"
    ),
    fastapi("a path by chance", "import random\napp = FastAPI(docs_url=random.choice(['/a', '/b']))\n"),
    fastapi(
        "a path by a stage that is set",
        "app = FastAPI(docs_url='/docs' if os.environ['STAGE'] != 'live' else '/inner')\n",
        STAGE="live",
    ),
    starlette(
        "a mount that is no app of Starlette",
        INDEX + "async def other(scope, receive, send):\n    raise ValueError\n"
        "app = Starlette(routes=[Mount('/x', app=other), Route('/', index)])\n",
    ),
    starlette(
        "routers within routers",
        INDEX + "from starlette.routing import Router\napp = Starlette()\napp.add_route('/', index, ['GET'])\n"
        "inner = Starlette()\napp.mount('/inner', inner)\napp.host('b.example', inner)\napp.state.kept = 1\n"
        "router = Router([Route('/', index)])\nrouter.add_route('/b', endpoint=index)\n"
        "router.mount('/c', app=inner)\napp.mount('/r', router)\n",
    ),
    starlette(
        "middleware put into the list",
        INDEX + "from starlette.middleware.cors import CORSMiddleware\napp = Starlette(routes=[Route('/', index)])\n"
        "app.user_middleware.append(Middleware(CORSMiddleware, allow_origins=['*']))\n",
    ),
    starlette(
        "CORS by a pattern",
        INDEX + "from starlette.middleware.cors import CORSMiddleware\napp = Starlette(routes=[Route('/', index)],\n"
        "    middleware=[Middleware(CORSMiddleware, allow_origin_regex='.*', allow_origins=['https://a.example'])])\n",
    ),
]

_PAGES = ("status /docs", "status /redoc", "status /openapi.json")
_NOT_TOLD = {
    "a route put before the page": _PAGES[:1],
    "routes added as a list": _PAGES[:1],
    "a route added by a call": _PAGES[:1],
    "a router with pages of its own": _PAGES[:1],
    "a router behind a login": _PAGES[:1],
    "errors answered by the app": _PAGES[:2],
    "a list of middleware emptied": _PAGES,
    "a list of middleware replaced": _PAGES,
    "closed by path": _PAGES,
    "closed by the scope": _PAGES[:1],
    "closed by a header": _PAGES,
    "status codes by name": _PAGES[:1],
    "a page with a dependency by its type": _PAGES[:1],
    "a page that a middleware closes": _PAGES[:1],
    "routes taken out": _PAGES,
    "routes replaced": _PAGES,
    "a path by chance": _PAGES[:2],
}
"""What Batten says it cannot tell: views and middleware of the app may answer anything."""

MORE = [replace(one, not_told=frozenset(_NOT_TOLD.get(one.name, ()))) for one in (*ROUTES, *ANSWERS, *HAND)]
