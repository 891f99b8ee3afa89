"""The moderators of the kill test: what waits for them, and how they decide it until nothing is left open."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from pathlib import Path

import httpx
from PIL import Image

from bot.policy.community import Community, ReviewMode
from tests.chaos import books
from tests.chaos.people import MODERATOR, People

HERE = "playground:playground"
SETTINGS = Community(review=ReviewMode.FLAGGED, reports_hide=1, review_channel="moderators")
"""Flagged prompts wait, flagged pictures wait, one report hides."""
SENSITIVE = "a sensitive fox"
"""A prompt that is flagged."""
FLAGGED_PX = 80
"""Pictures of that width are flagged; the vendor's are 64 px wide, and 128 px enlarged, unless it is told otherwise."""
REJECTS = ("rejected", "shamed", "removed")
"""What the users' names begin with whose jobs moderators reject."""
BAD, GOOD = {"sexual": 0.99}, {"sexual": 0.0}


class Screening:
    """A moderation that knows two signs."""

    texts = pictures = True

    async def text(self, text: str) -> Mapping[str, float]:
        return BAD if "sensitive" in text else GOOD

    async def picture(self, data: bytes, mime: str) -> Mapping[str, float]:
        with Image.open(io.BytesIO(data)) as picture:
            return BAD if picture.width == FLAGGED_PX else GOOD


async def decide(people: People, job_id: str, user: str) -> None:
    """Approve, or reject with a reason; says nothing where another was faster."""
    if user.startswith(REJECTS):
        await people.fill(MODERATOR, job_id, "review", 2, reason="not here")
    else:
        await people.press(MODERATOR, job_id, "review", 1)


async def duty(people: People, folder: Path | str) -> None:
    """Decide what is open, each job once, until cancelled; one decision that hangs holds up no other."""
    begun: set[str] = set()
    async with asyncio.TaskGroup() as group:
        while True:
            for job_id, user in books.open_reviews(folder):
                if job_id not in begun:
                    begun.add(job_id)
                    group.create_task(_decide(people, job_id, user))
            await asyncio.sleep(0.2)


async def _decide(people: People, job_id: str, user: str) -> None:
    """The process may be killed meanwhile, and a message be taken away."""
    try:
        await decide(people, job_id, user)
    except httpx.TransportError:
        return
    except httpx.HTTPStatusError as error:
        if error.response.status_code != httpx.codes.NOT_FOUND:
            raise
