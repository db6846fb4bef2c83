"""Benchmarks: `python -m bench` measures everything in one run and prints the ratios."""
