"""Rules that see through disguises on every way to a picture, and a server's own styles."""

from __future__ import annotations

from pathlib import Path

from bot.policy.records import What
from bot.texts import admin
from bot.texts import styles as texts
from tests.fakes.discord import Message
from tests.fakes.provider import picture
from tests.scenarios.discord.easel import Easel
from tests.scenarios.discord.guild_desk import Desk, open_desk
from tests.scenarios.discord.server import private


async def test_rules(tmp_path: Path) -> None:
    easel = Easel()
    easel.finish()
    async with open_desk(tmp_path, easel) as desk:
        await desk.set()
        shown = await desk.server.drawn("a red fox")
        page = await added(desk)
        await kept_to(desk, easel, shown)
        await carried_over(desk, page)


async def added(desk: Desk) -> Message:
    """A word and a regular expression by the form; what the engine cannot read is said."""
    page = await desk.admin("settings")
    await desk.press(desk.ada, page, admin.RULES)
    await desk.turned(page, lambda text: admin.RULES_EMPTY in text)
    for kind, pattern, reason in (("word", "fox", "Foxes are asleep"), ("regex", "blood(y|ied)?", "")):
        form = await desk.press(desk.ada, page, admin.RULE_ADD)
        await desk.fill(desk.ada, form, kind=kind, patterns=pattern, reason=reason)
        await desk.turned(page, lambda text, pattern=pattern: pattern.split("(")[0] in text)  # type: ignore[misc]
    form = await desk.press(desk.ada, page, admin.RULE_ADD)
    told = await private(await desk.fill(desk.ada, form, kind="regex", patterns="(a)\\1", reason=""))
    assert "can't be read" in told.text
    return page


async def kept_to(desk: Desk, easel: Easel, shown: Message) -> None:
    """By the command, by a dialog, by a button; refused privately, for nothing, with the rule's reason."""
    server = desk.server
    public = len(desk.fake.messages_in(server.art))
    for prompt in ("a FOX", "a f o x", "a f\u200bo\u200bx", "a \uff46\u00f6\u0445"):
        await desk.refused(await server.imagine(prompt), "Foxes are asleep")
    await desk.refused(await server.imagine("a bloodied knight"), "not allowed here")
    await desk.refused(await server.press(shown, "↻"), "Foxes are asleep")
    await desk.refused(await server.press(shown, "V2"), "Foxes are asleep")
    dialog = await server.press(shown, "✎")
    await desk.refused(await desk.fill(server.ann, dialog, prompt="another F.O.X"), "Foxes are asleep")
    assert len(easel.paid) == 1
    assert await server.used() == 4
    assert len(desk.fake.messages_in(server.art)) == public
    assert len(await desk.entries(What.REFUSED)) == 8
    await server.drawn("an outfoxed hound")


async def carried_over(desk: Desk, page: Message) -> None:
    """Export as a file; a rule removed in the menu; the file imported again."""
    ada = desk.ada
    told = await private(await desk.press(ada, page, admin.RULE_EXPORT))
    [file] = told.attachments
    assert file.filename == "rules.txt"
    assert file.data.decode().splitlines() == ["word fox # Foxes are asleep", "regex blood(y|ied)?"]
    menu = page.menus[0]
    await desk.press(ada, page, "", menu["options"][0]["value"], control=menu["custom_id"])
    await desk.turned(page, lambda text: "Rule removed: word fox" in text)
    await desk.server.drawn("a fox at last")
    form = await desk.press(ada, page, admin.RULE_IMPORT)
    await desk.fill(ada, form, file=desk.fake.attachment(file.data, "rules.txt"))
    await desk.turned(page, lambda text: "1 added. 1 stood here already." in text)
    await desk.refused(await desk.server.imagine("a fox again"), "Foxes are asleep")


async def test_styles(tmp_path: Path) -> None:
    easel = Easel()
    easel.finish()
    async with open_desk(tmp_path, easel) as desk:
        server, fake, mo = desk.server, desk.fake, desk.mo
        preview = fake.attachment(picture("green"), "moss.jpg")
        more = {"suffix": "covered in moss", "parameters": "--ar 3:2", "preview": preview}
        refused = fake.slash(server.ann, server.art, "style add", name="mossy", suffix="moss")
        assert texts.MODERATORS_ONLY in (await private(refused)).text
        saved = await private(fake.slash(mo, server.art, "style add", name="mossy", **more))
        assert "The style “mossy” is added" in saved.text
        assert saved.images
        offered = await fake.autocomplete(server.ann, server.art, "imagine", "style", "mos", prompt="a hut").suggestions()
        assert "mossy" in [one["value"] for one in offered]
        await server.drawn("a hut", style="mossy")
        await server.drawn("a well --style mossy")
        for request in easel.paid.values():
            assert "covered in moss" in request.prompt
            assert request.size.width > request.size.height
        listed = await private(fake.slash(server.ann, server.art, "style list"))
        assert "covered in moss" in listed.text
        shown = await private(fake.slash(server.ann, server.art, "style show", name="mossy"))
        assert shown.images
        assert not shown.has_button(texts.REMOVE)
        forged = await server.forged(shown, "i1:style:gone_mossy:0", server.ann)
        assert texts.MODERATORS_ONLY in (await private(forged)).text
        await desk.press(mo, saved, texts.REMOVE)
        await desk.turned(saved, lambda text: "Remove the style" in text)
        await desk.press(mo, saved, texts.SURE)
        await desk.turned(saved, lambda text: "is removed" in text)
        unknown = await private(await server.imagine("a barn --style mossy"))
        assert "mossy" in unknown.text
        assert len(await desk.entries(What.STYLE)) == 2
