"""Django's debug mode is on in production.

An error then answers with Django's technical page: the traceback, the source around
each frame, the local variables of every function on the way, the settings and the
environment. Django masks settings whose names look secret (`SECRET`, `TOKEN`, `KEY`,
`PASS`); a DSN with a password in it, a customer's record in a local variable and an
API key under another name stand there in full. An unknown path answers with the list of all
URL patterns. Debug also lets `ALLOWED_HOSTS` be empty and keeps every SQL query in
memory until the process ends.

There is no console in that page, whoever serves it; under `runserver_plus` of
django-extensions there is, and `debug-mode/debugger` tells it.

Silent when production loads other settings than the ones that turn debug on: the
settings module that the image, the compose file or `wsgi.py` names decides.

Fix: `DEBUG = os.environ.get("DJANGO_DEBUG") == "1"`, set where you develop, nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Good, Severity, live, rule
from batten.rules.app.debug_mode._seen import debug_pages
from batten.rules.form import first, one_per_place, replaced
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site
from batten.understand.answers.traces import TraceKind
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value

SETTINGS = """\
import os

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = True  # <- here
ALLOWED_HOSTS = ["shop.example.com"]
"""

WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
"""

PROJECT = {"shop/__init__.py": "", "shop/settings.py": SETTINGS, "shop/wsgi.py": WSGI}
WORD = 'bool(os.environ.get("DEBUG", "False"))'
DEV = "from shop.settings import *\n\nDEBUG = True  # <- here\n"
IMAGE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY . .
ENV DJANGO_SETTINGS_MODULE=shop.{}
CMD ["gunicorn", "shop.wsgi"]
"""
SAFE = SETTINGS.replace("True  # <- here", "False")


@rule(
    id="debug-mode/django",
    severity=Severity.HIGH,
    cwe=489,
    over=App,
    sources=["Django 5.2 docs, DEBUG", "Django 5.2 django.views.debug", "OWASP A02:2025"],
    bad=[
        Bad(
            "the settings that wsgi.py names",
            {**PROJECT, "Procfile": "web: gunicorn shop.wsgi\n"},
            fixed={**PROJECT, "shop/settings.py": SAFE},
        ),
        Bad(
            "bool() of a text that is not empty is True, also of 'False'",
            {
                **PROJECT,
                "shop/settings.py": SETTINGS.replace("True", WORD),
                "Procfile": "web: gunicorn shop.wsgi\n",
            },
        ),
        Bad(
            "the image chooses the settings for developers",
            {**PROJECT, "shop/settings.py": SAFE, "shop/dev.py": DEV, "Dockerfile": IMAGE.format("dev")},
            fixed={
                **PROJECT,
                "shop/settings.py": SAFE,
                "shop/dev.py": DEV.replace("True", "False"),
                "Dockerfile": IMAGE.format("dev"),
            },
        ),
    ],
    good=[
        Good(
            "the image chooses other settings than wsgi.py",
            {
                **PROJECT,
                "shop/settings.py": SETTINGS.replace("  # <- here", ""),
                "shop/production.py": "from shop.settings import *\n\nDEBUG = False\n",
                "Dockerfile": IMAGE.format("production"),
            },
        ),
        Good(
            "a comparison with a text is False for all others",
            {
                **PROJECT,
                "shop/settings.py": SETTINGS.replace("True  # <- here", 'os.environ.get("DEBUG", "False") == "True"'),
                "Procfile": "web: gunicorn shop.wsgi\n",
            },
        ),
    ],
)
def debug_on(app: App) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug on."""
    if app.framework == "django":
        yield from one_per_place(_finding(app, case) for case in app.setting("DEBUG").cases() if case.value)


def _finding(app: App, case: Value) -> Finding:
    server = app.servers[0] if app.servers else None
    value = str(case) if isinstance(case.value, bool) else f"{case} (true in Python)"
    guessed = server is not None and server.assumed
    return Finding(
        at=first(case.at, app.at),
        says=f"DEBUG is {value}: errors show the source, the settings and the variables to every visitor",
        evidence=(*case.evidence, *(server.evidence if server is not None else ())),
        confidence=case.confidence.weakest(Confidence.LIKELY) if guessed else case.confidence,
        fix=replaced(case, "False", "Leave it off, and turn it on by a variable that only your own machine sets."),
        symbol="DEBUG",
        proof=server.kind if server is not None else "",
    )


DEBUG_PAGE = served(
    "<p>You are seeing this error because you have <code>DEBUG = True</code>", "text/html", status="404 Not Found"
)


@live(
    over=Site,
    bad=[
        Bad(
            "an error shows it",
            answers={"GET /": shown('<a href="/item/1">rope</a>'), "GET /item/-1 # <- here": DEBUG_PAGE},
        )
    ],
    good=[Good("a page that quotes it", answers={"GET *": DEBUG_PAGE.replace("404 Not Found", "200 OK")})],
)
def debug_page_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding when an error was answered with the framework's debug page."""
    says = "DEBUG is True: errors show the source, the local variables and the settings' names to every visitor"
    fix = "Set `DEBUG = False`, and turn it on by a variable that only your own machine sets."
    yield from debug_pages(site, TraceKind.DJANGO, says, fix)
