"""Waveforms to feature frames."""
