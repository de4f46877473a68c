"""An aiohttp shop on the socket that it is handed. DEBUG puts the loop, and so the error page, into debug mode."""

import asyncio
import os
import socket
import sys

from aiohttp import web


async def index(request):
    return web.Response(
        text='<!doctype html><title>Shop</title><a href="/items?count=3">Three</a>', content_type="text/html"
    )


async def items(request):
    return web.Response(text="Rope" * int(request.query.get("count", "1")))


app = web.Application()
app.add_routes([web.get("/", index), web.get("/items", items)])
loop = asyncio.new_event_loop()
loop.set_debug(bool(os.environ.get("DEBUG")))
web.run_app(app, sock=socket.socket(fileno=int(sys.argv[1])), loop=loop, print=None)
