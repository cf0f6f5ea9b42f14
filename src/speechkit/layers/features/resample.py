"""Resampling: another sampling rate within a model."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.signal import bands
from speechkit.ops.signal.resampling import resampling
from speechkit.ops.time import precision


@keras.saving.register_keras_serializable(package="speechkit")
class Resample(StreamingLayer):
    """Changes the sampling rate of waveforms.

    Sample `n` of the output is the band-limited waveform at `n / to_rate` seconds, so
    both start at the same time, and a clip counts as zero outside its ends. The numbers
    are those of `scipy.signal.resample_poly` with its default filter. With a mask, each
    clip ends where the clip alone would. Computed in float32 under mixed precision.

    The layer holds a filter for each of the samples after which the pattern repeats,
    `to_rate` divided by what both rates have in common: 160 from 44100 to 16000 Hz.

    Args:
        from_rate: Sampling rate of the input, in hertz.
        to_rate: Sampling rate of the output, in hertz.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, ceil(samples * to_rate / from_rate))`.

    Raises:
        ValueError: If a rate is not a positive integer.

    Example:
        >>> waveforms = keras.ops.ones((8, 44100))
        >>> keras.ops.shape(Resample(from_rate=44100, to_rate=16000)(waveforms))
        (8, 16000)
    """

    def __init__(self, from_rate: int, to_rate: int, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.from_rate = _checks.check_int("from_rate", from_rate)
        self.to_rate = _checks.check_int("to_rate", to_rate)
        self._resampling = resampling(from_rate, to_rate)
        self._bands = bands.bands(self._resampling.filters)
        self._declare(self._resampling.timing)
        self.input_spec = _waveforms.waveform_spec()

    def call(self, inputs, mask=None):
        samples = self._samples(inputs)
        frames = self._resampling.framing.frames(samples, mask)
        count = self._resampling.count(ops.shape(samples)[1])
        return self._blocks(frames)[:, :count]

    def compute_mask(self, inputs, previous_mask):
        if previous_mask is None:
            return None
        samples = ops.shape(previous_mask)[1]
        if samples is None:  # a symbolic call: only the rank matters
            return previous_mask
        places = ops.arange(self._resampling.count(samples), dtype="int32")
        return ops.take(previous_mask, self._resampling.sources(places), axis=1)

    def compute_output_shape(self, input_shape):
        batch, samples = input_shape
        return (batch, None if samples is None else self._resampling.count(samples))

    def get_initial_state(self, batch_size: int = 1):
        # How many samples have come beyond the blocks given, and what frames hold back.
        return 0, self._resampling.framing.start()

    def step(self, inputs, state, *, last: bool = False):
        begun, held = state
        samples = self._samples(inputs)
        frames, held = self._resampling.framing.next_frames(samples, held, last)
        outputs = self._blocks(frames)
        begun += samples.shape[1] - frames.shape[1] * self._resampling.down
        if last:
            surplus = outputs.shape[1] + self._resampling.count(begun)
            outputs = outputs[:, :surplus]
        return outputs, (begun, held)

    def get_config(self):
        config = {"from_rate": self.from_rate, "to_rate": self.to_rate}
        return {**super().get_config(), **config}

    def _samples(self, inputs):
        return _waveforms.as_samples(
            inputs, precision.working_dtype(self.compute_dtype)
        )

    def _blocks(self, frames):
        """Returns the samples that frames give, one block after the other."""
        blocks = bands.band_product(frames, self._bands)
        samples = ops.reshape(blocks, (ops.shape(frames)[0], -1))
        return ops.cast(samples, self.compute_dtype)
