"""`/imagine`: from the command to the grid."""

from __future__ import annotations

from bot.discord.respond import ANSWER_SECONDS
from bot.jobs.model import JobState
from providers.base import Stage, Status
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.discord import routes
from tests.scenarios.discord.conftest import Studio
from tests.scenarios.discord.easel import SIDE
from tests.scenarios.discord.server import DIRECT, Server, alts, bodies, labels, opened


async def test_from_the_command_to_the_grid(studio: Studio) -> None:
    server, easel = studio.server, studio.easel
    asked = await server.imagine("a red fox --ar 3:2")
    shown = await asked.response()
    assert "a red fox" in shown.text
    assert server.ann.mention in shown.text
    await server.until(lambda: "25 %" in shown.text)
    easel.fraction = 0.75
    await server.until(lambda: "75 %" in shown.text)
    assert labels(shown) == [["Cancel"]]
    easel.finish()
    await server.finished(shown)
    assert labels(shown) == [["U1", "U2", "U3", "U4", "↻"], ["V1", "V2", "V3", "V4", "✎"], ["Show details", "Delete"]]
    assert "%" not in shown.text
    assert "the fake" in shown.text
    assert alts(shown) == ["Grid of 4 pictures: a red fox"]
    assert shown.images[0].filename.endswith(".jpg")
    assert await server.used() == 4
    assert len(easel.paid) == 1


async def test_the_grid_holds_the_four_pictures_in_order(studio: Studio) -> None:
    studio.easel.finish()
    image = opened(await studio.server.drawn())
    assert min(image.size) >= 2 * SIDE
    across, down = image.size
    spots = [(x * across // 4, y * down // 4) for y in (1, 3) for x in (1, 3)]
    seen = [image.convert("RGB").getpixel(spot) for spot in spots]
    wanted = [(254, 0, 0), (0, 128, 1), (0, 0, 254), (255, 255, 0)]
    assert all(abs(a - b) < 12 for got, want in zip(seen, wanted, strict=True) for a, b in zip(got, want, strict=True))  # type: ignore[arg-type]


async def test_the_built_in_provider_draws_a_grid(server: Server) -> None:
    shown = await server.drawn("a lighthouse at dusk --ar 3:2 --seed 7")
    image = opened(shown)
    assert abs(image.width / image.height - 1.5) < 0.05
    tiles = [
        image.crop((x * image.width // 2, y * image.height // 2, (x + 1) * image.width // 2, (y + 1) * image.height // 2))
        for y in (0, 1)
        for x in (0, 1)
    ]
    assert len({tile.tobytes() for tile in tiles}) == 4
    assert "sketch (drawn offline, no AI)" in shown.text


async def test_the_picture_stays_under_the_limit_that_the_interaction_states(server: Server) -> None:
    server.guild.limit = server.ann.limit = 60_000
    shown = await server.drawn()
    assert len(shown.images[0].data) <= 60_000
    assert opened(shown).width > 100
    assert 413 not in {call.status for call in server.fake.calls}


async def test_unhurried_commands_are_answered_with_the_placeholder_itself(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    for number in range(3):
        asked = await server.imagine(f"fox {number}")
        assert asked.ack is not None
        assert asked.ack.type == DIRECT or asked.ack.seconds > ANSWER_SECONDS, "it may defer where this machine is slow"
        await server.finished(await asked.response())
    assert bodies(server.fake, routes.FOLLOW_UP) == []


async def test_options_of_the_command_are_written_out_and_typed_ones_win(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    shown = await server.placed("a fox --seed 9", ratio="3:2", seed=7)
    assert "--ar 3:2" in shown.text
    assert "--seed 9" in shown.text
    assert "--seed 7" not in shown.text
    job = (await server.job(await server.finished(shown))).request
    assert (job.params.seed, job.params.ratio) == (9, "3:2")


async def test_what_the_provider_cannot_honour_is_named_once(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    shown = await server.drawn("a fox --weird 5 --tile")
    assert shown.text.count("Ignored") == 1
    assert "\\-" not in shown.text
    assert "--tile" in shown.text.partition("Ignored")[2]


async def test_autocomplete_of_provider_ratio_and_style(server: Server) -> None:
    offered = {
        option: await server.fake.autocomplete(server.ann, server.art, "imagine", option, typed).suggestions()
        for option, typed in (("provider", "ske"), ("ratio", "3"), ("style", ""))
    }
    assert [entry["value"] for entry in offered["provider"]] == ["sketch"]
    assert "3:2" in [entry["value"] for entry in offered["ratio"]]
    assert 1 <= len(offered["style"]) <= 25
    chosen = offered["style"][0]["value"]
    assert f"--style {chosen}" in (await server.drawn("a fox", style=chosen)).text


async def test_the_same_seed_draws_the_same_picture(server: Server) -> None:
    first, second = await server.drawn("a fox", seed=5), await server.drawn("a fox", seed=5)
    assert first.images[0].data == second.images[0].data


async def test_a_provider_that_refuses_is_said_publicly_and_its_reason_privately(studio: Studio) -> None:
    server, easel = studio.server, studio.easel
    error = ProviderError(Family.MODERATED, "contains a forbidden fox", accepted=Accepted.UNKNOWN)
    asked = await server.imagine()
    shown = await asked.response()
    easel.fail(Status(Stage.FAILED, error=error))
    await server.ends(shown, JobState.REFUSED)
    assert "rules refused" in shown.text
    assert "forbidden fox" not in shown.text
    whispered = await asked.followup()
    assert whispered.ephemeral
    assert "forbidden fox" in whispered.text
    assert labels(shown) == [["Try again", "Show details"]]
    assert await server.used() == 0


async def test_try_again_after_a_failure(studio: Studio) -> None:
    server, easel = studio.server, studio.easel
    shown = await server.placed()
    easel.fail(Status(Stage.FAILED))
    await server.ends(shown, JobState.FAILED)
    easel.error = None
    easel.finish()
    again = await server.child(shown, "Try again")
    assert again.id != shown.id
    assert await server.used() == 4
