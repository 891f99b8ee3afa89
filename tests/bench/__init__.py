"""Figures beside their floors: `python -m tests.bench` measures all of them and writes docs/benchmarks.md."""
