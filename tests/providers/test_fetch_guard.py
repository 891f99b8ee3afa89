"""Which addresses are the open Internet's, and which URLs may be opened at all."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import fetch_guard as guard
from providers.errors import BadUrl
from providers.fetch_guard import check_next, check_url, public

PRIVATE = [
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.10",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::8.8.8.8",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_these_are_not_the_open_internet(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001:800::200e"])
def test_these_are(address: str) -> None:
    assert public(address)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_gets_in_inside_an_ipv6_one(ip: ipaddress.IPv4Address) -> None:
    low = int(ip)
    for base in ("::", "::ffff:0:0", "64:ff9b::", "64:ff9b:1::"):
        assert not public(str(ipaddress.IPv6Address(int(ipaddress.IPv6Address(base)) + low)))
    assert not public(str(ipaddress.IPv6Address((0x2002 << 112) + (low << 80) + 1)))
    assert not public(str(ipaddress.IPv6Address((0x20010000 << 96) + (0xFFFFFFFF ^ low))))


@given(st.ip_addresses())
def test_public_is_never_more_than_global(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert not public(str(ip)) or (ip.is_global and not ip.is_multicast and not ip.is_private)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", guard.NOT_HTTPS),
        ("picture.jpg", guard.NOT_HTTPS),
        ("http://pictures.example/a.jpg", guard.NOT_HTTPS),
        ("ftp://pictures.example/a.jpg", guard.NOT_HTTPS),
        ("file:///etc/passwd", guard.NOT_HTTPS),
        ("data:image/png;base64,AAAA", guard.NOT_HTTPS),
        ("https://", guard.NO_URL),
        ("https://user@pictures.example/", guard.CREDENTIALS),
        ("https://user:pass@pictures.example/", guard.CREDENTIALS),
        ("https://good.example\\@10.0.0.1/", guard.NO_URL),
        ("https://good.example /", guard.NO_URL),
        ("https://good.example/\r\nX: y", guard.NO_URL),
        ("https://good.example/\0", guard.NO_URL),
        ("https://[::1", guard.NO_URL),
        ("https://pictures.example:99999/", guard.NO_URL),
        ("https://pictures.example:22/", guard.BAD_PORT),
        ("https://pictures.example:80/", guard.BAD_PORT),
        ("https://127.0.0.1/", guard.PRIVATE),
        ("https://169.254.169.254/latest/", guard.PRIVATE),
        ("https://[::1]/", guard.PRIVATE),
        ("https://[::ffff:127.0.0.1]/", guard.PRIVATE),
        ("https://2130706433/", guard.NO_URL),
        ("https://0x7f000001/", guard.NO_URL),
        ("https://0x7f.1/", guard.NO_URL),
        ("https://0177.0.0.1/", guard.NO_URL),
        ("https://127.1/", guard.NO_URL),
        ("https://127.1./", guard.NO_URL),
        ("https://" + "a" * 9000 + ".example/", guard.NO_URL),
    ],
)
def test_refused_before_anything_is_asked(url: str, sentence: str) -> None:
    with pytest.raises(BadUrl) as caught:
        check_url(url, ())
    assert str(caught.value) in (sentence, guard.NO_URL)


@pytest.mark.parametrize("host", ["１２７.0.0.1", "127。0。0。1", "①②⑦.⓪.⓪.①", "ⓛocalhost"])
def test_letters_that_only_look_like_others_lead_nowhere_private(host: str) -> None:
    """Either refused, or a plain name that the resolver's answer is checked for."""
    try:
        target = check_url(f"https://{host}/", ())
    except BadUrl:
        return
    assert not target.trusted
    assert target.host.isascii()
    assert not target.host.replace(".", "").isdigit()


@pytest.mark.parametrize(
    "url",
    ["https://pictures.example/a.jpg?x=1#y", "https://pictures.example:8443/", "https://8.8.8.8/", "HTTPS://A.example"],
)
def test_allowed(url: str) -> None:
    assert not check_url(url, ()).trusted


@pytest.mark.parametrize(
    ("url", "entry", "trusted"),
    [
        ("http://127.0.0.1:8188/view", "127.0.0.1:8188", True),
        ("http://localhost:8188/view", "LOCALHOST:8188", True),
        ("http://[::1]:8188/view", "[::1]:8188", True),
        ("https://gpu.lan/view", "gpu.lan", True),
        ("http://gpu.lan/view", "gpu.lan", True),
        ("http://gpu.lan:80/view", "gpu.lan:80", True),
        ("http://127.0.0.1:8189/view", "127.0.0.1:8188", False),
        ("http://gpu.lan:8188/view", "gpu.lan", False),
        ("http://evil.gpu.lan/view", "gpu.lan", False),
        ("http://gpu.lan.evil.example/view", "gpu.lan", False),
        ("http://gpu.lan/view", "", False),
        ("http://gpu.lan/view", "not a host", False),
    ],
)
def test_trust_is_for_exactly_one_host_and_port(url: str, entry: str, trusted: bool) -> None:
    if trusted:
        assert check_url(url, [entry]).trusted
    else:
        with pytest.raises(BadUrl):
            check_url(url, [entry])


def test_a_redirect_is_read_from_where_it_stands() -> None:
    here = check_url("https://pictures.example/a/b.jpg", ())
    assert str(check_next(here, "../c.jpg", ()).url) == "https://pictures.example/c.jpg"
    for location in (
        "http://pictures.example/",
        "//127.0.0.1/",
        "https://10.0.0.1/",
        "file:///etc/passwd",
        "https://[",
        "https://u@x.example/",
    ):
        with pytest.raises(BadUrl):
            check_next(here, location, ())


@given(st.text() | st.builds("https://{}/{}".format, st.text(), st.text()))
def test_any_text_is_a_target_or_a_bad_url(text: str) -> None:
    with suppress(BadUrl):
        assert isinstance(check_url(text, ["127.0.0.1:80", text]).url, httpx.URL)
