"""Recurrent layers, one on the other."""

import keras

from speechkit import _checks
from speechkit.layers.encoders.batch_norm_gru import BatchNormGRU
from speechkit.layers.encoders.batch_norm_lstm import BatchNormLSTM
from speechkit.layers.encoders.batch_norm_simple_rnn import BatchNormSimpleRNN

_LAYERS = {
    "gru": BatchNormGRU,
    "lstm": BatchNormLSTM,
    "simple_rnn": BatchNormSimpleRNN,
}


@keras.saving.register_keras_serializable(package="speechkit")
class RecurrentStack(keras.layers.Layer):
    """Runs several batch-normalised recurrent layers, each on the states of the last.

    Masks and padding are those of `BatchNormGRU`.

    Args:
        units: Size of the state of one layer in one direction.
        num_layers: Number of recurrent layers.
        cell: `"gru"`, `"lstm"` or `"simple_rnn"`.
        direction: `"forward"`, `"backward"` or `"bidirectional"`.
        normalization: `"batch"` or `None`.
        dropout: Share of the input features of each layer but the first that are
            dropped in training.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to drop features and to update batch statistics.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, units)`, twice as many features if bidirectional.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> features = keras.ops.ones((8, 98, 40))
        >>> keras.ops.shape(RecurrentStack(64, num_layers=2)(features))
        (8, 98, 64)
    """

    def __init__(
        self,
        units: int,
        num_layers: int = 1,
        cell: str = "gru",
        direction: str = "forward",
        normalization: str | None = "batch",
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.units = units
        self.num_layers = _checks.check_int("num_layers", num_layers)
        self.cell = _checks.check_choice("cell", cell, _LAYERS)
        self.direction = direction
        self.normalization = normalization
        self.dropout = _checks.check_rate("dropout", dropout)
        self._layers_in_order = [
            _LAYERS[cell](
                units,
                direction,
                normalization,
                dropout if index else 0.0,
                dtype=self.dtype_policy,
                name=f"layer_{index}",
            )
            for index in range(num_layers)
        ]
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape):
        for layer in self._layers_in_order:
            layer.build(input_shape)
            input_shape = layer.compute_output_shape(input_shape)
        self.built = True

    def call(self, inputs, training=False, mask=None):
        for layer in self._layers_in_order:
            inputs = layer(inputs, training=training, mask=mask)
        return inputs

    def compute_output_shape(self, input_shape):
        for layer in self._layers_in_order:
            input_shape = layer.compute_output_shape(input_shape)
        return tuple(input_shape)

    def get_config(self):
        config = {
            "units": self.units,
            "num_layers": self.num_layers,
            "cell": self.cell,
            "direction": self.direction,
            "normalization": self.normalization,
            "dropout": self.dropout,
        }
        return {**super().get_config(), **config}
