"""Ports that are free, and stay so until somebody listens there."""

from __future__ import annotations

import random
import socket

FROM, TO = 15_000, 32_000
"""Below those that Linux gives to outgoing connections and to whoever asks for any (ip_local_port_range, from 32768)."""
_chance = random.SystemRandom()


def free_ports(count: int) -> list[int]:
    """All different."""
    found = set[int]()
    while len(found) < count:
        port = _chance.randrange(FROM, TO)
        if _free(port):
            found.add(port)
    return sorted(found)


def free_port() -> int:
    """One."""
    return free_ports(1)[0]


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
