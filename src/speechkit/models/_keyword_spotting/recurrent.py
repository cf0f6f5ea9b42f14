"""Keyword spotters with a recurrence."""

from speechkit.layers.encoders.batch_norm_gru import BatchNormGRU
from speechkit.layers.encoders.batch_norm_lstm import BatchNormLSTM
from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.last_frame import LastFrame
from speechkit.layers.encoders.multi_head_attention_pooling import (
    MultiHeadAttentionPooling,
)
from speechkit.layers.encoders.recurrent_stack import RecurrentStack
from speechkit.layers.encoders.statistics_pooling import StatisticsPooling
from speechkit.layers.features.log_spectrogram import LogSpectrogram
from speechkit.layers.features.mean_variance_normalization import (
    MeanVarianceNormalization,
)
from speechkit.models._keyword_spotting.recipe import Recipe, cepstra, dense


def gru(sampling_rate: int) -> Recipe:
    """Returns one gated recurrent layer, whose last state counts, and two dense ones.

    Unlike that of the paper, the recurrence has batch normalisation of its input.

    References:
        Cho et al., Learning Phrase Representations Using RNN Encoder–Decoder for
        Statistical Machine Translation, 2014.
    """
    return Recipe(
        front_end=cepstra(sampling_rate),
        encoder=[BatchNormGRU(400, name="recurrence")],
        pooling=[LastFrame(name="pooling"), *dense((128, None), (256, "relu"))],
        dropout=0.1,
    )


def lstm(sampling_rate: int) -> Recipe:
    """Returns one layer of long short-term memory, whose last state counts.

    That of the paper has 500 units, peepholes and a projection to 200; this has about
    as many weights without the two, and batch normalisation of its input.

    References:
        Hochreiter and Schmidhuber, Long Short-Term Memory, 1997.
    """
    return Recipe(
        front_end=cepstra(sampling_rate),
        encoder=[BatchNormLSTM(350, name="recurrence")],
        pooling=[LastFrame(name="pooling")],
        dropout=0.3,
    )


def crnn(sampling_rate: int) -> Recipe:
    """Returns two causal convolutions, a gated recurrent layer and two dense ones.

    Unlike that of the paper, the network has batch normalisation.

    References:
        Arik et al., Convolutional Recurrent Neural Networks for Small-Footprint Keyword
        Spotting, 2017. https://arxiv.org/abs/1703.05390
    """
    convolutions = ConvolutionFrontEnd(
        filters=(16, 16),
        kernel_sizes=((3, 3), (5, 3)),
        strides=((1, 1), (1, 1)),
        padding="causal",
        feature_padding="valid",
        name="convolutions",
    )
    return Recipe(
        front_end=cepstra(sampling_rate),
        encoder=[convolutions, BatchNormGRU(256, name="recurrence")],
        pooling=[LastFrame(name="pooling"), *dense((128, None), (256, "relu"))],
        dropout=0.1,
    )


def mhatt_rnn(sampling_rate: int) -> Recipe:
    """Returns convolutions, two bidirectional layers, and four heads of attention.

    The queries of the attention come from the frame in the middle, so the network needs
    the whole clip. It is the most accurate of its paper.

    References:
        Rybakov et al., Streaming Keyword Spotting on Mobile Devices, 2020.
        https://arxiv.org/abs/2005.06720
    """
    convolutions = ConvolutionFrontEnd(
        filters=(10, 1),
        kernel_sizes=((5, 1), (5, 1)),
        strides=((1, 1), (1, 1)),
        name="convolutions",
    )
    recurrence = RecurrentStack(
        128, num_layers=2, direction="bidirectional", name="recurrence"
    )
    attention = MultiHeadAttentionPooling(num_heads=4, name="pooling")
    return Recipe(
        front_end=cepstra(sampling_rate),
        encoder=[convolutions, recurrence],
        pooling=[attention, *dense((64, "relu"), (32, None))],
        dropout=0.2,
    )


def audionet(sampling_rate: int) -> Recipe:
    """Returns four convolutions, a bidirectional memory and a dense layer.

    A student project built it for 24 Mandarin commands of a headset, at 16 kHz. What
    was wrong with it is mended: it was trained on 16-bit integers at 16 kHz and used on
    floating point at 44.1 kHz, and divided samples by 32768 twice; here waveforms from
    −1 to 1 go in, and their sampling rate is in the exported file. Features were
    normalised over the batch and its padding; here over the valid frames of each clip.
    """
    convolutions = ConvolutionFrontEnd(
        filters=(32, 64, 64, 32),
        kernel_sizes=((7, 7), (7, 5), (2, 2), (2, 2)),
        strides=((3, 3), (3, 3), (2, 2), (2, 2)),
        name="convolutions",
    )
    recurrence = BatchNormLSTM(128, direction="bidirectional", name="recurrence")
    pooling = StatisticsPooling(deviations=False, name="pooling")
    return Recipe(
        # Spectra of 500 samples each 200, at any sampling rate.
        front_end=[
            LogSpectrogram(500, 200, dtype="float32", name="log_spectrogram"),
            MeanVarianceNormalization(dtype="float32", name="normalization"),
        ],
        encoder=[convolutions, recurrence],
        pooling=[pooling, *dense((64, "relu"))],
        dropout=0.3,
    )
