"""Which addresses the fetcher may open. No I/O: a URL or an address in, an answer out; the sentences are for people."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from providers.errors import BadUrl

NO_URL = "That is not a web address I can open."
NOT_HTTPS = "That address does not start with https://."
CREDENTIALS = "That address carries a user name or a password; I don't open such addresses."
PRIVATE = "That address leads into a private network; I don't open it."
BAD_PORT = "That address uses a port I don't open."
NO_HOST = "That address leads nowhere: its host was not found."
UNREACHABLE = "Nothing answered at that address."
TOO_SLOW = "That address took too long to answer."
TOO_LARGE = "What stands at that address is too large."
TOO_MANY_REDIRECTS = "That address leads on and on to other addresses."
WEB_PAGE = "That address is a web page, not a picture."
BROKEN_OFF = "The download from that address broke off."
REFUSED = "That address answered with an error ({status})."

LONGEST_URL = 8192
HIGHEST_PORT = 65535
HOST = re.compile(r"[a-z0-9_.-]+")
DEFAULT_PORTS = {"http": 80, "https": 443}
NUMBER_LIKE = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?$", re.IGNORECASE)
"""A last label that some resolvers read as part of an IPv4 address (decimal, octal, hex), see the WHATWG URL standard."""
REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",  # IETF protocol assignments; holds a cloud's metadata address
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's host agent, although the address is a public one
        "::/96",  # IPv4-compatible, unspecified, loopback
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 of one's own network
        "2001::/23",  # protocol assignments with Teredo
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation (RFC 9637)
        "fec0::/10",  # site-local
    )
)
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
"""All that is given out as global unicast."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be opened. `trusted`: its host and port were named by the operator and may be private."""

    url: httpx.URL
    host: str
    port: int
    trusted: bool

    @property
    def origin(self) -> tuple[str, str, int]:
        """What headers may be sent to again after a redirect."""
        return self.url.scheme, self.host, self.port


def public(address: str) -> bool:
    """Whether an IP address is one of the open Internet's; anything that hides another address inside is not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return False
    if any(ip in network for network in REFUSED_NETWORKS if network.version == ip.version):
        return False
    return ip.version == 4 or ip in PUBLIC_IPV6


def check_url(text: str, trusted: Iterable[str]) -> Target:
    """What `text` names, or BadUrl. `trusted`: hosts, each with a port unless its default (80, 443) is meant.

    https only (http where trusted); port 443 or 1024 and above, where trusted the named one: the low ports are
    other services' and never picture hosts'.
    """
    url = _parse(text)
    host, port = url.raw_host.decode("ascii").lower(), url.port or DEFAULT_PORTS.get(url.scheme, 0)
    if not host or not port:
        raise BadUrl(NO_URL if url.scheme in DEFAULT_PORTS else NOT_HTTPS)
    if port > HIGHEST_PORT or not (HOST.fullmatch(host) or ":" in host):
        raise BadUrl(NO_URL)
    if url.userinfo:
        raise BadUrl(CREDENTIALS)
    if any(_same(entry, host, port, url.scheme) for entry in trusted):
        return Target(url, host, port, trusted=True)
    if url.scheme != "https":
        raise BadUrl(NOT_HTTPS)
    if port != 443 and port < 1024:
        raise BadUrl(BAD_PORT)
    if _literal(host) and not public(host):
        raise BadUrl(PRIVATE)
    return Target(url, host, port, trusted=False)


def check_next(target: Target, location: str, trusted: Iterable[str]) -> Target:
    """Where a redirect of `target` leads, checked like any other URL."""
    try:
        joined = str(target.url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise BadUrl(NO_URL) from error
    return check_url(joined, trusted)


def _parse(text: str) -> httpx.URL:
    if len(text) > LONGEST_URL or not text.isprintable() or any(c in text for c in " \\"):
        raise BadUrl(NO_URL)
    try:
        return httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise BadUrl(NO_URL) from error


def _literal(host: str) -> bool:
    """Whether `host` is an IP address; one in a spelling of old (2130706433, 0x7f.1) is refused."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if NUMBER_LIKE.match(host.rstrip(".").rpartition(".")[2]):
            raise BadUrl(NO_URL) from None
        return False
    return True


def _same(entry: str, host: str, port: int, scheme: str) -> bool:
    try:
        url = httpx.URL(f"{scheme}://{entry}")
        return url.raw_host.decode("ascii").lower() == host and (url.port or DEFAULT_PORTS.get(scheme)) == port
    except (httpx.InvalidURL, ValueError):
        return False
