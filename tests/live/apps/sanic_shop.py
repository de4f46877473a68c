"""A Sanic shop on the socket that it is handed. DEBUG turns its debug pages on."""

import os
import socket
import sys

from sanic import Sanic, response

app = Sanic("shop")


@app.get("/")
async def index(request):
    return response.html('<!doctype html><title>Shop</title><a href="/items?count=3">Three</a>')


@app.get("/items")
async def items(request):
    return response.text("Rope" * int(request.args.get("count", "1")))


if __name__ == "__main__":
    app.run(
        sock=socket.socket(fileno=int(sys.argv[1])),
        debug=bool(os.environ.get("DEBUG")),
        single_process=True,
        motd=False,
        access_log=False,
    )
