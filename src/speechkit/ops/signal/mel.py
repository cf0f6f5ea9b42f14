"""The mel scale and its triangular filters, computed with NumPy in float64."""

import numpy as np

from speechkit import _checks

SCALES = ("slaney", "htk")
TRIANGLES = ("hertz", "mel")

# The Slaney scale (Auditory Toolbox, 1998): 3 mel per 200 Hz up to 1 kHz, then 27
# logarithmic steps for each factor of 6.4.
_SLANEY_HERTZ_PER_MEL = 200 / 3
_SLANEY_CORNER_HERTZ = 1000.0
_SLANEY_CORNER_MEL = 15.0
_SLANEY_LOG_STEP = np.log(6.4) / 27


def hertz_to_mel(frequencies, scale: str = "slaney") -> np.ndarray:
    """Converts hertz to mel.

    Args:
        frequencies: Frequencies in hertz, of any shape.
        scale: `"slaney"`, or `"htk"` for 2595·log10(1 + f/700).

    Returns:
        Mel, in the shape of `frequencies`.

    Example:
        >>> float(hertz_to_mel(1000.0))
        15.0
    """
    frequencies = np.asarray(frequencies, dtype="float64")
    if scale == "htk":
        return 2595.0 * np.log10(1.0 + frequencies / 700.0)
    ratio = np.maximum(frequencies, _SLANEY_CORNER_HERTZ) / _SLANEY_CORNER_HERTZ
    logarithmic = _SLANEY_CORNER_MEL + np.log(ratio) / _SLANEY_LOG_STEP
    linear = frequencies / _SLANEY_HERTZ_PER_MEL
    return np.where(frequencies < _SLANEY_CORNER_HERTZ, linear, logarithmic)


def mel_to_hertz(mels, scale: str = "slaney") -> np.ndarray:
    """Converts mel to hertz: the inverse of `hertz_to_mel`.

    Args:
        mels: Mel, of any shape.
        scale: `"slaney"` or `"htk"`.

    Returns:
        Frequencies in hertz, in the shape of `mels`.

    Example:
        >>> float(mel_to_hertz(15.0))
        1000.0
    """
    mels = np.asarray(mels, dtype="float64")
    if scale == "htk":
        return 700.0 * (10.0 ** (mels / 2595.0) - 1.0)
    above = np.maximum(mels, _SLANEY_CORNER_MEL) - _SLANEY_CORNER_MEL
    logarithmic = _SLANEY_CORNER_HERTZ * np.exp(_SLANEY_LOG_STEP * above)
    linear = mels * _SLANEY_HERTZ_PER_MEL
    return np.where(mels < _SLANEY_CORNER_MEL, linear, logarithmic)


def mel_filter_bank(
    num_mel_bins: int,
    fft_length: int,
    sampling_rate: int,
    min_freq: float,
    max_freq: float,
    scale: str = "slaney",
    normalization: str | None = "slaney",
    triangles: str = "hertz",
) -> np.ndarray:
    """Returns triangular filters whose corners are equally spaced in mel.

    Args:
        num_mel_bins: Number of filters.
        fft_length: Length of the FFT whose bins are summed, in samples.
        sampling_rate: Samples per second, in hertz.
        min_freq: Lower corner of the first filter, in hertz.
        max_freq: Upper corner of the last filter, in hertz.
        scale: `"slaney"` or `"htk"`.
        normalization: `"slaney"` gives every filter the same area over hertz; `None`
            gives every filter a peak of 1.
        triangles: The axis over which the sides of the filters are straight:
            `"hertz"` (librosa, torchaudio) or `"mel"` (HTK, Kaldi).

    Returns:
        `(1 + fft_length // 2, num_mel_bins)` weights in float64.

    Raises:
        ValueError: If a filter is so narrow that no FFT bin falls into it.

    Example:
        >>> mel_filter_bank(40, 512, 16000, 20.0, 8000.0).shape
        (257, 40)
    """
    bins = np.arange(1 + fft_length // 2) * sampling_rate / fft_length
    low, high = hertz_to_mel([min_freq, max_freq], scale)
    mels = np.linspace(low, high, num_mel_bins + 2)
    corners = mel_to_hertz(mels, scale)
    if triangles == "mel":
        filters = triangular_filters(hertz_to_mel(bins, scale), mels)
    else:
        filters = triangular_filters(bins, corners)
    check_no_filter_is_empty("num_mel_bins", filters)
    if normalization == "slaney":
        filters *= 2.0 / (corners[2:] - corners[:-2])
    return filters


def triangular_filters(points, corners):
    """Returns `(points, filters)`: triangles, 1 at their middle corner.

    Args:
        points: `(points,)`: where the filters are sampled.
        corners: `(filters + 2,)`: the outer corners of a filter are its neighbours'
            middle ones.
    """
    rising = (points[:, None] - corners[:-2]) / (corners[1:-1] - corners[:-2])
    falling = (corners[2:] - points[:, None]) / (corners[2:] - corners[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling))


def check_no_filter_is_empty(name: str, filters) -> None:
    """Raises `ValueError` if a filter holds no bin.

    Args:
        name: Name of the argument that says how many filters there are.
        filters: `(bins, filters)` weights.
    """
    empty = np.flatnonzero(filters.sum(axis=0) == 0)
    if len(empty):
        num_bins, num_filters = filters.shape
        raise ValueError(
            f"`{name}` must be small enough, or the FFT long enough, that every filter "
            f"holds one of its bins. Received: {name}={num_filters}, {num_bins} bins; "
            f"{len(empty)} filters are empty, the first is filter {empty[0]}"
        )


def check_max_freq(
    max_freq: float | None, min_freq: float, sampling_rate: int
) -> float:
    """Returns `max_freq`, or half the sampling rate for `None`.

    Raises:
        ValueError: If it is not above `min_freq`, or above half the sampling rate.
    """
    nyquist = sampling_rate / 2
    upper = nyquist if max_freq is None else max_freq
    upper = _checks.check_number("max_freq", upper, above=True)
    if not min_freq < upper <= nyquist:
        raise ValueError(
            "`max_freq` must be above `min_freq` and at most half the sampling rate, "
            f"{nyquist:g} Hz. Received: min_freq={min_freq!r}, max_freq={max_freq!r}"
        )
    return upper
