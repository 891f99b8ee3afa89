"""midjourney-api.com on loopback: submit-jobs and the batch job-status."""

from __future__ import annotations

from typing import Any

from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.support.openapi import spec

SUBMIT, STATUS = "/midjourney/v1/submit-jobs", "/midjourney/v1/job-status"


class MidjourneyServer(StrictApi):
    """`jobs`: what job-status says about a task beside its id; the test changes it."""

    def __init__(self) -> None:
        super().__init__(spec("midjourney-api-com.reconstructed.openapi.json"), key=("API-KEY", "good"))
        self.jobs: dict[str, dict[str, Any]] = {}
        self.handlers = {("POST", SUBMIT): self._submit, ("POST", STATUS): self._status}

    def _submit(self, seen: Seen) -> Answer:
        self.paid += 1
        task = f"task-{self.paid}"
        self.jobs[task] = {"status": 0, "prompt": seen.body["prompt"]}
        return 200, {"status": 0, "message": "success", "data": {"taskId": task}}

    def _status(self, seen: Seen) -> Answer:
        known = [{"taskId": task, **self.jobs[task]} for task in seen.body["taskIds"] if task in self.jobs]
        return 200, {"status": 0, "message": "success", "data": known}

    def finish(self, task: str) -> list[str]:
        """The task's pictures are there."""
        urls = [self.picture_url(n) for n in range(4)]
        self.jobs[task] |= {"status": 1, "image": self.picture_url(), "images": urls, "failReason": ""}
        return urls

    def unauthorized(self) -> Any:
        return {"status": 401, "message": "invalid key"}
