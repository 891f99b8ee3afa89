"""Draw pictures through imagine-bot's job API and save them.

    IMAGINE_URL=http://127.0.0.1:8080 IMAGINE_KEY=imk_... python draw.py "a lighthouse at dusk"

Needs httpx (`pip install httpx`).
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from pathlib import Path

import httpx


def draw(api: httpx.Client, prompt: str) -> dict:
    """Ask for two pictures and follow the job to its end."""
    # The same Idempotency-Key makes it safe to send this again after a lost answer.
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    reply = api.post("jobs", json={"prompt": prompt, "ratio": "3:2", "variations": 2}, headers=headers)
    if reply.status_code != 202:
        problem = reply.json()  # RFC 9457: `code` for programs, `detail` for people
        sys.exit(f"{problem['code']}: {problem['detail']}")
    job = reply.json()
    with api.stream("GET", f"jobs/{job['job_id']}/events", timeout=None) as events:
        for line in events.iter_lines():
            if line.startswith("data: "):
                job = json.loads(line.removeprefix("data: "))
                print(job["status"], job["progress"])
    return job


def main() -> None:
    """One job; its pictures go into the working directory."""
    base = os.environ["IMAGINE_URL"].rstrip("/") + "/api/image/"
    headers = {"Authorization": f"Bearer {os.environ['IMAGINE_KEY']}"}
    with httpx.Client(base_url=base, headers=headers, timeout=30) as api:
        job = draw(api, sys.argv[1])
    if job["error"]:
        sys.exit(f"{job['error']['code']}: {job['error']['message']}")
    for number, url in enumerate(job["result_urls"], 1):
        # The addresses need no key, and work until they expire.
        picture = httpx.get(url, timeout=60).raise_for_status()
        path = Path(f"{job['job_id']}-{number}.{picture.headers['content-type'].rpartition('/')[2]}")
        path.write_bytes(picture.content)
        print(path)


if __name__ == "__main__":
    main()
