"""What a caller shows as `Authorization: Bearer imk_<key id>_<secret>`, and what is kept of it.

A token is 256 random bits, so one round of SHA-256 without salt is enough: nobody can try them out, and two are never
the same. A slow hash is for passwords, which people choose; here it would only make every request slow.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

PREFIX = "imk"
TOKEN = re.compile(rf"{PREFIX}_(?P<id>[0-9a-f]{{12}})_[0-9a-f]{{64}}")


def new_token() -> tuple[str, str]:
    """A fresh key id and its token. The id may be seen by everybody, it stands in logs and lists."""
    key_id = secrets.token_hex(6)
    return key_id, f"{PREFIX}_{key_id}_{secrets.token_hex(32)}"


def id_of(token: str) -> str | None:
    """The key id in a token; None for what is none of ours."""
    match = TOKEN.fullmatch(token)
    return match["id"] if match else None


def digest_of(token: str) -> str:
    """What is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def fits(token: str, digest: str) -> bool:
    """Whether it is the token of that digest; takes the same time whichever letter is wrong."""
    return hmac.compare_digest(digest_of(token), digest)


def callback_secret(secret: str, key_id: str) -> str:
    """What a key's callbacks are signed with, in the form of Standard Webhooks. `secret`: the bot's; nothing is kept."""
    made = hmac.digest(secret.encode(), f"api callbacks {key_id}".encode(), "sha256")
    return f"whsec_{base64.b64encode(made).decode()}"
