"""Rules for prompts and the house's styles: moderators make them, members meet them at every door."""

from __future__ import annotations

from pathlib import Path

from bot.policy.records import What
from bot.texts import gate
from bot.texts import styles as styles_texts
from tests.fakes.provider import picture
from tests.scenarios.playground.people import Message, Town, labels, town, words

REASON = "No dragons in this house."


async def test_rules_are_met_by_commands_buttons_and_forms(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.robin.sets("review", log_channel="moderators")
        result = await here.kim.draws("/imagine a dragon")
        page = await rules_added(here)
        for text in ("a DRÁGON", "a d.r.a.g.o.n", "a dra\u200bgon", "a dr\u0430gon"):
            await here.kim.refused(await here.kim.says(f"/imagine {text}"), REASON, gate.REWRITE)
        await here.kim.refused(await here.kim.says("/imagine 555-12345"), gate.GENERAL)
        await here.kim.refused(await here.kim.press(result, "↻"), REASON)
        await here.kim.refused(await here.kim.press(result, "V2"), REASON)
        opened = await here.kim.press(result, "✎")
        await here.kim.refused(await here.kim.fills(result, opened, prompt="two dragon friends"), REASON)
        assert (await here.kim.used(), len(await here.sasha.reads())) == (4, 1)
        assert len(await here.entries(What.REFUSED)) == 8
        await here.robin.sees("refused", "Kim (", "word dragon", channel="moderators")
        page = await removed(here, page)
        await here.kim.draws("/imagine a dragon again")


async def rules_added(here: Town) -> Message:
    robin = here.robin
    page = await robin.turns(await robin.asks("/admin settings"), "Rules")
    opened = await robin.press(page, "Add")
    page = (await robin.fills(page, opened, kind="word", patterns="dragon", reason=REASON))["message"]
    assert f"word dragon: {REASON}" in words(page)
    opened = await robin.press(page, "Add")
    page = dict((await robin.fills(page, opened, kind="regex", patterns=r"\d{3}-\d{5}"))["message"])
    assert "2 rules" in words(page)
    bad = await robin.fills(page, await robin.press(page, "Add"), kind="regex", patterns="(open")
    await robin.refused(bad, "can't be read")
    file = (await robin.press(page, "Export"))["message"]
    data = await robin.picture(file)
    assert data.headers["content-disposition"].startswith("attachment")
    assert f"word dragon # {REASON}" in data.text
    assert (await here.max.picture(file)).status_code == 404, "an export is its asker's alone"
    return page


async def removed(here: Town, page: Message) -> Message:
    rules = await here.bot.house.policy.rules("playground:playground")
    page = await here.robin.turns(page, "Remove a rule", str(rules[0].id))
    assert "Rule removed: word dragon" in words(page)
    return page


async def test_a_style_of_the_house(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        robin, kim = here.robin, here.kim
        await kim.refused(await kim.says("/style add postcard", suffix="faded"), styles_texts.MODERATORS_ONLY)
        added = await robin.says("/style add postcard", image=picture(), suffix="faded colours", parameters="--ar 3:2")
        assert "The style “postcard” is added. Use it with --style postcard." in words(added["message"])
        assert (await robin.picture(added["message"])).status_code == 200
        offered = (await here.client.get("/api/suggest", params={"option": "style", "typed": "post"})).json()
        assert [one["value"] for one in offered] == ["postcard"]
        result = await kim.draws("/imagine a pier --style postcard")
        (job,) = await here.bot.store.jobs([], 5)
        assert "faded colours" in job.request.text
        assert job.request.params.ratio == "3:2" or job.request.size.width > job.request.size.height
        listed = await kim.asks("/style list")
        assert "postcard (of this community): faded colours --ar 3:2" in words(listed)
        shown = await kim.asks("/style show postcard")
        assert "Behind the prompt: faded colours" in words(shown)
        assert labels(shown) == ["All styles"]
        page = await robin.asks("/style show postcard")
        sure = await robin.turns(page, "Remove")
        gone = await robin.press(sure, "Remove it")
        assert "The style “postcard” is removed" in words(gone["message"])
        await kim.refused(await kim.says("/imagine a pier --style postcard"), "postcard")
        await kim.control(result, next(i["control"] for r in result["card"]["rows"] for i in r if i["label"] == "↻"))
        assert len(await here.entries(What.STYLE)) == 2
