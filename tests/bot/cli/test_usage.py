"""`imagine-bot usage` over real rows."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from providers.errors import Accepted, Family, ProviderError
from tests.bot.cli.conftest import Invoke
from tests.bot.cli.test_jobs import at
from tests.support.core import running_core

NO = ProviderError(Family.BAD_REQUEST, "no", accepted=Accepted.NO)


async def test_sums_by_user_with_cost_per_delivered_picture(tmp_path: Path, invoke: Invoke) -> None:
    async with running_core(tmp_path) as core:
        await core.drawn("a fox")
        await core.drawn("an owl", user="bob")
        core.provider.script = [NO]
        await core.ended(await core.accepted("a hen", user="bob"))
        told = await invoke("usage", "--by", "user", "--format", "json", **at(tmp_path))
        table = await invoke("usage", **at(tmp_path))
        sheet = await invoke("usage", "--by", "day", "--format", "csv", **at(tmp_path))
    rows = {row.pop("group"): row for row in json.loads(told.output)}
    assert rows["playground:ann"] == {
        "asked": 1, "delivered": 1, "pictures": 4, "estimate_usd": 0.04, "cost_usd": 0.04, "usd_per_picture": 0.01
    }  # fmt: skip
    assert (rows["playground:bob"]["asked"], rows["playground:bob"]["delivered"]) == (2, 1)
    assert table.output.splitlines()[1].split() == ["fake", "3", "2", "8", "0.12", "0.08", "0.01"]
    (day,) = csv.DictReader(io.StringIO(sheet.output))
    assert (day["asked"], day["estimate_usd"], day["cost_usd"]) == ("3", "0.12", "0.08")


@pytest.mark.parametrize("by", ["provider", "community", "user", "day"])
async def test_nothing_drawn_is_a_sentence(tmp_path: Path, invoke: Invoke, by: str) -> None:
    async with running_core(tmp_path):
        assert (await invoke("usage", "--by", by, **at(tmp_path))).output == "No such jobs.\n"
