"""Keyword spotters without recurrence that never look ahead."""

import keras

from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.last_frame import LastFrame
from speechkit.layers.encoders.svdf import SVDF
from speechkit.models._keyword_spotting.recipe import Recipe, cepstra, dense


def dnn(sampling_rate: int) -> Recipe:
    """Returns two dense layers a frame, one over 49 frames (0.98 s), and another.

    Where the paper keeps the larger of two neighbouring units of 128, this has 64.

    References:
        Chen, Parada and Heigold, Small-Footprint Keyword Spotting Using Deep Neural
        Networks, 2014.
    """
    context = ConvolutionBlock(
        128,
        kernel_size=49,
        padding="causal",
        normalization=None,
        activation=None,
        name="context",
    )
    last = keras.layers.Dense(256, "relu", name="dense_3")
    return Recipe(
        front_end=cepstra(sampling_rate),
        encoder=[*dense((64, "relu"), (64, "relu")), context],
        pooling=[LastFrame(name="pooling"), last],
        dropout=0.1,
    )


def cnn(sampling_rate: int) -> Recipe:
    """Returns seven convolutions, the last over 49 frames, and two dense layers.

    Three of the convolutions are dilated. Unlike that of the paper, the network has
    batch normalisation.

    References:
        Sainath and Parada, Convolutional Neural Networks for Small-Footprint Keyword
        Spotting, 2015.
    """
    convolutions = ConvolutionFrontEnd(
        filters=(64, 64, 64, 64, 128, 64, 128),
        kernel_sizes=((3, 3), (5, 3), (5, 3), (5, 3), (5, 2), (5, 1), (10, 1)),
        strides=((1, 1),) * 7,
        padding="causal",
        feature_padding="valid",
        dilations=(1, 1, 2, 1, 2, 1, 2),
        name="convolutions",
    )
    return Recipe(
        front_end=cepstra(sampling_rate),
        encoder=[convolutions],
        pooling=[LastFrame(name="pooling"), *dense((128, None), (256, "relu"))],
        dropout=0.5,
    )


def svdf(sampling_rate: int) -> Recipe:
    """Returns six `SVDF` layers with dense layers between them, made for streams.

    Each has 256 units of rank 1 and remembers 4 to 10 frames; the last one sees 49
    frames.

    References:
        Nakkiran, Alvarez, Prabhavalkar and Parada, Compressing Deep Neural Networks
        Using a Rank-Constrained Topology, 2015.
    """
    encoder = [SVDF(256, memory=4, name="svdf_1")]
    for number in range(2, 7):
        encoder.append(keras.layers.Dense(128, name=f"dense_{number - 1}"))
        encoder.append(SVDF(256, memory=10, name=f"svdf_{number}"))
    return Recipe(
        front_end=cepstra(sampling_rate, 30, num_mel_bins=80),
        encoder=encoder,
        pooling=[LastFrame(name="pooling")],
        dropout=0.0,
    )
