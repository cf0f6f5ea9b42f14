"""Mel-frequency cepstral coefficients: the shape of the spectrum in few numbers."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.features._conventions import MFCC_CONVENTIONS
from speechkit.layers.features.log_mel_spectrogram import LogMelSpectrogram
from speechkit.ops.signal import bands, cosine, energy


@keras.saving.register_keras_serializable(package="speechkit")
class MFCC(LogMelSpectrogram):
    """Computes the cosine transform of the log-mel spectrogram.

    The transform is the orthonormal DCT-II. Frames, padding and masks are those of
    `Frame`. `MFCC.from_convention` knows `"librosa"` and `"kaldi"`.

    Args:
        *args: Arguments of `MelSpectrogram`, in its order.
        num_coefficients: Number of coefficients, from coefficient 0 on.
        lifter: L of the liftering 1 + L/2·sin(πk/L) of coefficient k, which evens out
            their sizes; 0 for none.
        use_energy: Whether coefficient 0 is the natural logarithm of the energy of the
            frame, before pre-emphasis and window, instead (Kaldi).
        **kwargs: Arguments of `LogMelSpectrogram`, `STFT` and `keras.layers.Layer`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, num_coefficients)`.

    Raises:
        ValueError: If there are more coefficients than mel filters, `lifter` is below
            0, or `LogMelSpectrogram` raises.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(MFCC.from_convention("kaldi")(waveforms))
        (8, 98, 13)
    """

    _conventions = MFCC_CONVENTIONS

    def __init__(
        self,
        *args,
        num_coefficients: int = 13,
        lifter: float = 0.0,
        use_energy: bool = False,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.num_coefficients = _checks.check_int("num_coefficients", num_coefficients)
        if num_coefficients > self.num_mel_bins:
            raise ValueError(
                "`num_coefficients` must be at most `num_mel_bins`. Received: "
                f"num_coefficients={num_coefficients}, num_mel_bins={self.num_mel_bins}"
            )
        self.lifter = _checks.check_number("lifter", lifter)
        self.use_energy = use_energy
        matrix = cosine.cosine_matrix(self.num_mel_bins, num_coefficients)
        weights = cosine.lifter_weights(lifter, num_coefficients)
        self._transform_bands = bands.bands(matrix * weights)

    def get_config(self):
        config = {
            "num_coefficients": self.num_coefficients,
            "lifter": self.lifter,
            "use_energy": self.use_energy,
        }
        return {**super().get_config(), **config}

    def _feature_shape(self):
        return (self.num_coefficients,)

    def _features(self, frames, mask):
        logs = super()._features(frames, mask)
        coefficients = bands.band_product(logs, self._transform_bands)
        if not self.use_energy:
            return coefficients
        log_energies = energy.log_energies(
            frames * self.sample_scale, self.floor, self.remove_dc_offset
        )
        return ops.concatenate([log_energies, coefficients[:, :, 1:]], axis=2)
