"""Composable Keras objects for speech: from a waveform to text, and onto a phone."""

# `export` and `plots` need extras, so they are imported by name only:
# `from speechkit import export`.
from speechkit import (
    audio,
    callbacks,
    config,
    datasets,
    decoders,
    layers,
    losses,
    metrics,
    models,
    schedules,
    text,
)

__all__ = [
    "audio",
    "callbacks",
    "config",
    "datasets",
    "decoders",
    "layers",
    "losses",
    "metrics",
    "models",
    "schedules",
    "text",
]

__version__ = "0.1.0"
