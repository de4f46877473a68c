"""A Tornado shop on the socket that it is handed. DEBUG serves tracebacks."""

import asyncio
import os
import socket
import sys

import tornado.httpserver
import tornado.web


class Index(tornado.web.RequestHandler):
    def get(self):
        self.write('<!doctype html><title>Shop</title><a href="/items?count=3">Three</a>')


class Items(tornado.web.RequestHandler):
    def get(self):
        self.write("Rope" * int(self.get_argument("count", "1")))


async def main():
    settings = {"serve_traceback": True, "autoreload": False} if os.environ.get("DEBUG") else {}
    app = tornado.web.Application([("/", Index), ("/items", Items)], **settings)
    listening = socket.socket(fileno=int(sys.argv[1]))
    listening.setblocking(False)
    tornado.httpserver.HTTPServer(app).add_socket(listening)
    await asyncio.Event().wait()


asyncio.run(main())
