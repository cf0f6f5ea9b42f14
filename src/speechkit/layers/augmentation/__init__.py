"""Random changes of waveforms and features, made in training only."""
