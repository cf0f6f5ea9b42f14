"""The parts of a keyword spotter, and those that several recipes share."""

import dataclasses

import keras

from speechkit import _checks
from speechkit.layers.features.mfcc import MFCC


@dataclasses.dataclass(frozen=True)
class Recipe:
    """The arguments of `CommandRecognizer` that make a network.

    Attributes:
        front_end: Layers from waveforms to features.
        encoder: Layers from features to hidden states.
        pooling: Layers from hidden states to one vector for each clip.
        dropout: Share of the pooled states that are dropped in training.
    """

    front_end: list[keras.layers.Layer]
    encoder: list[keras.layers.Layer]
    pooling: list[keras.layers.Layer]
    dropout: float


def cepstra(
    sampling_rate: int,
    num_coefficients: int = 20,
    *,
    num_mel_bins: int = 40,
    frame_seconds: float = 0.040,
    step_seconds: float = 0.020,
) -> list[keras.layers.Layer]:
    """Returns the front end of the papers: cepstra of frequencies up to 7.6 kHz.

    Args:
        sampling_rate: Samples per second, in hertz.
        num_coefficients: Number of cepstral coefficients.
        num_mel_bins: Number of mel filters.
        frame_seconds: Length of a frame, in seconds.
        step_seconds: From one frame to the next, in seconds.
    """
    _checks.check_int("sampling_rate", sampling_rate)
    features = MFCC(
        sampling_rate=sampling_rate,
        frame_length=round(frame_seconds * sampling_rate),
        frame_step=round(step_seconds * sampling_rate),
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
