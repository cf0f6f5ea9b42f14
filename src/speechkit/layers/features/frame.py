"""Framing: the step from a waveform to overlapping blocks of samples."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.ops import lengths


@keras.saving.register_keras_serializable(package="speechkit")
class Frame(keras.layers.Layer):
    """Cuts waveforms into overlapping frames.

    Frame `t` starts at sample `t * frame_step`. Samples after the last whole
    frame are dropped. With a mask, a frame is valid only if all of its samples are.

    Args:
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, frame_length)`.

    Raises:
        ValueError: If `frame_length` or `frame_step` is not a positive integer.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(Frame(frame_length=400, frame_step=160)(waveforms))
        (8, 98, 400)
    """

    def __init__(self, frame_length: int, frame_step: int, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.frame_length = _checks.check_int("frame_length", frame_length)
        self.frame_step = _checks.check_int("frame_step", frame_step)
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def call(self, inputs):
        waveforms = ops.cast(inputs, self.compute_dtype)
        return ops.extract_sequences(waveforms, self.frame_length, self.frame_step)

    def compute_mask(self, inputs, previous_mask):
        return lengths.frame_mask(previous_mask, self.frame_length, self.frame_step)

    def compute_output_shape(self, input_shape):
        batch, samples = input_shape
        if samples is None:
            return (batch, None, self.frame_length)
        frames = lengths.frame_count(samples, self.frame_length, self.frame_step)
        return (batch, frames, self.frame_length)

    def get_config(self):
        config = {"frame_length": self.frame_length, "frame_step": self.frame_step}
        return {**super().get_config(), **config}
