"""midapi.ai on loopback: tasks of four pictures, upscales and variations of their cells, the sibling's credit route."""

from __future__ import annotations

from typing import Any

from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.support.openapi import spec

MJ = "/api/v1/mj"
GENERATE, UPSCALE, VARY = f"{MJ}/generate", f"{MJ}/generateUpscale", f"{MJ}/generateVary"
RECORD, CREDIT = f"{MJ}/record-info", "/api/v1/chat/credit"


def coded(code: int, msg: str = "no", **data: Any) -> dict[str, Any]:
    """The envelope of every answer."""
    return {"code": code, "msg": msg} | ({"data": data} if data else {})


class MidapiServer(StrictApi):
    """`records`: what record-info says about a task beside its id; the test changes it."""

    def __init__(self) -> None:
        super().__init__(spec("midapi-mj.reconstructed.openapi.json"), key=("Authorization", "Bearer good"))
        self.records: dict[str, dict[str, Any]] = {}
        self.cells: dict[str, int] = {}
        self.credits = 120
        self.handlers = {
            ("POST", GENERATE): lambda _seen: self._begin(4),
            ("POST", UPSCALE): lambda seen: self._follow(seen, 1),
            ("POST", VARY): lambda seen: self._follow(seen, 4),
            ("GET", RECORD): self._record,
            ("GET", CREDIT): lambda _seen: (200, {"code": 200, "msg": "success", "data": self.credits}),
        }

    def _begin(self, cells: int) -> Answer:
        self.paid += 1
        task = f"mj_task_{self.paid}"
        self.records[task], self.cells[task] = {"successFlag": 0, "resultInfoJson": None}, cells
        return 200, coded(200, "success", taskId=task)

    def _follow(self, seen: Seen, cells: int) -> Answer:
        known = self.cells.get(seen.body["taskId"], 0)
        return self._begin(cells) if seen.body["imageIndex"] < known else (200, coded(422, "no such image"))

    def _record(self, seen: Seen) -> Answer:
        task = seen.query["taskId"]
        return (200, coded(200, "success", taskId=task, **self.records[task])) if task in self.records else (200, coded(404))

    def finish(self, task: str) -> list[str]:
        """The task's pictures are there."""
        urls = [self.picture_url(n) for n in range(self.cells[task])]
        info = {"resultUrls": [{"resultUrl": url} for url in urls]}
        self.records[task] = {"successFlag": 1, "resultInfoJson": info, "errorCode": None, "errorMessage": None}
        return urls

    def break_(self, task: str, message: str, flag: int = 2) -> None:
        """The task failed."""
        self.records[task] = {"successFlag": flag, "resultInfoJson": None, "errorCode": 500, "errorMessage": message}

    def unauthorized(self) -> Any:
        return coded(401, "You do not have access permissions")
