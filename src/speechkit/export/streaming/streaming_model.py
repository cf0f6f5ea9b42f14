"""Streaming: a model that takes a clip in pieces."""

import keras
from keras import ops

from speechkit.export.files import _forms, _layer_names
from speechkit.export.streaming import _graph


class StreamingModel:
    """Runs a trained model on a clip in pieces, and gives what the whole clip gives.

    The weights are those of the model, which stays as it is. Layers of single frames
    pass through; recurrences and causal convolutions carry their state; a
    `layers.StreamingLayer` brings its own. A recurrence with its last state alone
    gives, after each piece, its state until then.

    Args:
        model: A `Sequential` or functional model from one input, with time as axis 1,
            to one output; or one of `speechkit.models`, of which the `network` counts.

    Attributes:
        model: The model that runs.
        output_ratio: `(outputs, inputs)`: every `inputs` samples give `outputs` frames;
            for an output without frames, an answer comes with each sample.
        latency: The most samples that a frame waits for beyond its own, from 0 on.
        receptive_field: Samples from the first to the last that a frame may depend on.
            `None` means all that came before.
        ends_time: Whether the output has no frames.

    Raises:
        ValueError: If the model is of another kind, or a layer of it needs the whole
            clip or is not known; the message names the layer.

    Example:
        >>> frames = [keras.Input((None, 40)), keras.layers.GRU(64)]
        >>> stream = StreamingModel(keras.Sequential(frames))
        >>> state = stream.get_initial_state()
        >>> outputs, state = stream.step(ops.ones((1, 7, 40)), state)
    """

    def __init__(self, model: keras.Model):
        self.model = _forms.network_of(model)
        self._nodes = _graph.nodes_of(self.model, StreamingModel)
        last = self._nodes[-1]
        self.output_ratio, latency, field = last.timing
        # A frame that comes before its own sample waits for none.
        self.latency = max(0, latency)
        early = self.latency - latency
        self.receptive_field = None if field is None else field + early
        self.ends_time = not last.has_frames
        # A layer that cannot stream raises here, not in the middle of a clip.
        self.get_initial_state()

    def get_initial_state(self, batch_size: int = 1) -> tuple:
        """Returns the state before the first piece, for `step`.

        Args:
            batch_size: Number of clips that are streamed side by side.
        """
        return tuple(_initial_state(node, batch_size) for node in self._nodes)

    def step(self, inputs, state: tuple, *, last: bool = False):
        """Takes the next piece of the clips.

        Args:
            inputs: The piece: `(batch, samples)`, or of the shape that the model takes.
            state: What `get_initial_state` or the step before returned.
            last: Whether the clips end with this piece, which may be empty.

        Returns:
            The frames of the output that the piece completes, or for an output without
            time the answer until now; and the state to go on with.
        """
        values, after = self._run(inputs, state, last)
        return values[self._nodes[-1].target], after

    def holds_back(self, state: tuple) -> bool:
        """Returns whether frames wait for the end of the clip in this state."""
        nothing = ops.zeros((1, 0, *self.model.inputs[0].shape[2:]))
        values, _ = self._run(nothing, state, last=True)
        if not self.ends_time:
            return values[self._nodes[-1].target].shape[1] != 0
        node, before = next(
            (node, before)
            for node, before in zip(self._nodes, state, strict=True)
            if not node.has_frames
        )
        if any(values[source].shape[1] for source in node.sources):
            return True
        return isinstance(node.stage, StreamingModel) and node.stage.holds_back(before)

    def frame_models(self) -> list[keras.Model]:
        """Returns models that make of samples, one after the other, the last frames.

        Those are the frames of the output, or those that an answer comes with.
        """
        if not self.ends_time:
            return [self.model]
        node = next(node for node in self._nodes if not node.has_frames)
        models = [keras.Model(self.model.inputs, node.tensor)]
        if isinstance(node.stage, StreamingModel):
            models += node.stage.frame_models()
        return models

    def _run(self, inputs, state, last):
        """Returns the values of all nodes, and the state after the piece."""
        dtype = self.model.inputs[0].dtype
        values = {_graph.SOURCE: ops.convert_to_tensor(inputs, dtype=dtype)}
        states = []
        for node, before in zip(self._nodes, state, strict=True):
            taken = [values[source] for source in node.sources]
            taken = taken if len(taken) > 1 else taken[0]
            # The names of operators then tell the layer, as in a model.
            with keras.name_scope(_layer_names.valid(node.name)):
                values[node.target], after = node.stage.step(taken, before, last=last)
            states.append(after)
        return values, tuple(states)


def _initial_state(node, batch_size):
    try:
        return node.stage.get_initial_state(batch_size)
    except ValueError as error:
        raise ValueError(
            f"`model` must be made of layers that can stream. {node.name!r} says: "
            f"{error}"
        ) from error
