"""The contract of the store of Slack's installations: kept, found in order, sealed, forgotten; states work once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.slack.ports import Installation, Installations
from storage.db import Database
from storage.installations import SqlInstallations
from storage.sealed import Seal
from storage.tables import slack_installations
from tests.support.databases import backend, opened

SECRET = "a-secret-of-this-test"
TEAM = Installation(
    team_id="T1", enterprise_id="", org_wide=False, name="Painters ü", app_id="A1", bot_id="B1", bot_user_id="U1",
    bot_name="imagine", url="https://p.slack.com/", scopes=("commands", "chat:write"), by="U2", installed_at=100.5,
    token="xoxb-1-very-secret",
)  # fmt: skip
ORG = replace(TEAM, team_id="", enterprise_id="E1", org_wide=True, token="xoxb-2-very-secret", installed_at=90.0)


@pytest.fixture(params=["sqlite", "postgres"])
async def db(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    with backend(request.param):
        db = await opened(tmp_path)
        yield db
        await db.close()


@pytest.fixture
def store(db: Database) -> Installations:
    return SqlInstallations(db, SECRET)


def bytes_in(folder: Path) -> list[bytes]:
    """Of every file: the database, its log, its index."""
    return [path.read_bytes() for path in folder.iterdir() if path.is_file()]


async def test_what_is_saved_is_found_as_it_was(store: Installations) -> None:
    assert await store.find(["T1"]) is None
    for one in (TEAM, ORG):
        await store.save(one)
    assert await store.all() == [ORG, TEAM]
    assert await store.find(["T1", "E1"]) == TEAM
    assert await store.find(["E1", "T1"]) == ORG
    assert await store.find(["T9", "E1"]) == ORG
    assert await store.find([]) is None
    again = replace(TEAM, token="xoxb-3-newer", scopes=(), installed_at=200.0)
    await store.save(again)
    assert await store.all() == [ORG, again]


async def test_a_removal_counts_for_what_was_installed_before_it(store: Installations) -> None:
    await store.save(TEAM)
    await store.save(ORG)
    await store.belongs("T5", "E1")
    assert not await store.remove("T1", 100.0)
    assert not await store.remove("T9", 1e12)
    assert await store.remove("T1", 101.0)
    assert await store.all() == [ORG]
    assert await store.organisation("T5") == "E1"
    assert await store.remove("E1", 101.0)
    assert await store.organisation("T5") == ""


async def test_a_workspace_is_served_by_the_organisation_seen_last(store: Installations) -> None:
    assert await store.organisation("T5") == ""
    for enterprise in ("E1", "E2", "E2"):
        await store.belongs("T5", enterprise)
        assert await store.organisation("T5") == enterprise


async def test_a_state_is_spent_once_also_at_the_same_moment(store: Installations) -> None:
    assert sorted(await asyncio.gather(*(store.spend("s", 600.0, 0.0) for _ in range(4)))) == [False, False, False, True]
    assert not await store.spend("s", 600.0, 599.0)
    assert await store.spend("other", 700.0, 601.0)
    assert await store.spend("s", 800.0, 602.0), "forgotten when nobody would take it any more"


async def test_the_token_is_in_no_file_and_opens_only_under_its_secret_and_in_its_row(
    db: Database, store: Installations, tmp_path: Path
) -> None:
    await store.save(TEAM)
    await store.save(ORG)
    async with db.read() as connection:
        said = str((await connection.execute(slack_installations.select())).mappings().all())
    written = [said.encode(), *bytes_in(tmp_path)]
    assert any(b"Painters" in data for data in written)
    assert not any(b"very-secret" in data for data in written)
    assert "very-secret" not in repr(await store.all())
    found = await SqlInstallations(db, "another-secret-entirely").find(["T1"])
    assert found == replace(TEAM, token="")
    async with db.write() as connection:
        rows = (await connection.execute(slack_installations.select())).mappings().all()
        swapped = {row["id"]: row["token"] for row in rows}
        for one, other in (("T1", "E1"), ("E1", "T1")):
            await connection.execute(
                slack_installations.update().where(slack_installations.c.id == one).values(token=swapped[other])
            )
    assert [one.token for one in await store.all()] == ["", ""]


def test_a_seal_is_fresh_each_time_and_says_no_to_what_it_did_not_close() -> None:
    seal = Seal(SECRET, "slack tokens")
    one, two = seal.close("é", "T1"), seal.close("é", "T1")
    assert one != two
    assert [seal.open(sealed, "T1") for sealed in (one, two)] == ["é", "é"]
    assert Seal(SECRET, "something else").open(one, "T1") is None
    for bad in ("", "x", "ä", one[:-8], one[:8] + ("A" if one[8] != "A" else "B") + one[9:]):
        assert seal.open(bad, "T1") is None
