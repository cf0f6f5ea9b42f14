"""From sound files to waveforms."""

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from speechkit._checks import check_int, check_number
from speechkit.audio._integrity import states_length
from speechkit.audio._opening import decode_blocks, open_sound
from speechkit.audio.audio_error import AudioError
from speechkit.audio.audio_info import AudioInfo, describe_sound
from speechkit.audio.channels import mono
from speechkit.audio.resampling import resample

# Lossy and float files may pass full scale a little; beyond this they have another.
_LARGEST_PEAK = 16.0


def read(
    path: str | os.PathLike[str],
    sampling_rate: int | None = None,
    *,
    max_seconds: float | None = None,
) -> npt.NDArray[np.float32]:
    """Reads a WAV, FLAC, OGG or MP3 file as one channel.

    Several channels become their mean. Samples beyond full scale, which float and
    lossy files may have and resampling may make, are clipped to [-1, 1].

    Args:
        path: The file.
        sampling_rate: Rate of the result, in hertz. `None` keeps that of the file,
            which `info` tells.
        max_seconds: Longest file that is decoded, in seconds. `None` sets no limit.

    Returns:
        Samples from -1 to 1, float32, `(samples,)`.

    Raises:
        AudioError: If the file is missing, not a sound file, truncated, damaged,
            longer than `max_seconds`, without samples or with samples that are NaN,
            infinite or on another scale.
    """
    path = Path(path)
    if sampling_rate is not None:
        check_int("sampling_rate", sampling_rate)
    if max_seconds is not None:
        check_number("max_seconds", max_seconds)
    with open_sound(path) as sound:
        about = describe_sound(path, sound)
        if max_seconds is not None and about.duration_seconds > max_seconds:
            raise AudioError(
                path,
                f"lasts {about.duration_seconds:g} s, "
                f"more than the {max_seconds:g} s that are accepted",
            )
        samples = _decode(path, sound, about)
    _check_samples(path, samples)
    file_rate = about.sampling_rate
    waveform = resample(
        mono(samples), from_rate=file_rate, to_rate=sampling_rate or file_rate
    )
    return waveform.clip(-1, 1).astype(np.float32, copy=False)


def _decode(
    path: Path, sound: soundfile.SoundFile, about: AudioInfo
) -> npt.NDArray[np.float32]:
    blocks = list(decode_blocks(sound))
    present = sum(len(block) for block in blocks)
    if present < about.num_samples and (sound.format != "MP3" or states_length(path)):
        raise AudioError(
            path,
            f"is truncated: its header promises {about.num_samples} samples, "
            f"{present} are there",
        )
    if not present:
        raise AudioError(path, "has no samples")
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def _check_samples(path: Path, samples: npt.NDArray[np.float32]) -> None:
    peak = max(samples.max(), -samples.min())
    if not np.isfinite(peak):
        raise AudioError(path, "has samples that are NaN or infinite")
    if peak > _LARGEST_PEAK:
        raise AudioError(
            path, f"has samples up to {peak:g}, where full scale is from -1 to 1"
        )
