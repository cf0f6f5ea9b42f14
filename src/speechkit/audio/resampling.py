"""From one sampling rate to another."""

import math
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import soxr

from speechkit._checks import check_int
from speechkit.audio._waveforms import check_waveform

# Beyond it a few samples would become gigabytes, or a few seconds one sample.
_LARGEST_RATIO = 65536


def resample(
    waveform: npt.ArrayLike, *, from_rate: int, to_rate: int
) -> npt.NDArray[np.floating]:
    """Changes the sampling rate of a waveform.

    Sample `n` of the result is the band-limited waveform at `n / to_rate` seconds,
    so both start at the same time. The waveform counts as zero outside its ends.
    The filter may overshoot, so that a full-scale waveform can leave [-1, 1].

    Args:
        waveform: Floating-point samples, `(samples,)`; may be empty.
        from_rate: Sampling rate of `waveform`, in hertz.
        to_rate: Sampling rate of the result, in hertz.

    Returns:
        `ceil(samples * to_rate / from_rate)` samples, in float64 for a float64
        waveform and else in float32; `waveform` itself if the rates are equal.

    Raises:
        ValueError: If a rate is not an integer of 1 or more, one rate is more than
            65 536 times the other, or the shape is another.
        TypeError: If the samples are not floating point.

    Example:
        >>> cd = np.zeros(44100, "float32")
        >>> resample(cd, from_rate=44100, to_rate=16000).shape
        (16000,)
    """
    array = check_waveform(waveform)
    from_rate = check_int("from_rate", from_rate)
    to_rate = check_int("to_rate", to_rate)
    if max(from_rate, to_rate) > _LARGEST_RATIO * min(from_rate, to_rate):
        raise ValueError(
            f"`from_rate` and `to_rate` must be within a factor of {_LARGEST_RATIO}. "
            f"Received: from_rate={from_rate}, to_rate={to_rate}"
        )
    if array.dtype != np.float64:
        array = array.astype(np.float32, copy=False)
    if from_rate == to_rate or not len(array):
        return array
    # soxr rounds the length to the nearest; zeros at the end leave enough to cut from.
    padded = np.pad(array, (0, math.ceil(from_rate / to_rate)))
    length = -(-len(array) * to_rate // from_rate)
    resampled: npt.NDArray[np.floating] = soxr.resample(padded, from_rate, to_rate)
    return resampled[:length]


def resample_blocks(
    blocks: Iterable[npt.NDArray[np.float32]], *, from_rate: int, to_rate: int
) -> Iterator[npt.NDArray[np.float32]]:
    """Yields what `resample` returns for the blocks together, block by block."""
    if from_rate == to_rate:
        yield from blocks
        return
    stream = soxr.ResampleStream(from_rate, to_rate, num_channels=1, dtype="float32")
    num_samples = num_done = 0
    for block in blocks:
        num_samples += len(block)
        resampled = stream.resample_chunk(block)
        num_done += len(resampled)
        yield resampled
    padding = np.zeros(math.ceil(from_rate / to_rate), np.float32)
    length = -(-num_samples * to_rate // from_rate)
    yield stream.resample_chunk(padding, last=True)[: length - num_done]
