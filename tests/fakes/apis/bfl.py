"""Black Forest Labs on loopback: tasks that are ready at the second look, as its OpenAPI file describes them."""

from __future__ import annotations

from typing import Any

from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.support.openapi import spec

KEY = "bfl-test-key"
MODELS = ("flux-2-pro", "flux-2-klein-4b", "flux-2-klein-9b", "flux-pro-1.1", "flux-pro-1.1-ultra", "flux-kontext-pro")
STATUS = "/v1/get_result"
CREDITS = "/v1/credits"


class BflApi(StrictApi):
    """`credits`: what is left; `words`: the statuses that every task goes through, the last for ever; `result`: of Ready."""

    def __init__(self) -> None:
        """Every model has its route."""
        super().__init__(spec("bfl.openapi.json"), key=("x-key", KEY))
        self.credits: float = 12.5
        self.words = ["Pending", "Ready"]
        self.told: dict[str, Any] = {}
        self.region = ""
        self._looks: dict[str, int] = {}
        self._results: dict[str, dict[str, Any]] = {}
        self.handlers = {("POST", f"/v1/{model}"): self._draw for model in MODELS}
        self.handlers |= {("GET", STATUS): self._status, ("GET", CREDITS): lambda _seen: (200, {"credits": self.credits})}

    def unauthorized(self) -> Any:
        """As the guide shows it."""
        return {"error": "unauthorized", "message": "Invalid API key"}

    def _draw(self, seen: Seen) -> Answer:
        self.paid += 1
        task = f"task-{self.paid}"
        self._looks[task] = 0
        seed = seen.body.get("seed", 1000 + self.paid)
        self._results[task] = {"sample": self.picture_url(self.paid), "seed": seed, "prompt": seen.body["prompt"]}
        common = {"id": task, "cost": 1.4 if "klein-4b" in seen.path else 3.0, "input_mp": 0.0, "output_mp": 1.0}
        if "webhook_url" in seen.body:
            return 200, common | {"status": "Pending", "webhook_url": seen.body["webhook_url"]}
        return 200, common | {"polling_url": f"{self.region or f'http://{self.host}'}{STATUS}?id={task}"}

    def _status(self, seen: Seen) -> Answer:
        task = seen.query["id"]
        if task not in self._looks:
            return 200, {"id": task, "status": "Task not found"}
        word = self.words[min(self._looks[task], len(self.words) - 1)]
        self._looks[task] += 1
        result = self._results[task] if word == "Ready" else None
        return 200, {"id": task, "status": word, "result": result, "progress": None, "details": None} | self.told
