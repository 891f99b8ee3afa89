"""Secrets at rest: XChaCha20-Poly1305 under a key from IMAGINE_SECRET, bound to the row that they stand in.

Whoever has the key beside the database can read them; this protects copies of the database alone (docs/security.md).
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode

from nacl.exceptions import CryptoError
from nacl.secret import Aead


class Seal:
    """`purpose` makes another key of the same secret, so that no sealed text opens under another purpose."""

    def __init__(self, secret: str, purpose: str) -> None:
        """Derives the key; 32 bytes, as Aead wants."""
        self._box = Aead(hmac.new(secret.encode(), f"sealed {purpose}".encode(), "sha256").digest())

    def close(self, text: str, row: str) -> str:
        """Sealed, with a nonce of its own, as printable text. `row`: the only place where it opens."""
        return b64encode(self._box.encrypt(text.encode(), row.encode())).decode()

    def open(self, sealed: str, row: str) -> str | None:
        """None: another secret, another row, or changed."""
        try:
            return self._box.decrypt(b64decode(sealed, validate=True), row.encode()).decode()
        except (CryptoError, ValueError):
            return None
