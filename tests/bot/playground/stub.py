"""A small core that plays whole jobs on the playground's Chat, step by step, without store, engine or provider."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field, replace

from PIL import Image

from bot.jobs.asks import Answer, Ask, Command, Imagine, OpenForm, Placeholder, Press, Private, Quiet, Submission, Update
from bot.jobs.chat_port import Chat
from bot.jobs.controls import Control, read_control
from bot.jobs.model import Action, Job, JobState, Picture, Request
from bot.jobs.place import MessageRef, Place, Platform
from bot.jobs.ports import Pictures
from bot.jobs.surface import Button, Card, Choice, Field, FieldKind, Form, Link, Menu, Shown, Style, Tone
from providers.base import Params, Size

RATIOS = ("1:1", "3:2", "16:9", "2:3")


@dataclass
class StubCore:
    """`pace`: seconds between two steps; None: `step` releases each one."""

    chat: Chat
    pictures: Pictures
    pace: float | None = 0.0
    asked: list[Imagine | Command | Press | Submission] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)
    guided: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._gate = asyncio.Semaphore(0)
        self._tasks: set[asyncio.Task[None]] = set()

    def step(self) -> None:
        """Let the running job take its next step."""
        self._gate.release()

    async def imagine(self, asked: Imagine) -> Answer:
        self.asked.append(asked)
        if not asked.text:
            return OpenForm(_form("imagine", "", "Imagine", ""))
        if "--ar 99" in asked.text:
            return Private(
                Card(Tone.FAILED, status="--ar 99 is no ratio: two whole numbers, for example 3:2.", private=True),
                refused=True,
            )
        return await self._accept(asked.ask, asked.text, Action.IMAGINE)

    async def command(self, asked: Command) -> Answer:
        self.asked.append(asked)
        if asked.name == "settings":
            return Private(_settings("1:1"))
        facts = (
            ("Pictures left today", "92 of 100"),
            ("Resets in", "14 h 20 min"),
            ("Running", "0 of 3"),
            ("Waiting", "0 of 10"),
        )
        return Private(Card(Tone.DONE, title=f"/{asked.name}", facts=facts, private=True))

    async def press(self, asked: Press) -> Answer:
        self.asked.append(asked)
        control = read_control(asked.control)
        job = self.jobs.get(control.job) if control else None
        if control and control.action == "setting":
            return Update(_settings(asked.value))
        if control is None or job is None:
            return Private(Card(Tone.FAILED, status="That button is not ours.", private=True), refused=True)
        return await self._pressed(asked.ask, control, job)

    async def _pressed(self, ask: Ask, control: Control, job: Job) -> Answer:
        match control.action:
            case "upscale":
                return await self._accept(ask, job.request.prompt, Action.UPSCALE, job, control.index)
            case "variation" | "reroll":
                return await self._accept(ask, job.request.prompt, Action(control.action), job, control.index)
            case "remix":
                return OpenForm(_form("remix", job.id, "Remix", job.request.prompt))
            case "delete":
                await self.chat.delete(job)
                return Quiet()
        return Private(
            Card(Tone.DONE, title="Details", facts=(("Seed", "7"), ("Provider", "Sketch"), ("Time", "3.1 s")), private=True)
        )

    async def submit(self, asked: Submission) -> Answer:
        self.asked.append(asked)
        prompt = asked.values.get("prompt", "")
        if "forbidden" in prompt:
            return Private(Card(Tone.FAILED, status="Those words are not allowed here.", private=True), refused=True)
        return await self._accept(asked.ask, prompt, Action.IMAGINE)

    async def placed(self, job_id: str, message: MessageRef) -> None:
        raise AssertionError("the playground lets the core post")

    async def unplaced(self, job_id: str) -> None:
        raise AssertionError("the playground lets the core post")

    async def joined(self, place: Place, adder: str) -> Card | None:
        assert place.community == "playground:playground"
        if adder in self.guided:
            return None
        self.guided.add(adder)
        return Card(Tone.DONE, "Set-up guide", lines=("Start with /imagine-admin.",), private=True)

    async def became_job(self, platform: Platform, key: str) -> bool:
        return False

    async def suggest(self, option: str, typed: str, place: Place) -> list[Choice]:
        assert place.community == "playground:playground"
        values = RATIOS if option == "ratio" else ("ink", "oil", "neon") if option == "style" else ("sketch",)
        return [Choice(value, value) for value in values if value.startswith(typed)]

    async def _accept(self, ask: Ask, prompt: str, action: Action, parent: Job | None = None, index: int = 0) -> Answer:
        request = Request(prompt, prompt.split(" --", maxsplit=1)[0], Params(), Size(768, 512))
        job_id = f"job{len(self.jobs) + 1}"
        job = Job(
            job_id, action, JobState.NEW, ask.actor, ask.place, request, 4, "sketch", 0.0, parent.id if parent else "", index
        )
        card = _card(job, Tone.WAITING, "Waiting: next in line", rows=((Button(f"i1:cancel:{job_id}:0", "Cancel"),),))
        ref = await self.chat.place(job, card)
        self.jobs[job_id] = replace(job, message=ref)
        task = asyncio.create_task(self._run(self.jobs[job_id]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return Placeholder(job_id, card)

    async def _run(self, job: Job) -> None:
        for percent in (0, 31, 62, 93):
            await self._wait()
            await self.chat.edit(job, _card(job, Tone.RUNNING, "Drawing with Sketch", percent=percent))
        await self._wait()
        await self.chat.edit(job, await self._done(job))

    async def _wait(self) -> None:
        if self.pace is None:
            await self._gate.acquire()
        else:
            await asyncio.sleep(self.pace)

    async def _done(self, job: Job) -> Card:
        single = job.action is Action.UPSCALE
        data, width, height = draw(job.id, tiles=1 if single else 2)
        key = f"pictures/{job.id}.png"
        await self.pictures.put(key, data, "image/png")
        picture = Picture(key, "image/png", width, height, len(data))
        shown = Shown(
            picture,
            f"{job.id}.png",
            f"Picture {job.parent_index} of: {job.request.text}" if single else f"Four drafts of: {job.request.text}",
        )
        links = (Link("Picture 2 of this grid", f"/#m-{job.parent_id}"),) if job.parent_id else ()
        rows = () if single else _rows(job.id)
        return replace(
            _card(job, Tone.DONE, "Drawn by Sketch offline, no AI, in 3.1 s", rows=rows), pictures=(shown,), links=links
        )


def draw(seed: str, tiles: int) -> tuple[bytes, int, int]:
    """A PNG of soft gradients."""
    width, height = 768, 512
    picture = Image.new("RGB", (width, height))
    for n in range(tiles * tiles):
        hue = (sum(map(ord, seed)) * 37 + n * 61) % 256
        band = Image.linear_gradient("L").resize((width // tiles, height // tiles))
        tile = Image.merge(
            "HSV", (Image.new("L", band.size, hue), band.point(lambda v: 220 - v // 2), band.point(lambda v: 90 + v // 2))
        )
        picture.paste(tile.convert("RGB"), ((n % tiles) * width // tiles, (n // tiles) * height // tiles))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue(), width, height


def _card(
    job: Job, tone: Tone, status: str, *, percent: int | None = None, rows: tuple[tuple[Button | Menu, ...], ...] = ()
) -> Card:
    return Card(tone, job.request.prompt, job.actor, status, percent, rows=rows)


def _rows(job_id: str) -> tuple[tuple[Button | Menu, ...], ...]:
    upscales = [Button(f"i1:upscale:{job_id}:{n}", f"U{n}", Style.PRIMARY) for n in range(1, 5)]
    variations = [Button(f"i1:variation:{job_id}:{n}", f"V{n}") for n in range(1, 5)]
    more = (
        Button(f"i1:remix:{job_id}:0", "Remix", hint="Edit the prompt first"),
        Button(f"i1:details:{job_id}:0", "Show details"),
        Button(f"i1:delete:{job_id}:0", "Delete", Style.DANGER),
    )
    return (
        (*upscales, Button(f"i1:reroll:{job_id}:0", "\N{CLOCKWISE OPEN CIRCLE ARROW}", hint="Re-roll")),
        tuple(variations),
        more,
    )


def _settings(ratio: str) -> Card:
    choices = tuple(Choice(value, value) for value in RATIOS)
    rows = (
        (
            Menu("i1:setting:ratio:0", "Ratio", choices, ratio),
            Menu("i1:setting:style:0", "Style", (Choice("ink", "Ink"), Choice("oil", "Oil"))),
        ),
    )
    return Card(Tone.DONE, title="Your settings", lines=(f"New pictures are {ratio}.",), rows=rows, private=True)


def _form(action: str, job_id: str, title: str, prompt: str) -> Form:
    fields = (
        Field("prompt", "Prompt", FieldKind.LONG_TEXT, prompt, "Parameters may follow, like --ar 3:2", required=True),
        Field("ratio", "Ratio", FieldKind.CHOICE, "", choices=tuple(Choice(value, value) for value in RATIOS)),
    )
    return Form(f"i1:{action}:{job_id}:0", title, fields, "Draw")
