"""Recurrent layers, one on the other."""

import math
from collections.abc import Sequence

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.encoders.batch_norm_gru import BatchNormGRU
from speechkit.layers.encoders.batch_norm_lstm import BatchNormLSTM
from speechkit.layers.encoders.batch_norm_simple_rnn import BatchNormSimpleRNN
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time import lengths, stream_timing
from speechkit.ops.time.stacking import Stacking

_LAYERS = {
    "gru": BatchNormGRU,
    "lstm": BatchNormLSTM,
    "simple_rnn": BatchNormSimpleRNN,
}


@keras.saving.register_keras_serializable(package="speechkit")
class RecurrentStack(StreamingLayer):
    """Runs several batch-normalised recurrent layers, each on the output of the last.

    Masks and padding are those of `BatchNormGRU`. With time reduction, a layer takes
    the features of neighbouring frames as one frame: a pyramid. Frames that are left
    over at the end of a clip are dropped, and the mask is shortened likewise.

    Args:
        units: Size of the state of one layer in one direction.
        num_layers: Number of recurrent layers.
        cell: `"gru"`, `"lstm"` or `"simple_rnn"`.
        direction: `"forward"`, `"backward"` or `"bidirectional"`.
        normalization: `"batch"`, `"layer"` or `None`.
        dropout: Share of the input features of each layer but the first that are
            dropped in training.
        recurrent_dropout: Share of the features of the states that are dropped in
            training, the same in all frames of a clip.
        merge_mode: How two directions are joined: `"concat"` or `"sum"`.
        residual: Whether each layer adds its input to its output, where both have as
            many features.
        projection: Number of features that a linear layer makes of the states of each
            recurrent layer. `None` means no such layer.
        time_reduction: How many frames each layer joins before it, one number for all
            layers or one for each.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to drop features and to update batch statistics.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`: fewer frames with time reduction; as many features
        as `projection`, or `units`, twice as many if two directions are concatenated.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> features = keras.ops.ones((8, 98, 40))
        >>> stack = RecurrentStack(64, num_layers=2, time_reduction=(1, 2))
        >>> keras.ops.shape(stack(features))
        (8, 49, 64)

    References:
        Chan et al., Listen, Attend and Spell, 2015, for the pyramid.
        https://arxiv.org/abs/1508.01211
    """

    def __init__(
        self,
        units: int,
        num_layers: int = 1,
        *,
        cell: str = "gru",
        direction: str = "forward",
        normalization: str | None = "batch",
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        merge_mode: str = "concat",
        residual: bool = False,
        projection: int | None = None,
        time_reduction: int | Sequence[int] = 1,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.units = _checks.to_plain(units)
        self.num_layers = _checks.check_int("num_layers", num_layers)
        self.cell = _checks.check_choice("cell", cell, _LAYERS)
        self.direction = direction
        self.normalization = normalization
        self.dropout = _checks.check_rate("dropout", dropout)
        self.recurrent_dropout = _checks.to_plain(recurrent_dropout)
        self.merge_mode = merge_mode
        self.residual = _checks.check_bool("residual", residual)
        if projection is not None:
            projection = _checks.check_int("projection", projection)
        self.projection = projection
        self.time_reduction = _check_reductions(time_reduction, self.num_layers)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True
        self._make_layers()

    def build(self, input_shape):
        for stacking, layer, projection in self._levels():
            input_shape = stacking.output_shape(input_shape)
            layer.build(input_shape)
            input_shape = layer.compute_output_shape(input_shape)
            if projection is not None:
                projection.build(input_shape)
                input_shape = (*input_shape[:-1], self.projection)
        self.built = True

    def call(self, inputs, training=False, mask=None):
        values = lengths.zero_padding(ops.cast(inputs, self.compute_dtype), mask)
        for stacking, layer, projection in self._levels():
            values = stacking.stacks(values)
            mask = stacking.mask(mask)
            states = layer(values, training=training, mask=mask)
            values = self._combined(values, states, projection)
            values = lengths.zero_padding(values, mask)
        return values

    def compute_mask(self, inputs, previous_mask):
        for stacking, *_ in self._levels():
            previous_mask = stacking.mask(previous_mask)
        return previous_mask

    def compute_output_shape(self, input_shape):
        for stacking, layer, _ in self._levels():
            input_shape = stacking.output_shape(input_shape)
            input_shape = layer.compute_output_shape(input_shape)
            if self.projection is not None:
                input_shape = (*input_shape[:-1], self.projection)
        return tuple(input_shape)

    def get_initial_state(self, batch_size: int = 1):
        return tuple(
            (stacking.start(), layer.get_initial_state(batch_size))
            for stacking, layer, _ in self._levels()
        )

    def step(self, inputs, state, *, last: bool = False):
        values = ops.cast(inputs, self.compute_dtype)
        if not self.built:
            self.build(values.shape)
        after = []
        for level, (held, states) in zip(self._levels(), state, strict=True):
            stacking, layer, projection = level
            values, held = stacking.next_stacks(values, held)
            outputs, states = layer.step(values, states, last=last)
            values = self._combined(values, outputs, projection)
            after.append((held, states))
        return values, tuple(after)

    def count_multiply_adds(self, input_shape):
        """Returns the multiply–adds for one clip of a shape that is known."""
        total = 0
        for stacking, *parts in self._levels():
            input_shape = stacking.output_shape(input_shape)
            weights = [w for part in parts if part is not None for w in part.weights]
            kernels = [weight.shape for weight in weights if len(weight.shape) > 1]
            total += input_shape[1] * sum(math.prod(shape) for shape in kernels)
            features = self.compute_output_shape(input_shape)[-1]
            input_shape = (*input_shape[:-1], features)
        return total

    def get_config(self):
        config = {
            "units": self.units,
            "num_layers": self.num_layers,
            "cell": self.cell,
            "direction": self.direction,
            "normalization": self.normalization,
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            "merge_mode": self.merge_mode,
            "residual": self.residual,
            "projection": self.projection,
            "time_reduction": self.time_reduction,
        }
        return {**super().get_config(), **config}

    def _make_layers(self):
        options = {"dtype": self.dtype_policy}
        self._stackings = [Stacking(size, size) for size in self.time_reduction]
        self._recurrences = [
            _LAYERS[self.cell](
                self.units,
                self.direction,
                normalization=self.normalization,
                dropout=self.dropout if index else 0.0,
                recurrent_dropout=self.recurrent_dropout,
                merge_mode=self.merge_mode,
                name=f"layer_{index}",
                **options,
            )
            for index in range(self.num_layers)
        ]
        parts = zip(self._stackings, self._recurrences, strict=True)
        self._declare(
            stream_timing.in_sequence(
                [
                    timing
                    for stacking, layer in parts
                    for timing in (stacking.timing, stream_timing.timing_of(layer))
                ]
            )
        )
        self._projections = [
            keras.layers.Dense(self.projection, name=f"projection_{index}", **options)
            for index in range(0 if self.projection is None else self.num_layers)
        ]

    def _levels(self):
        """Returns a list of (stacking, recurrent layer, projection or `None`).

        A property would be saved by Keras, and by some releases not be read again.
        """
        projections = self._projections or [None] * self.num_layers
        return list(zip(self._stackings, self._recurrences, projections, strict=True))

    def _combined(self, values, states, projection):
        outputs = states if projection is None else projection(states)
        if self.residual and values.shape[-1] == outputs.shape[-1]:
            outputs = outputs + values  # `ops.add` takes (1, 0, features) for a bias
        return outputs


def _check_reductions(sizes, num_layers):
    """Returns one number of frames for each layer; raises unless all are 1 or more."""
    sizes = _checks.to_plain(sizes)
    if isinstance(sizes, int):
        sizes = [sizes] * num_layers
    sizes = _checks.check_items("time_reduction", sizes, "integers")
    sizes = tuple(map(_checks.to_plain, sizes))
    if len(sizes) != num_layers:
        raise ValueError(
            f"`time_reduction` must be one integer, or one for each of the "
            f"{num_layers} layers. Received: time_reduction={sizes}"
        )
    return tuple(_checks.check_int("time_reduction", size) for size in sizes)
