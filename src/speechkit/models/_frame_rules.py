"""The frames that Keras's layers leave of a padded clip, by the kind of layer.

A rule calls a layer so that every clip gives the frames that it gives alone, and marks
these frames as valid. Padding is filled with what the layer itself puts around a clip.
"""

import functools
import math

import keras
from keras import ops

from speechkit.layers import _keras_kinds
from speechkit.layers.encoders._batch_normalization import normalize
from speechkit.ops.time import lengths, masks

# Each output frame is that of one input frame, or Keras hands the mask on.
_KEEP_FRAMES = (
    keras.layers.Activation,
    keras.layers.Bidirectional,
    keras.layers.Dense,
    keras.layers.Dropout,
    keras.layers.GaussianNoise,
    keras.layers.Identity,
    keras.layers.ReLU,
    keras.layers.Rescaling,
    keras.layers.RNN,
    keras.layers.SpatialDropout1D,
)
_TRANSPOSED = (keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose)
_MAXIMA_OF_CLIPS = (keras.layers.GlobalMaxPooling1D, keras.layers.GlobalMaxPooling2D)
_AVERAGES_OF_CLIPS = (
    keras.layers.GlobalAveragePooling1D,
    keras.layers.GlobalAveragePooling2D,
)


def rule_of(layer):
    """Returns the rule for a kind of layer of Keras; `None` if there is none.

    A rule takes a layer, values, their mask and whether the call is one of training,
    and returns the output, which carries a mask unless its time axis has ended.
    """
    kind = type(_inner(layer))
    if kind.__module__.split(".")[0] != "keras" or _mixes_frames(_inner(layer)):
        return None
    for kinds, rule in _RULES:
        if issubclass(kind, kinds):
            return rule
    return None


def _keep_frames(layer, values, mask, training):
    """Calls a layer whose output has the frames of its input, or no time axis."""
    outputs = layer(masks.set_mask(values, mask))
    ends = isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional)
    if ends and not layer.return_sequences:
        return outputs
    return masks.set_mask(outputs, mask)


def _keep_each_frame(layer, values, mask, training):
    """Calls a layer that takes each frame for a clip: it has no use for the mask."""
    return masks.set_mask(layer(lengths.zero_padding(values, mask)), mask)


def _normalize(layer, values, mask, training):
    outputs = normalize(layer, values, mask, training)
    return masks.set_mask(outputs, mask)


def _softmax(layer, values, mask, training):
    # Given a mask, Keras would take it for one of classes.
    return masks.set_mask(layer(lengths.zero_padding(values, mask)), mask)


def _slide(layer, values, mask, training, *, pool=None):
    """Calls a convolution or pooling whose kernel slides over time."""
    size, stride, dilation = _kernel(_inner(layer))
    reach = (size - 1) * dilation + 1
    if _inner(layer).padding == "valid":
        values, mask = (lengths.at_least(x, reach) for x in (values, mask))
    ends = lengths.mask_ends(values, mask)
    if _inner(layer).padding == "valid":
        count = ops.maximum((ends - reach) // stride + 1, 0)
    else:
        count = -(-ends // stride)
    if _inner(layer).padding == "same" and stride > 1:
        values, mask = _aligned(values, mask, ends, reach, stride)
    outputs = _filled(layer, values, mask, pool)
    return _with_lengths(outputs, count, zero=pool == "max")


def _filled(layer, values, mask, pool):
    """Calls a layer with padding that counts for nothing in it."""
    if pool == "max":
        here = lengths.expand_mask(mask, values)
        return layer(ops.where(here, values, -math.inf))
    values = lengths.zero_padding(values, mask)
    if pool is None:
        return layer(values)
    here = lengths.zero_padding(ops.ones_like(values), mask)
    shares = layer(here)
    nowhere = ops.equal(shares, 0)
    return layer(values) / ops.where(nowhere, ops.ones_like(shares), shares)


def _aligned(values, mask, ends, reach, stride):
    """Returns clips, moved so that strides meet each where they meet it alone.

    With `padding="same"` the first kernel begins before the clip, the farther the
    fewer frames the last stride has: see `tf.nn.convolution`. All clips of a batch
    get the least of it from the layer, and the rest here.
    """
    steps = -(-ops.shape(values)[1] // stride) * stride
    values = lengths.lengthened(lengths.zero_padding(values, mask), steps)
    mask = lengths.lengthened(mask, steps)
    missing = (-(-ends // stride) - 1) * stride + reach - ends
    moves = ops.maximum(missing, 0) // 2 - max(reach - stride, 0) // 2
    places = ops.cumsum(ops.ones_like(mask, dtype="int32"), axis=1) - 1
    places = places - moves[:, None]
    mask = ops.logical_and(places >= 0, places < ends[:, None])
    places = lengths.expand_mask(ops.maximum(places, 0), values)
    places = ops.broadcast_to(places, ops.shape(values))
    return ops.take_along_axis(values, places, axis=1), mask


def _transpose(layer, values, mask, training):
    size, stride, dilation = _kernel(_inner(layer))
    count = lengths.mask_ends(values, mask) * stride
    if _inner(layer).padding == "valid":
        count = count + max((size - 1) * dilation + 1 - stride, 0)
    return _with_lengths(layer(lengths.zero_padding(values, mask)), count)


def _pad(layer, values, mask, training):
    before, after = _first_pair(layer.padding)
    count = lengths.mask_ends(values, mask) + before + after
    return _with_lengths(layer(lengths.zero_padding(values, mask)), count)


def _crop(layer, values, mask, training):
    before, after = _first_pair(layer.cropping)
    least = before + after + 1
    values, mask = (lengths.at_least(x, least) for x in (values, mask))
    count = ops.maximum(lengths.mask_ends(values, mask) - before - after, 0)
    return _with_lengths(layer(lengths.zero_padding(values, mask)), count)


def _repeat(layer, values, mask, training):
    size = layer.size if isinstance(layer.size, int) else layer.size[0]
    count = lengths.mask_ends(values, mask) * size
    return _with_lengths(layer(lengths.zero_padding(values, mask)), count)


def _pool_clips(layer, values, mask, training, *, pool):
    """Calls a layer that leaves one vector of a clip, or zeros if it has no frame."""
    outputs = _filled(layer, values, mask, pool)
    is_empty = ops.equal(lengths.mask_lengths(values, mask), 0)
    for _ in outputs.shape[1:]:
        is_empty = ops.expand_dims(is_empty, axis=-1)
    return ops.where(is_empty, ops.zeros_like(outputs), outputs)


_RULES = (
    (_KEEP_FRAMES, _keep_frames),
    (keras.layers.TimeDistributed, _keep_each_frame),
    (keras.layers.BatchNormalization, _normalize),
    (keras.layers.Softmax, _softmax),
    (_TRANSPOSED, _transpose),  # in Keras, these are no convolutions
    (_keras_kinds.CONVOLUTIONS, _slide),
    (_keras_kinds.MAX_POOLINGS, functools.partial(_slide, pool="max")),
    (_keras_kinds.AVERAGE_POOLINGS, functools.partial(_slide, pool="average")),
    (_MAXIMA_OF_CLIPS, functools.partial(_pool_clips, pool="max")),
    (_AVERAGES_OF_CLIPS, functools.partial(_pool_clips, pool="average")),
    ((keras.layers.ZeroPadding1D, keras.layers.ZeroPadding2D), _pad),
    ((keras.layers.Cropping1D, keras.layers.Cropping2D), _crop),
    ((keras.layers.UpSampling1D, keras.layers.UpSampling2D), _repeat),
)


def _inner(layer):
    """Returns the layer whose kernel a layer normalises, or the layer itself."""
    is_wrapper = isinstance(layer, keras.layers.SpectralNormalization)
    return layer.layer if is_wrapper else layer


def _mixes_frames(layer):
    """Returns whether the arguments of a layer make its kind of no help."""
    kinds = keras.layers.Softmax | keras.layers.BatchNormalization
    return (
        getattr(layer, "data_format", None) == "channels_first"
        or getattr(layer, "interpolation", "nearest") != "nearest"
        or getattr(layer, "output_padding", None) is not None
        or (isinstance(layer, kinds) and layer.axis != -1)
        or (getattr(layer, "go_backwards", False) and layer.return_sequences)
        or not _is_of_keras(getattr(layer, "activation", None))
        or (
            isinstance(layer, keras.layers.TimeDistributed) and normalizations_of(layer)
        )
    )


def _is_of_keras(activation):
    """Returns whether Keras wrote an activation, which then mixes no frames."""
    module = getattr(activation, "__module__", None) or "keras"
    return activation is None or module.split(".")[0] == "keras"


def normalizations_of(layer):
    """Returns the layers within a layer that take statistics of a batch."""
    kind = keras.layers.BatchNormalization
    return [x for x in layer._flatten_layers() if isinstance(x, kind)]


def _kernel(layer):
    """Returns the size, the stride and the dilation of a kernel over time."""
    size = getattr(layer, "kernel_size", None) or layer.pool_size
    numbers = size, layer.strides, getattr(layer, "dilation_rate", 1)
    return [x if isinstance(x, int) else x[0] for x in numbers]


def _first_pair(pairs):
    return pairs if isinstance(pairs[0], int) else pairs[0]


def _with_lengths(outputs, count, *, zero=False):
    """Returns the output of a layer, whose first `count` frames are valid."""
    mask = lengths.length_mask(outputs, count)
    if zero:
        outputs = lengths.zero_padding(outputs, mask)
    return masks.set_mask(outputs, mask)
