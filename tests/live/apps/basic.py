"""Pages behind HTTP Basic; the first argument is admin's password. Prints its port."""

import sys
from base64 import b64encode
from wsgiref.simple_server import make_server

TOKEN = "Basic " + b64encode(f"admin:{sys.argv[1]}".encode()).decode()


def app(environ, start_response):
    if environ.get("HTTP_AUTHORIZATION") != TOKEN:
        start_response("401 Unauthorized", [("WWW-Authenticate", 'Basic realm="stock"'), ("Content-Type", "text/plain")])
        return [b"log in first"]
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [b"<!doctype html><title>Stock</title><p>rope: 12"]


server = make_server("127.0.0.1", 0, app)
print("http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
