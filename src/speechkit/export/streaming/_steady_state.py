"""The shapes that a stream has once it runs: what a file can be made of."""

import dataclasses
from typing import Any

import keras
import numpy as np

from speechkit.export.streaming._decoded_stream import DecodedStream
from speechkit.export.streaming.streaming_model import StreamingModel

# So many first chunks may go by before the states keep their shapes.
_MOST_FIRST_CHUNKS = 16


@dataclasses.dataclass(frozen=True)
class SteadyState:
    """What stays the same from chunk to chunk.

    Attributes:
        stream: The model.
        chunk: Samples of a chunk.
        num_first: Number of chunks that the stream begins with, taken at once.
        template: A state; its integers stay, its tensors change.
    """

    stream: StreamingModel | DecodedStream
    chunk: int
    num_first: int
    template: Any

    @property
    def tensors(self) -> list:
        """The tensors of the template that hold anything, in order."""
        return tensors_of(self.template)

    def fill(self, tensors):
        """Returns a state with these tensors in place of those of the template."""
        left = iter(tensors)
        leaves = [
            next(left) if _is_carried(leaf) else leaf
            for leaf in keras.tree.flatten(self.template)
        ]
        return keras.tree.pack_sequence_as(self.template, leaves)


def tensors_of(state) -> list:
    """Returns the tensors of a state that hold anything, in order."""
    return [leaf for leaf in keras.tree.flatten(state) if _is_carried(leaf)]


def steady_state(stream: StreamingModel | DecodedStream, chunk: int) -> SteadyState:
    """Returns the state that a stream of equal chunks comes to.

    Raises:
        ValueError: If its shapes never stay the same.
    """
    silence = np.zeros((1, chunk), "float32")
    output, state = stream.step(silence, stream.get_initial_state())
    for num_first in range(1, _MOST_FIRST_CHUNKS + 1):
        # Runtimes do not give outputs without any number in them.
        begun, shapes = 0 not in output.shape, _shapes(state)
        output, state = stream.step(silence, state)
        if begun and _shapes(state) == shapes:
            return SteadyState(stream, chunk, num_first, state)
    raise ValueError(
        "`chunk_seconds` must make chunks of a whole number of output frames, and "
        "the model must come to states of fixed size within "
        f"{_MOST_FIRST_CHUNKS} chunks. Received chunks of {chunk} samples"
    )


def _is_carried(leaf):
    # Tensors without any number in them are made anew: no runtime likes them.
    return hasattr(leaf, "shape") and 0 not in leaf.shape


def _shapes(state):
    return [
        (tuple(leaf.shape), str(leaf.dtype)) if hasattr(leaf, "shape") else leaf
        for leaf in keras.tree.flatten(state)
    ]
