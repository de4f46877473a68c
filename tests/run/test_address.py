"""What an address means that was typed without its scheme, or without its host."""

from __future__ import annotations

import pytest

from batten.model import BattenError
from batten.run.live.address import absolute


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("127.0.0.1:5000", "http://127.0.0.1:5000/"),
        ("localhost:5000/shop", "http://localhost:5000/shop"),
        ("shop.localhost", "http://shop.localhost/"),
        ("0.0.0.0:8000", "http://0.0.0.0:8000/"),
        ("[::1]:8000", "http://[::1]:8000/"),
        ("[::]:8000/a", "http://[::]:8000/a"),
        (":8000", "http://localhost:8000/"),
        ("[2001:db8::1]:8000", "https://[2001:db8::1]:8000/"),
        ("192.0.2.1:8000", "https://192.0.2.1:8000/"),
        ("shop.example", "https://shop.example/"),
        ("localhost.shop.example:80", "https://localhost.shop.example:80/"),
        ("HTTP://shop.example/A", "http://shop.example/A"),
    ],
)
def test_an_address_is_completed(typed: str, meant: str) -> None:
    assert absolute(typed) == meant


@pytest.mark.parametrize("typed", ["ftp://127.0.0.1/", "http://", "file:///etc/passwd", ""])
def test_what_is_no_address_of_a_site_is_refused(typed: str) -> None:
    with pytest.raises(BattenError, match="not the address of a site"):
        absolute(typed)
