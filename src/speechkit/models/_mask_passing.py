"""Masks through any chain of layers: handed on, or refused where they are unknown."""

import contextlib
import functools
import inspect
import warnings

import keras
import numpy as np

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
    if type(layer).__module__.startswith("speechkit."):
        return functools.partial(_call_with_mask, layer)
    rule = _frame_rules.rule_of(layer)
    if rule is None:
        rule = _tried(layer)
        if _frame_rules.normalizations_of(layer):
            rule = functools.partial(_refuse_in_training, rule)
    return functools.partial(rule, layer)


def run_chain(steps, values, mask, training):
    """Returns the output of a chain of layers, each with its passing function."""
    for layer, passing in steps:
        values = layer(values) if mask is None else passing(values, mask, training)
        mask = masks.get_mask(values)
    return values


def _call_with_mask(layer, values, mask, training):
    return layer(masks.set_mask(values, mask))


def _call_on_zeros(layer, values, mask, training):
    """Calls an unknown layer: the padding is zero, whatever stood in it."""
    values = lengths.zero_padding(values, mask)
    takes_mask = "mask" in inspect.signature(layer.call).parameters
    if not (takes_mask or layer.supports_masking):
        return layer(values)
    with warnings.catch_warnings():
        # Keras would say that the mask is lost; here it is handed on.
        warnings.filterwarnings("ignore", "(?s).*does not support masking")
        return layer(masks.set_mask(values, mask))


def _call_and_keep(layer, values, mask, training):
    """Calls an unknown layer that keeps the frames."""
    outputs = _call_on_zeros(layer, values, mask, training)
    has_mask = masks.get_mask(outputs) is not None
    return outputs if has_mask else masks.set_mask(outputs, mask)


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


def _tried(layer):
    """Returns the rule for an unknown layer, which is tried with a made-up clip.

    The clip goes through the layer alone and with padding behind. Where both give the
    same, the layer keeps the frames, ends the time axis or has a mask of its own.
    """
    try:
        # A warning, as of a mask that is lost, is no error where warnings are errors.
        with warnings.catch_warnings(action="ignore"), _without_zeros(layer):
            alone, padded = _outputs_of_a_clip(layer, _FRAMES)
            if alone.ndim > 2 and alone.shape[1] not in (_FRAMES[0], _SAMPLES[0]):
                few, few_padded = _outputs_of_a_clip(layer, _FEW_FRAMES)
                if masks.get_mask(few_padded) is None and few.shape != alone.shape:
                    return _refuse
    except Exception:  # the layer of a user, or of Keras, may raise anything
        plain = keras.layers.Layer.compute_mask
        declares = layer.supports_masking and type(layer).compute_mask is not plain
        return _call_on_zeros if declares else _refuse
    mask = masks.get_mask(padded)
    alone, padded = (np.asarray(keras.ops.cast(x, "float32")) for x in (alone, padded))
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
    weights = layer.trainable_weights
    values = [keras.ops.convert_to_numpy(weight) for weight in weights]
    random = np.random.default_rng(seed=0)
    try:
        for weight, value in zip(weights, values, strict=True):
            weight.assign(value + 0.1 * random.normal(size=value.shape))
        yield
    finally:
        for weight, value in zip(weights, values, strict=True):
            weight.assign(value)


def _outputs_of_a_clip(layer, frames):
    """Returns the output of a layer for noise, and for the same with padding."""
    (source,) = layer._inbound_nodes[-1].input_tensors
    count, longer = _SAMPLES if len(source.shape) == 2 else frames
    random = np.random.default_rng(seed=0)
    # One clip is negative, one positive: zeros behind them are the largest or least.
    values = random.normal(size=(3, longer, *source.shape[2:]))
    values += np.reshape([-9, 0, 9], (3,) + (1,) * (values.ndim - 1))
    values = keras.ops.cast(values, source.dtype)
    mask = lengths.length_mask(values, np.full(3, count))
    return layer(values[:, :count]), _call_on_zeros(layer, values, mask, False)


def _is_close(layer, alone, padded):
    is_half = "16" in layer.compute_dtype
    tolerance = (0.02 if is_half else 1e-4) * max(1.0, np.abs(alone).max(initial=0.0))
    return alone.shape == padded.shape and np.allclose(
        alone, padded, rtol=0, atol=tolerance
    )
