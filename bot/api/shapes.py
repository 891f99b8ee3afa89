"""The JSON that goes in and out: FastAPI checks by these classes and writes the description from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.jobs.catalog import PROMPT_LONGEST

Status = Literal[
    "queued", "held", "running", "review", "succeeded", "failed", "refused", "cancelled", "expired", "uncertain"
]
"""`held`, `review`: a moderator must look at it. `uncertain`: the provider gave no answer; nothing is charged."""
Url = Annotated[str, Field(max_length=2048, examples=["https://example.org/hook"])]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class NewJob(_In):
    """What to draw."""

    prompt: str = Field(
        min_length=1,
        max_length=PROMPT_LONGEST,
        description="Words, and the parameters that work in the chats (`--seed 7 --no people`)",
        examples=["a lighthouse at dusk"],
    )
    style: str | None = Field(default=None, max_length=80, description="A style's name", examples=["ink"])
    ratio: str | None = Field(default=None, max_length=20, description="Width to height", examples=["3:2"])
    variations: int = Field(default=4, ge=1, le=4, description="How many pictures")
    provider: str | None = Field(default=None, max_length=40, description="Who draws; default: the bot chooses")
    image_url: Url | None = Field(default=None, description="A picture to start from: https, PNG, JPEG or WebP")
    callback_url: Url | None = Field(default=None, description="Called when the job has ended (Standard Webhooks)")


class Pick(_In):
    """Which picture of a job to go on from."""

    index: int = Field(ge=1, le=4, description="The picture's number, from 1", examples=[2])
    callback_url: Url | None = Field(default=None, description="Called when the new job has ended")


class AcceptedJob(BaseModel):
    """The job stands in the queue, its pictures are reserved."""

    job_id: str = Field(examples=["0c9e1f5a7b3d2e4f6a8b"])
    status: Literal["queued"] = "queued"


class JobError(BaseModel):
    """Why there are no pictures."""

    code: str = Field(description="Stable; docs/api.md lists them", examples=["moderated"])
    message: str


class JobOut(BaseModel):
    """A job as it stands."""

    job_id: str
    status: Status
    progress: int | None = Field(description="Percent; null where the provider gives no figure: never invented")
    result_urls: list[str] = Field(description="One address a picture; each works until it expires: ask again for new ones")
    cost: float = Field(description="US dollars that the job has cost the bot's operator so far", examples=[0.04])
    error: JobError | None
    action: Literal["imagine", "upscale", "variation", "reroll"]
    prompt: str
    provider: str
    variations: int = Field(description="How many pictures were asked for")
    parent_id: str | None = Field(description="The job that it started from")
    index: int | None = Field(description="That job's picture, from 1")
    notes: list[str] = Field(description="What to know about how it is drawn")
    created_at: str = Field(description="RFC 3339, UTC", examples=["2026-03-05T14:05:09Z"])
    ended_at: str | None


class JobList(BaseModel):
    """A page of jobs, newest first."""

    jobs: list[JobOut]
    next_cursor: str | None = Field(description="For the next page; null: this is the last one")


class ProblemOut(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(examples=["urn:imagine-bot:problem:quota"])
    title: str = Field(examples=["Too Many Requests"])
    status: int = Field(examples=[429])
    code: str = Field(description="Stable; docs/api.md lists them", examples=["quota"])
    detail: str = Field(description="What is wrong and what to do, for people")
    errors: list[dict[str, str]] | None = Field(
        default=None, description="With `invalid`: `field` and `message` of each fault"
    )
    job_id: str | None = Field(default=None, description="With `twin` and `drawn`: the job that does this already")
