"""Keras's `TimeDistributed` for any number of frames, as graphs have them."""

import functools

import keras
from keras import ops


def let_all_frames_pass(layers):
    """Makes `TimeDistributed` layers give every frame where a graph has any number.

    There, Keras takes the number of clips for that of the frames.
    """
    for layer in layers:
        for inner in layer._flatten_layers():
            if type(inner) is keras.layers.TimeDistributed:
                inner.call = functools.partial(_call, inner)


def _call(distributed, inputs, training=None, mask=None):
    """Returns the output of a `TimeDistributed` layer for each frame."""
    if inputs.shape[1] is not None:
        kind = type(distributed)
        return kind.call(distributed, inputs, training=training, mask=mask)
    batch, frames, *rest = ops.shape(inputs)
    # Keras hands `training` on; the mask of the frames says nothing of one frame.
    outputs = distributed.layer(ops.reshape(inputs, (batch * frames, *rest)))
    return ops.reshape(outputs, (batch, frames, *ops.shape(outputs)[1:]))
