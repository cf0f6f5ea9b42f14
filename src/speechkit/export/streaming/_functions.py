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
        signatures: `init`, `stream`, if a chunk is longer than need be `rest`, for what
            fills none, and if something is held back until the end of a clip, `finish`.
    """

    stream: StreamingModel | DecodedStream
    chunks: Chunks
    template: StateTemplate
    signatures: dict[str, Any]

    def clips(
        self, clips: Iterable[np.ndarray], *, whole_periods: bool
    ) -> list[np.ndarray]:
        """Returns clips cut to lengths that try all functions and fill no chunk.

        Clips that are too short are repeated, unless one is long enough.

        Args:
            clips: The clips.
            whole_periods: Whether lengths are multiples of the period of the chunks:
                beyond them a look ahead sees silence, which the model does not.
        """
        chunks, clips = self.chunks, list(clips)
        least = chunks.first + 2 * chunks.size
        long_enough = [clip for clip in clips if len(clip) >= least]
        whole = long_enough or [np.resize(clip, least + chunks.size) for clip in clips]
        lengths = [
            len(clip) // chunks.size * chunks.size - place % 3 * chunks.period
            for place, clip in enumerate(whole)
        ]
        odd = 0 if whole_periods else chunks.period // 3
        return [
            clip[: length - odd] for clip, length in zip(whole, lengths, strict=True)
        ]

    def samples(self, clips: Iterable[np.ndarray]) -> Iterator[tuple[str, dict]]:
        """Yields names of signatures and their inputs, for clips of a few chunks."""
        for clip in clips:
            yield from self._samples_of(clip[None])

    def _samples_of(self, waveforms):
        start, end = self.chunks.first, waveforms.shape[1]
        yield "init", {"waveforms": waveforms[:, :start]}
        state = self.stream.get_initial_state()
        _, state = self.stream.step(waveforms[:, :start], state)
        for name, size in self._calls():
            while start + size <= end:
                piece = waveforms[:, start : start + size]
                yield name, {"waveforms": piece, **_arrays(state)}
                _, state = self.stream.step(piece, state)
                start += size
        if "finish" in self.signatures:
            yield "finish", _arrays(state)

    def _calls(self):
        """Yields the calls after the first, long ones before short ones."""
        yield "stream", self.chunks.size
        if "rest" in self.signatures:
            yield "rest", self.chunks.period


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

    def piece(size):
        return tf.TensorSpec((1, size), name="waveforms")

    specs = [
        tf.TensorSpec(tensor.shape, tensor.dtype, name=f"state_{index}")
        for index, tensor in enumerate(template.tensors)
    ]
    model = stream.model
    signatures["stream"] = _traced(model, step, piece(chunks.size), *specs)
    if chunks.period < chunks.size:
        signatures["rest"] = _traced(model, step, piece(chunks.period), *specs)
    if stream.holds_back(template.fill(_zeros(template))):
        signatures["finish"] = _traced(model, finish, *specs)
    return StreamFunctions(stream, chunks, template, signatures)


def _zeros(template):
    return [np.zeros(t.shape, t.dtype.as_numpy_dtype) for t in template.tensors]


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
