"""The energy of frames: how loud each moment is."""

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.features.frame import Frame
from speechkit.ops.signal.energy import log_energies
from speechkit.ops.time import precision

_FLOAT32_EPSILON = float(np.finfo("float32").eps)


@keras.saving.register_keras_serializable(package="speechkit")
class Energy(Frame):
    """Computes the logarithm of the energy of overlapping frames.

    The energy is the sum of the squared samples of a frame, without a window. With
    `remove_dc_offset` and a `sample_scale` of 32768 it is Kaldi's raw energy. Frames,
    padding and masks are those of `Frame`. Computed in float32 under mixed precision.

    Args:
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.
        padding: What is put before and after a clip: see `Frame`.
        padding_mode: What it is made of: see `Frame`.
        remove_dc_offset: Whether to take the mean of each frame away first.
        sample_scale: What samples are multiplied with: 32768 for the 16-bit scale.
        floor: Least energy before the logarithm.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, 1)`.

    Raises:
        ValueError: If `floor` or `sample_scale` is not above 0, or `Frame` raises.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(Energy(frame_length=400, frame_step=160)(waveforms))
        (8, 98, 1)
    """

    def __init__(
        self,
        frame_length: int,
        frame_step: int,
        *,
        padding: str | tuple[int, int] = "valid",
        padding_mode: str = "zeros",
        remove_dc_offset: bool = False,
        sample_scale: float = 1.0,
        floor: float = _FLOAT32_EPSILON,
        **kwargs,
    ):
        super().__init__(
            frame_length,
            frame_step,
            padding=padding,
            padding_mode=padding_mode,
            **kwargs,
        )
        self.remove_dc_offset = _checks.check_bool("remove_dc_offset", remove_dc_offset)
        self.sample_scale = _checks.check_number(
            "sample_scale", sample_scale, above=True
        )
        self.floor = _checks.check_number("floor", floor, above=True)

    def call(self, inputs, mask=None):
        return self._energies(self._framing.frames(self._samples(inputs), mask))

    def compute_output_shape(self, input_shape):
        return (*super().compute_output_shape(input_shape)[:2], 1)

    def get_initial_state(self, batch_size: int = 1):
        return self._framing.start()

    def step(self, inputs, state, *, last: bool = False):
        piece = self._samples(inputs)
        frames, state = self._framing.next_frames(piece, state, last)
        return self._energies(frames), state

    def get_config(self):
        config = {
            "remove_dc_offset": self.remove_dc_offset,
            "sample_scale": self.sample_scale,
            "floor": self.floor,
        }
        return {**super().get_config(), **config}

    def _samples(self, inputs):
        dtype = precision.working_dtype(self.compute_dtype)
        return _waveforms.as_samples(inputs, dtype) * self.sample_scale

    def _energies(self, frames):
        logs = log_energies(frames, self.floor, self.remove_dc_offset)
        return ops.cast(logs, self.compute_dtype)
