"""Chromium without a window, driven over its DevTools pipe: what a reader sees, measured."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

import pytest

if TYPE_CHECKING:
    from pathlib import Path

FOUND = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(FOUND is None, reason="Chromium is not installed")
PATIENCE = 60.0
OPTIONS = (
    "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-background-networking"
    " --disable-component-update --remote-debugging-pipe"
)
FAULTS = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded", "Network.loadingFailed")


class Chromium:
    """One window."""

    def __init__(self, home: Path) -> None:
        home.mkdir()
        pipes = [str(home / name) for name in ("down", "up")]
        for pipe in pipes:
            os.mkfifo(pipe)
        # Read and write, so that neither side waits for the other to open its end.
        self._down, self._up = (os.open(pipe, os.O_RDWR) for pipe in pipes)
        started = [FOUND or "", *OPTIONS.split(), f"--user-data-dir={home / 'profile'}", "about:blank"]
        shell = ["/bin/sh", "-c", 'down=$1 up=$2; shift 2; exec "$@" 3<"$down" 4>"$up"', "sh", *pipes, *started]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(shell, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        self._number, self._buffer, self._session = 0, b"", ""
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        try:
            target = self.ask("Target.createTarget", url="about:blank")["targetId"]
            self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Network", "Runtime", "Log"):
                self.ask(f"{domain}.enable")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._session = ""
        with contextlib.suppress(TimeoutError):
            self.ask("Browser.close")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, 9)
            self._process.wait()
        os.close(self._down)
        os.close(self._up)

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        """Call a method of the DevTools protocol."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._down, data) :]
        while (answer := self._read()).get("id") != self._number:
            self.events.append(answer)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def _read(self) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._up], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError(f"Chromium says nothing; it ended with {self._process.poll()}")
            self._buffer += os.read(self._up, 1 << 16)
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    def open(self, url: str, *, width: int = 1280, dark: bool = False, media: str = "screen") -> None:
        """Go to an address, and wait until it has loaded."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self.events.clear()
        self.ask("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the script gives
        """Return what a script gives; it is the test's own, and the page's policy does not bind it."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def picture(self, height: int) -> bytes:
        """Return the page down to a height, as PNG."""
        clip = {"x": 0, "y": 0, "width": self.run("innerWidth"), "height": height, "scale": 1}
        return base64.b64decode(self.ask("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"])

    @property
    def faults(self) -> list[dict[str, Any]]:
        """What the page complained of since it was opened."""
        return [event for event in self.events if event.get("method") in FAULTS]

    @property
    def requested(self) -> list[str]:
        """All that was asked for since the page was opened."""
        sent = (event for event in self.events if event.get("method") == "Network.requestWillBeSent")
        return [event["params"]["request"]["url"] for event in sent]


HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""As a server should send a page of this kind. Its own policy, in the page, allows one style sheet by its hash only."""


class Site:
    """Pages served on loopback; all requests are counted."""

    def __init__(self, pages: dict[str, str], headers: dict[str, str] | None = None) -> None:
        self.asked: list[str] = []
        site, sent = self, HEADERS if headers is None else headers

        class Handler(BaseHTTPRequestHandler):
            server_version, sys_version = "web", ""

            def do_GET(self) -> None:
                site.asked.append(self.path)
                page = pages.get(self.path)
                body = (page or "no such page").encode()
                self.send_response(404 if page is None else 200)
                kind = "text/plain" if page is None else "text/html"
                told = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body)), **sent}
                for name, value in told.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
