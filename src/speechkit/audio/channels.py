"""From several channels to one."""

import numpy as np
import numpy.typing as npt

from speechkit.audio._waveforms import check_waveform


def mono(waveform: npt.ArrayLike) -> npt.NDArray[np.floating]:
    """Averages the channels of a waveform.

    Args:
        waveform: Floating-point samples, `(samples,)` or `(samples, channels)`.

    Returns:
        The mean over the channels, `(samples,)`, in the type of `waveform`.

    Raises:
        ValueError: If the shape is another.
        TypeError: If the samples are not floating point.

    Example:
        >>> mono([[0.5, 0.25], [-1.0, 0.0]]).tolist()
        [0.375, -0.5]
    """
    array = check_waveform(waveform, channels=True)
    if array.ndim == 1:
        return array
    return array[:, 0] if array.shape[1] == 1 else array.mean(axis=1)
