"""Hot questions are answered from an index, however many rows there are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.heard import heard
from tests.support.policy import ANN, HERE, NOW, Desk, desk_on

HOT: dict[str, Callable[[Desk], Awaitable[object]]] = {
    "community": lambda desk: desk.policy.community(HERE),
    "rules": lambda desk: desk.policy.rules(HERE),
    "block": lambda desk: desk.policy.block_of(HERE, ANN, NOW),
    "override": lambda desk: desk.policy.override_of(HERE, ANN),
    "used by": lambda desk: desk.policy.used_by(ANN, NOW),
    "used in": lambda desk: desk.policy.used_in(HERE, NOW),
    "last accepted": lambda desk: desk.policy.last_accepted(HERE, ANN),
    "repeats": lambda desk: desk.policy.repeats(HERE, ANN, "a fox", NOW),
    "delivered": lambda desk: desk.policy.delivered(HERE, ANN, 3),
    "alias": lambda desk: desk.policy.user_of("0" * 16),
    "open review": lambda desk: desk.policy.open_review("job"),
    "notices": lambda desk: desk.policy.due_notices(NOW),
    "log": lambda desk: desk.policy.entries(HERE, before=9),
    "log of one": lambda desk: desk.policy.entries("", subject=ANN),
}


@pytest.mark.parametrize("name", HOT)
async def test_it_reads_no_whole_table(tmp_path: Path, name: str) -> None:
    async with desk_on(tmp_path) as desk:
        asked: list[tuple[str, Sequence[Any]]] = []
        with heard(lambda text, values: asked.append((text, values))):
            await HOT[name](desk)
        selects = [one for one in asked if one[0].lstrip().upper().startswith("SELECT")]
        assert selects
        async with desk.db.read() as connection:
            for text, values in selects:
                plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", tuple(values))
                steps = [str(row["detail"]) for row in plan.mappings()]
                assert not [step for step in steps if step.startswith("SCAN") and "USING" not in step], (text, steps)
