"""The ways in which a layer takes a clip in pieces.

Each has the methods `get_initial_state` and `step` of the layers that stream.
"""

from keras import ops


class Plain:
    """What has no time axis any more: the answer until now."""

    def __init__(self, function):
        self._function = function

    def get_initial_state(self, batch_size):
        return ()

    def step(self, inputs, state, *, last=False):
        return self._function(inputs), state


class FrameWise(Plain):
    """A layer that sees one frame at a time."""

    def step(self, inputs, state, *, last=False):
        return _apply(self._function, inputs, 1), state


class Merge:
    """A layer that joins frames of several inputs, which need not come together."""

    def __init__(self, function):
        self._function = function

    def get_initial_state(self, batch_size):
        return ()

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


class Recurrence:
    """A recurrent layer of Keras, one frame after the other."""

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


class Windows:
    """A layer that sees `size` frames at a time, and moves by `stride`.

    Args:
        function: The layer without any padding.
        size: Frames from the first that it sees to the last.
        stride: Input frames per output frame.
        left: Zeros before the clip.
    """

    def __init__(self, function, size, stride, left=0):
        self._function, self._size = function, size
        self._stride, self._left = stride, left

    def get_initial_state(self, batch_size):
        # How many features there are is known with the first piece.
        return (), 0

    def step(self, inputs, state, *, last=False):
        held, start = state
        before = held or (_zeros(inputs, self._left),)
        frames = ops.concatenate([*before, inputs], axis=1)
        count = max(0, (frames.shape[1] - start - self._size) // self._stride + 1)
        end = start + count * self._stride
        behind = end + self._size - self._stride if count else start
        outputs = _apply(self._function, frames[:, start:behind], self._size)
        # The next window may begin behind what has come.
        dropped = min(end, frames.shape[1])
        return outputs, ((frames[:, dropped:],), end - dropped)


class ZeroPadding:
    """Puts zeros before the first frame and after the last."""

    def __init__(self, left, right):
        self._left, self._right = left, right

    def get_initial_state(self, batch_size):
        return False  # whether the clip has begun

    def step(self, inputs, state, *, last=False):
        parts = [inputs]
        if not state:
            parts.insert(0, _zeros(inputs, self._left))
        if last:
            parts.append(_zeros(inputs, self._right))
        return ops.concatenate(parts, axis=1), True


class LastFrames:
    """The last frame until now; zeros before the first."""

    ends_time = True

    def get_initial_state(self, batch_size):
        return ()

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
    return function(_zeros(frames, size))[:, :0]


def _one_frame(frames):
    return _zeros(frames, 1)


def _zeros(frames, count):
    shape = (frames.shape[0], count, *frames.shape[2:])
    return ops.zeros(shape, dtype=frames.dtype)
