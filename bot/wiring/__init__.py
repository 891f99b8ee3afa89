"""The only place that knows concrete classes: it builds them from the settings, starts them in order and stops them."""

from bot.wiring.bot import Bot
from bot.wiring.fronts import FrontEnd
from bot.wiring.stores import loopback, open_database, open_pictures

__all__ = ["Bot", "FrontEnd", "loopback", "open_database", "open_pictures"]
