"""Composable Keras objects for speech: from a waveform to text, and onto a phone."""

import importlib
import typing

import speechkit_command

# `python -m speechkit` comes here before its `__main__`, and TensorFlow comes next.
if speechkit_command.runs_as_module(__name__):
    speechkit_command.start_quietly(__name__)

# These register their classes with Keras, so that it can load what it saved.
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

if typing.TYPE_CHECKING:
    from speechkit import export, plots

__all__ = [
    "audio",
    "callbacks",
    "config",
    "datasets",
    "decoders",
    "export",
    "layers",
    "losses",
    "metrics",
    "models",
    "plots",
    "schedules",
    "text",
]

__version__ = "0.1.0"

# These are imported when they are first asked for: not everybody exports or plots.
_LATER = ("export", "plots")


def __getattr__(name: str) -> object:
    if name in _LATER:
        return importlib.import_module(f"speechkit.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
