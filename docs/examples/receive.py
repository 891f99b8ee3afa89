"""Receive imagine-bot's callbacks: check the signature (standardwebhooks.com), then believe the message.

    IMAGINE_WEBHOOK_SECRET=whsec_... python receive.py 9000

Standard library only. Put it behind a proxy that speaks https: the bot calls no plain http.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

WINDOW_SECONDS = 300


def genuine(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether the bot sent this, not long ago. `headers` in lower case."""
    sent = headers.get("webhook-timestamp", "")
    if not sent.isdigit() or abs(time.time() - int(sent)) > WINDOW_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return any(hmac.compare_digest(wanted, one) for one in headers.get("webhook-signature", "").split(" "))


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 quickly: whatever takes time belongs behind it."""

    def do_POST(self) -> None:
        """A message may come twice: `webhook-id` is then the same."""
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        good = genuine(os.environ["IMAGINE_WEBHOOK_SECRET"], headers, body)
        if good:
            event = json.loads(body)
            print(headers["webhook-id"], event["type"], *event["data"]["result_urls"], flush=True)
        self.send_response(204 if good else 401)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
