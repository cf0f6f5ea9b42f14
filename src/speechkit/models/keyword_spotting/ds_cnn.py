"""Depthwise-separable convolutions over time and frequency."""

from collections.abc import Sequence

import keras

from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.depthwise_separable_block import DepthwiseSeparableBlock
from speechkit.layers.encoders.statistics_pooling import StatisticsPooling
from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.keyword_spotting import _recipe


def ds_cnn(
    labels: Sequence[str], sampling_rate: int = 16000, **kwargs
) -> CommandRecognizer:
    """Returns a network of depthwise-separable convolutions.

    One convolution and five separable ones of 300 filters, and the mean over time and
    frequency. Two strides leave a frame each 80 ms.

    It has 485 712 weights and 66.3 million multiply–adds for 1 s at 16 kHz, with 12
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
        >>> model = ds_cnn(["on", "off"])
        >>> ops.shape(model(ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 2)

    References:
        Zhang et al., Hello Edge: Keyword Spotting on Microcontrollers, 2017.
        https://arxiv.org/abs/1711.07128. Sizes: Rybakov et al.,
        Streaming Keyword Spotting on Mobile Devices, 2020.
        https://arxiv.org/abs/2005.06720
    """
    convolution = ConvolutionFrontEnd(
        (300,), ((10, 4),), strides=((2, 1),), name="convolution"
    )
    blocks = [
        DepthwiseSeparableBlock(
            300, (3, 3), strides=strides, channels=300, name=f"block_{number}"
        )
        for number, strides in enumerate((2, 1, 1, 1, 1), start=1)
    ]
    recipe = {
        "front_end": _recipe.cepstra(sampling_rate),
        "encoder": [convolution, *blocks],
        "pooling": [
            StatisticsPooling(deviations=False, name="pooling"),
            # Of 20 coefficients, the second stride has left 10.
            keras.layers.Reshape((10, 300), name="bins"),
            keras.layers.GlobalAveragePooling1D(name="mean_of_bins"),
        ],
        "dropout": 0.2,
        "name": "ds_cnn",
    }
    return _recipe.recognizer(labels, sampling_rate, recipe, kwargs)
