"""Deliveries that came before: Slack repeats an event up to three times, a Discord gateway may; no library drops them."""

from __future__ import annotations

from collections import OrderedDict

MOST = 5000


class Seen:
    """The last few thousand request keys. After a restart the core's own replay check holds the line."""

    def __init__(self, most: int = MOST) -> None:
        """`most`: keys to remember."""
        self._most = most
        self._keys: OrderedDict[str, None] = OrderedDict()

    def first(self, key: str) -> bool:
        """Whether this key is new; remembers it. An empty key is always new."""
        if not key:
            return True
        if key in self._keys:
            self._keys.move_to_end(key)
            return False
        self._keys[key] = None
        while len(self._keys) > self._most:
            self._keys.popitem(last=False)
        return True
