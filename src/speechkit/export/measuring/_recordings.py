"""The clips that a file is compared on."""

from collections.abc import Iterable

import numpy as np

_SAMPLING_RATE = 16000


def recordings_for(
    length: int | None,
    recordings: Iterable[np.ndarray] | None,
    sampling_rate: int | None,
) -> list[np.ndarray]:
    """Returns clips of float32.

    Args:
        length: Length in samples that clips are cut or padded to. `None` keeps theirs.
        recordings: Clips given by the user. `None` means noise.
        sampling_rate: Samples per second of the noise, in hertz. `None` means 16 kHz.
    """
    if recordings is None:
        recordings = _noise(sampling_rate or _SAMPLING_RATE)
    clips = [np.asarray(clip, dtype="float32") for clip in recordings]
    if not clips or any(clip.ndim != 1 or not len(clip) for clip in clips):
        raise ValueError(
            "`recordings` must be one clip (samples,) or more. "
            f"Received shapes: {[clip.shape for clip in clips]}"
        )
    if length is None:
        return clips
    return [np.pad(clip, (0, max(0, length - len(clip))))[:length] for clip in clips]


def _noise(sampling_rate):
    """Returns three clips, loud and quiet, so that a state that leaks shows."""
    random = np.random.default_rng(seed=0)
    for share, level in ((1.0, 0.1), (0.5, 0.01), (1.0, 0.3)):
        yield random.normal(scale=level, size=round(share * sampling_rate))
