"""Checks of the arrays that pictures are drawn from."""

import numpy as np
from numpy.typing import ArrayLike


def check_waveform(waveform: ArrayLike) -> np.ndarray:
    """Returns `waveform` in float64; raises unless it is one finite clip."""
    samples = np.asarray(waveform, dtype=np.float64)
    if samples.ndim != 1 or samples.size == 0:
        raise ValueError(
            "`waveform` must have shape (samples,) with one sample or more. "
            f"Received: waveform.shape={samples.shape}"
        )
    if not np.isfinite(samples).all():
        count = int(np.count_nonzero(~np.isfinite(samples)))
        raise ValueError(
            "`waveform` must hold finite samples. "
            f"Received: {count} samples that are NaN or infinite"
        )
    return samples
