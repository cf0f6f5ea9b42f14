"""Opening a `.tflite` file, and checking what is given to it."""

import dataclasses
import os
import pathlib
from typing import Any

import numpy as np

from speechkit import _checks, _saved_files
from speechkit.export.files import _flatbuffer, _litert

_KIND = "a .tflite file"


@dataclasses.dataclass(frozen=True)
class Opened:
    """A file that is ready to run.

    Attributes:
        content: Its bytes: the interpreter does not copy them, so they have to live.
        interpreter: LiteRT's interpreter.
        metadata: What the user or the model put into it.
        certificate: What was measured of it.
    """

    content: bytes
    interpreter: Any
    metadata: dict
    certificate: dict


def open_file(path: str | os.PathLike, num_threads: int) -> Opened:
    """Returns an open file.

    Raises:
        ValueError: If there is no such file, or it is not a `.tflite` file, or damaged.
    """
    _checks.check_int("num_threads", num_threads)
    path = pathlib.Path(path)
    content = read_file(path)
    _litert.load("interpreter")  # a package that is missing is no damage of the file
    try:
        return Opened(
            content,
            interpreter_of(content, num_threads),
            _flatbuffer.read_metadata(content, _flatbuffer.METADATA),
            _flatbuffer.read_metadata(content, _flatbuffer.CERTIFICATE),
        )
    except _saved_files.DAMAGED as error:
        raise _saved_files.damaged(path, _KIND, error) from error


def interpreter_of(content: bytes, num_threads: int, *, delegates: bool = True) -> Any:
    """Returns a new interpreter of LiteRT.

    Args:
        content: The file; it has to live as long as the interpreter.
        num_threads: Threads of the interpreter.
        delegates: Whether XNNPACK computes what it can.
    """
    module = _litert.load("interpreter")
    resolvers = module.OpResolverType
    plain = resolvers.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    return module.Interpreter(
        model_content=content,
        num_threads=num_threads,
        experimental_op_resolver_type=resolvers.AUTO if delegates else plain,
    )


def streams(path: pathlib.Path) -> bool:
    """Returns whether a file was made for streams.

    Raises:
        ValueError: If there is no such file, or it is not a `.tflite` file, or damaged.
    """
    content = read_file(path)
    return "streaming" in _flatbuffer.read_metadata(content, _flatbuffer.METADATA)


def read_file(path: pathlib.Path) -> bytes:
    """Returns the bytes of a `.tflite` file; raises if it is none, or damaged."""
    content = _saved_files.read_bytes(path, _KIND)
    if content[4:8] != b"TFL3":
        raise ValueError(f"`{path}` must be a .tflite file. It has another format")
    _litert.schema()  # its absence is no fault of the file
    try:
        # LiteRT takes changed weights, and may end the process for changed operators.
        _flatbuffer.check_seal(content)
        _flatbuffer.read_metadata(content, _flatbuffer.METADATA)
    except _saved_files.DAMAGED as error:
        raise _saved_files.damaged(path, _KIND, error) from error
    return content


def check_waveform(waveform, empty: bool = False) -> np.ndarray:
    """Returns a clip as float32; raises unless it is one of floating point.

    Args:
        waveform: `(samples,)`.
        empty: Whether it may have no sample.
    """
    waveform = np.asarray(waveform)
    too_short = not empty and not len(waveform.reshape(-1))
    if waveform.ndim != 1 or waveform.dtype.kind != "f" or too_short:
        raise ValueError(
            "`waveform` must be floating-point samples with the one axis "
            "(samples,). Received: "
            f"shape={waveform.shape}, dtype={waveform.dtype}"
        )
    return waveform.astype("float32")


def check_sampling_rate(metadata: dict, sampling_rate: int | None) -> None:
    """Raises unless samples of this rate are what a file takes."""
    expected = metadata.get("sampling_rate")
    if None not in (expected, sampling_rate) and sampling_rate != expected:
        raise ValueError(
            f"`sampling_rate` must be {expected}, that of the model. "
            f"Received: sampling_rate={sampling_rate}"
        )
