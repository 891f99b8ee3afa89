"""What moderators do, over the loopback Slack and a core that is a stub: commands, shortcuts, review cards, forms, files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.jobs.asks import Answer, Command, OpenForm, Press, Private, Submission, Update
from bot.jobs.place import Place, Platform
from bot.jobs.surface import Button, Card, Choice, Download, Field, FieldKind, Form, Tone
from bot.slack.front import SlackFront
from bot.texts import slack as texts
from tests.bot.slack.drawing import made_front
from tests.bot.slack.jobs import DONE, GRID
from tests.bot.slack.stub import StubCore, StubPictures
from tests.fakes.slack import FakeSlack, ManualClock
from tests.fakes.slack.model import TEAM
from tests.fakes.slack_helpers import PNG

JOB = "0123456789abcdef0123"
APPROVE, REJECT = Button(f"i1:review:{JOB}:1", "Approve"), Button(f"i1:review:{JOB}:2", "Reject")
REVIEW = Card(Tone.WAITING, title="a fox", status="Waits for you", pictures=(GRID,), rows=((APPROVE, REJECT),))
REASON = Form(REJECT.control, "Reject", (Field("reason", "Reason", required=True),))
PLACES = Form(
    "i1:admin:places:0",
    "Places",
    (
        Field("channels", "Channels", FieldKind.CHANNEL, most=10),
        Field("people", "People", FieldKind.USER, most=3),
        Field("groups", "Groups", FieldKind.ROLE, most=5),
        Field("level", "Levels", FieldKind.CHOICE, "b", choices=(Choice("a", "A"), Choice("b", "B")), most=2),
    ),
)


class Desk(StubCore):
    """Answers each control and command with what is laid out for it."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, Answer] = {}

    async def press(self, asked: Press) -> Answer:
        self.asked.append(asked)
        return self.answers[asked.control]

    async def submit(self, asked: Submission) -> Answer:
        self.asked.append(asked)
        return self.answers[f"{asked.control} sent"]

    async def command(self, asked: Command) -> Answer:
        self.asked.append(asked)
        return self.answers[f"{asked.name} {asked.sub}".strip()]


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(ManualClock()) as slack:
        yield slack
        assert not slack.violations


@pytest.fixture
async def front(fake: FakeSlack) -> AsyncIterator[SlackFront]:
    made = made_front(fake)
    pictures = made.make.pictures
    assert isinstance(pictures, StubPictures)
    pictures.held["data"] = b"{}"
    yield made
    await made.stop()


@pytest.fixture
async def core(fake: FakeSlack, front: SlackFront) -> Desk:
    desk = Desk()
    await front.start(desk)
    await fake.connected()
    return desk


async def test_a_command_names_a_person_and_the_asker_has_groups(fake: FakeSlack, core: Desk) -> None:
    chief, bob, art = fake.user("chief", admin=True), fake.user("bob"), fake.channel("art")
    group = fake.group([chief], "painters")
    fake.group([bob], "others")
    core.answers["imagine-admin user"] = Private(Card(Tone.DONE, status="Bob", private=True))
    await (await fake.command(chief, art, "admin user @bob")).acked()
    await fake.until(lambda: fake.ephemerals)
    (asked,) = core.asked
    assert isinstance(asked, Command)
    assert asked.options == {"user": bob.id}
    assert (asked.ask.actor.admin, asked.ask.actor.roles, asked.ask.place.adult) == (True, (group,), False)


async def test_without_the_optional_scope_all_else_works(fake: FakeSlack, core: Desk) -> None:
    ann, art = fake.user("ann"), fake.channel("art")
    fake.group([ann])
    fake.scopes.discard("usergroups:read")
    core.answers["style list"] = Private(Card(Tone.DONE, status="Styles", private=True))
    await (await fake.command(ann, art, "style")).acked()
    await fake.until(lambda: fake.ephemerals)
    assert core.asked[0].ask.actor.roles == ()


async def test_a_picture_is_reported_by_the_shortcut(fake: FakeSlack, front: SlackFront, core: Desk) -> None:
    ann, art = fake.user("ann"), fake.channel("art")
    core.answers[f"i1:report:{JOB}:0"] = OpenForm(REASON)
    await front.chat.post(Place(Platform.SLACK, art.id, TEAM), REVIEW, "k")
    await (await fake.shortcut(ann, fake.messages(art)[0], "report_picture")).acked()
    assert (await fake.until(lambda: fake.opened_views))[0].user == ann.id
    await (await fake.shortcut(ann, fake.say(ann, art, "a hen"), "moderate_picture")).acked()
    await fake.until(lambda: fake.ephemerals)
    assert len(core.asked) == 1


async def test_a_review_card_is_decided_where_it_stands(fake: FakeSlack, front: SlackFront, core: Desk) -> None:
    bob, mods = fake.user("bob", admin=True), fake.channel("mods", member=False)
    fake.scopes.discard("chat:write.public")
    place = Place(Platform.SLACK, mods.id, TEAM)
    ref = await front.chat.post(place, REVIEW, "review")
    card = fake.messages(mods)[0]
    assert (mods.member, len(card.pictures), card.action_ids) == (True, 1, [APPROVE.control, REJECT.control])
    core.answers[APPROVE.control] = Update(Card(Tone.DONE, title="a fox", status="Approved by Bob", pictures=(GRID,)))
    await (await fake.press(bob, card, APPROVE.control)).acked()
    await fake.until(lambda: card.edits)
    assert ("Approved by Bob" in card.text, len(card.pictures), card.action_ids) == (True, 1, [])
    await front.chat.revise(place, ref, REVIEW)
    core.answers |= {
        REJECT.control: OpenForm(REASON),
        f"{REJECT.control} sent": Update(Card(Tone.DONE, status="Rejected")),
    }
    await (await fake.press(bob, card, REJECT.control)).acked()
    view = (await fake.until(lambda: fake.opened_views))[0]
    await (await fake.submit(bob, view, {"f:reason": "no"})).acked()
    await fake.until(lambda: "Rejected" in card.text)
    assert (len(fake.messages(mods)), fake.ephemerals) == (1, [])


async def test_a_form_takes_several_channels_people_and_groups(fake: FakeSlack, core: Desk) -> None:
    chief, art, hall = fake.user("chief", admin=True), fake.channel("art"), fake.channel("hall")
    groups = [fake.group([chief], "painters"), fake.group([], "board")]
    core.answers |= {
        "imagine-admin settings": OpenForm(PLACES),
        f"{PLACES.control} sent": Private(Card(Tone.DONE, status="Saved", private=True)),
    }
    await (await fake.command(chief, art, "admin")).acked()
    view = (await fake.until(lambda: fake.opened_views))[0]
    chosen = {"f:channels": [art.id, hall.id], "f:people": [chief.id], "f:groups": [f"={group}" for group in groups]}
    with pytest.raises(ValueError, match="at most 3"):
        await fake.submit(chief, view, {"f:people": [chief.id] * 4})
    await (await fake.submit(chief, view, chosen)).acked()
    await fake.until(lambda: fake.ephemerals)
    asked = core.asked[-1]
    assert isinstance(asked, Submission)
    wanted = {"channels": f"{art.id},{hall.id}", "people": chief.id, "groups": ",".join(groups), "level": "b"}
    assert asked.values == wanted


async def test_a_private_page_has_its_chart_and_its_file(fake: FakeSlack, core: Desk) -> None:
    chief, art = fake.user("chief", admin=True), fake.channel("art")
    file = Download("data", "you.json", "application/json")
    core.answers["imagine-admin usage"] = Private(
        Card(Tone.DONE, status="Use", pictures=(GRID,), files=(file,), private=True)
    )
    await (await fake.command(chief, art, "admin usage")).acked()
    await fake.until(lambda: fake.ephemerals)
    assert fake.ephemerals[0].pictures == [PNG]
    (sent,) = fake.messages(fake.dm(chief))
    assert [(shared.name, shared.content) for shared in sent.files] == [("you.json", b"{}")]
    assert not fake.messages(art)


async def test_a_sensitive_picture_waits_in_the_thread_and_goes_with_it(
    fake: FakeSlack, front: SlackFront, core: Desk
) -> None:
    art = fake.channel("art")
    place = Place(Platform.SLACK, art.id, TEAM)
    ref = await front.chat.post(place, DONE, "k")
    assert len(fake.messages(art)) == 1
    ref = await front.chat.revise(place, ref, replace(DONE, pictures=(replace(GRID, spoiler=True),)))
    head, reply = fake.messages(art)
    assert (head.pictures, reply.pictures, reply.thread_ts) == ([], [PNG], head.ts)
    await front.chat.revise(place, ref, Card(Tone.FAILED, title="a fox", status="Hidden"))
    assert [message.ts for message in fake.messages(art)] == [head.ts]
    assert len(fake.files) == 1


@pytest.mark.parametrize("direct", [False, True])
async def test_a_chart_that_slack_does_not_show_comes_as_a_file(fake: FakeSlack, core: Desk, *, direct: bool) -> None:
    """The scan of an upload never ends: no block may hold it, also where the way is a response_url of five uses."""
    fake.processing = 1e9
    chief, art = fake.user("chief", admin=True), fake.channel("art")
    core.answers["imagine-admin usage"] = Private(Card(Tone.DONE, status="Use", pictures=(GRID,), private=True))
    dm = fake.dm(chief)
    await (await fake.command(chief, dm if direct else art, "admin usage")).acked()
    await fake.until(lambda: [one for one in [*fake.messages(dm), *fake.ephemerals] if texts.PICTURE_BESIDE in one.text])
    assert [[file.content for file in one.files] for one in fake.messages(dm) if one.files] == [[PNG]]
    assert not fake.messages(art)
