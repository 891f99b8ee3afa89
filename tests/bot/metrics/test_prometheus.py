"""What Prometheus is told: every figure, few labels, from few rows; and the alarms that look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert
from sqlalchemy.dialects import sqlite

from bot.jobs.model import Action, JobState
from bot.jobs.place import Platform
from bot.metrics.prometheus import KINDS, OUTCOMES, REASONS, PrometheusMeter
from bot.metrics.rows import Figures
from providers.base import Stage, Status
from storage.figures import RowFigures, new_lines, open_jobs
from storage.tables import ledger
from tests.support.core import running_core

ROOT = Path(__file__).parents[3]
ALERTS = ROOT / "docs" / "alerts.yml"
EMPTY = Figures({}, {}, {})
NAME = re.compile(r"\b(imagine_\w+|up)\b(?:\{([^}]*)\})?")
LABEL = re.compile(r'(\w+)(=~|=)"([^"]*)"')
BY = re.compile(r"\bby \(([\w, ]+)\)")


def samples(page: bytes) -> dict[str, list[dict[str, str]]]:
    """Sample name -> labels of each of its series."""
    found: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(page.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


def value(page: bytes, name: str, **labels: str) -> float:
    """Of one series; 0.0 where there is none."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def everything() -> PrometheusMeter:
    """A meter that was told of everything once."""
    meter = PrometheusMeter(lambda: 0.25)
    meter.expect(Platform, ["fake"])
    meter.accepted(Platform.SLACK, Action.IMAGINE, "fake")
    meter.began("fake", 1.0)
    meter.called("fake", "done")
    meter.drawn("fake", "poll", 3.0)
    meter.retried(JobState.STORED, "busy")
    meter.imaged("grid", 0.1)
    meter.delivered(Platform.SLACK, 0.5)
    meter.ended(JobState.DELIVERED, "fake", 5.0)
    meter.answered(Platform.SLACK, 0.1)
    meter.acknowledged(Platform.SLACK, 0.1)
    meter.chatted(Platform.SLACK, "edit", "ok", 0.1)
    meter.hooked("fake", 200)
    meter.replied("chat", "slack", 429)
    meter.replied("provider", "fake", 500)
    meter.late(0.001)
    return meter


PAGE = everything().scraped(Figures({("running", "fake"): 2}, {"running": 5.0}, {"reserve": (1, 4)}))


def test_what_was_told_is_on_the_page() -> None:
    assert value(PAGE, "imagine_jobs", state="running", provider="fake") == 2
    assert value(PAGE, "imagine_ledger_units_total", kind="reserve") == 4
    assert value(PAGE, "imagine_jobs_accepted_total", platform="slack", action="imagine") == 1
    assert value(PAGE, "imagine_queue_seconds_count", provider="fake") == 1
    assert value(PAGE, "imagine_provider_seconds_sum", provider="fake", by="poll") == 3
    assert value(PAGE, "imagine_chat_http_total", platform="slack", status="429") == 1
    assert value(PAGE, "imagine_provider_http_total", provider="fake", status="500") == 1
    assert value(PAGE, "imagine_retries_total", state="stored", why="busy") == 1
    assert value(PAGE, "imagine_webhooks_total", status="200") == 1
    assert value(PAGE, "imagine_engine_lag_seconds") == 0.25
    assert value(PAGE, "imagine_acknowledgement_seconds_count", platform="slack") == 1
    assert value(PAGE, "imagine_delivery_seconds_count", platform="slack") == 1
    assert value(PAGE, "imagine_imaging_seconds_count", work="grid") == 1
    assert value(PAGE, "imagine_loop_lag_seconds_count") == 1
    assert value(PAGE, "imagine_job_seconds_count", provider="fake") == 1


def test_gauges_forget_and_the_ledger_adds_up() -> None:
    meter = everything()
    meter.scraped(Figures({("running", "fake"): 2}, {"running": 5.0}, {"reserve": (1, 4)}))
    page = meter.scraped(Figures({("queued", "fake"): 1}, {}, {"reserve": (2, 5)}))
    assert (value(page, "imagine_jobs", state="running"), value(page, "imagine_jobs", state="queued")) == (0, 1)
    assert "imagine_jobs_oldest_seconds" not in samples(page)
    assert value(page, "imagine_ledger_units_total", kind="reserve") == 9
    assert value(page, "imagine_ledger_lines_total", kind="reserve") == 3
    assert value(page, "imagine_rows_read") == 1
    assert value(meter.scraped(None), "imagine_rows_read") == 0


def test_words_from_outside_make_no_new_labels() -> None:
    meter = PrometheusMeter(lambda: 0.0)
    for number in range(50):
        meter.called("fake", f"word {number}")
        meter.retried(JobState.STORED, f"word {number}")
    found = samples(meter.scraped(EMPTY))
    assert [one["outcome"] for one in found["imagine_provider_calls_total"]] == ["other"]
    assert [one["why"] for one in found["imagine_retries_total"]] == ["other"]


def test_no_label_names_a_person_a_place_or_a_job() -> None:
    labels = {name for series in samples(PAGE).values() for one in series for name in one}
    assert labels == {
        "action", "by", "call", "kind", "le", "outcome", "platform", "provider", "state", "status", "why", "work",
    }  # fmt: skip
    assert len(PAGE) < 60_000


async def test_open_jobs_are_counted_and_ended_ones_never_looked_at(tmp_path: Path, backend: str) -> None:
    async with running_core(tmp_path) as core:
        rows = RowFigures(core.db)
        assert await rows.figures(core.clock()) == EMPTY
        await core.drawn()
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        await core.reaches(await core.accepted(), JobState.RUNNING)
        found = await rows.figures(core.clock() + 60.0)
        assert found.jobs == {("running", "fake"): 1}
        assert 59.0 < found.oldest["running"] < 120.0
        assert found.booked == {"reserve": (2, 8), "settle": (1, 0)}
        async with core.db.write() as connection:
            await connection.execute(
                insert(ledger).values(job_id="j", user_key="u", period="2026-11-30", kind="grant", units=-3, at=0.0)
            )
        assert (await rows.figures(core.clock())).booked == {"grant": (1, 3)}
        assert (await rows.figures(core.clock())).booked == {}


async def test_a_scrape_reads_by_index_however_many_jobs_have_ended(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core, core.db.read() as connection:
        for query in (open_jobs(), new_lines(10**6)):
            text = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
            steps = [str(row["detail"]) for row in plan.mappings()]
            assert [one for one in steps if one.startswith("SCAN")] == []
            assert any("ix_jobs_state (state=?)" in one or "PRIMARY KEY (rowid>?)" in one for one in steps), steps


def rules() -> Iterator[dict[str, Any]]:
    for group in yaml.safe_load(ALERTS.read_text())["groups"]:
        yield from group["rules"]


@pytest.mark.parametrize("rule", list(rules()), ids=lambda rule: rule["alert"])
def test_every_alarm_looks_at_figures_that_exist(rule: dict[str, Any]) -> None:
    known = samples(PAGE) | {"up": [{"job": ""}]}
    named = NAME.findall(rule["expr"])
    assert named
    for name, inside in named:
        assert name in known, name
        labels = {label for series in known[name] for label in series}
        for label, _, wanted in LABEL.findall(inside):
            assert label in labels, (name, label)
            assert set(wanted.split("|")) <= VALUES.get(label, {wanted}), (label, wanted)
        for grouped in BY.findall(rule["expr"]):
            assert set(grouped.split(", ")) <= labels | {"instance"}, (name, grouped)
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert set(rule["annotations"]) == {"summary", "do"}
    assert all(text.endswith(".") for text in rule["annotations"].values())


VALUES = {
    "state": {state.value for state in JobState},
    "outcome": OUTCOMES,
    "why": REASONS,
    "kind": set(KINDS),
    "status": {"200", "401", "404", "429"},
    "job": {"imagine-bot"},
}


def test_the_names_of_alarms_are_different() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names)) >= 10
