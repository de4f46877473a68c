"""TLS as OpenSSL's own server offers it: old, new, and with certificates that nobody should trust."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.collect.authority import DAY, NOW, Authority
from tests.live.judged import Told, probed
from tests.live.web import needs_openssl, s_server

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.process, needs_openssl]

WELL = (NOW - DAY, NOW + 60 * DAY)
ROWS: dict[str, tuple[dict[str, Any], tuple[str, ...], frozenset[str]]] = {
    "of today": ({"between": WELL}, (), frozenset()),
    "old": ({"between": WELL}, ("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"), frozenset({"server-tls/old-version"})),
    "expired": ({"between": (NOW - 60 * DAY, NOW - DAY)}, (), frozenset({"server-tls/untrusted"})),
    "self-signed": ({"between": WELL, "by_itself": True}, (), frozenset({"server-tls/untrusted"})),
    "of another host": ({"between": WELL, "names": ("shop.test",)}, (), frozenset({"server-tls/untrusted"})),
}
"""How the certificate is made, what the server is told, and all rules that it breaks."""


def test_tls_as_a_server_offers_it(tmp_path: Path) -> None:
    """Probe all servers side by side: this one keeps a preflight waiting for its whole six seconds."""
    authority = Authority(tmp_path)

    def told(name: str) -> Told:
        certificate, options, _ = ROWS[name]
        with s_server(authority.issue(name, **certificate), *options) as server:
            return probed(server.url, only=("tls",), ca_file=str(authority.file))

    with ThreadPoolExecutor(len(ROWS)) as pool:
        seen = dict(zip(ROWS, pool.map(told, ROWS), strict=True))
    assert {name: told.rules for name, told in seen.items()} == {name: broken for name, (_, _, broken) in ROWS.items()}
    assert {told.report.layers["http"] for told in seen.values()} == {"evaluated"}
    assert [told.unsure for told in seen.values() if told.unsure] == []
