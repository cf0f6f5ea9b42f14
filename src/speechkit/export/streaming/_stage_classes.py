"""The ways in which a layer of Keras takes a clip in pieces."""

import abc
from typing import Any

from keras import ops

from speechkit.ops.time.held_windows import HeldWindows, zero_steps
from speechkit.ops.time.stream_timing import StreamTiming


class Stage(abc.ABC):
    """Streams one node of a graph, by the protocol of `layers.StreamingLayer`.

    Attributes:
        ends_time: Whether the output has no frames.
    """

    output_ratio: tuple[int, int] = (1, 1)
    latency: int = 0
    receptive_field: int | None = 1
    ends_time = False

    def get_initial_state(self, batch_size: int) -> Any:
        """Returns the state before the first piece."""
        return ()

    @abc.abstractmethod
    def step(self, inputs, state, *, last: bool = False):
        """Returns the outputs that the next piece completes, and the state after it."""

    def _declare(self, timing: StreamTiming) -> None:
        self.output_ratio, self.latency, self.receptive_field = timing


class Plain(Stage):
    """A layer whose input has no frames: its answer until now."""

    def __init__(self, function):
        self._function = function

    def step(self, inputs, state, *, last=False):
        return self._function(inputs), state


class FrameWise(Stage):
    """A layer that sees one frame at a time.

    Args:
        function: The layer.
        repeats: Output frames of each input frame.
    """

    def __init__(self, function, repeats=1):
        self._function = function
        self.output_ratio = (repeats, 1)

    def step(self, inputs, state, *, last=False):
        return _apply(self._function, inputs, 1), state


class Merge(Stage):
    """A layer that joins frames of several inputs, which need not come together."""

    def __init__(self, function):
        self._function = function

    def step(self, inputs, state, *, last=False):
        held = state or [piece[:, :0] for piece in inputs]
        frames = [
            ops.concatenate([before, piece], axis=1)
            for before, piece in zip(held, inputs, strict=True)
        ]
        ready = min(values.shape[1] for values in frames)
        if ready:
            outputs = self._function([values[:, :ready] for values in frames])
        else:
            outputs = self._function([_one_frame(values) for values in frames])[:, :0]
        return outputs, tuple(values[:, ready:] for values in frames)


class Recurrence(Stage):
    """A recurrent layer of Keras, one frame after the other."""

    receptive_field = None

    def __init__(self, layer):
        self._layer = layer
        self.ends_time = not layer.return_sequences

    def get_initial_state(self, batch_size):
        states = tuple(self._layer.get_initial_state(batch_size))
        return (states, self._no_output(batch_size)) if self.ends_time else states

    def step(self, inputs, state, *, last=False):
        states, output = state if self.ends_time else (state, None)
        inputs = ops.cast(inputs, self._layer.compute_dtype)
        outputs = []
        # Unrolled: a loop in the graph, with its state outside, fails on some devices.
        for place in range(inputs.shape[1]):
            output, states = self._layer.cell(inputs[:, place], list(states))
            outputs.append(output)
        states = tuple(states)
        if self.ends_time:
            return output, (states, output)
        if outputs:
            return ops.stack(outputs, axis=1), states
        return ops.expand_dims(self._no_output(inputs.shape[0]), axis=1)[:, :0], states

    def _no_output(self, batch_size):
        shape = (batch_size, self._layer.cell.output_size)
        return ops.zeros(shape, self._layer.compute_dtype)


class Windows(Stage):
    """A layer that sees a window of frames at a time.

    Args:
        function: The layer without any padding.
        windows: What it sees.
    """

    def __init__(self, function, windows: HeldWindows):
        self._function, self._windows = function, windows
        self._declare(windows.timing)

    def get_initial_state(self, batch_size):
        return self._windows.start()

    def step(self, inputs, state, *, last=False):
        frames, state = self._windows.advance(inputs, state)
        return _apply(self._function, frames, self._windows.size), state


class ZeroPadding(Stage):
    """Puts zeros before the first frame and after the last.

    Args:
        left: Number of frames before the first.
        right: Number of frames after the last.
        frequencies: Number of zeros below and above each frame of bins and channels.
    """

    def __init__(self, left, right, frequencies=(0, 0)):
        self._left, self._right = left, right
        self._frequencies = tuple(frequencies)
        self.latency = -left  # output frame `t` is input frame `t - left`

    def get_initial_state(self, batch_size):
        return False  # whether the clip has begun

    def step(self, inputs, state, *, last=False):
        parts = [inputs]
        if not state:
            parts.insert(0, zero_steps(inputs, self._left))
        if last:
            parts.append(zero_steps(inputs, self._right))
        frames = ops.concatenate(parts, axis=1)
        if any(self._frequencies):
            frames = ops.pad(frames, [(0, 0), (0, 0), self._frequencies, (0, 0)])
        return frames, True


class LastFrames(Stage):
    """The last frame until now; zeros before the first."""

    ends_time = True

    def step(self, inputs, state, *, last=False):
        (frame,) = state or (_one_frame(inputs)[:, 0],)
        if inputs.shape[1]:
            frame = inputs[:, -1]
        return frame, (frame,)


def _apply(function, frames, size):
    """Returns `function(frames)`, or no frame where there are less than `size`."""
    if frames.shape[1] >= size:
        return function(frames)
    # Many layers refuse to work on no frame at all.
    return function(zero_steps(frames, size))[:, :0]


def _one_frame(frames):
    return zero_steps(frames, 1)
