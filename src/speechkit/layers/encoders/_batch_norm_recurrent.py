"""The base of the batch-normalised recurrent layers: everything but the cell."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.encoders import _cells
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.recurrence import dispatch as recurrence
from speechkit.ops.time import lengths, masks, precision, statistics

_DIRECTIONS = {
    "forward": ("forward",),
    "backward": ("backward",),
    "bidirectional": ("forward", "backward"),
}


class BatchNormRecurrent(StreamingLayer):
    """Runs h_t = f(BN(W·x_t) + U·h_{t−1}); a subclass names its cell.

    W·x is one product for all frames, and the statistics of its normalisation are those
    of all valid frames of the batch.
    """

    receptive_field = None
    direction_class: type[_cells.Direction]

    def __init__(
        self,
        units: int,
        direction: str,
        *,
        normalization: str | None,
        dropout: float,
        recurrent_dropout: float,
        merge_mode: str,
        return_state: bool,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.units = _checks.check_int("units", units)
        self.direction = _checks.check_choice("direction", direction, _DIRECTIONS)
        self.normalization = _checks.check_choice(
            "normalization", normalization, ("batch", "layer", None)
        )
        self.dropout = _checks.check_rate("dropout", dropout)
        self.recurrent_dropout = _checks.check_rate(
            "recurrent_dropout", recurrent_dropout
        )
        self.merge_mode = _checks.check_choice(
            "merge_mode", merge_mode, ("concat", "sum")
        )
        self.return_state = _checks.check_bool("return_state", return_state)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True
        self._make_layers()

    def build(self, input_shape):
        for one in self._directions:
            one.build(input_shape)
        self.built = True

    def call(self, inputs, initial_state=None, training=False, mask=None):
        if mask is None and initial_state is not None:
            # Keras passes on the mask of an argument only where it is the only one.
            mask = masks.get_mask(inputs)
        values = lengths.zero_padding(ops.cast(inputs, self.compute_dtype), mask)
        values = self._dropout(values, training=training)
        outputs, states = self._run(values, initial_state, training, mask)
        return [outputs, *states] if self.return_state else outputs

    def compute_mask(self, inputs, previous_mask):
        if not self.return_state:
            return previous_mask
        return [previous_mask, *[None] * self._num_states()]

    def compute_output_shape(self, input_shape):
        count = len(self._directions) if self.merge_mode == "concat" else 1
        outputs = (*input_shape[:-1], self.units * count)
        if not self.return_state:
            return outputs
        return [outputs, *[(input_shape[0], self.units)] * self._num_states()]

    def get_initial_state(self, batch_size: int = 1):
        if self.direction != "forward":
            raise ValueError(
                "`direction` must be 'forward' to take a clip in pieces. "
                f"Received: direction={self.direction!r}"
            )
        return tuple(self._zero_states(batch_size))

    def step(self, inputs, state, *, last: bool = False):
        values = ops.cast(inputs, self.compute_dtype)
        if not self.built:
            self.build(values.shape)
        outputs, states = self._run(values, state, False, None)
        return outputs, tuple(states)

    def get_config(self):
        config = {
            "units": self.units,
            "direction": self.direction,
            "normalization": self.normalization,
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            "merge_mode": self.merge_mode,
            "return_state": self.return_state,
        }
        return {**super().get_config(), **config}

    def _make_layers(self):
        options = {"dtype": self.dtype_policy}
        self._directions = [
            self.direction_class(
                self.units,
                self.normalization,
                name=name,
                **self._cell_options(),
                **options,
            )
            for name in _DIRECTIONS[self.direction]
        ]
        self._dropout = keras.layers.Dropout(self.dropout, **options)
        self._recurrent_dropout = keras.layers.Dropout(
            self.recurrent_dropout, **options
        )

    def _cell_options(self):
        """Returns further arguments of the cell, for a layer that has any."""
        return {}

    def _num_states(self):
        return self.direction_class.num_states * len(self._directions)

    def _zero_states(self, batch_size):
        shape = (batch_size, self.units)
        zeros = ops.zeros(shape, dtype=self.compute_dtype)
        return [zeros] * self._num_states()

    def _run(self, values, initial_state, training, mask):
        """Returns the merged outputs and, where they are needed, the last states."""
        count = self.direction_class.num_states
        outputs, states = [], []
        begins = initial_state is None
        if begins:
            initial_state = self._zero_states(ops.shape(values)[0])
        moments = self._moments(values, training, mask)
        for index, one in enumerate(self._directions):
            initial = list(initial_state[index * count : (index + 1) * count])
            output, last = self._run_one(
                one, values, initial, begins, training, mask, moments
            )
            outputs.append(output)
            states.extend(last)
        if len(outputs) == 1:
            return outputs[0], states
        if self.merge_mode == "sum":
            forward, backward = outputs
            return forward + backward, states  # `ops.add` needs a frame
        return ops.concatenate(outputs, axis=-1), states

    def _moments(self, values, training, mask):
        """Returns mean and covariances of the input, or `None` if none needs them."""
        if not any(
            x.needs_moments(values.shape[-1], training) for x in self._directions
        ):
            return None
        dtype = precision.working_dtype(self.compute_dtype)
        return statistics.mean_and_covariances(ops.cast(values, dtype), mask)

    def _run_one(self, one, values, initial, begins, training, mask, moments):
        """Returns the outputs of one direction and, where needed, its last states."""
        with_last = self.return_state or not begins
        counts = None if mask is None else lengths.mask_lengths(values, mask)
        backward = one.name == "backward"
        if backward:
            values = recurrence.reverse_clips(values, counts)
        sequences = one(
            ops.transpose(values, (1, 0, 2)),
            initial,
            begins=begins,
            dropout_mask=self._dropout_mask(values, training),
            training=training,
            mask=None if mask is None else ops.transpose(mask),
            all_states=with_last,
            moments=moments,
        )
        last = []
        if with_last:
            pairs = zip(sequences, initial, strict=True)
            last = [recurrence.last_state(*pair, counts) for pair in pairs]
        outputs = ops.transpose(sequences[0], (1, 0, 2))
        if backward:
            outputs = recurrence.reverse_clips(outputs, counts)
        return lengths.zero_padding(outputs, mask), last

    def _dropout_mask(self, values, training):
        """Returns the dropout mask of the states, the same in all frames of a clip."""
        if not training or not self.recurrent_dropout:
            return None
        ones = ops.ones((ops.shape(values)[0], self.units), self.compute_dtype)
        return self._recurrent_dropout(ones, training=True)
