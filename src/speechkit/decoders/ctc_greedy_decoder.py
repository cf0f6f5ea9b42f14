"""Greedy decoding: the best class of each frame, collapsed."""

import keras
from keras import ops

from speechkit.ops.ctc import dispatch as ctc
from speechkit.ops.edits import compaction


@keras.saving.register_keras_serializable(package="speechkit")
class CTCGreedyDecoder(keras.layers.Layer):
    """Takes the best class of each valid frame, merges repeats and drops blanks.

    Of two equal best classes the first counts. The labels of a clip stand at the start
    of its row and −1 after them, so the output carries no mask.

    Args:
        blank_index: Class of the blank; negative counts from the last class.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, classes)`: logits or probabilities.

    Output shape:
        `(batch, frames)` integers.

    Raises:
        ValueError: If `blank_index` is not a class of the logits.

    Example:
        >>> logits = keras.ops.one_hot(keras.ops.array([[1, 1, 0, 1, 2]]), 3)
        >>> CTCGreedyDecoder()(logits).numpy().tolist()
        [[1, 1, 2, -1, -1]]
    """

    def __init__(self, blank_index: int = 0, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.blank_index = blank_index
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def build(self, input_shape):
        self._blank_index = ctc.check_blank_index(self.blank_index, input_shape[-1])
        self.built = True

    def call(self, inputs, mask=None):
        best = ctc.best_classes(inputs)
        previous = ops.pad(best, [[0, 0], [1, 0]], constant_values=-1)[:, :-1]
        keep = ops.logical_and(best != self._blank_index, best != previous)
        if mask is not None:
            keep = ops.logical_and(keep, mask)
        return compaction.to_the_front(best, keep)

    def compute_mask(self, inputs, previous_mask):
        return None

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[:-1])

    def compute_output_spec(self, inputs, mask=None):
        shape = self.compute_output_shape(inputs.shape)
        return keras.KerasTensor(shape, dtype="int32")

    def get_config(self):
        return {**super().get_config(), "blank_index": self.blank_index}
