"""From waveforms to sound files."""

import io
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from speechkit._checks import check_choice, check_int
from speechkit._replacing import replacing
from speechkit.audio._waveforms import check_waveform
from speechkit.audio.audio_error import AudioError

_FORMATS = {".wav": "WAV", ".flac": "FLAC", ".ogg": "OGG"}
# libsndfile crashes when it encodes some minutes of Vorbis in one call.
_BLOCK_LENGTH = 2**16
_LARGEST_WAV = 2**32 - 1


def write(
    path: str | os.PathLike[str],
    waveform: npt.ArrayLike,
    *,
    sampling_rate: int,
    subtype: str | None = None,
) -> None:
    """Writes a waveform to a WAV, FLAC or OGG file, as the suffix says.

    The file appears under its name when it is complete; one that was there before
    stays if anything fails. Nothing is clipped: samples outside [-1, 1] are an error.

    Args:
        path: The file; its folder must exist.
        waveform: Floating-point samples from -1 to 1, `(samples,)`, at least one.
        sampling_rate: Samples per second, in hertz.
        subtype: Encoding of the samples, as `soundfile` calls it, such as `"FLOAT"`
            or `"PCM_24"`. `None` means 16 bits for WAV and FLAC, Vorbis for OGG.

    Raises:
        ValueError: If the suffix, the shape, a sample, the rate or the subtype is
            not accepted.
        TypeError: If the samples are not floating point.
        AudioError: If the file cannot be written.
    """
    path = Path(path)
    sampling_rate = check_int("sampling_rate", sampling_rate)
    file_format = _check_format(path, subtype)
    samples = _check_range(check_waveform(waveform))
    data = _encode(path, samples, sampling_rate, file_format, subtype)
    try:
        if not path.parent.is_dir():
            raise AudioError(path, "cannot be written: its folder does not exist")
        with replacing(path) as temporary:
            temporary.write_bytes(data)
    except OSError as error:
        raise AudioError(path, f"cannot be written: {error.strerror}") from None
    except AudioError:
        raise
    except ValueError:  # a zero byte, or a character that the system cannot write
        raise AudioError(
            path, "cannot be written: no file can have this name"
        ) from None


def _check_format(path: Path, subtype: str | None) -> str:
    suffix = path.suffix.lower()
    if suffix not in _FORMATS:
        raise ValueError(
            f"`path` must end in {', '.join(_FORMATS)}. Received: path={str(path)!r}"
        )
    if subtype is not None:
        check_choice("subtype", subtype, soundfile.available_subtypes(_FORMATS[suffix]))
    return _FORMATS[suffix]


def _check_range(samples: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    if not len(samples):
        raise ValueError("`waveform` must have at least one sample. Received: none")
    peak = max(samples.max(), -samples.min())
    if not peak <= 1:  # also true for NaN
        raise ValueError(
            "`waveform` must have finite samples from -1 to 1. "
            f"Received: samples up to {peak:g}"
        )
    return samples


def _encode(
    path: Path,
    samples: npt.NDArray[np.floating],
    sampling_rate: int,
    file_format: str,
    subtype: str | None,
) -> memoryview:
    """Returns the bytes of the file; in memory, where libsndfile cannot fail to write.

    It hides why the system refuses, and a refusal at the very end altogether.
    """
    if samples.dtype != np.float64:
        samples = samples.astype(np.float32, copy=False)
    buffer = io.BytesIO()
    try:
        with soundfile.SoundFile(
            buffer, "w", sampling_rate, channels=1, subtype=subtype, format=file_format
        ) as sound:
            for start in range(0, len(samples), _BLOCK_LENGTH):
                sound.write(samples[start : start + _BLOCK_LENGTH])
    except soundfile.LibsndfileError:
        encoding = f"{subtype} " if subtype else ""
        raise AudioError(
            path,
            f"cannot be written: {file_format} does not take {encoding}at "
            f"{sampling_rate} Hz",
        ) from None
    data = buffer.getbuffer()
    if file_format == "WAV" and len(data) > _LARGEST_WAV:
        raise AudioError(path, "cannot be written: a WAV file ends at 4 GiB")
    return data
