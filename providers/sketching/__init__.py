"""How the built-in provider draws: landscapes out of noise, seeded by prompt and seed. No network, no AI."""
