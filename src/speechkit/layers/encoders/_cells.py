"""One direction of a recurrent layer: its weights, its normalisation and its cell."""

import abc

import keras
from keras import ops

from speechkit.ops.recurrence import dispatch as recurrence
from speechkit.ops.time import precision, statistics

_MOMENTUM = 0.9
_EPSILON = 1e-3


def _orthogonal(shape, dtype=None):
    """Returns orthogonal weights; TensorFlow has no decomposition in half precision."""
    weights = keras.initializers.Orthogonal()(shape, dtype="float32")
    return ops.cast(weights, dtype or keras.config.floatx())


class Direction(keras.layers.Layer, abc.ABC):
    """Takes features, time first, to the states of one direction.

    Every recurrent layer has one or two of these. A subclass says how many gates and
    states its cell has, and runs it.
    """

    num_gates: int
    num_states = 1

    def __init__(self, units, normalization, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.units = units
        self.normalization = normalization
        self.width = self.num_gates * units
        self.supports_masking = True

    def build(self, input_shape):
        self.kernel = self.add_weight(
            (input_shape[-1], self.width), "glorot_uniform", name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            (self.units, self.width), _orthogonal, name="recurrent_kernel"
        )
        self.bias = self.add_weight((self.width,), self._initial_bias, name="bias")
        if self.normalization is not None:
            self.scale = self.add_weight((self.width,), "ones", name="scale")
        if self.normalization == "batch":
            options = {"shape": (self.width,), "trainable": False}
            self.mean = self.add_weight(
                initializer="zeros", name="moving_mean", **options
            )
            self.variance = self.add_weight(
                initializer="ones", name="moving_variance", **options
            )
        self.built = True

    def call(
        self,
        values,
        states,
        begins=False,
        dropout_mask=None,
        training=False,
        mask=None,
        all_states=True,
        moments=None,
    ):
        """Returns a sequence for each state, or for the first alone.

        Where `needs_moments` is true, `moments` are those of
        `statistics.mean_and_covariances`, the same for both directions.
        """
        gates = self._gates(values, training, mask, moments)
        states = [ops.cast(state, self.compute_dtype) for state in states]
        kernel = ops.cast(self.recurrent_kernel, self.compute_dtype)
        keep = bool(training)
        sequences = self._run(gates, kernel, states, dropout_mask, keep, all_states)
        if begins and not training and recurrence.is_fused():
            return self._fused(values, sequences)
        return sequences

    def compute_mask(self, inputs, previous_mask):
        return None  # the layer around knows the mask

    def needs_moments(self, num_features, training):
        """Returns whether this call needs the moments of its input.

        With many features, their covariances would take longer than the product with
        the kernel, so the moments are those of the product.
        """
        is_batch = self.normalization == "batch" and training and self.trainable
        return is_batch and num_features <= self.width

    def fold_into(self, other):
        """Sets the weights of a direction without normalisation so that it is equal."""
        scale, shift = self._scale_and_shift(self.mean, self.variance)
        for weight in other.weights:
            weight.assign(getattr(self, weight.name))
        other.kernel.assign(self.kernel * scale)
        other.bias.assign(shift)

    @abc.abstractmethod
    def _run(self, gates, kernel, states, dropout_mask, keep, all_states):
        """Returns a sequence `(frames, batch, units)` for each state, or the first."""

    def _fused(self, values, sequences):
        """Returns the sequences in a form that a file can compute in one operation.

        Args:
            values: The input of clips that begin: their states are zero.
            sequences: The sequences that `_run` returned.
        """
        return sequences

    def _initial_bias(self, shape, dtype=None):
        return ops.zeros(shape, dtype)

    def _gates(self, values, training, mask, moments):
        """Returns the input product, normalised, as recurrences take it."""
        if self.normalization is None:
            return self._product(values, self.kernel, self.bias)
        if self.normalization == "layer":
            return self._layer_normalized(values)
        if training and self.trainable:
            return self._batch_normalized(values, mask, moments)
        return self._scaled_product(values, self.mean, self.variance)

    def _product(self, values, kernel, bias):
        """Returns a product for the recurrence to compute."""
        weights = [ops.cast(x, self.compute_dtype) for x in (kernel, bias)]
        return recurrence.Product(values, *weights)

    def _product_alone(self, values, dtype):
        """Returns the product of all frames; one of matrices is the fastest."""
        flat = ops.reshape(values, (-1, values.shape[-1]))
        product = ops.matmul(flat, ops.cast(self.kernel, self.compute_dtype))
        product = ops.reshape(product, (-1, ops.shape(values)[1], self.width))
        return ops.cast(product, dtype)

    def _scaled_product(self, values, mean, variance):
        """Returns the normalised product, where scaling the weights is enough."""
        scale, shift = self._scale_and_shift(mean, variance)
        return self._product(values, self.kernel * scale, shift)

    def _scale_and_shift(self, mean, variance):
        """Returns the scale of a product and the shift that is then added."""
        scale = self.scale / ops.sqrt(variance + _EPSILON)
        return scale, self.bias - mean * scale

    def _batch_normalized(self, values, mask, moments):
        dtype = precision.working_dtype(self.compute_dtype)
        if self.needs_moments(values.shape[-1], training=True):
            moments = *moments, ops.cast(self.kernel, dtype)
            mean, variance = statistics.product_moments(*moments)
            self._move_averages(mean, variance, statistics.has_frames(values, mask))
            return self._scaled_product(values, mean, variance)
        product = self._product_alone(values, dtype)
        mean, variance = statistics.all_moments(product, mask)
        self._move_averages(mean, variance, statistics.has_frames(values, mask))
        scale, shift = self._scale_and_shift(mean, variance)
        return ops.cast(product * scale + shift, self.compute_dtype)

    def _move_averages(self, mean, variance, has_frames):
        for average, new in ((self.mean, mean), (self.variance, variance)):
            new = ops.cast(ops.stop_gradient(new), average.dtype)
            moved = average * _MOMENTUM + new * (1 - _MOMENTUM)
            before = ops.convert_to_tensor(average)
            average.assign(ops.where(has_frames, moved, before))

    def _layer_normalized(self, values):
        dtype = precision.working_dtype(self.compute_dtype)
        product = self._product_alone(values, dtype)
        centred = product - ops.mean(product, axis=-1, keepdims=True)
        variance = ops.mean(ops.square(centred), axis=-1, keepdims=True)
        gates = centred * (ops.rsqrt(variance + _EPSILON) * self.scale) + self.bias
        return ops.cast(gates, self.compute_dtype)


class GRUDirection(Direction):
    """Gates in the order update, reset, candidate, as in `keras.layers.GRU`."""

    num_gates = 3

    def build(self, input_shape):
        super().build(input_shape)
        # The reset gate acts after the product, so the candidate has a bias of its own.
        self.candidate_bias = self.add_weight(
            (self.units,), "zeros", name="candidate_bias"
        )

    def _run(self, gates, kernel, states, dropout_mask, keep, all_states):
        bias = ops.cast(self.candidate_bias, self.compute_dtype)
        (state,) = states
        return [recurrence.gru(gates, kernel, bias, state, dropout_mask, keep)]


class LSTMDirection(Direction):
    """Gates in the order input, forget, candidate, output, as in Keras's LSTM."""

    num_gates = 4
    num_states = 2

    def _fused(self, values, sequences):
        if self.normalization == "layer":
            return sequences
        kernel, bias = self.kernel, self.bias
        if self.normalization == "batch":
            scale, bias = self._scale_and_shift(self.mean, self.variance)
            kernel = kernel * scale
        weights = [
            ops.cast(weight, self.compute_dtype)
            for weight in (kernel, self.recurrent_kernel, bias)
        ]
        return [recurrence.fused_lstm(values, *weights), *sequences[1:]]

    def _run(self, gates, kernel, states, dropout_mask, keep, all_states):
        state, carry = states
        return recurrence.lstm(
            gates, kernel, state, carry, dropout_mask, keep, all_states
        )

    def _initial_bias(self, shape, dtype=None):
        # A cell that starts by remembering learns faster.
        forget = ops.ones((self.units,), dtype)
        zeros = ops.zeros((self.units,), dtype)
        return ops.concatenate([zeros, forget, zeros, zeros])


class SimpleRNNDirection(Direction):
    """One gate with a clipped rectifier or the hyperbolic tangent."""

    num_gates = 1

    def __init__(self, units, normalization, activation, **kwargs):
        super().__init__(units, normalization, **kwargs)
        self.activation = activation

    def _run(self, gates, kernel, states, dropout_mask, keep, all_states):
        (state,), activation = states, self.activation
        return [
            recurrence.simple_rnn(gates, kernel, state, activation, dropout_mask, keep)
        ]
