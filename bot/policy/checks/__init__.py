"""The checks of the gate, one a file; `bot.policy.gate` holds their order."""
