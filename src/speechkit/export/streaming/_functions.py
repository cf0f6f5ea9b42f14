"""The functions of a file that streams: the first chunks, the next, and the end."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from speechkit.export.files import _layer_names
from speechkit.export.streaming._chunks import Chunks
from speechkit.export.streaming._decoded_stream import DecodedStream
from speechkit.export.streaming._state_template import StateTemplate, tensors_of
from speechkit.export.streaming.streaming_model import StreamingModel
from speechkit.ops.runtime import choosing

# Unrolling makes one operator of each step: 500 steps once took the converter 20 GB.
_MOST_OPERATIONS = 8000
_NOTHING = np.zeros((1, 0), "float32")


@dataclasses.dataclass(frozen=True)
class StreamFunctions:
    """The functions of a file, traced.

    Attributes:
        stream: The model that they run.
        chunks: How many samples they take.
        template: The state that they carry.
        signatures: `init`, `stream` and, if something is held back until the end of a
            clip, `finish`.
    """

    stream: StreamingModel | DecodedStream
    chunks: Chunks
    template: StateTemplate
    signatures: dict[str, Any]

    def samples(self, clips: Iterable[np.ndarray]) -> Iterator[tuple[str, dict]]:
        """Yields names of signatures and their inputs, for clips of a few chunks."""
        for clip in clips:
            waveforms, start = clip[None], self.chunks.first
            yield "init", {"waveforms": waveforms[:, :start]}
            state = self.stream.get_initial_state()
            _, state = self.stream.step(waveforms[:, :start], state)
            while start + self.chunks.size <= len(clip):
                piece = waveforms[:, start : start + self.chunks.size]
                yield "stream", {"waveforms": piece, **_arrays(state)}
                _, state = self.stream.step(piece, state)
                start += self.chunks.size
            if "finish" in self.signatures:
                yield "finish", _arrays(state)


def functions_of(
    stream: StreamingModel | DecodedStream, chunks: Chunks
) -> StreamFunctions:
    """Traces the functions of a file.

    Raises:
        ValueError: If the chunk is so long that a graph would become too large, or a
            layer does not keep the shape of its state.
    """
    decode: Callable = getattr(stream, "decode", lambda output, state, after: {})
    states = []

    def init(waveforms):
        state = stream.get_initial_state()
        output, after = stream.step(waveforms, state)
        states.append(after)
        return {**_named(output, after), **decode(output, state, after)}

    first = tf.TensorSpec((1, chunks.first), name="waveforms")
    signatures = {"init": _traced(stream.model, init, first)}
    template = StateTemplate(states[-1])

    def step(waveforms, *tensors):
        state = template.fill(tensors)
        output, after = stream.step(waveforms, state)
        template.check(after)
        return {**_named(output, after), **decode(output, state, after)}

    def finish(*tensors):
        state = template.fill(tensors)
        output, after = stream.step(_NOTHING, state, last=True)
        return {"output": output, **decode(output, state, after)}

    piece = tf.TensorSpec((1, chunks.size), name="waveforms")
    specs = [
        tf.TensorSpec(tensor.shape, tensor.dtype, name=f"state_{index}")
        for index, tensor in enumerate(template.tensors)
    ]
    signatures["stream"] = _traced(stream.model, step, piece, *specs)
    end = _traced(stream.model, finish, *specs)
    if _has_frames(end.structured_outputs["output"]):
        signatures["finish"] = end
    return StreamFunctions(stream, chunks, template, signatures)


def _has_frames(output):
    return len(output.shape) == 3 and output.shape[1] != 0


def _named(output, state):
    tensors = tensors_of(state)
    return {"output": output, **{f"state_{i}": t for i, t in enumerate(tensors)}}


def _arrays(state):
    tensors = tensors_of(state)
    return {f"state_{i}": np.asarray(tensor) for i, tensor in enumerate(tensors)}


def _traced(model, function, *specs):
    graph = tf.function(function, input_signature=specs, autograph=False)
    # A loop whose state goes in and out is wrong on some runtimes.
    with choosing.traced_as("unrolled"), _layer_names.mended(model):
        concrete = graph.get_concrete_function()
    count = len(concrete.graph.get_operations())
    if count > _MOST_OPERATIONS:
        raise ValueError(
            "`chunk_seconds` must be so short that the recurrences of a chunk make "
            f"{_MOST_OPERATIONS} operations or less: a chunk of one "
            f"{-(-count // _MOST_OPERATIONS)}th would. Received chunks of {count}"
        )
    return concrete
