"""Production is served by `manage.py runserver`.

Django's documentation says of it: do not use this server in a production setting, it
has not gone through security audits or performance tests. One slow visitor holds a
thread for as long as he likes, the size of a request is not limited, the code is
watched and loaded again when a file changes, and nothing starts the server again when it
stops.

`runserver_plus` of django-extensions serves Werkzeug's debugger as well: `debug-mode/debugger`
tells that.

Silent for a compose file for developers, a Makefile, a README; and when nothing in the
repository says what starts the app.

Fix: `gunicorn PROJECT.wsgi`, or `uvicorn PROJECT.asgi:application` for async views.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

MANAGE = """\
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    execute_from_command_line(sys.argv)
"""
SETTINGS = """\
import os

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["shop.example.com"]
"""
WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
"""
PROJECT = {"manage.py": MANAGE, "shop/__init__.py": "", "shop/settings.py": SETTINGS, "shop/wsgi.py": WSGI}
DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]  # <- here
"""


@rule(
    id="dev-server/runserver",
    severity=Severity.MEDIUM,
    cwe=489,
    over=Server,
    sources=["Django 5.2 docs, django-admin runserver", "OWASP A02:2025"],
    bad=[
        Bad("the image starts it", {**PROJECT, "Dockerfile": DOCKERFILE}),
        Bad("so does the Procfile", {**PROJECT, "Procfile": "web: python manage.py runserver  # <- here\n"}),
    ],
    good=[
        Good(
            "the image starts gunicorn",
            {
                **PROJECT,
                "Dockerfile": DOCKERFILE.replace(
                    '"python", "manage.py", "runserver", "0.0.0.0:8000"]  # <- here',
                    '"gunicorn", "--bind=0.0.0.0:8000", "shop.wsgi"]',
                ),
            },
        ),
        Good(
            "only developers start it",
            {
                **PROJECT,
                "Procfile": "web: gunicorn shop.wsgi\n",
                "docker-compose.override.yml": "services:\n  web:\n    command: python manage.py runserver\n",
            },
        ),
        Good("nothing says what production starts", PROJECT),
    ],
)
def runserver(server: Server) -> Iterator[Finding]:
    """Yield a finding when production is started by manage.py's development server."""
    if server.development and server.kind in {"runserver", "runserver_plus"} and not server.assumed:
        yield Finding(
            at=server.at,
            says=f"production is served by `manage.py {server.kind}`, a development server",
            evidence=server.evidence,
            fix=Fix("Start it with a production server, `gunicorn PROJECT.wsgi`."),
            symbol="runserver",
        )
