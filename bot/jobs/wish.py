"""What somebody wants drawn, before anybody has agreed to it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.jobs.asks import Ask
from bot.jobs.model import Action, Job
from providers.base import Params


@dataclass(frozen=True, slots=True)
class Wish:
    """`prompt` as typed, `text` for the provider; `index`: the parent's picture, 1-4; `remix`: it came from that form.

    `has_image`: it starts from a user's picture, which stands under `image_key` once it has been fetched.
    """

    ask: Ask
    action: Action
    prompt: str
    text: str
    params: Params
    image_key: str = ""
    image_mime: str = ""
    parent: Job | None = None
    index: int = 0
    job_id: str = ""
    remix: bool = False
    has_image: bool = False
    count: int = 4
