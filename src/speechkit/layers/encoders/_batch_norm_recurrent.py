"""What the batch-normalised recurrent layers share: everything but the cell."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.encoders import _cells
from speechkit.ops import lengths

_DIRECTIONS = ("forward", "backward", "bidirectional")


class BatchNormRecurrent(keras.layers.Layer):
    """Runs h_t = f(BN(W·x_t) + U·h_{t−1}); a subclass names its cell.

    W·x is one product for all frames and both directions, and the statistics of its
    normalisation are those of all valid frames of the batch.
    """

    cell_class: type[_cells.Cell]

    def __init__(
        self,
        units: int,
        direction: str = "forward",
        normalization: str | None = "batch",
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.units = _checks.check_int("units", units)
        self.direction = _checks.check_choice("direction", direction, _DIRECTIONS)
        self.normalization = _checks.check_choice(
            "normalization", normalization, ("batch", None)
        )
        self.dropout = _checks.check_rate("dropout", dropout)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True
        self._make_layers()

    def build(self, input_shape):
        self._dropout.build(input_shape)
        self._projection.build(input_shape)
        gates = self.cell_class.num_gates * self.units
        if self._normalization is not None:
            width = gates * len(self._recurrences)
            self._normalization.build((*input_shape[:-1], width))
        for recurrence in self._recurrences:
            recurrence.build((*input_shape[:-1], gates))
        self.built = True

    def call(self, inputs, training=False, mask=None):
        values = lengths.zero_padding(ops.cast(inputs, self.compute_dtype), mask)
        gates = self._projection(self._dropout(values, training=training))
        if self._normalization is not None:
            gates = self._normalization(gates, training=training, mask=mask)
        parts = ops.split(gates, len(self._recurrences), axis=-1)
        outputs = [
            self._run(recurrence, part, mask)
            for recurrence, part in zip(self._recurrences, parts, strict=True)
        ]
        return lengths.zero_padding(ops.concatenate(outputs, axis=-1), mask)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units * len(self._recurrences))

    def get_config(self):
        config = {
            "units": self.units,
            "direction": self.direction,
            "normalization": self.normalization,
            "dropout": self.dropout,
        }
        return {**super().get_config(), **config}

    def _make_layers(self):
        options = {"dtype": self.dtype_policy}
        backwards = {"forward": [False], "backward": [True]}
        self._recurrences = [
            keras.layers.RNN(
                self.cell_class(self.units, **options),
                return_sequences=True,
                go_backwards=go_backwards,
                name="backward" if go_backwards else "forward",
                **options,
            )
            for go_backwards in backwards.get(self.direction, [False, True])
        ]
        num_gates = self.cell_class.num_gates * len(self._recurrences)
        self._dropout = keras.layers.Dropout(self.dropout, **options)
        self._projection = keras.layers.Dense(
            num_gates * self.units,
            use_bias=self.normalization is None,
            name="projection",
            **options,
        )
        self._normalization = None
        if self.normalization == "batch":
            self._normalization = keras.layers.BatchNormalization(
                momentum=0.9, name="normalization", **options
            )

    def _run(self, recurrence, gates, mask):
        """Returns the states of one direction, in the order of the frames."""
        states = recurrence(gates, mask=mask)
        return ops.flip(states, axis=1) if recurrence.go_backwards else states
