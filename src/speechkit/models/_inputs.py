"""What a model accepts: waveforms, and perhaps their lengths."""

import os
import reprlib

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.ops.time import host_values
from speechkit.ops.time import lengths as padding

_ACCEPTED = "one clip `(samples,)` or a batch `(batch, samples)`"


def unpack(inputs, keys):
    """Returns the waveforms and the lengths, `None` for none, of a model's input.

    Args:
        inputs: Waveforms, a pair of waveforms and lengths, or a dictionary.
        keys: The keys that a dictionary may have.

    Raises:
        ValueError: If they are none of these, or shapes do not fit.
    """
    waveforms, lengths = inputs, None
    if isinstance(inputs, dict):
        _check_keys(inputs, keys)
        waveforms, lengths = inputs["waveforms"], inputs.get("lengths")
    elif isinstance(inputs, tuple | list):
        if len(inputs) != 2:
            raise ValueError(
                "A list of inputs must have two parts, waveforms and lengths. "
                f"Received: {len(inputs)} parts"
            )
        waveforms, lengths = inputs
    check_float(waveforms.dtype)
    check_rank(waveforms.shape, "`(batch, samples)`")
    if lengths is not None:
        _check_one_for_each(waveforms, lengths)
        lengths = _in_integers(lengths)
        _check_lengths(waveforms, lengths)
    return waveforms, lengths


def with_a_frame(waveforms, lengths, frame_length):
    """Returns waveforms and lengths, with silence behind clips shorter than a frame.

    The silence is padding: it makes a frame, which is not valid. Without lengths,
    waveforms stay as they are unless it is known that they are so short.
    """
    count = waveforms.shape[1]
    if lengths is None:
        if count is None or count >= frame_length:
            return waveforms, None
        lengths = count + ops.zeros((ops.shape(waveforms)[0],), "int32")
    return padding.at_least(ops.convert_to_tensor(waveforms), frame_length), lengths


def clips_of(waveforms, frame_length):
    """Returns an array of clips, `(batch, samples)`, each of a frame at least.

    Args:
        waveforms: An array, one clip or a batch.
        frame_length: In samples; silence is put behind shorter clips.

    Returns:
        The clips, and how many samples each had.

    Raises:
        TypeError: If `waveforms` is a path or `None`.
        ValueError: If it has another shape, holds integers, or has channels.
    """
    waveforms = _array("waveforms", waveforms)
    check_float(waveforms.dtype)
    if waveforms.ndim == 1:
        waveforms = waveforms[None]
    check_rank(waveforms.shape, _ACCEPTED)
    num_clips, num_samples = waveforms.shape
    if 0 < num_samples < frame_length <= num_clips:
        raise ValueError(
            f"`waveforms` must be {_ACCEPTED}, but looks like (samples, channels): "
            "take one channel, such as `waveforms[:, 0]`. "
            f"Received: shape={waveforms.shape}"
        )
    missing = max(0, frame_length - num_samples)
    clips = np.pad(waveforms.astype("float32"), [(0, 0), (0, missing)])
    return clips, num_samples


def lengths_of(lengths, num_clips, num_samples):
    """Returns the lengths as an array `(batch,)`.

    Raises:
        ValueError: If they are not integers, one for each clip, within the clip.
    """
    try:
        values = np.asarray(lengths)
    except ValueError:  # lists of different lengths
        values = np.asarray(None)
    if values.ndim == 0 and num_clips == 1:
        values = values[None]
    is_empty = values.size == 0
    if (
        values.shape != (num_clips,)
        or (values.dtype.kind not in "iu" and not is_empty)
        or np.any(values < 0)
        or np.any(values > num_samples)
    ):
        raise _wrong_lengths(_short(lengths), num_clips, num_samples)
    return values.astype("int32")


def check_layers(name, layers):
    """Returns the list of layers; raises `ValueError` unless it is one."""
    layers = _checks.check_items(name, layers, "Keras layers")
    if name in ("front_end", "head") and not layers:
        raise ValueError(f"`{name}` must have at least one layer. Received: {name}=[]")
    for layer in layers:
        if not isinstance(layer, keras.layers.Layer):
            raise ValueError(
                f"`{name}` must be a list of Keras layers. Received: {layer!r} in it"
            )
    return list(layers)


def check_signature(signature):
    """Raises `ValueError` unless a signature for export is that of waveforms alone."""
    parts = signature if isinstance(signature, tuple | list) else [None, None]
    if len(parts) != 1 or isinstance(parts[0], dict | tuple | list):
        raise ValueError(
            "`input_signature` must have one entry, that of the waveforms; a file that "
            "takes lengths, too, is written by `speechkit.export.to_saved_model`. "
            f"Received: input_signature={signature!r}"
        )


def check_rank(shape, accepted):
    """Raises `ValueError` unless waveforms have two axes."""
    if len(shape) != 2:
        raise ValueError(f"`waveforms` must be {accepted}. Received: shape={(*shape,)}")


def check_float(dtype):
    """Raises `ValueError` unless waveforms are of a floating-point type."""
    if not keras.backend.is_float_dtype(dtype):
        raise ValueError(
            "`waveforms` must hold floating-point samples from -1 to 1. "
            f"Received: dtype={keras.backend.standardize_dtype(dtype)}"
        )


def _check_keys(inputs, keys):
    if "waveforms" not in inputs or not set(inputs) <= set(keys):
        optional = " and ".join(f"`{key}`" for key in keys if key != "waveforms")
        raise ValueError(
            "A dictionary of inputs must have the key `waveforms`, and may have "
            f"{optional}. Received the keys: {', '.join(map(repr, inputs))}"
        )


def _check_one_for_each(waveforms, lengths):
    """Raises `ValueError` where there is not one length for each clip."""
    try:
        shape = tuple(lengths.shape if hasattr(lengths, "shape") else np.shape(lengths))
    except ValueError:  # in `predict`, where batches are not of one axis
        shape = None
    batch = waveforms.shape[0]
    if (
        shape is None
        or len(shape) != 1
        or (None not in (batch, shape[0]) and batch != shape[0])
    ):
        received = "an unknown number of axes" if shape is None else f"shape={shape}"
        raise ValueError(
            "`lengths` must be `(batch,)`, one for each clip. "
            f"Received: {received} for waveforms of shape {tuple(waveforms.shape)}"
        )


def _in_integers(lengths):
    """Returns lengths as they are, but in integers where Keras builds from their mean.

    That is how it builds a model that it trains on several devices.
    """
    is_mean = (
        host_values.values_of(lengths) is None
        and not isinstance(lengths, keras.KerasTensor)
        and keras.backend.is_float_dtype(lengths.dtype)
    )
    return keras.ops.cast(lengths, "int32") if is_mean else lengths


def _check_lengths(waveforms, lengths):
    """Raises `ValueError` for lengths that are not integers, or beyond the clips."""
    num_clips, num_samples = waveforms.shape
    dtype = keras.backend.standardize_dtype(lengths.dtype)
    if not keras.backend.is_int_dtype(dtype):
        raise _wrong_lengths(f"dtype {dtype}", num_clips, num_samples)
    values = host_values.values_of(lengths)
    if values is not None and num_samples is not None and len(values):
        lengths_of(values, len(values), num_samples)


def _wrong_lengths(received, num_clips, num_samples):
    return ValueError(
        "`lengths` must be integers, one for each clip, from 0 to the samples of a "
        f"clip, {num_samples}. Received: lengths={received} for {num_clips} clips"
    )


def _array(name, values):
    advice = "`speechkit.audio.read` returns the samples of a file"
    if values is None or isinstance(values, str | bytes | os.PathLike):
        raise TypeError(
            f"`{name}` must be an array, {_ACCEPTED}; {advice}. "
            f"Received: {name}={values!r}"
        )
    try:
        array = np.asarray(values)
    except ValueError:  # clips of different lengths
        array = np.asarray(None)
    if array.dtype.kind in "OSU":
        raise ValueError(
            f"`{name}` must be an array, {_ACCEPTED}; clips of different lengths need "
            f"zeros at the end and `lengths`; {advice}. Received: {_short(values)}"
        )
    return array


def _short(values):
    values = values.tolist() if hasattr(values, "tolist") else values
    return reprlib.repr(values)
