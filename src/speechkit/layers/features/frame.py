"""Framing: the step from a waveform to overlapping blocks of samples."""

import keras

from speechkit.layers import _waveforms
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.signal.framing import framing


@keras.saving.register_keras_serializable(package="speechkit")
class Frame(StreamingLayer):
    """Cuts waveforms into overlapping frames.

    Without padding, frame `t` starts at sample `t * frame_step`, and samples after the
    last whole frame are dropped. With a mask, a frame is valid only if the clip alone
    has it, and what is put after a clip follows its last valid sample.

    Args:
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.
        padding: What is put before and after a clip. `"valid"`: nothing. `"center"`:
            half a frame each, so that frame `t` is centred on sample `t * frame_step`
            (librosa). `"middle"`: so much that frame `t` is centred on the middle of
            step `t` (Kaldi without `snip_edges`). Or two numbers of samples.
        padding_mode: What it is made of: `"zeros"`; `"reflect"`, the clip mirrored at
            its first and last sample; or `"symmetric"`, mirrored beside them.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, frame_length)`.

    Raises:
        ValueError: If `frame_length` or `frame_step` is not a positive integer, or
            `padding` or `padding_mode` is out of range.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(Frame(frame_length=400, frame_step=160)(waveforms))
        (8, 98, 400)
    """

    def __init__(
        self,
        frame_length: int,
        frame_step: int,
        *,
        padding: str | tuple[int, int] = "valid",
        padding_mode: str = "zeros",
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self._framing = framing(frame_length, frame_step, padding, padding_mode)
        self._declare(self._framing.timing)
        self.frame_length = self._framing.length
        self.frame_step = self._framing.step
        self.padding = padding if isinstance(padding, str) else tuple(padding)
        self.padding_mode = padding_mode
        self.input_spec = _waveforms.waveform_spec()

    def call(self, inputs, mask=None):
        samples = _waveforms.as_samples(inputs, self.compute_dtype)
        return self._framing.frames(samples, mask)

    def compute_mask(self, inputs, previous_mask):
        return self._framing.mask(previous_mask)

    def compute_output_shape(self, input_shape):
        batch, samples = input_shape
        frames = None if samples is None else self._framing.count(samples)
        return (batch, frames, self.frame_length)

    def get_initial_state(self, batch_size: int = 1):
        return self._framing.start()

    def step(self, inputs, state, *, last: bool = False):
        piece = _waveforms.as_samples(inputs, self.compute_dtype)
        return self._framing.next_frames(piece, state, last)

    def get_config(self):
        config = {
            "frame_length": self.frame_length,
            "frame_step": self.frame_step,
            "padding": self.padding,
            "padding_mode": self.padding_mode,
        }
        return {**super().get_config(), **config}
