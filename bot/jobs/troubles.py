"""What only the operator can mend at a provider: told once, not once for every job that runs into it."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.texts import troubles as texts

log = structlog.get_logger()
Listener = Callable[[str, str], None]
"""Takes the provider's label and a sentence. Called in the event loop: must neither block nor raise."""


class Troubles:
    """Remembers, for the life of the process, what was told. `listeners` hear what the log hears."""

    def __init__(self) -> None:
        """All is well."""
        self.listeners: list[Listener] = []
        self._told: set[tuple[str, str]] = set()

    def tell(self, provider: str, family: str, text: str, *, label: str = "") -> None:
        """An error in the log, once for each provider and family until `well`. `label`: the provider's name for people."""
        if (provider, family) in self._told:
            return
        self._told.add((provider, family))
        log.error("the provider needs its operator", provider=provider, family=family, error=text)
        self.notify(label or provider, texts.needs_operator(family, text))

    def well(self, provider: str, *, label: str = "") -> None:
        """The provider accepted a call, so the next trouble is told anew."""
        told = {one for one in self._told if one[0] == provider}
        if told:
            self._told -= told
            log.info("the provider works again", provider=provider)
            self.notify(label or provider, texts.WELL)

    def notify(self, label: str, sentence: str) -> None:
        """Pass a sentence on."""
        for listener in self.listeners:
            listener(label, sentence)
