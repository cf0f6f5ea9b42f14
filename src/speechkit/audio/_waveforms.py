"""The check of waveforms that the functions of this package share."""

import numpy as np
import numpy.typing as npt


def check_waveform(
    waveform: npt.ArrayLike, *, channels: bool = False
) -> npt.NDArray[np.floating]:
    """Returns `waveform` as an array; raises unless its shape and type are right.

    Args:
        waveform: Floating-point samples.
        channels: Whether `(samples, channels)` is accepted beside `(samples,)`.
    """
    array = np.asarray(waveform)
    if array.ndim != 1 and not (channels and array.ndim == 2 and array.shape[1]):
        accepted = "(samples,) or (samples, channels)" if channels else "(samples,)"
        raise ValueError(
            f"`waveform` must have shape {accepted}. Received: shape={array.shape}"
        )
    if not np.issubdtype(array.dtype, np.floating):
        raise TypeError(
            "`waveform` must be floating point, from -1 to 1. "
            f"Received: dtype={array.dtype}"
        )
    return array
