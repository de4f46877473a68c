"""A small Flask shop, served by gunicorn on a port of 127.0.0.1 that the kernel chose: what the probes are run on."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

APP = """\
from flask import Flask, request, session

app = Flask(__name__)
app.secret_key = "change-me"
NAMES = ["rope", "lamp", "oar"]
LINKS = "".join(f'<li><a href="/item/{number}">{name}</a>' for number, name in enumerate(NAMES))


@app.get("/")
def index():
    session["seen"] = 1
    return (
        '<!doctype html><html lang="en"><title>Shop</title><link rel="stylesheet" href="/static/shop.css">'
        f'<ul>{LINKS}</ul><a href="/items?count=3">Three</a><form action="/search"><input name="q"></form>'
    )


@app.get("/item/<int:number>")
def item(number):
    return f"<!doctype html><title>{NAMES[number]}</title><h1>{NAMES[number]}</h1>"


@app.get("/items")
def items():
    return NAMES[0] * int(request.args["count"])


@app.get("/search")
def search():
    found = [name for name in NAMES if request.args.get("q", "") in name]
    return "<!doctype html><title>Found</title><p>" + " ".join(found)
"""
_END_S = 5


class Shop:
    """The shop, for as long as it is entered."""

    def __init__(self, home: Path) -> None:
        """Write the app to a folder."""
        home.mkdir()
        (home / "app.py").write_text(APP, encoding="utf-8")
        (home / "static").mkdir()
        (home / "static" / "shop.css").write_text("body { color: #222 }\n", encoding="utf-8")
        self._home = home
        self._log = home / "requests.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        """Start it on a socket that listens already: the first visitor waits in its queue."""
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
            self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            argv = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listening.fileno()}", "--threads", "8"]
            self._process = subprocess.Popen(
                [*argv, "--no-control-socket", "--access-logfile", str(self._log), "app:app"],
                cwd=self._home,
                env={"PATH": os.defpath, "HOME": str(self._home)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[listening.fileno()],
                start_new_session=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and what it started."""
        process = self._process
        if process is None:
            return
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_END_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    @property
    def requests(self) -> int:
        """How many it has answered, by its own log."""
        return self._log.read_bytes().count(b"\n") if self._log.exists() else 0
