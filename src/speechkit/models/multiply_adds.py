"""What a model costs to run: the products that an answer takes."""

from speechkit import _checks
from speechkit.layers.multiply_adds import multiply_adds
from speechkit.models.waveform_model import WaveformModel


def count_multiply_adds(model: WaveformModel, seconds: float = 1.0) -> int:
    """Returns how many products of a weight and a value are added up for a clip.

    It is the number that papers call multiplies or MACs, without the front end: see
    `layers.multiply_adds`, which counts any layer.

    Args:
        model: A model of this library.
        seconds: Length of the clip, in seconds.

    Raises:
        ValueError: If `seconds` is not above 0.

    Example:
        >>> from speechkit import models
        >>> model = models.CommandRecognizer.from_preset(
        ...     "gru", ["on", "off"], sampling_rate=16000
        ... )
        >>> models.count_multiply_adds(model)
        24780480
    """
    _checks.check_number("seconds", seconds, above=True)
    return multiply_adds(model.network, (1, round(seconds * model.sampling_rate)))
