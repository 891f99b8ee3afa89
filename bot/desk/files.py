"""Where the desk keeps its own files in the picture store."""

from __future__ import annotations

import hashlib


def folder(community: str) -> str:
    """The folder of a community: its key hashed, since a key may hold what a store's key may not."""
    return f"desk/{hashlib.sha256(community.encode()).hexdigest()[:16]}"


def digest(data: bytes) -> str:
    """A part of a key that is new for other bytes: chats keep what they have uploaded by its key."""
    return hashlib.sha256(data).hexdigest()[:12]
