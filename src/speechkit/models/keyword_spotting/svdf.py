"""Layers with a memory of some frames, one on the other."""

from collections.abc import Sequence

import keras

from speechkit.layers.encoders.last_frame import LastFrame
from speechkit.layers.encoders.svdf import SVDF
from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.keyword_spotting import _recipe


def svdf(
    labels: Sequence[str], sampling_rate: int = 16000, **kwargs
) -> CommandRecognizer:
    """Returns a network of six `SVDF` layers, made for streams.

    Each has 256 units of rank 1 and remembers 4 to 10 frames; dense layers of 128 units
    between them. The last one sees 49 frames (0.98 s). It is causal, and answers at the
    end of the clip.

    It has 354 444 weights and 17.1 million multiply–adds for 1 s at 16 kHz, with 12
    labels.

    Args:
        labels: The commands, in the order of the classes.
        sampling_rate: Samples per second of the waveforms, in hertz.
        **kwargs: Arguments of `CommandRecognizer` that replace those of this network.

    Returns:
        A recogniser that has learned nothing yet.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> from keras import ops
        >>> model = svdf(["on", "off"])
        >>> ops.shape(model(ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 2)

    References:
        Nakkiran, Alvarez, Prabhavalkar and Parada, Compressing Deep Neural Networks
        Using a Rank-Constrained Topology, 2015. Sizes: Rybakov et al.,
        Streaming Keyword Spotting on Mobile Devices, 2020.
        https://arxiv.org/abs/2005.06720
    """
    encoder = [SVDF(256, memory=4, name="svdf_1")]
    for number in range(2, 7):
        encoder.append(keras.layers.Dense(128, name=f"dense_{number - 1}"))
        encoder.append(SVDF(256, memory=10, name=f"svdf_{number}"))
    recipe = {
        "front_end": _recipe.cepstra(sampling_rate, 30, num_mel_bins=80),
        "encoder": encoder,
        "pooling": [LastFrame(name="pooling")],
        "dropout": 0.0,
        "name": "svdf",
    }
    return _recipe.recognizer(labels, sampling_rate, recipe, kwargs)
