"""Cells of recurrent layers whose input product has been computed beforehand."""

import keras
from keras import ops


class Cell(keras.layers.Layer):
    """One step of a recurrence: takes the gates' inputs W·x and the state.

    The names of `keras.layers.RNN` apply: `state_size`, `output_size`, `call(inputs,
    states)`. A subclass says how many gates it has and what a step does.
    """

    num_gates: int
    num_states = 1

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units] * self.num_states
        self.output_size = units

    def build(self, input_shape):
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, self.num_gates * self.units),
            initializer="orthogonal",
            name="recurrent_kernel",
        )
        self.built = True


class GRUCell(Cell):
    """Gates in the order update, reset, candidate, as in `keras.layers.GRU`."""

    num_gates = 3

    def build(self, input_shape):
        super().build(input_shape)
        # The reset gate acts after the product, so the candidate has a bias of its own.
        self.candidate_bias = self.add_weight(
            shape=(self.units,), initializer="zeros", name="candidate_bias"
        )

    def call(self, inputs, states):
        (state,) = states
        gates = ops.split(inputs, 3, axis=-1)
        products = ops.split(ops.matmul(state, self.recurrent_kernel), 3, axis=-1)
        update = ops.sigmoid(gates[0] + products[0])
        reset = ops.sigmoid(gates[1] + products[1])
        candidate = gates[2] + reset * (products[2] + self.candidate_bias)
        state = update * state + (1 - update) * ops.tanh(candidate)
        return state, [state]


class LSTMCell(Cell):
    """Gates in the order input, forget, candidate, output, as in Keras's LSTM."""

    num_gates = 4
    num_states = 2

    def call(self, inputs, states):
        state, carry = states
        gates = inputs + ops.matmul(state, self.recurrent_kernel)
        enter, forget, candidate, leave = ops.split(gates, 4, axis=-1)
        carry = ops.sigmoid(forget) * carry + ops.sigmoid(enter) * ops.tanh(candidate)
        state = ops.sigmoid(leave) * ops.tanh(carry)
        return state, [state, carry]


class SimpleRNNCell(Cell):
    """One gate with the clipped rectifier min(max(x, 0), 20) of DeepSpeech2."""

    num_gates = 1

    def call(self, inputs, states):
        (state,) = states
        product = ops.matmul(state, self.recurrent_kernel)
        state = ops.clip(inputs + product, 0, 20)
        return state, [state]
