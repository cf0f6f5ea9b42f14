"""A gated recurrent unit over cepstra."""

from collections.abc import Sequence

from speechkit.layers.encoders.batch_norm_gru import BatchNormGRU
from speechkit.layers.encoders.last_frame import LastFrame
from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.keyword_spotting import _recipe


def gru(
    labels: Sequence[str], sampling_rate: int = 16000, **kwargs
) -> CommandRecognizer:
    """Returns a network of one gated recurrent unit and two dense layers.

    The last state of 400 units counts. Unlike that of the paper, it has batch
    normalisation of its input.

    It has 594 236 weights and 24.8 million multiply–adds for 1 s at 16 kHz, with 12
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
        >>> model = gru(["on", "off"])
        >>> ops.shape(model(ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 2)

    References:
        Cho et al., Learning Phrase Representations Using RNN Encoder–Decoder for
        Statistical Machine Translation, 2014. Sizes: Rybakov et al.,
        Streaming Keyword Spotting on Mobile Devices, 2020.
        https://arxiv.org/abs/2005.06720
    """
    recipe = {
        "front_end": _recipe.cepstra(sampling_rate),
        "encoder": [BatchNormGRU(400, name="recurrence")],
        "pooling": [
            LastFrame(name="pooling"),
            *_recipe.dense((128, None), (256, "relu")),
        ],
        "dropout": 0.1,
        "name": "gru",
    }
    return _recipe.recognizer(labels, sampling_rate, recipe, kwargs)
