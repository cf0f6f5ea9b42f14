"""Dense layers over a second of features."""

from collections.abc import Sequence

import keras

from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.encoders.last_frame import LastFrame
from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.keyword_spotting import _recipe


def dnn(
    labels: Sequence[str], sampling_rate: int = 16000, **kwargs
) -> CommandRecognizer:
    """Returns a deep neural network, the simplest of keyword spotters.

    Two dense layers of 64 units for each frame, one of 128 that sees the last 49 frames
    (0.98 s), and one of 256. It is causal, and answers at the end of the clip. Where
    the paper keeps the larger of two neighbouring units of 128, this has 64.

    It has 443 148 weights and 20.0 million multiply–adds for 1 s at 16 kHz, with 12
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
        >>> model = dnn(["on", "off"])
        >>> ops.shape(model(ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 2)

    References:
        Chen, Parada and Heigold, Small-Footprint Keyword Spotting Using Deep Neural
        Networks, 2014. Sizes: Rybakov et al., Streaming Keyword Spotting on Mobile
        Devices, 2020. https://arxiv.org/abs/2005.06720
    """
    context = ConvolutionBlock(
        128, 49, padding="causal", normalization=None, activation=None, name="context"
    )
    recipe = {
        "front_end": _recipe.cepstra(sampling_rate),
        "encoder": [*_recipe.dense((64, "relu"), (64, "relu")), context],
        "pooling": [
            LastFrame(name="pooling"),
            keras.layers.Dense(256, "relu", name="dense_3"),
        ],
        "dropout": 0.1,
        "name": "dnn",
    }
    return _recipe.recognizer(labels, sampling_rate, recipe, kwargs)
