"""A fake image vendor on loopback: refuses what a real one would, counts what it was paid for, fails as it is told."""
