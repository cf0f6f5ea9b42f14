"""Row convolution: a look at the next frames, above a forward recurrence."""

import math

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.encoders._activation_names import check_activation
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time import lengths
from speechkit.ops.time.time_kernel import TimeKernel


@keras.saving.register_keras_serializable(package="speechkit")
class LookaheadConvolution(StreamingLayer):
    """Weighs each feature of a frame and of the next frames, and adds them up.

    A forward recurrence knows the past; this layer behind it adds a little of the
    future, h_t = Σ_j w_j·x_{t+j}, so that a clip can be streamed with a delay of
    `context` frames where a bidirectional recurrence would need all of it. Each feature
    has weights of its own and meets no other. Frames beyond the end of a clip count as
    zero, whether the batch ends there or padding begins.

    Args:
        context: Number of frames ahead that a frame sees.
        activation: Name of a Keras activation; `None` means linear.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If `context` is not a positive integer.

    Example:
        >>> states = keras.ops.ones((8, 49, 256))
        >>> keras.ops.shape(LookaheadConvolution(context=20)(states))
        (8, 49, 256)

    References:
        Amodei et al., Deep Speech 2: End-to-End Speech Recognition in English and
        Mandarin, 2015, section 3.7. https://arxiv.org/abs/1512.02595
    """

    def __init__(self, context: int = 20, activation: str | None = None, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.context = _checks.check_int("context", context)
        self.activation = check_activation(activation)
        self._kernel = TimeKernel(self.context + 1)
        self._declare(self._kernel.timing)
        # Keras takes all channels for inputs of a depthwise kernel: far too small.
        deviation = 1 / math.sqrt(self.context + 1)
        self._convolution = keras.layers.DepthwiseConv1D(
            self.context + 1,
            use_bias=False,
            depthwise_initializer=keras.initializers.RandomNormal(stddev=deviation),
            activation=activation,
            dtype=self.dtype_policy,
            name="convolution",
        )
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape):
        # The first piece of a stream may be shorter than the kernel.
        self._convolution.build((input_shape[0], None, input_shape[-1]))
        self.built = True

    def call(self, inputs, mask=None):
        values = lengths.zero_padding(ops.cast(inputs, self.compute_dtype), mask)
        outputs = self._kernel.apply(self._convolution, self._kernel.pad(values))
        return lengths.zero_padding(outputs, mask)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_initial_state(self, batch_size: int = 1):
        return self._kernel.start()

    def step(self, inputs, state, *, last: bool = False):
        piece = ops.cast(inputs, self.compute_dtype)
        if not self.built:
            self.build(piece.shape)
        windows, state = self._kernel.next_windows(piece, state, last)
        return self._kernel.apply(self._convolution, windows), state

    def get_config(self):
        config = {"context": self.context, "activation": self.activation}
        return {**super().get_config(), **config}
