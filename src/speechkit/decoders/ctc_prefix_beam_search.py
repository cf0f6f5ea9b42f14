"""CTC prefix beam search in the graph, small enough for a device."""

import keras
from keras import ops

from speechkit.ops.ctc import dispatch as ctc
from speechkit.ops.ctc import prefix_beams
from speechkit.ops.time.lengths import mask_lengths


@keras.saving.register_keras_serializable(package="speechkit")
class CTCPrefixBeamSearch(keras.layers.Layer):
    """Finds the most probable labels of each clip by a narrow prefix beam search.

    The probability of labels is that of all their paths, where `CTCGreedyDecoder` sees
    the best path alone. Without pruning, language model or words; for these there is
    `CTCBeamSearchDecoder`. The labels of a clip stand at the start of its row and −1
    after them, so the output carries no mask.

    Args:
        beam_width: How many label sequences are followed, up to 16.
        blank_index: Class of the blank; negative counts from the last class.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, classes)`: logits or log probabilities.

    Output shape:
        `(batch, frames)` integers.

    Raises:
        ValueError: If `beam_width` is not from 1 to 16, or `blank_index` is not a class
            of the logits.

    Example:
        >>> log_probs = keras.ops.log([[[0.6, 0.4], [0.6, 0.4]]])
        >>> CTCPrefixBeamSearch(beam_width=4)(log_probs).numpy().tolist()
        [[1, -1]]
    """

    def __init__(self, beam_width: int = 8, blank_index: int = 0, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.beam_width = prefix_beams.check_beam_width(beam_width)
        self.blank_index = blank_index
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def build(self, input_shape):
        self._blank_index = ctc.check_blank_index(self.blank_index, input_shape[-1])
        self.built = True

    def call(self, inputs, mask=None):
        log_probs = ops.log_softmax(ops.cast(inputs, "float32"), axis=-1)
        lengths = mask_lengths(log_probs, mask)
        return prefix_beams.search(
            log_probs, lengths, self.beam_width, self._blank_index
        )

    def compute_mask(self, inputs, previous_mask):
        return None

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[:-1])

    def compute_output_spec(self, inputs, mask=None):
        shape = self.compute_output_shape(inputs.shape)
        return keras.KerasTensor(shape, dtype="int32")

    def get_config(self):
        config = {"beam_width": self.beam_width, "blank_index": self.blank_index}
        return {**super().get_config(), **config}
