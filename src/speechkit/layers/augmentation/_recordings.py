"""Recordings that augmentation adds to clips, or convolves them with."""

import os
import reprlib
from collections.abc import Sequence

import numpy as np

from speechkit import audio


def check_recordings(name, recordings):
    """Returns paths and arrays as plain strings and lists, for a configuration."""
    if isinstance(recordings, str | os.PathLike | np.ndarray) or not isinstance(
        recordings, Sequence
    ):
        raise ValueError(
            f"`{name}` must be a list of paths and arrays. "
            f"Received: {name}={recordings!r}"
        )
    if not recordings:
        raise ValueError(f"`{name}` must not be empty. Received: {name}={recordings!r}")
    return [_plain(name, recording) for recording in recordings]


def _plain(name, recording):
    if isinstance(recording, str | os.PathLike):
        return os.fspath(recording)
    try:
        samples = np.asarray(recording, dtype="float32")
    except (TypeError, ValueError):
        samples = np.array(np.nan)
    if samples.ndim != 1 or not np.isfinite(samples).all():
        raise ValueError(
            f"`{name}` must be a list of paths and arrays (samples,) of finite "
            f"numbers. Received: {reprlib.repr(recording)} in it"
        )
    return samples.tolist()


def read_recordings(recordings, sampling_rate: int) -> list[np.ndarray]:
    """Returns the samples of each recording, float32.

    Raises:
        ValueError: If a file cannot be read.
    """
    return [_samples(recording, sampling_rate) for recording in recordings]


def _samples(recording, sampling_rate):
    if not isinstance(recording, str):
        return np.array(recording, dtype="float32")
    try:
        return audio.read(recording, sampling_rate)
    except audio.AudioError as error:
        # Keras rewrites errors raised in a call and would lose the reason of this one.
        raise ValueError(str(error)) from error
