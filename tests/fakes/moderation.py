"""A moderation that says what the test wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from providers.errors import Family, ProviderError

DOWN = ProviderError(Family.BROKEN, "no complete answer within 5 s")
CLEAR: Mapping[str, float] = {"sexual": 0.0, "violence": 0.0}
NUDE: Mapping[str, float] = {"sexual": 0.999, "violence": 0.0}


@dataclass
class ScriptedModeration:
    """Says `says` of everything, `of` of what is named there (a text, or a picture's bytes); an error is raised."""

    says: Mapping[str, float] | ProviderError = field(default_factory=lambda: CLEAR)
    of: dict[str | bytes, Mapping[str, float] | ProviderError] = field(default_factory=dict)
    texts: bool = True
    pictures: bool = True
    asked: list[str | bytes] = field(default_factory=list)

    async def text(self, text: str) -> Mapping[str, float]:
        return self._said(text)

    async def picture(self, data: bytes, mime: str) -> Mapping[str, float]:
        assert mime.startswith("image/")
        return self._said(data)

    def _said(self, what: str | bytes) -> Mapping[str, float]:
        self.asked.append(what)
        answer = self.of.get(what, self.says)
        if isinstance(answer, ProviderError):
            raise answer
        return answer
