"""Masks through any chain of layers: handed on, or refused where they are unknown."""

import contextlib
import functools
import inspect
import warnings

import keras
import numpy as np
from keras import ops

from speechkit.models import _frame_rules
from speechkit.ops.time import lengths, masks

_FOLLOW_MASKS = (
    keras.layers.Bidirectional,
    keras.layers.RNN,
    keras.layers.TimeDistributed,
)
# Frames or samples of the clip that an unknown layer is tried with, and padded to.
_FRAMES = (37, 61)
_SAMPLES = (1003, 1601)
# Of a clip that is shorter than a number of frames that a layer may always give.
_FEW_FRAMES = (5, 61)


def let_masks_pass(layers):
    """Makes Keras hand masks on behind recurrences, which Keras 3.16 does not."""
    for layer in layers:
        for inner in layer._flatten_layers():
            if isinstance(inner, _FOLLOW_MASKS):
                inner.supports_masking = True


def passing_of(layer):
    """Returns the function that calls a layer of a built chain with a mask.

    The function takes values, their mask, and whether the call is one of training. Its
    output carries a mask unless its time axis has ended, and the valid frames are those
    of each clip alone. Where this cannot be known, it raises `ValueError`.
    """
    if type(layer) is keras.Sequential:
        return functools.partial(run_chain, [(x, passing_of(x)) for x in layer.layers])
    if _is_ours(layer):
        return functools.partial(_call_with_mask, layer)
    rule = _frame_rules.rule_of(layer)
    if len(layer._inbound_nodes[-1].output_tensors) > 1:
        rule = _refuse_several
    elif rule is None:
        rule = _tried(layer, training=False)
        if _frame_rules.normalizations_of(layer):
            rule = functools.partial(_refuse_in_training, rule)
        elif _takes_training(layer) and not _is_random(layer):
            in_training = _tried(layer, training=True)
            rule = functools.partial(_call_by_mode, rule, in_training)
    return functools.partial(rule, layer)


def run_chain(steps, values, mask, training):
    """Returns the output of a chain of layers, each with its passing function."""
    for layer, passing in steps:
        values = _step(layer, passing, values, mask, training)
        mask = masks.get_mask(values)
    return values


def _step(layer, passing, values, mask, training):
    """Returns the output of one layer of a chain."""
    if not _is_ours(layer) and len(values.shape) > 2 and values.shape[1] == 0:
        # Keras's layers want a frame. This one is padding.
        values = lengths.lengthened(values, 1)
        mask = ops.zeros(ops.shape(values)[:2], "bool")
    if not _is_ours(layer) and values.shape[0] == 0:
        return _of_no_clips(layer, passing, values, mask)
    return layer(values) if mask is None else passing(values, mask, training)


def _of_no_clips(layer, passing, values, mask):
    """Returns the output for no clips: that for a silent clip, without it."""
    clip = ops.zeros((1, *ops.shape(values)[1:]), values.dtype)
    clip = ops.concatenate([values, clip], axis=0)  # so that gradients reach weights
    if mask is not None:
        outputs = passing(clip, ops.ones(ops.shape(clip)[:2], "bool"), False)
    elif _takes_training(layer):
        outputs = layer(clip, training=False)  # averages stay as they are
    else:
        outputs = layer(clip)
    mask = masks.get_mask(outputs)
    return masks.set_mask(outputs[:0], None if mask is None else mask[:0])


def _is_ours(layer):
    return type(layer).__module__.startswith("speechkit.")


def _call_with_mask(layer, values, mask, training):
    return layer(masks.set_mask(values, mask))


def _call_on_zeros(layer, values, mask, training):
    """Calls an unknown layer: the padding is zero, whatever stood in it."""
    values = lengths.zero_padding(values, mask)
    takes_mask = "mask" in inspect.signature(layer.call).parameters
    mode = {"training": True} if training and _takes_training(layer) else {}
    if not (takes_mask or layer.supports_masking):
        return layer(values, **mode)
    with warnings.catch_warnings():
        # Keras would say that the mask is lost; here it is handed on.
        warnings.filterwarnings("ignore", "(?s).*does not support masking")
        return layer(masks.set_mask(values, mask), **mode)


def _call_and_keep(layer, values, mask, training):
    """Calls an unknown layer that keeps the frames."""
    outputs = _call_on_zeros(layer, values, mask, training)
    has_mask = masks.get_mask(outputs) is not None
    return outputs if has_mask else masks.set_mask(outputs, mask)


def _call_by_mode(rule, in_training, layer, values, mask, training):
    """Calls an unknown layer by another rule in training."""
    return (in_training if training else rule)(layer, values, mask, training)


def _refuse_in_training(rule, layer, values, mask, training):
    """Calls an unknown layer whose batch statistics would count the padding."""
    counts = training and any(
        x.trainable for x in _frame_rules.normalizations_of(layer)
    )
    return (_refuse if counts else rule)(layer, values, mask, training)


def _refuse(layer, values, mask, training):
    raise ValueError(
        f"The layer {layer.name!r} ({type(layer).__name__}) mixes a clip with the "
        "padding behind it, or changes the number of frames in a way that is not "
        "known, so the model cannot tell the valid frames of its output. Give no "
        "`lengths`, take a layer of `speechkit.layers` instead, or write "
        "`compute_mask` and set `supports_masking = True` in a layer of your own."
    )


def _refuse_several(layer, values, mask, training):
    raise ValueError(
        f"The layer {layer.name!r} ({type(layer).__name__}) has several outputs, so "
        "the model cannot tell the valid frames. Give no `lengths`, or take a layer "
        "with one output."
    )


def _takes_training(layer):
    return "training" in inspect.signature(layer.call).parameters


def _is_random(layer):
    """Returns whether a layer gives different outputs in training for the same clip.

    Nobody can then tell whether its padding changes a clip.
    """
    try:
        with _without_zeros(layer):
            one, other = (_outputs_of_a_clip(layer, _FRAMES, True)[0] for _ in "12")
            return not np.array_equal(one, other)
    except Exception:  # as in `_tried`, which names the layer
        return False


def _tried(layer, training):
    """Returns the rule for an unknown layer, which is tried with a made-up clip.

    The clip goes through the layer alone and with padding behind. Where both give the
    same, the layer keeps the frames, ends the time axis or has a mask of its own.
    """
    try:
        # A warning, as of a mask that is lost, is no error where warnings are errors.
        with warnings.catch_warnings(action="ignore"), _without_zeros(layer):
            alone, padded = _outputs_of_a_clip(layer, _FRAMES, training)
            if alone.ndim > 2 and alone.shape[1] not in (_FRAMES[0], _SAMPLES[0]):
                few, few_padded = _outputs_of_a_clip(layer, _FEW_FRAMES, training)
                if masks.get_mask(few_padded) is None and few.shape != alone.shape:
                    return _refuse
    except Exception:  # the layer of a user, or of Keras, may raise anything
        plain = keras.layers.Layer.compute_mask
        declares = layer.supports_masking and type(layer).compute_mask is not plain
        return _call_on_zeros if declares else _refuse
    mask = masks.get_mask(padded)
    alone, padded = (np.asarray(ops.cast(x, "float32")) for x in (alone, padded))
    if mask is not None:
        padded = padded[:, : int(np.sum(np.asarray(mask)[0]))]
        return _call_on_zeros if _is_close(layer, alone, padded) else _refuse
    if alone.ndim > 1 and alone.shape[1] in (_FRAMES[0], _SAMPLES[0]):
        kept = padded[:, : alone.shape[1]]
        return _call_and_keep if _is_close(layer, alone, kept) else _refuse
    return _call_on_zeros if _is_close(layer, alone, padded) else _refuse


@contextlib.contextmanager
def _without_zeros(layer):
    """Gives a layer weights that hide nothing, as a gate of zeros would."""
    variables = layer.variables  # with seeds and averages, which training moves
    values = [ops.convert_to_numpy(variable) for variable in variables]
    random = np.random.default_rng(seed=0)
    try:
        for weight in layer.trainable_weights:
            value = ops.convert_to_numpy(weight)
            weight.assign(value + 0.1 * random.normal(size=value.shape))
        yield
    finally:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def _outputs_of_a_clip(layer, frames, training):
    """Returns the output of a layer for noise, and for the same with padding."""
    (source,) = layer._inbound_nodes[-1].input_tensors
    count, longer = _SAMPLES if len(source.shape) == 2 else frames
    random = np.random.default_rng(seed=0)
    # One clip is negative, one positive: zeros behind them are the largest or least.
    values = random.normal(size=(3, longer, *source.shape[2:]))
    values += np.reshape([-9, 0, 9], (3,) + (1,) * (values.ndim - 1))
    values = ops.cast(values, source.dtype)
    mask = lengths.length_mask(values, np.full(3, count))
    mode = {"training": True} if training else {}
    alone = layer(values[:, :count], **mode)
    return alone, _call_on_zeros(layer, values, mask, training)


def _is_close(layer, alone, padded):
    is_half = "16" in layer.compute_dtype
    tolerance = (0.02 if is_half else 1e-4) * max(1.0, np.abs(alone).max(initial=0.0))
    return alone.shape == padded.shape and np.allclose(
        alone, padded, rtol=0, atol=tolerance
    )
