"""Who may be asked, and where a name leads from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.collect.http import consented, resolutions
from batten.collect.http.consent import addresses_of
from batten.collect.http.target import Origin, taken_apart
from batten.model import BattenError

if TYPE_CHECKING:
    from collections.abc import Callable

FAR = "93.184.216.34"


def leads_to(*addresses: str) -> Callable[[str], tuple[str, ...]]:
    return lambda _: addresses


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/", "http://127.9.9.9/", "https://[::1]:8443", "http://[::ffff:127.0.0.1]/"]
)
def test_loopback_is_free(url: str) -> None:
    assert consented(url).is_loopback


def test_a_name_of_this_machine_is_free() -> None:
    target = consented("http://Shop.Test:8000/", look_up=leads_to("::1", "127.0.0.1"))
    assert (target.origin, target.addresses, target.is_loopback) == (
        Origin("http", "shop.test", 8000),
        ("::1", "127.0.0.1"),
        True,
    )


@pytest.mark.parametrize(("url", "address"), [("http://0.0.0.0:8000/", "127.0.0.1"), ("http://[::]/", "::1")])
def test_the_address_that_servers_print_for_all_is_met_on_loopback(url: str, address: str) -> None:
    target = consented(url)
    assert (target.addresses, target.is_loopback) == ((address,), True)


@pytest.mark.parametrize("addresses", [(FAR,), ("127.0.0.1", FAR), ("10.0.0.1",), ("169.254.169.254",)])
def test_any_other_machine_needs_consent(addresses: tuple[str, ...]) -> None:
    with pytest.raises(BattenError, match="not this machine") as refused:
        consented("http://shop.example/", look_up=leads_to(*addresses))
    assert "--i-own shop.example" in refused.value.hint
    assert refused.value.code == 2


@pytest.mark.parametrize(
    ("entry", "url", "is_covered"),
    [
        ("shop.example", "https://shop.example/x", True),
        ("SHOP.example.", "https://shop.example:8443/", True),
        ("shop.example:8443", "https://shop.example:8443/", True),
        ("shop.example:8443", "https://shop.example/", False),
        ("https://shop.example", "https://shop.example/", True),
        ("https://shop.example/path", "https://shop.example/", True),
        ("https://shop.example", "http://shop.example/", False),
        ("https://shop.example", "https://shop.example:8443/", False),
        ("example", "https://shop.example/", False),
        ("shop.example", "https://api.shop.example/", False),
        ("shop.example", "https://shop.example.evil/", False),
        ("bücher.example", "https://xn--bcher-kva.example/", True),
        ("[2001:db8::1]", "http://[2001:db8::1]/", True),
        ("[2001:db8::1]:80", "http://[2001:db8::1]:81/", False),
        ("*", "https://shop.example/", False),
        ("", "https://shop.example/", False),
        ("a b", "https://shop.example/", False),
    ],
)
def test_what_a_consent_covers(entry: str, url: str, *, is_covered: bool) -> None:
    try:
        target = consented(url, targets=[entry], look_up=leads_to(FAR))
    except BattenError:
        assert not is_covered
    else:
        assert is_covered
        assert not target.is_loopback


def test_the_users_word_is_consent_too() -> None:
    assert consented("http://shop.example", owned=["shop.example"], look_up=leads_to(FAR)).addresses == (FAR,)


def test_a_name_can_be_given_its_address() -> None:
    given = resolutions(["shop.example:127.0.0.1", "Shop.example:[::1]"])
    target = consented("http://shop.example/", resolve=given, look_up=leads_to(FAR))
    assert (target.addresses, target.is_loopback) == (("127.0.0.1", "::1"), True)


def test_a_given_address_is_no_consent() -> None:
    with pytest.raises(BattenError, match="not this machine"):
        consented("http://shop.example/", resolve=resolutions([f"shop.example:{FAR}"]))


@pytest.mark.parametrize("given", ["shop.example", "shop.example:", "shop.example:there"])
def test_an_address_that_is_none(given: str) -> None:
    with pytest.raises(BattenError, match="names no address"):
        resolutions([given])


def test_a_name_without_an_address() -> None:
    with pytest.raises(BattenError, match="has no address") as refused:
        consented("http://shop.test/", owned=["shop.test"], look_up=leads_to())
    assert refused.value.code == 3


def test_names_are_looked_up() -> None:
    assert "127.0.0.1" in addresses_of("localhost")
    assert addresses_of("no name at all") == ()


@pytest.mark.parametrize(
    ("url", "origin", "rest"),
    [
        ("http://a", Origin("http", "a", 80), "/"),
        ("HTTPS://A.:443?q", Origin("https", "a", 443), "/?q"),
        ("http://[::1]:8/a/../b", Origin("http", "::1", 8), "/a/../b"),
        ("http://bücher.example/é", Origin("http", "xn--bcher-kva.example", 80), "/é"),
    ],
)
def test_an_address_taken_apart(url: str, origin: Origin, rest: str) -> None:
    assert taken_apart(url) == (origin, rest)


def test_the_authority_names_a_port_only_where_it_is_not_the_usual() -> None:
    assert [str(taken_apart(url)[0]) for url in ("http://a:80", "https://a:80", "http://[::1]:1")] == [
        "http://a",
        "https://a:80",
        "http://[::1]:1",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a",
        "ftp://a/",
        "//a",
        "http://",
        "http:///x",
        "http://a:0/",
        "http://a:65536/",
        "http://u:p@a/",
        "http://a b/",
        "http://ü" + "x" * 70,
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(BattenError):
        taken_apart(url)
