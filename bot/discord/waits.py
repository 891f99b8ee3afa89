"""How long one call to Discord may take, in seconds."""

from __future__ import annotations

CALL_SECONDS = 20.0
UPLOAD_SECONDS = 60.0
