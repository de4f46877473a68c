"""Serves one app on a free port of 127.0.0.1, and says which. Runs in the project's own Python, never in Batten's.

The standard library only, and nothing of Batten: it is started by its path, with whichever interpreter the project has
(3.8 or newer). `serve.py MODULE:NAME` prints `port N` on standard output when it is about to listen.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import socket
import sys
from typing import Any


def loaded(spec: str) -> Any:  # noqa: ANN401 - an app is whatever its framework makes
    """Return the app that `module:name` names; `module:make()` is called, a name alone is `app` or `application`."""
    module_name, _, name = spec.partition(":")
    module = importlib.import_module(module_name)
    if not name:
        name = next((one for one in ("app", "application") if hasattr(module, one)), "app")
    is_call = name.endswith("()")
    found: Any = module
    for part in (name[:-2] if is_call else name).split("."):
        found = getattr(found, part)
    return found() if is_call else found


def is_asgi(app: Any) -> bool:  # noqa: ANN401 - see above
    """Return whether an app is called as ASGI 3 says: `await app(scope, receive, send)`."""
    called = app if inspect.isfunction(app) else getattr(app, "__call__", app)  # noqa: B004 - the method itself is wanted
    return inspect.iscoroutinefunction(called)


def serve_wsgi(app: Any, listening: socket.socket) -> None:  # noqa: ANN401 - see above
    """Serve a WSGI app with the standard library's server, a thread for each request."""
    from socketserver import ThreadingMixIn  # noqa: PLC0415 - only one of the two servers is needed
    from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer  # noqa: PLC0415 - likewise

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    ServerHandler.server_software = ""
    host, port = listening.getsockname()[:2]
    server = Server((host, port), Quiet, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.server_name, server.server_port = host, port
    server.setup_environ()
    server.set_app(app)
    server.serve_forever()


def serve_asgi(app: Any, listening: socket.socket) -> None:  # noqa: ANN401 - see above
    """Serve an ASGI app with uvicorn or hypercorn, whichever the project has.

    Raises:
        SystemExit: it has neither.
    """
    with contextlib.suppress(ImportError):
        import uvicorn  # noqa: PLC0415 - the project's own, if it has it

        config = uvicorn.Config(app, log_level="critical", server_header=False, date_header=False)
        uvicorn.Server(config).run(sockets=[listening])
        return
    try:
        import asyncio  # noqa: PLC0415 - only this needs it

        from hypercorn.asyncio import serve  # noqa: PLC0415 - the project's own, if it has it
        from hypercorn.config import Config  # noqa: PLC0415 - likewise
    except ImportError:
        sys.exit("the project's Python has neither uvicorn nor hypercorn, and an ASGI app needs one")
    settings = Config()
    settings.bind = [f"fd://{listening.fileno()}"]
    settings.include_server_header = False
    asyncio.run(serve(app, settings))


def main() -> None:
    """Load the app that the command line names, and serve it until the process is stopped."""
    sys.path[0] = os.getcwd()
    app = loaded(sys.argv[1])
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    sys.stdout.write(f"port {listening.getsockname()[1]}\n")
    sys.stdout.flush()
    (serve_asgi if is_asgi(app) else serve_wsgi)(app, listening)


if __name__ == "__main__":
    main()
