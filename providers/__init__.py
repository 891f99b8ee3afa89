"""Image providers behind one port. Nothing here imports the bot."""
