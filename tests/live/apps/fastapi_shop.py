"""A FastAPI shop. DEBUG turns Starlette's debug pages on, DOCS the description of its API."""

import os

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

app = FastAPI(debug=bool(os.environ.get("DEBUG")), openapi_url="/openapi.json" if os.environ.get("DOCS") else None)


@app.get("/", response_class=HTMLResponse)
async def index():
    return '<!doctype html><title>Shop</title><a href="/items?count=3">Three</a>'


@app.get("/items")
async def items(count: str = "1"):
    return ["Rope"] * int(count)
