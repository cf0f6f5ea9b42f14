"""The protocol of layers that take a clip in pieces."""

import keras


class StreamingLayer(keras.layers.Layer):
    """A layer that gives the same frames for a clip in pieces as for the whole clip.

    A stream begins with `get_initial_state`. Each call of `step` takes the next piece,
    of any length, and returns what the piece completes, and the state to go on with.
    With the last piece, which may be empty, comes what was held back until then. All
    clips of a batch are as long as each other. This layer keeps no state: each frame
    depends on one step in time alone.
    """

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

    def step(self, inputs, state, last: bool = False):
        """Takes the next piece of the clips.

        Args:
            inputs: The piece: the input of the layer, of any length in time.
            state: What `get_initial_state` or the step before returned.
            last: Whether the clips end with this piece.

        Returns:
            The outputs that the piece completes, and the state after it.
        """
        return self(inputs), state
