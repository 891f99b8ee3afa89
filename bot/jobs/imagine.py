"""The use case `/imagine`: read the prompt, look at the picture it starts from, accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.jobs import forms
from bot.jobs.accepting import Wish, accept, say
from bot.jobs.asks import Answer, Attachment, Imagine, OpenForm, Placeholder
from bot.jobs.entry import knock
from bot.jobs.house import House
from bot.jobs.model import Action, Job, new_id
from bot.jobs.parameters import render
from bot.jobs.ports import UserSettings
from bot.jobs.prompt import Parsed, PromptError, parse
from bot.jobs.screening import screen_input
from bot.jobs.why import Why
from bot.policy.records import HouseStyle
from bot.texts import answers
from providers.base import Params
from providers.errors import BadPicture, BadUrl

IMAGE_BYTES = 25 * 1024 * 1024
"""The largest input picture."""


async def imagine(house: House, asked: Imagine, parent: Job | None = None, index: int = 0) -> Answer:
    """A Placeholder, a private refusal, or (nothing given) the Form. `parent`: the job that a remix starts from."""
    if not asked.text.strip() and asked.image is None and not asked.options.get("prompt"):
        return OpenForm(forms.imagine())
    settings = await house.settings.user_settings(asked.ask.actor.key)
    inherited = parent.request.image_key if parent else ""
    community = asked.ask.place.community
    own = await house.policy.styles(community) if community and _styled(asked, settings) else []
    try:
        has_image = asked.image is not None or bool(inherited)
        parsed = parse(asked.text, asked.options, settings, has_image=has_image, own=own)
        shown = _explicit(asked.text, parsed, own, has_image=has_image)
    except PromptError as error:
        return say(error.sentence, why=Why.PROMPT)
    action = Action.IMAGINE if parent is None else Action.VARIATION if index else Action.REROLL
    wish = Wish(asked.ask, action, shown, parsed.text, parsed.params, parent=parent, index=index, job_id=new_id(),
                remix=parent is not None, has_image=has_image or bool(parsed.images), count=asked.count)  # fmt: skip
    if inherited and parent:
        wish = replace(wish, image_key=inherited, image_mime=parent.request.image_mime)
    if asked.image is not None or parsed.images:
        refused = await knock(house, wish, await house.policy.community(community))
        if refused:
            return refused
    try:
        wish = await _with_image(house, wish, parsed, asked.image)
    except (BadPicture, BadUrl) as error:
        return say(answers.image(str(error)), why=Why.IMAGE)
    answer = await accept(house, wish, settings)
    if wish.image_key not in {"", inherited} and not isinstance(answer, Placeholder):
        await house.pictures.delete([wish.image_key])
    return answer


def _styled(asked: Imagine, settings: UserSettings) -> bool:
    """Whether a style is asked for at all."""
    return bool(settings.style or asked.options.get("style") or "style" in f"{asked.text} {settings.suffix}".lower())


def _explicit(text: str, parsed: Parsed, own: Sequence[HouseStyle], *, has_image: bool) -> str:
    """The prompt with what came from options and settings written out, so that everybody sees what was drawn."""
    typed = parse(text, {}, UserSettings(), has_image=True, own=own) if has_image or text.strip() else parsed
    names = (name for name in Params.__dataclass_fields__ if name != "images")
    added = {n: getattr(parsed.params, n) for n in names if getattr(parsed.params, n) != getattr(typed.params, n)}
    return " ".join(filter(None, (parsed.prompt, render(Params(**added)))))


async def _with_image(house: House, wish: Wish, parsed: Parsed, image: Attachment | None) -> Wish:
    """Fetch, check, screen and keep the one picture that the prompt starts from. Raises BadPicture, BadUrl."""
    given = len(parsed.images) + (image is not None)
    if given == 0:
        return wish
    if given > 1:
        raise BadPicture(answers.ONE_IMAGE)
    if image is not None and image.size > IMAGE_BYTES:
        raise BadPicture(answers.image_too_large(image.name, IMAGE_BYTES))
    data = await (image.read() if image is not None else house.fetcher.fetch(parsed.images[0], limit=IMAGE_BYTES))
    checked = await house.imaging.check(data)
    await screen_input(house, wish.ask, checked)
    key = f"inputs/{wish.job_id}"
    await house.pictures.put(key, data, checked.mime)
    return replace(wish, image_key=key, image_mime=checked.mime)
