"""What people are told of a job's end beside its reason; `Job.detail` holds the whole of it, for the operator."""

from __future__ import annotations

from bot.jobs.model import Job, JobState
from providers.errors import Family
from providers.sentence import sentence

VENDORS = frozenset({"moderated", Family.BAD_REQUEST.value})
"""Reasons whose detail is a vendor's text, and is about what the person asked for."""


def for_people(job: Job) -> str:
    """A vendor's own sentence, or a moderator's words; "" where there is nothing that helps a person."""
    if job.reason in VENDORS:
        return sentence(job.detail)
    return job.detail if job.state is JobState.REFUSED else ""
