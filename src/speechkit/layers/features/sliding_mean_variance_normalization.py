"""Normalisation of features by the statistics of their surroundings."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.signal import sliding
from speechkit.ops.time import lengths, precision


@keras.saving.register_keras_serializable(package="speechkit")
class SlidingMeanVarianceNormalization(StreamingLayer):
    """Gives each feature mean 0 over a window of frames around it.

    The numbers are those of Kaldi's apply-cmvn-sliding. Without `center`, a frame is
    normalised with the `window` frames before it and with itself; at the start of a
    clip, with its first `min_window` frames. With `center`, it stands in the middle of
    the window, which is moved, not shortened, at the ends of the clip. Only valid
    frames count, and padded frames become zero. Computed in float32 under mixed
    precision.

    Args:
        window: Number of frames in the window.
        min_window: Number of frames to wait for at the start, without `center`.
        center: Whether the window is centred on the frame.
        normalize_variance: Whether to divide by the standard deviation, too.
        epsilon: Added to the variance, against division by zero.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If `window` or `min_window` is not a positive integer, `min_window`
            is above `window`, or `epsilon` is not above 0.

    Example:
        >>> features = keras.ops.array([[[1.0], [3.0], [8.0]]])
        >>> layer = SlidingMeanVarianceNormalization(window=1, min_window=1)
        >>> layer(features)[0, :, 0].numpy().tolist()
        [0.0, 1.0, 2.5]
    """

    def __init__(
        self,
        window: int = 600,
        min_window: int = 100,
        *,
        center: bool = False,
        normalize_variance: bool = False,
        epsilon: float = 1e-10,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.window = _checks.check_int("window", window)
        self.min_window = _checks.check_int("min_window", min_window)
        if min_window > window:
            raise ValueError(
                "`min_window` must be at most `window`. "
                f"Received: min_window={min_window}, window={window}"
            )
        self.center = _checks.check_bool("center", center)
        self.normalize_variance = _checks.check_bool(
            "normalize_variance", normalize_variance
        )
        self.epsilon = _checks.check_number("epsilon", epsilon, above=True)
        # Frames after its own that a frame waits for, but at the start of a clip.
        self._later = window - window // 2 - 1 if center else 0
        self.latency = (window if center else min_window) - 1
        self.receptive_field = self.latency + 1 + (window - 1 if center else window)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        values = lengths.zero_padding(self._values(inputs), mask)
        if 0 in values.shape[:2]:  # of which TensorFlow takes no windows
            return ops.cast(values, self.compute_dtype)
        times = ops.arange(ops.shape(values)[1], dtype="int32")
        counts = ops.shape(values)[1]
        if mask is not None:
            times, counts = times[None], lengths.mask_lengths(values, mask)[:, None]
        windows = self._windows(times, counts)
        outputs = self._normalize(values, values[:, :1], values, windows)
        return ops.cast(lengths.zero_padding(outputs, mask), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_initial_state(self, batch_size: int = 1):
        # How many features there are is known with the first piece.
        return False, ()

    def step(self, inputs, state, *, last: bool = False):
        begun, parts = state
        piece = self._values(inputs)
        if not begun:
            piece = ops.concatenate([*parts, piece], axis=1)
            if not piece.shape[1] or (piece.shape[1] <= self.latency and not last):
                return ops.cast(piece[:, :0], self.compute_dtype), (False, (piece,))
            # As many frames as later, so that the state keeps its shape. None counts.
            held = ops.repeat(piece[:, :1], self.window, axis=1)
            parts = (held, piece[:, :1], ops.zeros((1,), dtype="int32"))
        held, first, count = parts
        values = ops.concatenate([held, piece], axis=1)
        ready = values.shape[1] if last else values.shape[1] - self._later
        done = self.window - self._later if begun else self.window
        outputs = values[:, done:ready]
        if ready > done:
            begin = self.window - count
            times = ops.arange(done, ready, dtype="int32") - begin
            windows = self._windows(times, values.shape[1] - begin)
            windows = [places + begin for places in windows]
            outputs = self._normalize(outputs, first, values, windows)
        count = ops.minimum(count + piece.shape[1], self.window)
        state = (True, (values[:, -self.window :], first, count))
        return ops.cast(outputs, self.compute_dtype), state

    def get_config(self):
        config = {
            "window": self.window,
            "min_window": self.min_window,
            "center": self.center,
            "normalize_variance": self.normalize_variance,
            "epsilon": self.epsilon,
        }
        return {**super().get_config(), **config}

    def _values(self, inputs):
        return ops.cast(inputs, precision.working_dtype(self.compute_dtype))

    def _windows(self, times, num_frames):
        return sliding.sliding_window(
            times, num_frames, self.window, self.min_window, self.center
        )

    def _normalize(self, frames, first, values, windows):
        """Returns frames less the mean of their windows, which hold `values`."""
        # Relative to the first frame of the clip, sums stay small and exact.
        mean, variance = sliding.window_moments(values - first, *windows)
        outputs = frames - first - mean
        if self.normalize_variance:
            outputs = outputs * ops.rsqrt(variance + self.epsilon)
        return outputs
