"""Shortcuts open the form; forms come back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from bot.jobs.asks import Imagine, OpenForm, Private, Submission, Update
from bot.jobs.place import Place, Platform
from bot.jobs.surface import Card, Field, FieldKind, Form, Tone
from bot.slack.meta import Meta, write_meta
from bot.texts import slack as texts
from providers.errors import BadUrl
from tests.bot.slack import payloads
from tests.bot.slack.conftest import Desk
from tests.bot.slack.schema import check_modal
from tests.bot.slack.stub import refusal

FORM = Form(
    "i1:imagine::0", "New", (Field("prompt", "Prompt", FieldKind.LONG_TEXT), Field("picture", "Start", FieldKind.FILE))
)
FILE = {"id": "F1", "name": "a.png", "mimetype": "image/png", "size": 7, "url_private": "https://files.slack.com/a.png"}
MESSAGE = {"type": "message", "user": "U2", "ts": "1699.1", "text": "a *bold* fox &amp; hen", "files": [FILE]}
PROMPT = {"prompt": {"type": "plain_text_input", "value": "fox"}}


def _view(desk: Desk) -> dict[str, Any]:
    (opened,) = desk.client.of("views.open")
    view: dict[str, Any] = opened["view"] if isinstance(opened["view"], dict) else json.loads(opened["view"])
    check_modal(view)
    return view


async def test_a_message_shortcut_starts_from_words_picture_and_thread(desk: Desk) -> None:
    desk.core.answer = OpenForm(FORM)
    await desk.send(payloads.shortcut("imagine_from_this", MESSAGE))
    view = _view(desk)
    assert view["blocks"][0]["element"]["initial_value"] == "a *bold* fox & hen"
    desk.core.answer = Private(Card(Tone.FAILED))
    await desk.send(payloads.submission(view["callback_id"], PROMPT, view["private_metadata"]))
    asked = desk.core.asked[-1]
    assert isinstance(asked, Submission)
    assert (asked.control, asked.values) == ("i1:imagine::0", {"prompt": "fox"})
    assert asked.ask.place == Place(Platform.SLACK, "C1", "T1", "1699.1")
    assert (asked.files["picture"].name, asked.files["picture"].size) == ("a.png", 7)
    desk.client.answers["files.info"] = {"ok": True, "file": FILE}
    assert await asked.files["picture"].read() == b"picture"
    assert desk.fetcher.fetched[0][0] == FILE["url_private"]


async def test_our_own_message_gives_its_picture_and_not_its_words(desk: Desk) -> None:
    desk.core.answer = OpenForm(FORM)
    blocks = [{"type": "image", "slack_file": {"id": "F7"}, "alt_text": "x"}]
    await desk.send(
        payloads.shortcut("imagine_from_this", {"ts": "1699.1", "bot_id": "B0BOT", "text": "Done", "blocks": blocks})
    )
    view = _view(desk)
    assert "initial_value" not in view["blocks"][0]["element"]
    assert json.loads(view["private_metadata"])["file_id"] == "F7"


async def test_the_global_shortcut_ends_in_the_direct_conversation(desk: Desk) -> None:
    desk.core.answer = OpenForm(FORM)
    await desk.send(payloads.shortcut("new_picture"))
    (asked,) = desk.core.asked
    assert isinstance(asked, Imagine)
    view = _view(desk)
    await desk.send(payloads.submission(view["callback_id"], PROMPT, view["private_metadata"]))
    assert desk.core.asked[-1].ask.place == Place(Platform.SLACK, "D9", "T1")


async def test_a_file_from_the_form_wins(desk: Desk) -> None:
    values = {**PROMPT, "picture": {"type": "file_input", "files": [{**FILE, "id": "F2", "name": "b.png"}]}}
    meta = Meta("C1", file_id="F1", file_name="a.png", file_field="picture")
    await desk.send(payloads.submission("i1:imagine::0", values, write_meta(meta)))
    asked = desk.core.asked[0]
    assert isinstance(asked, Submission)
    assert asked.files["picture"].name == "b.png"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://evil.test/a.png", texts.FOREIGN_FILE),
        ("https://files.slack.com.evil.test/a", texts.FOREIGN_FILE),
        ("https://files.slack.com@evil.test/a", texts.FOREIGN_FILE),
        ("http://files.slack.com/a", texts.FOREIGN_FILE),
        ("", texts.NO_FILE),
    ],
)
async def test_the_token_goes_to_slack_alone(desk: Desk, url: str, sentence: str) -> None:
    desk.client.answers["files.info"] = {"ok": True, "file": {"url_private": url}}
    with pytest.raises(BadUrl, match=re.escape(sentence)):
        await desk.front.intake.files.attachment({"id": "F1"}, "T1").read()
    assert not desk.fetcher.fetched


async def test_a_file_that_slack_hides_is_said_in_words(desk: Desk) -> None:
    desk.client.answers["files.info"] = refusal("file_not_found")
    with pytest.raises(BadUrl, match=re.escape(texts.NO_FILE)):
        await desk.front.intake.files.attachment({"id": "F1"}, "T1").read()


async def test_a_saved_setting_replaces_the_private_card_it_came_from(desk: Desk) -> None:
    desk.core.answer = Update(Card(Tone.DONE, status="Saved."))
    meta = Meta("C1", response_url="https://hooks.slack.com/x", expires_at=desk.clock() + 60, replaceable=True)
    await desk.send(payloads.submission("i1:setting:style:0", {}, write_meta(meta)))
    ((url, body),) = desk.lines.responses
    assert (url, body["replace_original"]) == ("https://hooks.slack.com/x", True)


async def test_a_form_sent_twice_is_one_request_and_a_foreign_one_none(desk: Desk) -> None:
    body = payloads.submission("i1:imagine::0", PROMPT, write_meta(Meta("C1")))
    await desk.send(body)
    await desk.send(body)
    assert len(desk.core.asked) == 1
    assert (await desk.send(payloads.submission("somebody_elses", PROMPT))).status == 200
    assert len(desk.core.asked) == 1
