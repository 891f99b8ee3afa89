"""The ten-line discord.py bot: `/imagine` is deferred at once, and nothing else is done."""

import os

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["DISCORD_API_URL"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])


class Client(discord.Client):
    async def setup_hook(self) -> None:
        await tree.sync()


client = Client(intents=discord.Intents.none())
tree = app_commands.CommandTree(client)


@tree.command(description="Draw four pictures from a prompt")
async def imagine(interaction: discord.Interaction[Client], prompt: str) -> None:
    await interaction.response.defer()


if __name__ == "__main__":
    client.run(os.environ["DISCORD_TOKEN"], log_handler=None)
