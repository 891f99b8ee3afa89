"""Rules for prompts, and a community's styles: moderators make them, members meet them."""

from __future__ import annotations

from bot.policy.records import What
from tests.fakes.provider import picture
from tests.scenarios.slack.community import MODAL, staffed
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import WITHIN, words


async def test_rules_meet_every_way_to_a_picture(opens: Open) -> None:
    desk = await staffed(opens)
    slack, fake = desk.slack, desk.slack.fake
    grid = await slack.drawn("a purple dragon")
    page = await desk.page("admin")
    await desk.turn(page, "i1:admin:rules:0")
    assert "There are no rules yet" in words(page)
    await desk.filled(page, "i1:admin:rule_add:0", kind="word", patterns="dragon", reason="No dragons in this house")
    assert "1 added." in words(page)
    await desk.filled(page, "i1:admin:rule_add:0", kind="regex", patterns=r"gr[ea]y\s+fox")
    assert "2 rules, page 1 of 1" in words(page)
    assert all(part in words(page) for part in ("word dragon", "No dragons in this house", r"regex gr[ea]y\s+fox"))
    view = await desk.form(page, "i1:admin:rule_add:0")
    await desk.send(view, kind="regex", patterns="(unclosed")
    assert "can't be read" in words(await slack.said(slack.chief))

    for text in ("a DRÁGON", "a d r a g o n", "a drаgon", "a dra\u200bgon"):
        await desk.refused(text, "No dragons in this house")
    await desk.refused("the grey   fox", "has something in it that is not allowed here")
    used, paid = await slack.used(), len(fake.messages(slack.art))
    for action, index in (("reroll", 0), ("variation", 2), ("upscale", 1)):
        await slack.press(grid, action, index)
        assert "No dragons in this house" in words(await slack.said()), action
    await slack.press(grid, "remix")
    (view,) = await fake.until(desk.open, MODAL)
    await desk.send(view, slack.ann, prompt="a green dragon")
    assert "No dragons in this house" in words(await slack.said())
    await fake.mention(slack.ann, slack.art, "imagine a dragon")
    assert "No dragons in this house" in words(await slack.said())
    assert (await slack.used(), len(fake.messages(slack.art))) == (used, paid + 1), "the mention itself, and no picture"
    assert await desk.count(What.REFUSED) == 10
    await desk.stands(desk.log, "refused", "ann (", "rules: word dragon (a green dragon)")

    await desk.press(page, "i1:admin:rule_export:0")
    assert "rules.txt: sent to you as a direct message" in words(await slack.said(slack.chief))
    (file,) = [one for one in fake.files.values() if one.name == "rules.txt"]
    assert b"word dragon # No dragons in this house" in file.content
    mine = fake.file(slack.chief, "more.txt", file.content + b"phrase big hats # No hats\n")
    await desk.filled(page, "i1:admin:rule_import:0", file=[mine])
    assert "1 added. 2 stood here already." in words(page)
    await desk.refused("two big hats", "No hats")
    rule = next(one for one in await slack.bot.house.policy.rules("slack:T00000001") if one.pattern == "dragon")
    await desk.turn(page, "i1:admin:rule_remove:0", str(rule.id))
    assert "Rule removed: word dragon" in words(page)
    await slack.child(grid, "reroll")


async def test_a_style_of_the_house(opens: Open) -> None:
    desk = await staffed(opens, channels=False)
    slack, fake = desk.slack, desk.slack.fake
    await desk.set("place", moderators=[desk.mods])
    assert "Only moderators may add" in words(await desk.page("style add postcard", slack.ann))
    await slack.asks("style add postcard", desk.mia)
    (view,) = await fake.until(desk.open, MODAL)
    preview = fake.file(desk.mia, "card.jpg", picture("yellow", 200))
    made = {"suffix": "faded colours, worn paper", "parameters": "--ar 3:2", "preview": [preview]}
    await desk.send(view, desk.mia, **made)
    page = await slack.said(desk.mia)
    assert "The style “postcard” is added" in words(page)
    assert page.pictures == [preview.content], "the preview stands in the private page"
    listed = await desk.page("style", slack.ann)
    assert "postcard (of this community):  faded colours" in words(listed)
    await desk.turn(listed, "i1:style:show:0", "postcard", slack.ann)
    assert "worn paper" in words(listed)
    assert not any("remove" in one for one in listed.action_ids), "a member may look, not change"
    job = await slack.job(await slack.drawn("a quiet harbour --style postcard"))
    assert job.request.text == "a quiet harbour, faded colours, worn paper"
    assert job.request.params.ratio == "3:2"

    await desk.turn(page, "i1:style:remove_postcard:0", user=desk.mia)
    assert "Remove the style “postcard”?" in words(page)
    await desk.turn(page, "i1:style:gone_postcard:0", user=desk.mia)
    assert "is removed" in words(page)
    assert not page.action_ids, "the question does not stay"
    assert "There is no style “postcard” here" in words(await desk.page("style show postcard", slack.ann))
    assert "--style can't be “postcard”" in words(await desk.page("a quiet harbour --style postcard", slack.ann))
    texts = [entry.text for entry in await desk.entries(What.STYLE)]
    assert [text.split(":")[0] for text in texts] == ["style postcard removed", "style postcard added"]
    await fake.until(lambda: len(fake.messages(slack.art)) == 1, WITHIN)
