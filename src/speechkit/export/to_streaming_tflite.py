"""Conversion of a causal model to a `.tflite` file that takes a stream."""

import os
import pathlib
from collections.abc import Callable, Iterable

import keras
import numpy as np

from speechkit import _checks
from speechkit.decoders.decoder import Decoder
from speechkit.export import _decoding
from speechkit.export.files import _conversion, _door, _forms, _writing
from speechkit.export.measuring import _certificate
from speechkit.export.measuring._recordings import recordings_for
from speechkit.export.running.streaming_runner import StreamingRunner
from speechkit.export.streaming import _chunks, _functions
from speechkit.export.streaming._decoded_stream import DecodedStream
from speechkit.export.streaming._frame_times import frame_times
from speechkit.export.streaming.streaming_model import StreamingModel


def to_streaming_tflite(
    model: keras.Model,
    path: str | os.PathLike,
    *,
    chunk_seconds: float = 0.1,
    metadata: dict | None = None,
    sampling_rate: int | None = None,
    quantization: str = "float32",
    recordings: Iterable[np.ndarray] | None = None,
    decoder: Decoder | str | None = "auto",
    score: Callable[[Callable], float] | None = None,
    keep_refused: bool = False,
) -> pathlib.Path:
    """Writes a causal model as a `.tflite` file that takes a clip chunk by chunk.

    The model is neither changed nor trained again: see `StreamingModel` for what can
    stream. The file has a signature `init` for the first samples and `stream` for each
    chunk after them; both give `output`, the frames that the samples complete, and the
    states `state_0` and so on, which the next `stream` takes. Where frames wait for the
    end of a clip, the signature `finish` gives these. Recurrences are unrolled over the
    chunk. `StreamingRunner` does all this in Python. Files, certificate and checks are
    those of `to_tflite`.

    Args:
        model: From waveforms to one output; with its weights.
        path: Where the file goes; ends in `.tflite`.
        chunk_seconds: Length of a chunk: a whole number of output frames.
        metadata: See `to_tflite`.
        sampling_rate: Samples per second, in hertz. `None` means that of the metadata.
        quantization: See `to_tflite`; states stay in float.
        recordings: See `to_tflite`; each is cut so that its end fills no chunk.
        decoder: As in `to_tflite`. A `CTCGreedyDecoder` gives `labels`, one for each
            frame, −1 where there is no new one, and their `count`. A
            `CTCPrefixBeamSearch` gives the most probable labels of all frames so far,
            which may change as more come: `labels`, the last 64 of them and −1 after
            them, and the `count` of all. The `score` is that of all frames so far.
        score: See `to_tflite`.
        keep_refused: See `to_tflite`.

    Returns:
        The path of the file.

    Raises:
        ValueError: If an argument is out of range, a layer needs the whole clip, or the
            conversion fails as in `to_tflite`.
    """
    path = _checks.check_suffix("path", path, ".tflite")
    _checks.check_choice("quantization", quantization, _conversion.QUANTIZATIONS)
    _door.check_model(model)
    decoder = _decoding.chosen(model, decoder, quantization)
    _checks.check_number("chunk_seconds", chunk_seconds, above=True)
    if metadata is None:
        metadata = getattr(model, "export_metadata", dict)()
    rate = metadata.get("sampling_rate") if sampling_rate is None else sampling_rate
    if rate is None:
        raise ValueError(
            "`sampling_rate` must be given, in hertz: the model does not tell its own"
        )
    _checks.check_int("sampling_rate", rate)
    metadata = {**metadata, "sampling_rate": rate}
    stream = StreamingModel(model)
    _check_output(stream)
    decoded = stream if decoder is None else DecodedStream(stream, decoder)
    chunks = _chunks.chunks_of(stream, chunk_seconds, rate)
    clips = recordings_for(_forms.length_of(model), recordings, rate)
    functions = _functions.functions_of(decoded, chunks)
    metadata["streaming"] = described = _described(stream, functions)
    is_exact = described["samples_per_frame"] and "finish" not in functions.signatures
    if _forms.length_of(model) is None:  # another model takes one length alone
        clips = functions.clips(clips, whole_periods=not is_exact)
    content = _conversion.convert(
        stream.model, functions.signatures, quantization, functions.samples(clips)
    )

    def certify(runner):
        facts = {
            "kind": "stream",
            "num_samples": None,
            "quantization": quantization,
            "decoder": _decoding.name_of(decoder),
        }
        return _certificate.certify(model, runner, clips, facts, score, keep_refused)

    return _writing.write(path, content, metadata, StreamingRunner, certify)


def _check_output(stream):
    shape = stream.model.outputs[0].shape
    if len(shape) != (2 if stream.ends_time else 3):
        raise ValueError(
            "`model` must give frames (batch, frames, classes) or answers (batch, "
            "classes); `Reshape`, `Flatten` in `TimeDistributed` or `LastFrame` at its "
            f"end does that. Received an output of shape {shape}"
        )


def _described(stream, functions):
    offset, step = frame_times(stream.frame_models())
    causal = "finish" not in functions.signatures and stream.output_ratio[0] == 1
    if offset is None and causal:  # a layer that does not tell its shape
        offset, step = stream.latency + 1, stream.output_ratio[1]
    return {
        "chunk_samples": functions.chunks.size,
        "first_samples": functions.chunks.first,
        "latency_samples": stream.latency,
        "samples_before_first_frame": offset,
        "samples_per_frame": step,
        "states": [
            {"name": f"state_{i}", "shape": list(t.shape), "dtype": t.dtype.name}
            for i, t in enumerate(functions.template.tensors)
        ],
    }
