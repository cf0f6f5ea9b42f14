"""Conversion of a model to a `.tflite` file."""

import os
import pathlib
from collections.abc import Callable, Iterable

import keras
import numpy as np

from speechkit import _checks
from speechkit.decoders.decoder import Decoder
from speechkit.export import _decoding
from speechkit.export.files import (
    _conversion,
    _door,
    _forms,
    _shapes,
    _traced_model,
    _writing,
)
from speechkit.export.measuring import _certificate
from speechkit.export.measuring._recordings import recordings_for
from speechkit.export.running.tflite_runner import TFLiteRunner
from speechkit.ops.runtime import choosing

_ANY = "any"


def to_tflite(
    model: keras.Model,
    path: str | os.PathLike,
    *,
    metadata: dict | None = None,
    quantization: str = "float32",
    num_samples: int | str | None = None,
    recordings: Iterable[np.ndarray] | None = None,
    decoder: Decoder | str | None = "auto",
    fuse_lstm: bool = False,
    score: Callable[[Callable], float] | None = None,
    keep_refused: bool = False,
) -> pathlib.Path:
    """Writes a model as a `.tflite` file that takes one whole clip.

    The file has built-in operators only, so it runs wherever LiteRT does. It is
    compared with the model and measured, and what came out, its certificate, is inside
    the file and in a `.json` file beside it. Both are written when all is well.

    Clips of any length and loops, which recurrences become, do not go together: from
    the second clip on, most runtimes may answer wrongly. So a file with loops takes one
    length, unless `num_samples="any"` asks for more; for speech of any length
    `to_streaming_tflite` writes files without loops.

    Args:
        model: Takes waveforms `(batch, samples)` of float32 and has one output. It
            computes in float32; a model with a `call` of its own is built here.
        path: Where the file goes; ends in `.tflite`.
        metadata: What the file is to carry besides the weights, as JSON. `None` means
            what `model.export_metadata()` returns, or nothing if there is no such
            method.
        quantization: `"float32"`; `"float16"`, weights of half the size, if the file
            gets smaller; `"dynamic"`, weights of 8 bits; or `"int8"`, weights and
            activations of 8 bits, with the layers of the front end in float. What came
            out, `quantization` of the certificate has in bytes.
        num_samples: Length of every clip, which the runtimes of browsers need to know;
            or `"any"`. A file of any length with loops needs care in other runtimes
            than `TFLiteRunner`, which `runtime_needs` of its certificate tells. `None`
            means that of the model; without one, any length for a file without loops,
            and for one with loops the length of the longest of `recordings`, or 1 s.
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
        keep_refused: Whether to write a file, too, that answers otherwise than the
            model, for a look at it. Its certificate has `accepted` false then.

    Returns:
        The path of the file.

    Raises:
        ValueError: If an argument is out of range; the model takes something else than
            waveforms, has several outputs, computes in another precision, keeps states,
            is quantized already, needs an operator that is not built in, or leaves
            weights out of the file; or the file answers otherwise than the model.
    """
    path = _checks.check_suffix("path", path, ".tflite")
    _checks.check_choice("quantization", quantization, _conversion.QUANTIZATIONS)
    _door.check_model(model)
    if fuse_lstm and quantization not in ("float32", "float16"):
        raise ValueError(
            "`fuse_lstm` must be False in 8 bits. "
            f"Received: fuse_lstm={fuse_lstm}, quantization={quantization!r}"
        )
    if metadata is None:
        metadata = getattr(model, "export_metadata", dict)()
    length = _length(model, num_samples)
    rate = metadata.get("sampling_rate")
    clips = recordings_for(length, recordings, rate)
    decoder = _decoding.chosen(model, decoder, quantization)
    decode = _decoding.function_of(decoder)
    form = "fused" if fuse_lstm else "loop" if quantization == "int8" else "nested"
    chosen = num_samples is None and length is None
    longest = max(map(len, clips)) if chosen else length
    # The calibrator crashes on loops of a known length: that is set in the end.
    own, late = _forms.length_of(model), quantization == "int8"
    function = _traced(model, own if late else longest, decode, form)
    if chosen and _traced_model.has_loops(function):
        length, clips = longest, recordings_for(longest, clips, rate)
    elif chosen and not late:
        function = _traced(model, length, decode, form)
    if late and length != own and not _traced_model.has_loops(function):
        function, late = _traced(model, length, decode, form), False
    signatures = {"serving_default": function}
    samples = (("serving_default", {"waveforms": clip[None]}) for clip in clips)
    content = _conversion.convert(model, signatures, quantization, samples)
    if late and length != own:
        content = _shapes.fix(content, (1, length))

    def certify(runner):
        facts = {
            "kind": "clip",
            "num_samples": length,
            "quantization": quantization,
            "decoder": _decoding.name_of(decoder),
        }
        return _certificate.certify(model, runner, clips, facts, score, keep_refused)

    return _writing.write(path, content, metadata, TFLiteRunner, certify)


def _length(model, num_samples):
    """Returns the length of the clips; `None` for any."""
    length = _forms.length_of(model)
    if num_samples is None or (num_samples == _ANY and length is None):
        return length
    if num_samples != _ANY:
        if isinstance(num_samples, str):
            raise ValueError(
                "`num_samples` must be an integer of 1 or more, 'any' or None. "
                f"Received: num_samples={num_samples!r}"
            )
        _checks.check_int("num_samples", num_samples)
    if length not in (None, num_samples):
        raise ValueError(
            f"`num_samples` must be {length}, that of the model. "
            f"Received: num_samples={num_samples!r}"
        )
    return num_samples


def _traced(model, length, decode, form):
    # Recurrences convert with a batch of 1 only; one clip is what a device hears.
    run = _traced_model.function_of(model, (1, length), decode)
    with choosing.traced_as(form):
        return run.get_concrete_function()
