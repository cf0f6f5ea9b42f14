"""From sound files to batches of waveforms of one length."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from speechkit.datasets.recording import Recording

Waveform = npt.NDArray[np.float32]


def make_loader(
    recordings: Sequence[Recording], sampling_rate: int, cache: bool
) -> Callable[[int], Waveform]:
    """Returns what reads the recording at an index; with `cache`, reads each once."""
    kept: dict[int, Waveform] = {}

    def load(index: int) -> Waveform:
        waveform = kept.get(index)
        if waveform is None:
            waveform = recordings[index].read(sampling_rate)
            if cache:
                kept[index] = waveform
        return waveform

    return load


def stack_waveforms(
    waveforms: Sequence[Waveform], multiple: int
) -> tuple[Waveform, npt.NDArray[np.int32]]:
    """Pads with zeros to the longest, rounded up to a multiple of `multiple` samples.

    Returns:
        The waveforms, `(batch, samples)`, and their lengths, `(batch,)`.
    """
    lengths = np.array([len(waveform) for waveform in waveforms], np.int32)
    num_samples = -(-int(lengths.max()) // multiple) * multiple
    stacked = np.zeros((len(waveforms), num_samples), np.float32)
    for row, waveform in zip(stacked, waveforms, strict=True):
        row[: len(waveform)] = waveform
    return stacked, lengths
