"""Filter banks on power spectra other than mel's."""

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.signal import bands, filter_banks, mel
from speechkit.ops.time import precision


@keras.saving.register_keras_serializable(package="speechkit")
class FilterBank(StreamingLayer):
    """Sums the bins of spectra within filters.

    Each filter has a peak of 1. The bins of the input reach from 0 to half the sampling
    rate, as `Spectrogram` gives them. A mask passes through unchanged. Computed in
    float32 under mixed precision. For the mel scale there is `MelSpectrogram`.

    Args:
        sampling_rate: Sampling rate of the waveform, in hertz.
        num_filters: Number of filters.
        filters: `"linear"` for triangles equally spaced in hertz, each from the centre
            of one neighbour to that of the other; or `"gammatone"` for the power
            responses of gammatone filters of order 4, 1.019 equivalent rectangular
            bandwidths (ERB) wide and equally spaced on the ERB scale, cut off 60 dB
            below their peak.
        min_freq: Frequency one step below the first centre, in hertz.
        max_freq: Frequency one step above the last centre, in hertz. `None` means half
            the sampling rate.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, bins)`.

    Output shape:
        `(batch, frames, num_filters)`.

    Raises:
        ValueError: If a filter holds no bin, or an argument is out of range.

    Example:
        >>> spectra = keras.ops.ones((8, 98, 257))
        >>> layer = FilterBank(16000, num_filters=64, filters="gammatone")
        >>> keras.ops.shape(layer(spectra))
        (8, 98, 64)

    References:
        Patterson et al., Complex sounds and auditory images, 1992.
        Glasberg and Moore, Derivation of auditory filter shapes from notched-noise
        data, 1990.
    """

    def __init__(
        self,
        sampling_rate: int,
        num_filters: int = 40,
        *,
        filters: str = "linear",
        min_freq: float = 0.0,
        max_freq: float | None = None,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.num_filters = _checks.check_int("num_filters", num_filters)
        self.filters = _checks.check_choice("filters", filters, filter_banks.NAMES)
        self.min_freq = _checks.check_number("min_freq", min_freq)
        self.max_freq = _checks.to_plain(max_freq)
        self._max_freq = mel.check_max_freq(max_freq, min_freq, sampling_rate)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape):
        frequencies = np.linspace(0, self.sampling_rate / 2, input_shape[2])
        weights = filter_banks.filter_bank(
            self.filters, self.num_filters, frequencies, self.min_freq, self._max_freq
        )
        self._bands = bands.bands(weights)
        self.built = True

    def call(self, inputs):
        spectra = ops.cast(inputs, precision.working_dtype(self.compute_dtype))
        return ops.cast(bands.band_product(spectra, self._bands), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:2], self.num_filters)

    def get_config(self):
        config = {
            "sampling_rate": self.sampling_rate,
            "num_filters": self.num_filters,
            "filters": self.filters,
            "min_freq": self.min_freq,
            "max_freq": self.max_freq,
        }
        return {**super().get_config(), **config}
