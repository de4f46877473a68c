"""A Bottle shop under gunicorn. DEBUG puts tracebacks on the error page."""

import os

import bottle

app = application = bottle.Bottle()
bottle.debug(bool(os.environ.get("DEBUG")))


@app.get("/")
def index():
    return '<!doctype html><title>Shop</title><a href="/items?count=3">Three</a>'


@app.get("/items")
def items():
    return "Rope" * int(bottle.request.query.get("count") or "1")
