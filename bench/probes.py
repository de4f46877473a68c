"""Measures `batten probe` on a local app, beside wapiti and nikto where they are installed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from measure import Command, CommandFailedError, run
from shop import Shop
from table import AUDITED, Budget, environment, measured, program

_PEERS = Path(sys.prefix) / "peers" / "bin"
"""Where `make bench` puts the peer that pip can install: in an environment of its own."""
_SCAN_S = 12
"""What a peer may take; each would go on for minutes."""
_INSTALL = {"wapiti": "pip install wapiti3", "nikto": "apt-get install nikto, from Debian's non-free"}


def probes(runs: int, home: Path, *, with_peers: bool) -> list[Budget]:
    """Measure a whole probe, one of the headers alone, and the peers, of the same app."""
    print("\nsite: a Flask app of five pages under gunicorn, on this machine")
    with Shop(home / "shop") as shop:
        whole = Command("batten probe", (program("batten"), "probe", shop.url), AUDITED)
        headers = Command("batten probe --only headers", (*whole.argv, "--only", "headers"), AUDITED)
        full, light = measured([whole, headers], runs, home)
        requests = _requests(shop, whole, home)
        print(f"\n  batten probe asks {requests} requests, with --only headers {_requests(shop, headers, home)}.")
        for peer in _peers(shop, home) if with_peers else ():
            _beside(peer, full.wall_s, shop, home)
    return [
        Budget("batten probe --only headers, cpu, start included", 0.3, light.cpu_s, "s"),
        Budget("batten probe, local app, wall", 3, full.wall_s, "s"),
        Budget("batten probe, local app, requests", 150, requests, ""),
    ]


def _requests(shop: Shop, command: Command, home: Path) -> int:
    """Return how many requests a run of a command makes, as the server counts them."""
    before = shop.requests
    run(command, environment(home))
    return shop.requests - before


def _peers(shop: Shop, home: Path) -> list[Command]:
    """Return the peers as they are run, with what bounds them."""
    kept = str(home / "wapiti")
    bounds = ("--max-scan-time", str(_SCAN_S), "--max-attack-time", "3", "--flush-session", "--no-bugreport")
    report = ("--store-session", kept, "--store-config", kept, "--format", "json", "--output", f"{kept}.json")
    return [
        Command("wapiti", ("wapiti", "--url", shop.url, *bounds, *report)),
        Command("nikto", ("nikto", "-host", shop.url, "-maxtime", f"{_SCAN_S}s", "-nointeractive"), (0, 1)),
    ]


def _beside(peer: Command, wall_s: float, shop: Shop, home: Path) -> None:
    """Measure a peer once, or say why it was not."""
    found = shutil.which(peer.name, path=f"{_PEERS}:{os.environ.get('PATH', os.defpath)}")
    if found is None:
        print(f"\n  {peer.name} was not measured: it is not installed here ({_INSTALL[peer.name]}).")
        return
    before = shop.requests
    try:
        (cost,) = measured([Command(peer.name, (found, *peer.argv[1:]), peer.codes)], 1, home, warm=False)
    except CommandFailedError as error:
        print(f"\n  {peer.name} was not measured: {error}.")
        return
    print(
        f"\n  {peer.name}, held to {_SCAN_S} s, takes {cost.wall_s / wall_s:.1f} x the wall time of batten probe",
        end="",
    )
    print(f" and asks {shop.requests - before} requests.")
