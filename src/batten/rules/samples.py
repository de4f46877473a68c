"""What the examples of many rules are built around: a Django project, a FastAPI app, an answer of a site."""

from __future__ import annotations

WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
application = get_wsgi_application()
"""

SETTINGS = """\
import os

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["shop.example.com"]
ROOT_URLCONF = "urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
"""

HOST = """\
[Service]
WorkingDirectory=/srv/shop
ExecStart=/usr/bin/gunicorn --bind 0.0.0.0:8000 wsgi
"""


def django(
    *lines: str, urls: str = "urlpatterns = []\n", settings: str = SETTINGS, host: bool = False
) -> dict[str, str]:
    """Return a Django project whose settings end in these lines; `host` starts it on a machine of its own."""
    start = {"shop.service": HOST} if host else {"Procfile": "web: gunicorn wsgi\n"}
    return {"settings.py": settings + "".join(f"{line}\n" for line in lines), "urls.py": urls, "wsgi.py": WSGI, **start}


def fastapi(made: str = "app = FastAPI()", *more: str, imports: str = "") -> dict[str, str]:
    """Return a FastAPI app, made as given, with these lines after it."""
    page = '\n\n@app.get("/")\ndef index():\n    return {"hello": "world"}\n'
    text = f"{imports}from fastapi import FastAPI\n\n{made}\n" + "".join(f"{line}\n" for line in more) + page
    return {"main.py": text, "Procfile": "web: uvicorn main:app\n"}


NGINX = """\
server {{
    listen 443 ssl;
    server_name shop.example.com;
    server_tokens off;
    {0}
}}
"""
COMPOSE = """\
services:
  front:
    image: nginx:1.29
    ports: ["443:443"]
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
"""


def nginx(*lines: str, compose: str = COMPOSE) -> dict[str, str]:
    """Return a compose project whose nginx has a server with these lines in it."""
    return {"compose.yaml": compose, "nginx.conf": NGINX.format("\n    ".join(lines))}


def served(body: str, kind: str = "text/plain", *headers: str, status: str = "200 OK") -> str:
    """Return an answer of a live example: its body, its media type, and further headers as lines."""
    return "\n".join((f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "", body))


def shown(body: str = "<p>hello", *headers: str, status: str = "200 OK") -> str:
    """Return an answer that browsers show as a page."""
    return served(f"<!doctype html><title>Shop</title>{body}", "text/html; charset=utf-8", *headers, status=status)
