"""Conversion of a model to a `.tflite` file."""

import os
import pathlib
from collections.abc import Callable, Iterable

import keras
import numpy as np

from speechkit import _checks
from speechkit.decoders.decoder import Decoder
from speechkit.export import _decoding
from speechkit.export.files import _conversion, _shapes, _traced_model, _writing
from speechkit.export.measuring import _certificate
from speechkit.export.measuring._recordings import length_of, recordings_for
from speechkit.export.running.tflite_runner import TFLiteRunner
from speechkit.ops.runtime import choosing


def to_tflite(
    model: keras.Model,
    path: str | os.PathLike,
    *,
    metadata: dict | None = None,
    quantization: str = "float32",
    num_samples: int | None = None,
    recordings: Iterable[np.ndarray] | None = None,
    decoder: Decoder | str | None = "auto",
    fuse_lstm: bool = False,
    score: Callable[[Callable], float] | None = None,
) -> pathlib.Path:
    """Writes a model as a `.tflite` file that takes one whole clip.

    The clip may have any length, unless the model says one. The file has built-in
    operators only, so it runs wherever LiteRT does. It is compared with the model and
    measured, and what came out, its certificate, is inside the file and in a `.json`
    file beside it. Both are written when all is well.

    Args:
        model: Takes waveforms `(batch, samples)` and has one output.
        path: Where the file goes; ends in `.tflite`.
        metadata: What the file is to carry besides the weights, as JSON. `None` means
            what `model.export_metadata()` returns, or nothing if there is no such
            method.
        quantization: `"float32"`; `"float16"`, weights of half the size; `"dynamic"`,
            weights of 8 bits; or `"int8"`, weights and activations of 8 bits, with the
            layers of the front end in float.
        num_samples: Length of every clip, for runtimes that take no other, such as
            those of browsers. `None` means any length, unless the model says one.
        recordings: Clips `(samples,)` to compare with the model on, and to calibrate
            `"int8"` with. `None` means made-up noise.
        decoder: A `CTCGreedyDecoder` or, but for `"int8"`, a `CTCPrefixBeamSearch` to
            have labels in the file, too; `None` for the output of the model alone.
            `"auto"` means a `CTCGreedyDecoder` for a model whose `vocabulary` has a
            blank, such as a `CTCRecognizer`, and `None` for others. Other decoders
            work outside of a file: see `TFLiteRunner.transcribe`.
        fuse_lstm: Whether a `BatchNormLSTM` becomes one operator, several times as fast
            as the loop on long clips, with `"float32"` and `"float16"`. The operator
            runs in the interpreters of LiteRT and of TFLite Micro, and not in what has
            no tensors for states: LiteRT's `CompiledModel` and the runtime of browsers.
        score: Takes a function from a clip to its output, and returns a number such as
            the accuracy, which the certificate shows for the model and for the file.

    Returns:
        The path of the file.

    Raises:
        ValueError: If an argument is out of range, or the model does not convert, is
            quantized already, needs an operator that is not built in, leaves weights
            out of the file, or the file answers otherwise than the model.
    """
    path = _checks.check_suffix("path", path, ".tflite")
    _checks.check_choice("quantization", quantization, _conversion.QUANTIZATIONS)
    _conversion.check_in_float(model)
    if fuse_lstm and quantization not in ("float32", "float16"):
        raise ValueError(
            "`fuse_lstm` must be False in 8 bits. "
            f"Received: fuse_lstm={fuse_lstm}, quantization={quantization!r}"
        )
    if metadata is None:
        metadata = getattr(model, "export_metadata", dict)()
    length = _length(model, num_samples)
    clips = recordings_for(length, recordings, metadata.get("sampling_rate"))
    decoder = _decoding.chosen(model, decoder, quantization)
    decode = _decoding.function_of(decoder)
    # The calibrator crashes on loops of a known length: that is set in the end.
    traced = length_of(model) if quantization == "int8" else length
    # Recurrences convert with a batch of 1 only; one clip is what a device hears.
    run = _traced_model.function_of(model, (1, traced), decode)
    form = "fused" if fuse_lstm else "loop" if quantization == "int8" else "nested"
    with choosing.traced_as(form):
        signatures = {"serving_default": run.get_concrete_function()}
    samples = (("serving_default", {"waveforms": clip[None]}) for clip in clips)
    content = _conversion.convert(model, signatures, quantization, samples)
    if traced != length:
        content = _shapes.fix(content, (1, length))

    def certify(runner):
        facts = {
            "kind": "clip",
            "quantization": quantization,
            "decoder": _decoding.name_of(decoder),
        }
        return _certificate.certify(model, runner, clips, facts, score)

    return _writing.write(path, content, metadata, TFLiteRunner, certify)


def _length(model, num_samples):
    """Returns the length of the clips; `None` for any."""
    length = length_of(model)
    if num_samples is None:
        return length
    _checks.check_int("num_samples", num_samples)
    if length not in (None, num_samples):
        raise ValueError(
            f"`num_samples` must be {length}, that of the model. "
            f"Received: num_samples={num_samples}"
        )
    return num_samples
