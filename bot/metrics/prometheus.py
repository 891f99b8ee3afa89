"""The Meter that Prometheus reads. Labels are platforms, providers, states and the like: never people, jobs or places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.jobs.meter import Meter
from bot.jobs.model import Action, JobState
from bot.jobs.place import Platform
from bot.metrics.rows import Figures

QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
"""Buckets in seconds of what people wait for; Discord and Slack give up at 3."""
SLOW = (0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""The same of what providers take."""
OUTCOMES = frozenset(
    {"accepted", "done", "unknown", "busy", "refused", "moderated", "bad_request", "bad_key", "no_money", "broken",
     "cancelled", "deadline", "no_pictures"}
)  # fmt: skip
REASONS = frozenset({"busy", "broken", "fetch", "elsewhere", "gone", "forbidden", "too_large"})
KINDS = ("reserve", "settle", "refund", "late", "grant")
"""Lines of the ledger."""
OTHER = "other"
"""For words that come from outside: a label must not grow with them."""


class PrometheusMeter(Meter):
    """Its own registry, so that nothing of other libraries gets in."""

    def __init__(self, engine_lag: Callable[[], float]) -> None:
        """`engine_lag`: seconds that the head of the agenda is late, asked at each scrape."""
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"imagine_{name}", text, labels, registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"imagine_{name}", text, labels, registry=registry)

        def histogram(name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
            return Histogram(f"imagine_{name}_seconds", text, labels, buckets=buckets, registry=registry)

        self._jobs = gauge("jobs", "Jobs that are not at an end", "state", "provider")
        self._oldest = gauge("jobs_oldest_seconds", "Age of the oldest job in a state that is no end", "state")
        self._rows_read = gauge("rows_read", "1 if the database could be asked at this scrape, else 0")
        self._units = counter("ledger_units", "User units booked since the start", "kind")
        self._lines = counter("ledger_lines", "Lines of the ledger since the start", "kind")
        self._accepted = counter("jobs_accepted", "Accepted jobs", "platform", "action", "provider")
        self._ended = counter("jobs_ended", "Ended jobs", "state", "provider")
        self._whole = histogram("job", "From acceptance to delivery", SLOW, "provider")
        self._queue = histogram("queue", "From acceptance to the first paid request", SLOW, "provider")
        self._provider = histogram("provider", "From a paid request to its pictures", SLOW, "provider", "by")
        self._calls = counter("provider_calls", "What came of paid requests", "provider", "outcome")
        self._provider_http = counter("provider_http", "HTTP replies of providers; 0: none came", "provider", "status")
        self._hooks = counter("webhooks", "Webhooks by the HTTP status that we answered", "provider", "status")
        self._retries = counter("retries", "Steps that are tried again", "state", "why")
        self._imaging = histogram("imaging", "Work on pixels, waiting for a worker included", QUICK, "work")
        self._delivery = histogram("delivery", "From the last picture to the message that shows it", QUICK, "platform")
        self._answer = histogram("answer", "Time in which a use case answers", QUICK, "platform")
        self._ack = histogram("acknowledgement", "Until the platform had its first answer", QUICK, "platform")
        self._chat = histogram("chat", "Calls of the chat port", QUICK, "platform", "call")
        self._chat_calls = counter("chat_calls", "Calls of the chat port", "platform", "call", "outcome")
        self._chat_http = counter("chat_http", "HTTP replies of chats; 0: none came", "platform", "status")
        self._loop = histogram("loop_lag", "By how much the event loop is late", QUICK)
        gauge("engine_lag_seconds", "By how much the engine is late with a job that is due").set_function(engine_lag)

    def expect(self, platforms: Iterable[Platform], providers: Iterable[str]) -> None:
        """Begin at 0 what alarms look at: Prometheus takes a series' first value for no increase."""
        for provider in providers:
            for state in (JobState.UNCERTAIN, JobState.FAILED, JobState.DELIVERED):
                self._ended.labels(state.value, provider)
            for outcome in OUTCOMES:
                self._calls.labels(provider, outcome)
            self._provider_http.labels(provider, "429")
        for platform in platforms:
            self._chat_http.labels(platform.value, "429")
        for kind in KINDS:
            self._lines.labels(kind)
            self._units.labels(kind)

    def accepted(self, platform: Platform, action: Action, provider: str) -> None:
        """As the port says."""
        self._accepted.labels(platform.value, action.value, provider).inc()

    def began(self, provider: str, seconds: float) -> None:
        """As the port says."""
        self._queue.labels(provider).observe(max(0.0, seconds))

    def called(self, provider: str, outcome: str) -> None:
        """As the port says."""
        self._calls.labels(provider, outcome if outcome in OUTCOMES else OTHER).inc()

    def drawn(self, provider: str, by: str, seconds: float) -> None:
        """As the port says."""
        self._provider.labels(provider, by).observe(max(0.0, seconds))

    def retried(self, state: JobState, why: str) -> None:
        """As the port says."""
        self._retries.labels(state.value, why if why in REASONS else OTHER).inc()

    def imaged(self, work: str, seconds: float) -> None:
        """As the port says."""
        self._imaging.labels(work).observe(seconds)

    def delivered(self, platform: Platform, seconds: float) -> None:
        """As the port says."""
        self._delivery.labels(platform.value).observe(seconds)

    def ended(self, state: JobState, provider: str, seconds: float) -> None:
        """As the port says."""
        self._ended.labels(state.value, provider).inc()
        if state is JobState.DELIVERED:
            self._whole.labels(provider).observe(max(0.0, seconds))

    def answered(self, platform: Platform, seconds: float) -> None:
        """As the port says."""
        self._answer.labels(platform.value).observe(seconds)

    def acknowledged(self, platform: Platform, seconds: float) -> None:
        """As the port says."""
        self._ack.labels(platform.value).observe(max(0.0, seconds))

    def chatted(self, platform: Platform, call: str, outcome: str, seconds: float) -> None:
        """As the port says."""
        self._chat.labels(platform.value, call).observe(seconds)
        self._chat_calls.labels(platform.value, call, outcome).inc()

    def hooked(self, provider: str, status: int) -> None:
        """As the port says."""
        self._hooks.labels(provider, str(status)).inc()

    def replied(self, side: str, whom: str, status: int) -> None:
        """As the port says."""
        (self._chat_http if side == "chat" else self._provider_http).labels(whom, str(status)).inc()

    def late(self, seconds: float) -> None:
        """The event loop."""
        self._loop.observe(seconds)

    def scraped(self, figures: Figures | None) -> bytes:
        """All of it as Prometheus reads it. `figures` None: the database could not be asked."""
        self._rows_read.set(0 if figures is None else 1)
        self._jobs.clear()
        self._oldest.clear()
        for (state, provider), count in (figures.jobs if figures else {}).items():
            self._jobs.labels(state, provider).set(count)
        for state, seconds in (figures.oldest if figures else {}).items():
            self._oldest.labels(state).set(seconds)
        for kind, (lines, units) in (figures.booked if figures else {}).items():
            self._lines.labels(kind).inc(lines)
            self._units.labels(kind).inc(units)
        return generate_latest(self._registry)
