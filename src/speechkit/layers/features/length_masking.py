"""From lengths to a mask: where every model begins."""

import keras

from speechkit.layers import _waveforms
from speechkit.ops.time import lengths as lengths_ops


@keras.saving.register_keras_serializable(package="speechkit")
class LengthMasking(keras.layers.Layer):
    """Marks the first samples of each clip as valid and sets the others to zero.

    The output carries a Keras mask; the layers after it, the losses, the decoders and
    the metrics read it. A length beyond the end of the batch counts as the whole clip,
    one below 0 as 0.
    Where all samples of a batch are valid, leave this layer out.

    Args:
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        A list of `(batch, samples)` and `(batch,)`: waveforms or features, in floating
        point, and lengths in samples or frames, integers.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If waveforms are integers, or lengths are not.

    Example:
        >>> waveforms = keras.ops.ones((2, 4))
        >>> LengthMasking()([waveforms, keras.ops.array([4, 1])]).numpy().tolist()
        [[1.0, 1.0, 1.0, 1.0], [1.0, 0.0, 0.0, 0.0]]
    """

    def __init__(self, **kwargs):
        super().__init__(autocast=False, **kwargs)
        values = _waveforms.waveform_spec(min_ndim=2)
        self.input_spec = [values, keras.layers.InputSpec(ndim=1)]

    def call(self, inputs):
        values, lengths = inputs
        _check_integers(lengths)
        values = _waveforms.as_samples(values, self.compute_dtype)
        return lengths_ops.zero_padding(values, self.compute_mask(inputs, None))

    def compute_mask(self, inputs, previous_mask):
        values, lengths = inputs
        return lengths_ops.length_mask(values, lengths)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[0])


def _check_integers(lengths):
    dtype = keras.backend.standardize_dtype(lengths.dtype)
    if not keras.backend.is_int_dtype(dtype):
        raise ValueError(f"Lengths must be integers. Received: dtype={dtype}")
