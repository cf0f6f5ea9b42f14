"""Conversion of a model to an ONNX file."""

import os
import pathlib
from collections.abc import Iterable

import keras
import numpy as np

from speechkit import _checks
from speechkit._optional import import_optional
from speechkit._replacing import replacing
from speechkit.export.files import _door, _forms, _front_end, _traced_model
from speechkit.export.measuring import _certificate
from speechkit.export.measuring._recordings import recordings_for

_OPSET = 18


def to_onnx(
    model: keras.Model,
    path: str | os.PathLike,
    *,
    recordings: Iterable[np.ndarray] | None = None,
) -> pathlib.Path:
    """Writes a model as an ONNX file that takes batches of any size and length.

    Args:
        model: Takes `waveforms`, `(batch, samples)`, and has one `output`. Its feature
            layers need `transform="matrix"`: the converter has no FFT.
        path: Where the file goes; ends in `.onnx`.
        recordings: Clips `(samples,)` to compare with the model on. `None` means
            made-up noise.

    Returns:
        The path of the file.

    Raises:
        ImportError: If tf2onnx or onnxruntime is not installed.
        ValueError: If `path` does not end in `.onnx`, a layer computes an FFT, or the
            file answers otherwise than the model.
    """
    path = _checks.check_suffix("path", path, ".onnx")
    converter, runtime = (
        import_optional(name, name, "export.to_onnx")
        for name in ("tf2onnx", "onnxruntime")
    )
    _door.check_model(model)
    for layer in _front_end.layers_of(model):
        if getattr(layer, "transform", None) == "fft":  # a method in augmentation
            raise ValueError(
                f"`model` must compute spectra with transform='matrix'. Received: "
                f"{layer.name!r} with transform={layer.transform!r}"
            )
    rate, length = _forms.sampling_rate_of(model), _forms.length_of(model)
    clips = recordings_for(length, recordings, rate)
    proto, _ = converter.convert.from_function(
        _traced_model.function_of(model, (None, length)),
        [_traced_model.spec_of((None, length))],
        opset=_OPSET,
    )
    content = proto.SerializeToString()
    session = runtime.InferenceSession(content, providers=["CPUExecutionProvider"])

    def answer(clip):
        return session.run(None, {"waveforms": clip[None].astype("float32")})[0][0]

    _certificate.check_parity(model, answer, clips, "float32")
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    return path
