"""The base class of layers that take a clip in pieces."""

import inspect

import keras

from speechkit.ops.time.stream_timing import StreamTiming

_NOT_BIDIRECTIONAL = (
    "`keras.layers.Bidirectional` takes recurrent layers of Keras, not {}. The "
    "recurrent layers of speechkit run both ways with `direction='bidirectional'`."
)


class StreamingLayer(keras.layers.Layer):
    """A layer that gives the same frames for a clip in pieces as for the whole clip.

    A stream begins with `get_initial_state`. Each call of `step` takes the next piece,
    of any length, and returns the output steps that the piece completes, and the state
    to go on with. With the last piece, which may be empty, comes what was held back
    until then. All clips of a batch are as long as each other.

    A step is one place on axis 1: a sample or a frame. A subclass declares three
    attributes, from which `export` knows how a model streams without running it. The
    input step that output step `t` stands for, its own, is
    `floor(t * inputs / outputs)`.

    As it is, this class is a layer whose output step depends on its own input step
    alone, and which has no state: such a layer has nothing to add to its `call`.

    Once `latency + 1` input steps have come, the state keeps the shapes of its tensors,
    and its other values, over each piece of a multiple of `inputs` steps.

    Args:
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Attributes:
        output_ratio: `(outputs, inputs)`: every `inputs` input steps give `outputs`
            output steps, such as `(1, 160)` for frames 160 samples apart. After
            `inputs` steps the layer is where it was, so the pair is not reduced where
            the layer works in larger blocks.
        latency: The most input steps that an output step waits for beyond its own, at
            any place of a clip. 0 never looks ahead; it is never below 0.
        receptive_field: Input steps from the first to the last that an output step may
            depend on: `latency` of them after its own step, that step, and the others
            before it. `None` where an output depends on all that came before, as in a
            recurrence.

    Example:
        >>> from speechkit import layers
        >>> layer = layers.Frame(frame_length=400, frame_step=160)
        >>> layer.output_ratio, layer.latency, layer.receptive_field
        ((1, 160), 399, 400)
    """

    output_ratio: tuple[int, int] = (1, 1)
    latency: int = 0
    receptive_field: int | None = 1

    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    def get_initial_state(self, batch_size: int = 1):
        """Returns the state before the first piece.

        Args:
            batch_size: Number of clips that are streamed side by side.

        Returns:
            A tuple of tensors, integers and such tuples, for `step`.

        Raises:
            ValueError: If the layer, as it is set, needs the whole clip.
        """
        return ()

    def step(self, inputs, state, *, last: bool = False):
        """Takes the next piece of the clips.

        Args:
            inputs: The piece: the input of the layer, of any length in time.
            state: What `get_initial_state` or the step before returned.
            last: Whether the clips end with this piece.

        Returns:
            The outputs that the piece completes, and the state after it.
        """
        return self(inputs), state

    @classmethod
    def from_config(cls, config):
        if "go_backwards" in config and not _takes(cls, "go_backwards"):
            raise ValueError(_NOT_BIDIRECTIONAL.format(cls.__name__))
        return super().from_config(config)

    def _declare(self, timing: StreamTiming) -> None:
        """Sets the three attributes."""
        self.output_ratio, self.latency, self.receptive_field = timing


def _takes(layer_class, name):
    """Returns whether a class of layers has an argument of its own with this name."""
    return name in inspect.signature(layer_class).parameters
