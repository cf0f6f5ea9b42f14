"""Measurements, ours and the peers' in one run: `python -m benchmarks.<name>`."""
