"""Features that are switched off here."""

from __future__ import annotations

from bot.policy.case import Case, No, Opinion, Tools
from bot.policy.community import Feature
from bot.texts import gate as texts


async def check(tools: Tools, case: Case) -> Opinion:
    """The first feature, in their order, that is switched off; before a picture is fetched for nothing."""
    del tools
    if case.has_image and not case.community.input_images:
        return No("feature", texts.INPUT_IMAGES, detail="input image")
    off = [feature for feature in Feature if feature in case.features and feature in case.community.off]
    return No("feature", texts.feature_off(off[0]), detail=off[0].value) if off else None
