"""A stream whose frames are decoded as they come."""

from keras import ops

from speechkit.export.streaming_model import StreamingModel
from speechkit.ops import ctc


class DecodedStream:
    """Streams a CTC model, and carries the best class of the last frame.

    Args:
        stream: The model.
        blank_index: Class of the blank.

    Raises:
        ValueError: If the output has no frames.
    """

    def __init__(self, stream: StreamingModel, blank_index: int):
        self.model = stream.model
        if len(self.model.output_shape) != 3:
            raise ValueError(
                "`decoding` must be None for a model without frames. "
                "Received: decoding='greedy'"
            )
        self._stream = stream
        self._blank_index = ctc.check_blank_index(
            blank_index, self.model.output_shape[-1]
        )

    def initial_state(self, batch_size: int = 1) -> tuple:
        """Returns the state before the first piece; a blank stands before a clip."""
        blank = ops.full((batch_size, 1), self._blank_index, dtype="int32")
        return self._stream.initial_state(batch_size), blank

    def step(self, inputs, state: tuple, last: bool = False):
        """Returns what `StreamingModel.step` returns."""
        before, best = state
        output, after = self._stream.step(inputs, before, last)
        best = ops.concatenate([best, ctc.best_classes(output)], axis=1)[:, -1:]
        return output, (after, best)

    def decode(self, output, state: tuple) -> dict:
        """Returns `labels`, their `count` and the `score` of the frames of a piece.

        Args:
            output: The frames.
            state: The state before them.
        """
        best = ctc.best_classes(output)
        previous = ops.concatenate([state[1], best], axis=1)[:, :-1]
        new = ops.logical_and(best != self._blank_index, best != previous)
        return {
            "labels": ops.where(new, best, -1),
            "count": ops.sum(ops.cast(new, "int32"), axis=1),
            "score": ctc.best_path_score(output),
        }
