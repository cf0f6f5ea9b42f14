"""Keyword spotters of convolutions, with the mean over the clip."""

from collections.abc import Sequence

import keras

from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.depthwise_separable_block import DepthwiseSeparableBlock
from speechkit.layers.encoders.statistics_pooling import StatisticsPooling
from speechkit.layers.encoders.temporal_residual_block import TemporalResidualBlock
from speechkit.models._keyword_spotting.recipe import Recipe, cepstra


def ds_cnn(sampling_rate: int) -> Recipe:
    """Returns depthwise-separable convolutions in the size of Rybakov et al."""
    return _ds_cnn(sampling_rate, 300, (2, 1), (2, 1, 1, 1, 1), num_coefficients=20)


def ds_cnn_small(sampling_rate: int) -> Recipe:
    """Returns the small one of Zhang et al."""
    return _ds_cnn(sampling_rate, 64, (2, 2), (1, 1, 1, 1))


def ds_cnn_medium(sampling_rate: int) -> Recipe:
    """Returns the medium one of Zhang et al."""
    return _ds_cnn(sampling_rate, 172, (2, 1), (2, 1, 1, 1))


def ds_cnn_large(sampling_rate: int) -> Recipe:
    """Returns the large one of Zhang et al."""
    return _ds_cnn(sampling_rate, 276, (2, 1), (2, 1, 1, 1, 1))


def tc_resnet(sampling_rate: int, width: float) -> Recipe:
    """Returns a residual network over time in the size of Rybakov et al."""
    blocks = ((50, 1), (50, 1), (50, 1), (50, 1), (72, 2), (72, 1))
    return _tc_resnet(cepstra(sampling_rate, 40), 50, blocks, width)


def tc_resnet8(sampling_rate: int, width: float) -> Recipe:
    """Returns the shallow one of Choi et al."""
    front_end = cepstra(sampling_rate, 40, frame_seconds=0.030, step_seconds=0.010)
    return _tc_resnet(front_end, 16, ((24, 2), (32, 2), (48, 2)), width)


def tc_resnet14(sampling_rate: int, width: float) -> Recipe:
    """Returns the deep one of Choi et al."""
    front_end = cepstra(sampling_rate, 40, frame_seconds=0.030, step_seconds=0.010)
    blocks = ((24, 2), (24, 1), (32, 2), (32, 1), (48, 2), (48, 1))
    return _tc_resnet(front_end, 16, blocks, width)


def _ds_cnn(
    sampling_rate: int,
    filters: int,
    first_strides: tuple[int, int],
    strides: Sequence[int],
    *,
    num_coefficients: int = 10,
) -> Recipe:
    """Returns a convolution, separable ones, and the mean over time and frequency.

    References:
        Zhang et al., Hello Edge: Keyword Spotting on Microcontrollers, 2017.
        https://arxiv.org/abs/1711.07128
    """
    convolution = ConvolutionFrontEnd(
        filters=(filters,),
        kernel_sizes=((10, 4),),
        strides=(first_strides,),
        name="convolution",
    )
    blocks = [
        DepthwiseSeparableBlock(
            filters,
            kernel_size=(3, 3),
            strides=stride,
            channels=filters,
            name=f"block_{number}",
        )
        for number, stride in enumerate(strides, start=1)
    ]
    return Recipe(
        front_end=cepstra(sampling_rate, num_coefficients),
        encoder=[convolution, *blocks],
        pooling=[
            StatisticsPooling(deviations=False, name="pooling"),
            # One of the strides has halved the coefficients.
            keras.layers.Reshape((num_coefficients // 2, filters), name="bins"),
            keras.layers.GlobalAveragePooling1D(name="mean_of_bins"),
        ],
        dropout=0.2,
    )


def _tc_resnet(
    front_end: list[keras.layers.Layer],
    first_filters: int,
    blocks: Sequence[tuple[int, int]],
    width: float,
) -> Recipe:
    """Returns a convolution, residual blocks, and the mean over time.

    The coefficients of a frame are its channels: no convolution runs over frequency,
    which makes the network quick. `width` multiplies the number of filters.

    References:
        Choi et al., Temporal Convolution for Real-time Keyword Spotting on Mobile
        Devices, 2019. https://arxiv.org/abs/1904.03814
    """
    if round(width * first_filters) < 1:
        raise ValueError(
            f"`width` must leave one of {first_filters} filters at least. "
            f"Received: width={width!r}"
        )
    first = ConvolutionBlock(
        round(width * first_filters), kernel_size=3, name="convolution"
    )
    residual = [
        TemporalResidualBlock(
            round(width * filters),
            kernel_size=9,
            strides=strides,
            name=f"block_{number}",
        )
        for number, (filters, strides) in enumerate(blocks, start=1)
    ]
    return Recipe(
        front_end=front_end,
        encoder=[first, *residual],
        pooling=[StatisticsPooling(deviations=False, name="pooling")],
        dropout=0.2,
    )
