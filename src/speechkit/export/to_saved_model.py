"""Conversion of a model to a TensorFlow SavedModel, for servers."""

import os
import pathlib
from collections.abc import Iterable

import keras
import numpy as np
import tensorflow as tf

from speechkit._replacing import replacing_folder
from speechkit.export.files import _door, _forms, _layer_names, _traced_model
from speechkit.export.measuring import _certificate
from speechkit.export.measuring._recordings import recordings_for
from speechkit.models.waveform_model import WaveformModel

# What TensorFlow, or Keras, writes into the folder of a SavedModel.
_ENTRIES = {
    "assets",
    "assets.extra",
    "fingerprint.pb",
    "keras_metadata.pb",
    "saved_model.pb",
    "variables",
}


def to_saved_model(
    model: keras.Model,
    path: str | os.PathLike,
    *,
    recordings: Iterable[np.ndarray] | None = None,
) -> pathlib.Path:
    """Writes a model as a SavedModel that takes batches of any size and length.

    The signature `serving_default` takes `waveforms`, `(batch, samples)`, and gives
    `output`. A model that takes lengths has a signature `with_lengths` besides, with
    `lengths`, `(batch,)`.

    Args:
        model: Takes waveforms and has one output.
        path: The folder to write. It appears whole or not at all, in place of an older
            SavedModel.
        recordings: Clips `(samples,)` to compare with the model on. `None` means
            made-up noise.

    Returns:
        The folder.

    Raises:
        ValueError: If `path` is a file or a folder with anything else in it, or what
            was written answers otherwise than the model.
    """
    path = pathlib.Path(path)
    _check_folder(path)
    _door.check_model(model)
    rate = _forms.sampling_rate_of(model)
    clips = recordings_for(_forms.length_of(model), recordings, rate)
    with replacing_folder(path) as written:
        _traced_model.save(model, _signatures(model), written)
        serve = tf.saved_model.load(str(written)).signatures["serving_default"]

        def answer(clip):
            return serve(waveforms=tf.constant(clip[None], tf.float32))["output"][0]

        _certificate.check_parity(model, answer, clips, "float32")
    return path


def _check_folder(path):
    """Raises `ValueError` unless nothing of a user is there."""
    there = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
    if (path.exists() and not path.is_dir()) or there - _ENTRIES:
        shown = f"{min(there - _ENTRIES)!r} in it" if there else "a file"
        raise ValueError(
            "`path` must be a new folder, or that of an older SavedModel. "
            f"Received: path={str(path)!r}, {shown}"
        )


def _signatures(model):
    shape = (None, _forms.length_of(model))
    serve, waveforms = (
        _traced_model.function_of(model, shape),
        _traced_model.spec_of(shape),
    )
    lengths = tf.TensorSpec((None,), tf.int32, name="lengths")

    @tf.function(input_signature=[waveforms, lengths], autograph=False)
    def serve_with_lengths(waveforms, lengths):
        inputs = {"waveforms": waveforms, "lengths": lengths}
        with _layer_names.mended(model):
            return {"output": model(inputs, training=False)}

    signatures = {"serving_default": serve.get_concrete_function()}
    if isinstance(model, WaveformModel):  # a model of waveforms and lengths
        signatures["with_lengths"] = serve_with_lengths.get_concrete_function()
    return signatures
