"""A gated recurrent unit that normalises its input over the batch."""

import keras

from speechkit.layers.encoders import _batch_norm_recurrent, _cells


@keras.saving.register_keras_serializable(package="speechkit")
class BatchNormGRU(_batch_norm_recurrent.BatchNormRecurrent):
    """Runs a gated recurrent unit over time, with batch normalisation of its input.

    With z, r and c from BN(W·x_t) and U·h_{t−1}: h_t = z·h_{t−1} + (1 − z)·tanh(c).
    The normalisation is inside the recurrence, on W·x alone, with statistics over all
    valid frames of the batch. Padding never reaches a state: each direction begins at
    the end of the clip, not of the batch. Padded frames of the output are zero.

    On TensorFlow and a processor, functions that Numba compiles train it, if Numba
    is installed. A graph calls them through Python. XLA cannot, so XLA, a
    GPU and half precision run a graph of operations. The first step compiles the
    functions, in some seconds, and keeps them on disk; see `config.set_kernels`.

    Args:
        units: Size of the state of one direction.
        direction: `"forward"`, `"backward"` or `"bidirectional"`.
        normalization: `"batch"`, `"layer"`, which normalises each frame over its gates,
            or `None`.
        dropout: Share of the input features that are dropped in training.
        recurrent_dropout: Share of the features of the state that are dropped in
            training before they meet U, the same in all frames of a clip.
        merge_mode: How two directions are joined: `"concat"` or `"sum"`.
        return_state: Whether to return the states after the last valid frame, too.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        initial_state: States to begin with, as they are returned. `None` means zeros.
        training: Whether to drop features and to update batch statistics.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, units)`, twice as many features if two directions are
        concatenated. With `return_state`, a list of that and the last states.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> features = keras.ops.ones((8, 98, 40))
        >>> keras.ops.shape(BatchNormGRU(64, direction="bidirectional")(features))
        (8, 98, 128)

    References:
        Amodei et al., Deep Speech 2: End-to-End Speech Recognition in English and
        Mandarin, 2015, section 3.2. https://arxiv.org/abs/1512.02595
    """

    direction_class = _cells.GRUDirection

    def __init__(
        self,
        units: int,
        direction: str = "forward",
        *,
        normalization: str | None = "batch",
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        merge_mode: str = "concat",
        return_state: bool = False,
        **kwargs,
    ):
        super().__init__(
            units,
            direction,
            normalization=normalization,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            merge_mode=merge_mode,
            return_state=return_state,
            **kwargs,
        )
