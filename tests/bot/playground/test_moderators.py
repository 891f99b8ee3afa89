"""#moderators over ASGI and the real server: members never receive it; its cards change for all moderators."""

from __future__ import annotations

import httpx
import pytest

from bot.jobs.surface import Card, Download, Tone
from bot.texts import playground as texts
from tests.bot.playground.desk import MODERATORS, PUBLIC, REASON, DeskCore, review_card
from tests.bot.playground.house import House, build, fields, serving
from tests.bot.playground.test_stream import listening

APPROVE = "i1:review:r1:0"


@pytest.fixture
async def house() -> House:
    return await build(made=DeskCore)


async def ids(
    client: httpx.AsyncClient, moderator: str = "1", channel: str = "moderators", user: str = "Robin"
) -> list[str]:
    where = {"user": user, "before": "", "channel": channel, "moderator": moderator}
    return [row["id"] for row in (await client.get("/api/messages", params=where)).json()["messages"]]


async def test_a_member_gets_nothing_of_it_from_the_page(house: House) -> None:
    ref = await review_card(house)
    async with house.client() as client:
        plain = await client.get("/api/state", params={"user": "Robin"})
        assert ref.message_id not in plain.text
        assert "dragon" not in plain.text
        assert plain.json()["moderators"] is None
        for channel in ("moderators", "elsewhere"):
            asked = await client.get("/api/messages", params={"user": "Robin", "before": "", "channel": channel})
            assert (asked.status_code, asked.json()) == (400, {"error": texts.BAD_REQUEST})
        assert await ids(client) == [ref.message_id]
        seen = (await client.get("/api/state", params={"user": "Robin", "moderator": "1"})).json()
        assert [row["channel"] for row in seen["moderators"]["messages"]] == ["moderators"]
        assert seen["messages"] == []


async def test_a_member_cannot_press_or_speak_there(house: House) -> None:
    ref = await review_card(house)
    async with house.client() as client:
        pressed = fields(control=APPROVE, message_id=ref.message_id)
        assert (await client.post("/api/press", files=pressed)).status_code == 404
        spoken = await client.post("/api/command", files=fields(text="/info", channel="moderators"))
        assert (spoken.status_code, house.core.asked) == (400, [])
        form = {"control": (None, "i1:imagine::0"), "value.prompt": (None, "x"), "channel": (None, "moderators")}
        assert (await client.post("/api/form", files=fields() | form)).status_code == 400


@pytest.mark.parametrize(("key", "kind"), [("held/1.png", "inline"), ("held/log.csv", "attachment")])
async def test_pictures_and_files_are_served_to_moderators_alone(house: House, key: str, kind: str) -> None:
    ref = await review_card(house)
    where = {"message": ref.message_id, "user": "Robin"}
    async with house.client() as client:
        assert (await client.get(f"/pictures/{key}", params=where)).status_code == 404
        good = await client.get(f"/pictures/{key}", params=where | {"moderator": "1"})
        assert good.status_code == 200
        assert good.headers["content-disposition"].startswith(f"{kind}; filename*=")
        if kind == "attachment":
            assert (good.content, good.headers["cache-control"]) == (b"when,who\n", "no-store")
            assert good.headers["content-type"] == "application/octet-stream"


async def test_a_private_file_is_its_askers_alone(house: House) -> None:
    await house.pictures.put("export/1.json", b"{}", "application/json")
    card = Card(Tone.DONE, private=True, files=(Download("export/1.json", "mine.json", "application/json"),))
    await house.front._board.post("mine", card, author="robin", visible_to="robin")
    async with house.client() as client:
        for user, status in (("Robin", 200), ("Kim", 404)):
            where = {"message": "mine", "user": user, "moderator": "1"}
            assert (await client.get("/pictures/export/1.json", params=where)).status_code == status


async def test_a_member_hears_nothing_of_it_on_the_stream(house: House) -> None:
    async with serving(house) as url, listening(url, "Robin") as member, listening(url, "Kim", moderator="1") as moderator:
        ref = await review_card(house)
        await house.front.chat.revise(MODERATORS, ref, Card(Tone.DONE, "approved"))
        await house.front._board.remove(ref.message_id)
        await house.front.chat.post(PUBLIC, Card(Tone.DONE, "end"), "end")
        assert (await anext(member))[2]["card"]["title"] == "end"
        heard = [await anext(moderator)]
        while not heard[-1][2]["card"] or heard[-1][2]["card"]["title"] != "end":
            heard.append(await anext(moderator))
        assert heard[0][2]["id"] == ref.message_id


async def test_a_decision_edits_the_card_for_all_moderators(house: House) -> None:
    ref = await review_card(house)
    async with house.client() as client:
        sent = fields(moderator="1", channel="moderators", control=APPROVE, message_id=ref.message_id)
        reply = (await client.post("/api/press", files=sent)).json()
        assert (reply["kind"], reply["message"]["id"], reply["message"]["private"]) == ("update", ref.message_id, False)
        seen = (await client.get("/api/state", params={"user": "Kim", "moderator": "1"})).json()
        assert seen["moderators"]["messages"][0]["card"]["status"] == "Approved by Robin"


async def test_an_update_touches_neither_a_jobs_message_nor_what_its_asker_cannot_see(house: House) -> None:
    ref = await review_card(house)
    async with house.client() as client:
        await client.post("/api/command", files=fields(text="/imagine a fox"))
        pressed = fields(key="request-0002", moderator="1", control=APPROVE, message_id="job1")
        assert (await client.post("/api/press", files=pressed)).json()["kind"] == "private"
        sent = fields(key="request-0003", control=REASON, message_id=ref.message_id)
        assert (await client.post("/api/form", files=sent)).json()["kind"] == "private"
        for message_id in ("job1", ref.message_id):
            row = await house.store.get(message_id)
            assert row is not None
            assert "Approved" not in row.card
            assert "Rejected" not in row.card
        sent = fields(key="request-0004", control=REASON, message_id=ref.message_id, moderator="1", channel="moderators")
        assert (await client.post("/api/form", files=sent)).json()["message"]["card"]["status"] == "Rejected"


async def test_private_answers_stay_where_one_asked(house: House) -> None:
    async with house.client() as client:
        sent = fields(moderator="1", channel="moderators", text="/info")
        message = (await client.post("/api/command", files=sent)).json()["message"]
        assert (message["channel"], message["private"]) == ("moderators", True)
        assert house.core.asked[0].ask.place == MODERATORS
        assert await ids(client) == [message["id"]]
        assert await ids(client, user="Kim") == []
        assert await ids(client, channel="playground") == []
        assert (await client.post("/api/dismiss", files=fields("Kim", message_id=message["id"]))).status_code == 404
        assert (await client.post("/api/dismiss", files=fields(message_id=message["id"]))).status_code == 200


async def test_the_guide_is_shown_once_and_to_moderators_alone(house: House) -> None:
    async with house.client() as client:
        assert (await client.post("/api/joined", files=fields())).json() == {"kind": "quiet"}
        first = (await client.post("/api/joined", files=fields(moderator="1"))).json()
        assert (first["kind"], first["message"]["card"]["title"], first["message"]["private"]) == (
            "private", "Set-up guide", True
        )  # fmt: skip
        again = await client.post("/api/joined", files=fields(key="request-0002", moderator="1"))
        assert again.json() == {"kind": "quiet"}


async def test_roles_and_rank_reach_the_core(house: House) -> None:
    async with house.client() as client:
        await client.post("/api/command", files=fields(text="/info", moderator="1", roles="Artists, vip"))
        await client.post("/api/command", files=fields(text="/info", key="request-0002"))
    high, low = (asked.ask.actor for asked in house.core.asked)
    assert (high.moderator, high.admin, high.roles) == (True, True, ("artists", "vip"))
    assert (low.moderator, low.admin, low.roles) == (False, False, ())


async def test_people_that_the_page_knows_come_back_with_their_ids(house: House) -> None:
    async with house.client() as client:
        found = (await client.get("/api/state", params={"user": "Robin", "known": ["O'Neil", "!!"]})).json()["users"]
    assert {"id": "o-neil", "name": "O'Neil"} in found
    assert len(found) == len(texts.USERS) + 1
