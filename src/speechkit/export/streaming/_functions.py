"""The functions of a file that streams: the first chunks, the next, and the end."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from speechkit.export.streaming._steady_state import SteadyState, tensors_of
from speechkit.ops.runtime import choosing

# Unrolling makes one operator of each step: 500 steps once took the converter 20 GB.
_MOST_OPERATIONS = 8000


def signatures_of(steady: SteadyState) -> dict[str, Any]:
    """Returns `init`, `stream` and, if something is held back, `finish`.

    Raises:
        ValueError: If the chunk is so long that a graph would become too large.
    """
    specs = [
        tf.TensorSpec(tensor.shape, tensor.dtype, name=f"state_{index}")
        for index, tensor in enumerate(steady.tensors)
    ]
    first = tf.TensorSpec((1, steady.num_first * steady.chunk), name="waveforms")
    piece = tf.TensorSpec((1, steady.chunk), name="waveforms")
    stream = steady.stream

    decode: Callable = getattr(stream, "decode", lambda output, state, after: {})

    def init(waveforms):
        state = stream.get_initial_state()
        output, after = stream.step(waveforms, state)
        return {**_named(output, after), **decode(output, state, after)}

    def step(waveforms, *states):
        state = steady.fill(states)
        output, after = stream.step(waveforms, state)
        return {**_named(output, after), **decode(output, state, after)}

    def finish(*states):
        state = steady.fill(states)
        output, after = stream.step(_NOTHING, state, last=True)
        return {"output": output, **decode(output, state, after)}

    signatures = {"init": _traced(init, first), "stream": _traced(step, piece, *specs)}
    if holds_back(steady):
        signatures["finish"] = _traced(finish, *specs)
    return signatures


def holds_back(steady: SteadyState) -> bool:
    """Returns whether frames come when the clip ends that waited for its end."""
    output, _ = steady.stream.step(_NOTHING, steady.template, last=True)
    return len(output.shape) == 3 and output.shape[1] > 0


def samples_for(steady: SteadyState, clips):
    """Yields names of signatures and what they take, for clips of a few chunks."""
    first = steady.num_first * steady.chunk
    waits = holds_back(steady)
    for clip in clips:
        waveforms = clip[None]
        yield "init", {"waveforms": waveforms[:, :first]}
        state = steady.stream.get_initial_state()
        _, state = steady.stream.step(waveforms[:, :first], state)
        for start in range(first, len(clip) - steady.chunk + 1, steady.chunk):
            piece = waveforms[:, start : start + steady.chunk]
            yield "stream", {"waveforms": piece, **_arrays(state)}
            _, state = steady.stream.step(piece, state)
        if waits:
            yield "finish", _arrays(state)


_NOTHING = np.zeros((1, 0), "float32")


def _named(output, state):
    tensors = tensors_of(state)
    return {"output": output, **{f"state_{i}": t for i, t in enumerate(tensors)}}


def _arrays(state):
    tensors = tensors_of(state)
    return {f"state_{i}": np.asarray(tensor) for i, tensor in enumerate(tensors)}


def _traced(function, *specs):
    graph = tf.function(function, input_signature=specs, autograph=False)
    # A loop whose state goes in and out is wrong on some runtimes.
    with choosing.traced_as("unrolled"):
        concrete = graph.get_concrete_function()
    count = len(concrete.graph.get_operations())
    if count > _MOST_OPERATIONS:
        raise ValueError(
            "`chunk_seconds` must be so short that the recurrences of a chunk make "
            f"{_MOST_OPERATIONS} operations or less. Received chunks of {count}"
        )
    return concrete
