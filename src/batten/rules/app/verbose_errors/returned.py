"""An error's own text goes back to the visitor.

A traceback tells which files and libraries run, in which versions, with which paths and
queries; the text of an exception often holds the value that broke, a statement of SQL, a host
name, a key. Whoever looks for a way in provokes errors and reads.

A traceback is medium, as is the text of every error from one handler; the text of any error
from one view is low.

Silent when the text goes to the log and the visitor gets a fixed sentence, and for the text of one
kind of error (`except ValueError`), which is mostly the app's own.

Fix: `app.logger.exception("…")`, and answer with a fixed text and a number that the log has too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules.samples import django, served, shown
from batten.understand.answers.site import Site, seen
from batten.understand.answers.traces import SeenTrace, TraceKind
from batten.understand.subjects import ErrorAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import traceback

from flask import Flask, jsonify

app = Flask(__name__)


@app.errorhandler(Exception)
def failed(error):
    app.logger.error(traceback.format_exc())
    return jsonify(error=traceback.format_exc()), 500  # <- here
"""

BRANCH = """\
import traceback

from flask import Flask, current_app

app = Flask(__name__)
app.config["DEBUG"] = False


@app.errorhandler(Exception)
def failed(error):
    if current_app.config["DEBUG"]:
        return traceback.format_exc(), 500
    return "something went wrong", 500
"""

VIEW = """\
from flask import Flask, request

app = Flask(__name__)


@app.errorhandler(500)
def failed(error):
    return "something went wrong", 500


@app.get("/double")
def double():
    try:
        return str(2 * int(request.args["number"]))
    except Exception as error:
        return str(error), 400  # <- here
"""

AROUND = """\
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def caught(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception as error:
        return JSONResponse({"detail": str(error)}, status_code=500)  # <- here
"""
AIOHTTP = """\
import traceback

from aiohttp import web


@web.middleware
async def caught(request, handler):
    try:
        return await handler(request)
    except Exception:
        return web.Response(status=500, text=traceback.format_exc())  # <- here


web.run_app(web.Application(middlewares=[caught]))
"""

STARLETTE = """\
from starlette.applications import Starlette
from starlette.responses import JSONResponse


async def failed(request, error):
    return JSONResponse({"error": repr(error)}, status_code=500)  # <- here


app = Starlette(exception_handlers={Exception: failed})
"""
ERRORS = """\
from django.http import JsonResponse


class Errors:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return JsonResponse({"error": str(exception)}, status=500)  # <- here
"""
LITESTAR = """\
from litestar import Litestar, Response, get


@get("/")
async def index() -> str:
    return "hello"


def failed(request, error):
    return Response({"detail": str(error)}, status_code=500)  # <- here


app = Litestar([index], exception_handlers={Exception: failed}, openapi_config=None)
"""
BOTTLE = """\
import bottle

app = bottle.Bottle()


@app.error(404)
def missing(error):
    return f"not here: {error.body}"


@app.error(500)
def failed(error):
    return f"<pre>{error.traceback}</pre>"  # <- here
"""
VIEWS = """\
import traceback

from django.http import HttpResponse


def broken(request):
    return HttpResponse(traceback.format_exc(), status=500)  # <- here
"""
HANDLER = {**django(urls='urlpatterns = []\nhandler500 = "views.broken"\n'), "views.py": VIEWS}
DJANGO = {**django('MIDDLEWARE.append("errors.Errors")'), "errors.py": ERRORS}


@rule(
    id="verbose-errors/returned",
    severity=Severity.MEDIUM,
    cwe=209,
    over=ErrorAnswer,
    sources=["OWASP Error Handling Cheat Sheet", "OWASP A02:2025"],
    bad=[
        Bad("the traceback of every error", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "the text of every error",
            {
                "app.py": APP.replace("error=traceback.format_exc()", "error=str(error)"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Bad(
            "where debug is on, and it is",
            {
                "app.py": BRANCH.replace("= False", "= True").replace("_exc(), 500", "_exc(), 500  # <- here"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Bad("the text of any error in one view", {"app.py": VIEW, "Procfile": "web: gunicorn app:app\n"}),
        Bad("a middleware around the whole app", {"app.py": AROUND, "Procfile": "web: uvicorn app:app\n"}),
        Bad("Django's middleware for exceptions", DJANGO),
        Bad("a handler that Starlette is made with", {"app.py": STARLETTE, "Procfile": "web: uvicorn app:app\n"}),
        Bad("a handler that Litestar is made with", {"app.py": LITESTAR, "Procfile": "web: uvicorn app:app\n"}),
        Bad("Django's handler500", HANDLER),
        Bad("the page for errors of Bottle", {"app.py": BOTTLE, "Procfile": "web: gunicorn app:app\n"}),
        Bad("a middleware of aiohttp", {"app.py": AIOHTTP, "Procfile": "web: python app.py\n"}),
    ],
    good=[
        Good(
            "detail to the log, a sentence to the visitor",
            {
                "app.py": APP.replace("error=traceback.format_exc()", 'error="something went wrong"'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good("only where debug is on", {"app.py": BRANCH, "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "the text of one kind of error",
            {"app.py": VIEW.replace("except Exception", "except ValueError"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "a middleware that answers with a fixed text",
            {"app.py": AROUND.replace("str(error)", '"failed"'), "Procfile": "web: uvicorn app:app\n"},
        ),
        Good(
            "a middleware that tells its own error only",
            {"app.py": AROUND.replace("except Exception", "except KeyError"), "Procfile": "web: uvicorn app:app\n"},
        ),
        Good(
            "a text of one's own",
            {"app.py": VIEW.replace("str(error)", '"not a number"'), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def error_told(answer: ErrorAnswer) -> Iterator[Finding]:
    """Yield the finding about an answer that holds an error's own text."""
    is_trace = "traceback" in answer.what
    yield Finding(
        at=answer.at,
        says=f"{answer.function} answers with the {answer.what}" + (" of every error" if answer.handler else ""),
        evidence=answer.evidence,
        severity=Severity.MEDIUM if is_trace or answer.handler else Severity.LOW,
        fix=Fix("Write the detail to the log, and answer with a fixed text."),
        symbol=answer.function,
        proof=answer.what,
    )


TRACE = served(
    'Traceback (most recent call last):\n  File "/srv/app.py", line 9, in item\nValueError: x', status="500 Oh"
)
DRIVER = served("sqlite3.OperationalError: no such column: x", status="500 Internal Server Error")


@live(
    over=Site,
    bad=[
        Bad("a traceback", answers={"GET /": shown('<a href="/item/1">rope</a>'), "GET /item/-1 # <- here": TRACE}),
        Bad("a driver's words", answers={"GET /": shown('<a href="/?q=1">s</a>'), "GET /?q=-1 # <- here": DRIVER}),
    ],
    good=[
        Good("a page that quotes a traceback", answers={"GET *": TRACE.replace("500 Oh", "200 OK")}),
        Good("a sentence", answers={"GET /": shown(), "GET /*": served("Traceback? Not here.", status="500 Oh")}),
    ],
)
def trace_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding when an error was answered with a traceback, or with the words of a database driver."""
    for kind in (TraceKind.TRACEBACK, TraceKind.DRIVER):
        pages = [part for part in site.parts if isinstance(part, SeenTrace) and part.kind is kind]
        if pages:
            yield Finding(
                at=Location(url=pages[0].answer.url),
                says=f"an error is answered with {kind.value}: {pages[0].leaks}",
                evidence=tuple(seen(one.answer, f"answered {one.answer.status}: {one.says}") for one in pages[:3]),
                fix=Fix("Log the error, and answer with a fixed text and a number that the log has too."),
                symbol=kind.name.lower(),
            )
