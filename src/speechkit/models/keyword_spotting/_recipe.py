"""What the keyword spotters share: their front end and the layers at their end."""

from collections.abc import Sequence

import keras

from speechkit import _checks
from speechkit.layers.features.mfcc import MFCC
from speechkit.models.command_recognizer import CommandRecognizer


def recognizer(
    labels: Sequence[str],
    sampling_rate: int,
    recipe: dict,
    arguments: dict,
) -> CommandRecognizer:
    """Returns a recogniser; the user's arguments replace those of the recipe."""
    return CommandRecognizer(labels, sampling_rate, **{**recipe, **arguments})


def cepstra(
    sampling_rate: int, num_coefficients: int = 20, num_mel_bins: int = 40
) -> list[keras.layers.Layer]:
    """Returns the front end of the paper: cepstra of 40 ms each 20 ms, up to 7.6 kHz.

    Args:
        sampling_rate: Samples per second, in hertz.
        num_coefficients: Number of cepstral coefficients.
        num_mel_bins: Number of mel filters.
    """
    _checks.check_int("sampling_rate", sampling_rate)
    features = MFCC(
        sampling_rate,
        frame_length=round(0.040 * sampling_rate),
        frame_step=round(0.020 * sampling_rate),
        num_mel_bins=num_mel_bins,
        num_coefficients=num_coefficients,
        min_freq=20.0,
        max_freq=0.475 * sampling_rate,
        # Some 60 dB below speech, and logarithms from about −2 to 2.
        floor=1e-6,
        scale=0.25,
        offset=1.25,
        dtype="float32",
        name="cepstra",
    )
    return [features]


def dense(*layers: tuple[int, str | None]) -> list[keras.layers.Layer]:
    """Returns dense layers of these units and activations, one after the other."""
    return [
        keras.layers.Dense(units, activation, name=f"dense_{number}")
        for number, (units, activation) in enumerate(layers, start=1)
    ]
