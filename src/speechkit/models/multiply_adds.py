"""What a model costs to run: the products that an answer takes."""

import math

import keras

from speechkit import _checks
from speechkit.models.waveform_model import WaveformModel


def count_multiply_adds(model: WaveformModel, seconds: float = 1.0) -> int:
    """Returns how many products of a weight and a value are added up for a clip.

    What the front end costs is not in it, nor are biases, normalisation, activations
    and the products within a gate: what is counted is what papers call multiplies or
    MACs.

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
    shape = (1, round(seconds * model.sampling_rate))
    total = 0
    for layer in model.network.layers:
        total += _count(layer, shape)
        shape = tuple(layer.compute_output_shape(shape))
    return total


def _count(layer: keras.layers.Layer, input_shape) -> int:
    """Returns the multiply–adds of one layer.

    A layer whose kernels do not all act once at each place of the output says so by a
    method `count_multiply_adds(input_shape)`.
    """
    if hasattr(layer, "count_multiply_adds"):
        return layer.count_multiply_adds(input_shape)
    places = math.prod(layer.compute_output_shape(input_shape)[1:-1])
    kernels = [w.shape for w in layer.trainable_weights if len(w.shape) > 1]
    return places * sum(math.prod(shape) for shape in kernels)
