"""What tests share: cores, bots, rows, browsers."""
