"""Residual convolutions over time alone."""

from collections.abc import Sequence

from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.encoders.statistics_pooling import StatisticsPooling
from speechkit.layers.encoders.temporal_residual_block import TemporalResidualBlock
from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.keyword_spotting import _recipe


def tc_resnet(
    labels: Sequence[str], sampling_rate: int = 16000, **kwargs
) -> CommandRecognizer:
    """Returns a residual network of convolutions over time.

    The coefficients of a frame are its channels: no convolution runs over frequency,
    which makes it quick. One convolution, six residual blocks of 50 to 72 filters, and
    the mean over time.

    It has 364 464 weights and 13.5 million multiply–adds for 1 s at 16 kHz, with 12
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
        >>> model = tc_resnet(["on", "off"])
        >>> ops.shape(model(ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 2)

    References:
        Choi et al., Temporal Convolution for Real-time Keyword Spotting on Mobile
        Devices, 2019. https://arxiv.org/abs/1904.03814. Sizes: Rybakov et al.,
        Streaming Keyword Spotting on Mobile Devices, 2020.
        https://arxiv.org/abs/2005.06720
    """
    sizes = ((50, 1), (50, 1), (50, 1), (50, 1), (72, 2), (72, 1))
    blocks = [
        TemporalResidualBlock(filters, 9, strides=strides, name=f"block_{number}")
        for number, (filters, strides) in enumerate(sizes, start=1)
    ]
    recipe = {
        "front_end": _recipe.cepstra(sampling_rate, 40),
        "encoder": [ConvolutionBlock(50, 3, name="convolution"), *blocks],
        "pooling": [StatisticsPooling(deviations=False, name="pooling")],
        "dropout": 0.2,
        "name": "tc_resnet",
    }
    return _recipe.recognizer(labels, sampling_rate, recipe, kwargs)
