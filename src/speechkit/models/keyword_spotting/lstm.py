"""A long short-term memory over cepstra."""

from collections.abc import Sequence

from speechkit.layers.encoders.batch_norm_lstm import BatchNormLSTM
from speechkit.layers.encoders.last_frame import LastFrame
from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.keyword_spotting import _recipe


def lstm(
    labels: Sequence[str], sampling_rate: int = 16000, **kwargs
) -> CommandRecognizer:
    """Returns a network of one long short-term memory.

    The last state of 350 units counts. That of the paper has 500 units, peepholes and
    a projection to 200; this has about as many weights without the two, and batch
    normalisation of its input.

    It has 525 012 weights and 25.4 million multiply–adds for 1 s at 16 kHz, with 12
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
        >>> model = lstm(["on", "off"])
        >>> ops.shape(model(ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 2)

    References:
        Hochreiter and Schmidhuber, Long Short-Term Memory, 1997. Sizes: Rybakov et al.,
        Streaming Keyword Spotting on Mobile Devices, 2020.
        https://arxiv.org/abs/2005.06720
    """
    recipe = {
        "front_end": _recipe.cepstra(sampling_rate),
        "encoder": [BatchNormLSTM(350, name="recurrence")],
        "pooling": [LastFrame(name="pooling")],
        "dropout": 0.3,
        "name": "lstm",
    }
    return _recipe.recognizer(labels, sampling_rate, recipe, kwargs)
