"""Time derivatives: how features change from frame to frame."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.signal import regression
from speechkit.ops.time import lengths, precision


@keras.saving.register_keras_serializable(package="speechkit")
class Delta(StreamingLayer):
    """Computes the derivative of features over time, by linear regression.

    Order 1 is the slope of the line that fits the frames from `window` before to
    `window` after a frame best; order 2 is the slope of the slopes. Before its first
    and after its last valid frame a clip counts as standing still, so order 2 equals
    order 1 applied twice but for the `2 * window` frames at either end. A mask passes
    through unchanged. Computed in float32 under mixed precision.

    Args:
        order: 1, or 2 for acceleration.
        window: Number of frames before and after that the line is fitted to.
        append: Whether the output is the features, then their derivatives up to
            `order` (Kaldi's add-deltas), instead of the last of these alone.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`, or with `append`
        `(batch, frames, (order + 1) * features)`.

    Raises:
        ValueError: If `order` is not 1 or 2, or `window` is not a positive integer.

    Example:
        >>> features = keras.ops.array([[[0.0], [2.0], [4.0], [4.0]]])
        >>> Delta(window=1)(features)[0, :, 0].numpy().tolist()
        [1.0, 2.0, 1.0, 0.0]
    """

    def __init__(
        self, order: int = 1, window: int = 2, *, append: bool = False, **kwargs
    ):
        super().__init__(autocast=False, **kwargs)
        self.order = _checks.check_choice("order", order, (1, 2))
        self.window = _checks.check_int("window", window)
        self.append = _checks.check_bool("append", append)
        self._context = order * window
        self.latency = self._context
        self.receptive_field = 2 * self._context + 1
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        values = lengths.hold_last(self._values(inputs), mask)
        return self._derivatives(
            [self._repeat(values[:, :1]), values, self._repeat(values[:, -1:])]
        )

    def compute_output_shape(self, input_shape):
        *outer, features = input_shape
        return (*outer, features * (self.order + 1) if self.append else features)

    def get_initial_state(self, batch_size: int = 1):
        # How many features there are is known with the first piece.
        return ()

    def step(self, inputs, state, *, last: bool = False):
        piece = self._values(inputs)
        if not state and not piece.shape[1]:
            return self._derivatives([piece]), state
        parts = [*(state or (self._repeat(piece[:, :1]),)), piece]
        if last:
            parts.append(self._repeat(ops.concatenate(parts, axis=1)[:, -1:]))
        outputs = self._derivatives(parts)
        return outputs, (ops.concatenate(parts, axis=1)[:, -2 * self._context :],)

    def get_config(self):
        config = {"order": self.order, "window": self.window, "append": self.append}
        return {**super().get_config(), **config}

    def _values(self, inputs):
        return ops.cast(inputs, precision.working_dtype(self.compute_dtype))

    def _repeat(self, frame):
        return ops.repeat(frame, self._context, axis=1)

    def _derivatives(self, parts):
        """Returns the output for all frames that have neighbours on both sides."""
        values = ops.concatenate(parts, axis=1)
        outputs = []
        for order in range(0 if self.append else self.order, self.order + 1):
            weights = regression.regression_weights(self.window, order)
            # Lower orders need fewer neighbours.
            surplus = self._context - order * self.window
            inner = values[:, surplus : -surplus or None]
            outputs.append(regression.weigh_neighbours(inner, weights))
        return ops.cast(ops.concatenate(outputs, axis=2), self.compute_dtype)
