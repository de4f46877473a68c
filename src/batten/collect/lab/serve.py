"""Runs the lab's app as `python app.py` would, but on 127.0.0.1 whatever the app says, and ends when its parent does.

The standard library and Flask only, and nothing of Batten: it is started by its path, in the copy's directory, with a
Python that has Flask. `serve.py PORT`.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading
from typing import Any

ADDRESS = "127.0.0.1"


def end_with_parent() -> None:
    """Wait until the other end of standard input is closed, which happens however the parent ends, and leave."""
    while os.read(0, 4096):  # sys.stdin's own lock would be held while the interpreter ends
        pass
    os._exit(0)


def main() -> None:
    """Run app.py as the main program; where it starts no server, serve its app without a debugger."""
    from werkzeug import serving  # noqa: PLC0415 - only where Flask is
    from werkzeug.debug import get_pin_and_cookie_name  # noqa: PLC0415 - likewise

    port = int(sys.argv[1])
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.path[0] = os.getcwd()
    sys.argv = ["app.py"]
    served = serving.run_simple

    def run_here(_host: str, _port: int, app: Any, **options: Any) -> None:  # noqa: ANN401 - Werkzeug 3.1 run_simple
        # Without the reloader: a debugger in a second process would outlive the first.
        if options.get("use_debugger"):  # Werkzeug 3.1 prints it under the reloader only
            sys.stderr.write(f"Debugger PIN: {get_pin_and_cookie_name(app)[0]}\n")
        served(ADDRESS, port, app, **{**options, "use_reloader": False, "threaded": True, "processes": 1})

    vars(serving)["run_simple"] = run_here  # Flask 3.1 `Flask.run` looks it up there
    app = runpy.run_path("app.py", run_name="__main__").get("app")
    if app is not None:
        run_here("", 0, app)


if __name__ == "__main__":
    main()
