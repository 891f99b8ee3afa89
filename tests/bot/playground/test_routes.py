"""The page's requests over ASGI."""

from __future__ import annotations

import httpx
import pytest

from bot.jobs.asks import Command, Imagine, Press
from bot.jobs.catalog import COMMANDS
from bot.texts import playground as texts
from tests.bot.playground.house import House, build, fields


@pytest.fixture
async def house() -> House:
    return await build(pace=None)


async def command(
    client: httpx.AsyncClient, text: str, user: str = "Robin", key: str = "request-0001", **more: str
) -> httpx.Response:
    return await client.post("/api/command", files=fields(user, key, text=text, **more))


async def test_a_command_reaches_the_core_and_stands_in_the_state(house: House) -> None:
    async with house.client() as client:
        reply = await command(client, "/imagine a fox --ar 3:2", moderator="1", options='{"style":"ink"}')
        assert reply.json() == {"kind": "placeholder", "message_id": "job1"}
        state = (await client.get("/api/state", params={"user": "Kim"})).json()
    asked = house.core.asked[0]
    assert isinstance(asked, Imagine)
    assert (asked.text, asked.options, asked.ask.actor.key) == ("a fox --ar 3:2", {"style": "ink"}, "playground:robin")
    assert (asked.ask.key, asked.ask.answers, asked.ask.actor.moderator) == ("playground:robin:request-0001", False, True)
    assert [row["card"]["title"] for row in state["messages"]] == ["a fox --ar 3:2"]
    assert [spec["name"] for spec in state["commands"]] == [spec.name for spec in COMMANDS]


async def test_an_image_is_handed_on(house: House) -> None:
    async with house.client() as client:
        await client.post(
            "/api/command", files={**fields(text="/imagine a fox"), "image": ("cat.png", b"bytes", "image/png")}
        )
    asked = house.core.asked[0]
    assert isinstance(asked, Imagine)
    assert asked.image is not None
    assert (asked.image.name, asked.image.size, await asked.image.read()) == ("cat.png", 5, b"bytes")


async def test_unknown_commands_get_a_private_hint(house: House) -> None:
    async with house.client() as client:
        reply = (await command(client, "/draw a fox")).json()
        assert (reply["kind"], reply["refused"]) == ("private", True)
        assert "/draw" in reply["message"]["card"]["status"]
        assert house.core.asked == []
        assert (await client.get("/api/state", params={"user": "Kim"})).json()["messages"] == []
        again = (await command(client, "/draw a fox")).json()
        assert again["message"]["id"] == reply["message"]["id"]


async def test_private_answers_are_dismissed_by_their_owner_alone(house: House) -> None:
    async with house.client() as client:
        message_id = (await command(client, "/info")).json()["message"]["id"]
        assert isinstance(house.core.asked[0], Command)
        assert (await client.post("/api/dismiss", files=fields("Kim", message_id=message_id))).status_code == 404
        assert (
            await client.post("/api/press", files=fields("Kim", control="i1:x", message_id=message_id))
        ).status_code == 404
        assert (await client.post("/api/dismiss", files=fields(message_id=message_id))).status_code == 200
        assert (await client.get("/api/state", params={"user": "Robin"})).json()["messages"] == []


async def test_a_public_message_cannot_be_dismissed(house: House) -> None:
    async with house.client() as client:
        await command(client, "/imagine a fox")
        assert (await client.post("/api/dismiss", files=fields(message_id="job1"))).status_code == 404


async def test_press_opens_a_form_and_the_form_comes_back(house: House) -> None:
    async with house.client() as client:
        await command(client, "/imagine a fox")
        reply = (await client.post("/api/press", files=fields(control="i1:remix:job1:0", message_id="job1"))).json()
        assert (reply["kind"], reply["form"]["fields"][0]["value"]) == ("form", "a fox")
        pressed = house.core.asked[1]
        assert isinstance(pressed, Press)
        assert (pressed.message_id, pressed.value) == ("job1", "")
        sent = fields(key="request-0002", control="i1:remix:job1:0") | {"value.prompt": (None, "a red fox")}
        assert (await client.post("/api/form", files=sent)).json() == {"kind": "placeholder", "message_id": "job2"}


async def test_an_update_replaces_the_private_message(house: House) -> None:
    async with house.client() as client:
        old = (await command(client, "/settings")).json()["message"]
        sent = fields(key="request-0002", control="i1:setting:ratio:0", value="3:2", message_id=old["id"])
        reply = (await client.post("/api/press", files=sent)).json()
        assert (reply["kind"], reply["message"]["id"]) == ("update", old["id"])
        assert "3:2" in reply["message"]["card"]["lines"][0]
        assert reply["message"]["updated"] > old["updated"]


async def test_suggestions(house: House) -> None:
    async with house.client() as client:
        found = (await client.get("/api/suggest", params={"option": "ratio", "typed": "3"})).json()
    assert found == [{"value": "3:2", "label": "3:2"}]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [({"user": "!!"}, texts.BAD_NAME), ({"key": "short"}, texts.BAD_REQUEST), ({"options": "[1]"}, texts.BAD_REQUEST),
     ({"options": "{"}, texts.BAD_REQUEST), ({"options": '{"seed":1}'}, texts.BAD_REQUEST)],
)  # fmt: skip
async def test_bad_requests_get_a_sentence(house: House, sent: dict[str, str], sentence: str) -> None:
    async with house.client() as client:
        reply = await client.post(
            "/api/command", files=fields(text="/imagine x") | {name: (None, value) for name, value in sent.items()}
        )
    assert (reply.status_code, reply.json()) == (400, {"error": sentence})


async def test_before_the_start_and_at_the_stop_nothing_is_taken(house: House) -> None:
    await house.front.stop_intake()
    async with house.client() as client:
        reply = await command(client, "/imagine a fox")
        assert (reply.status_code, reply.json()["error"]) == (503, texts.STOPPING)
        assert (await client.get("/api/state")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
    assert not house.front.ready


async def test_pictures_only_by_a_message_that_one_sees(house: House) -> None:
    await house.pictures.put("p/1.png", b"png", "image/png")
    async with house.client() as client:
        await command(client, "/imagine a fox")
        for _ in range(5):
            house.core.step()
        await settled(house, "job1")
        where = {"message": "job1", "user": "Kim"}
        good = await client.get("/pictures/pictures/job1.png", params=where)
        assert good.status_code == 200
        assert good.headers["content-type"] == "image/png"
        assert "immutable" in good.headers["cache-control"]
        assert good.headers["content-disposition"] == "inline; filename*=UTF-8''job1.png"
        saved = await client.get("/pictures/pictures/job1.png", params={**where, "download": "true"})
        assert saved.headers["content-disposition"].startswith("attachment")
        assert (await client.get("/pictures/p/1.png", params=where)).status_code == 404
        assert (await client.get("/pictures/pictures/job1.png", params={**where, "message": "nope"})).status_code == 404


async def settled(house: House, message_id: str) -> None:
    """Wait until the message shows its picture."""
    bell = house.front._board.hub.join()
    while True:
        bell.clear()
        row = await house.store.get(message_id)
        if row is not None and "/pictures" in row.card.replace("pictures/", "/pictures/"):
            return
        await bell.wait()


async def test_page_and_modules_are_served_without_inline_script(house: House) -> None:
    async with house.client() as client:
        page = await client.get("/")
        assert page.status_code == 200
        assert "${" not in page.text
        assert "<script>" not in page.text
        assert "onclick" not in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
        module = await client.get("/static/main.js")
        assert module.headers["content-type"].startswith("text/javascript")
        assert (await client.get("/static/../front.py")).status_code == 404
        assert (await client.get("/openapi.json")).status_code == 404


async def test_earlier_messages_come_page_by_page(house: House) -> None:
    async with house.client() as client:
        for n in range(62):
            await command(client, "/draw", key=f"request-{n:04}")
        state = (await client.get("/api/state", params={"user": "Robin"})).json()
        assert (len(state["messages"]), state["more"]) == (60, True)
        before = state["messages"][0]["id"]
        earlier = (await client.get("/api/messages", params={"user": "Robin", "before": before})).json()
        assert (len(earlier["messages"]), earlier["more"]) == (2, False)
