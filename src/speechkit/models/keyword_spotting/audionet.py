"""A network for Mandarin commands, as a student project built it."""

from collections.abc import Sequence

from speechkit.layers.encoders.batch_norm_lstm import BatchNormLSTM
from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.statistics_pooling import StatisticsPooling
from speechkit.layers.features.log_spectrogram import LogSpectrogram
from speechkit.layers.features.mean_variance_normalization import (
    MeanVarianceNormalization,
)
from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.keyword_spotting import _recipe


def audionet(
    labels: Sequence[str], sampling_rate: int = 16000, **kwargs
) -> CommandRecognizer:
    """Returns a network of four convolutions and a bidirectional memory.

    Spectra of 500 samples each 200, four convolutions of 32, 64, 64 and 32 filters with
    strides of 3, 3, 2 and 2 over time and frequency, 128 units of long short-term
    memory in each direction, and a dense layer of 64. It was made for 24 Mandarin
    commands of a headset, at 16 kHz, and trained with Adam at 1e-4.

    What was wrong with it and is mended: it was trained on 16-bit integers at 16 kHz
    and used on floating point at 44.1 kHz, and divided samples by 32768 twice; here
    waveforms from −1 to 1 go in, and their sampling rate is in the exported file.
    Features were normalised over the batch and its padding; here over the valid frames
    of each clip. Its augmentation was never switched on; here it is an argument, and
    acts in training.

    It has 511 480 weights and 24.8 million multiply–adds for 1 s at 16 kHz, with 24
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
        >>> model = audionet(["on", "off"])
        >>> ops.shape(model(ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 2)
    """
    convolutions = ConvolutionFrontEnd(
        (32, 64, 64, 32),
        ((7, 7), (7, 5), (2, 2), (2, 2)),
        strides=((3, 3), (3, 3), (2, 2), (2, 2)),
        name="convolutions",
    )
    recipe = {
        "front_end": [
            LogSpectrogram(500, 200, dtype="float32", name="log_spectrogram"),
            MeanVarianceNormalization(dtype="float32", name="normalization"),
        ],
        "encoder": [
            convolutions,
            BatchNormLSTM(128, direction="bidirectional", name="recurrence"),
        ],
        "pooling": [
            StatisticsPooling(deviations=False, name="pooling"),
            *_recipe.dense((64, "relu")),
        ],
        "name": "audionet",
    }
    return _recipe.recognizer(labels, sampling_rate, recipe, kwargs)
