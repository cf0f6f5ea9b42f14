"""Convolutions over time and frequency, up to a second wide."""

from collections.abc import Sequence

from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.last_frame import LastFrame
from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.keyword_spotting import _recipe


def cnn(
    labels: Sequence[str], sampling_rate: int = 16000, **kwargs
) -> CommandRecognizer:
    """Returns a network of seven convolutions over time and frequency.

    The convolutions are causal, three of them dilated, and the last one sees 49 frames
    (0.98 s); two dense layers follow. It answers at the end of the clip. Unlike that of
    the paper, it has batch normalisation.

    It has 607 308 weights and 237.6 million multiply–adds for 1 s at 16 kHz, with 12
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
        >>> model = cnn(["on", "off"])
        >>> ops.shape(model(ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 2)

    References:
        Sainath and Parada, Convolutional Neural Networks for Small-Footprint Keyword
        Spotting, 2015. Sizes: Rybakov et al.,
        Streaming Keyword Spotting on Mobile Devices, 2020.
        https://arxiv.org/abs/2005.06720
    """
    convolutions = ConvolutionFrontEnd(
        (64, 64, 64, 64, 128, 64, 128),
        ((3, 3), (5, 3), (5, 3), (5, 3), (5, 2), (5, 1), (10, 1)),
        strides=((1, 1),) * 7,
        padding="causal",
        feature_padding="valid",
        dilations=(1, 1, 2, 1, 2, 1, 2),
        name="convolutions",
    )
    recipe = {
        "front_end": _recipe.cepstra(sampling_rate),
        "encoder": [convolutions],
        "pooling": [
            LastFrame(name="pooling"),
            *_recipe.dense((128, None), (256, "relu")),
        ],
        "dropout": 0.5,
        "name": "cnn",
    }
    return _recipe.recognizer(labels, sampling_rate, recipe, kwargs)
