"""The certificates that servers are checked against, read once: each reading takes 16 ms and a megabyte."""

from __future__ import annotations

import functools
from ssl import SSLContext

import httpx


@functools.cache
def tls_context() -> SSLContext:
    """For every HTTPS client of the process. The environment's own certificates (SSL_CERT_FILE) are not asked for."""
    return httpx.create_ssl_context(trust_env=False)
