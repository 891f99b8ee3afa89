"""What is stored comes back as it was; what an older version stored is read with today's defaults."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from bot.policy.community import Budget, Community, Feature
from bot.policy.records import Rule, What
from storage.kinds import clean_json
from storage.policy.communities import ADAPTER
from storage.policy_tables import communities
from tests.support.policy import HERE, desk_on, entry

COMMUNITIES = st.from_type(Community)
RULES = st.lists(st.from_type(Rule), max_size=6)


@given(COMMUNITIES)
def test_a_community_as_json_is_the_same_community(community: Community) -> None:
    assert ADAPTER.validate_json(ADAPTER.dump_json(community)) == community


@given(COMMUNITIES, RULES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_communities_and_rules_come_back_from_the_file(
    tmp_path: Path, backend: str, community: Community, rules: Sequence[Rule]
) -> None:
    async def there_and_back() -> None:
        async with desk_on(tmp_path) as desk:
            await desk.policy.save_community(HERE, community, entry())
            kept = clean_json(ADAPTER.dump_json(community).decode())
            assert await desk.policy.community(HERE) == ADAPTER.validate_json(kept)
            for old in await desk.policy.rules(HERE):
                await desk.policy.remove_rule(HERE, old.id, entry(What.RULE))
            await desk.policy.add_rules(HERE, rules, entry(What.RULE))
            first = {(rule.kind, _kept(rule.pattern)): _kept(rule.reason) for rule in reversed(rules)}
            found = {(rule.kind, rule.pattern): rule.reason for rule in await desk.policy.rules(HERE)}
            assert found == first

    asyncio.run(there_and_back())


def _kept(text: str) -> str:
    """Postgres has no place for this character, so it is dropped everywhere."""
    return text.replace("\0", "")


@pytest.mark.parametrize("text", ["{}", '{"stopped": true, "of_a_newer_version": 1}'])
async def test_settings_of_another_version_are_read(tmp_path: Path, backend: str, text: str) -> None:
    async with desk_on(tmp_path) as desk:
        async with desk.db.write() as connection:
            await connection.execute(insert(communities).values(key=HERE, settings=text))
        assert await desk.policy.community(HERE) == Community(stopped="true" in text)


def test_what_is_stored_is_named_not_numbered() -> None:
    text = ADAPTER.dump_json(Community(off=(Feature.REMIX,), budget=Budget(images_day=3))).decode()
    assert '"off":["remix"]' in text
    assert '"images_day":3' in text
