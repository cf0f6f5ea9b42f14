"""The mel spectrogram: a spectrum summed as the ear sums it."""

from typing import Self

import keras

from speechkit import _checks
from speechkit.layers.features._conventions import MEL_CONVENTIONS
from speechkit.layers.features.spectrogram import Spectrogram
from speechkit.ops.signal import bands, mel


@keras.saving.register_keras_serializable(package="speechkit")
class MelSpectrogram(Spectrogram):
    """Computes the energy of overlapping frames in bands equally spaced in mel.

    Frames, padding and masks are those of `Frame`. Each clip is computed alone: no
    level is relative to another clip of the batch.

    Args:
        sampling_rate: Samples per second of the waveforms, in hertz.
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.
        fft_length: Length of the FFT, in samples. `None` means the smallest power of
            two that holds a frame.
        num_mel_bins: Number of mel filters.
        min_freq: Lower corner of the first filter, in hertz.
        max_freq: Upper corner of the last filter, in hertz. `None` means half the
            sampling rate.
        window: Name of the window: see `STFT`.
        power: Exponent of the magnitude: 2 for power, 1 for magnitude.
        mel_scale: `"slaney"` (librosa's default) or `"htk"`.
        normalization: `"slaney"` gives each filter the same area, `None` a peak of 1.
        triangles: The axis over which the sides of a filter are straight: `"hertz"`
            (librosa, torchaudio) or `"mel"` (HTK, Kaldi).
        **kwargs: Arguments of `STFT` (`padding`, `padding_mode`, `remove_dc_offset`,
            `pre_emphasis`, `sample_scale`, `transform`) and `keras.layers.Layer`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, num_mel_bins)`.

    Raises:
        ValueError: If the frequencies are not `0 <= min_freq < max_freq <=
            sampling_rate / 2`, a frame is longer than the FFT, or a filter holds no
            bin of the FFT.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(MelSpectrogram(sampling_rate=16000)(waveforms))
        (8, 98, 80)
    """

    _conventions = MEL_CONVENTIONS

    def __init__(
        self,
        sampling_rate: int = 16000,
        frame_length: int = 400,
        frame_step: int = 160,
        fft_length: int | None = None,
        num_mel_bins: int = 80,
        min_freq: float = 0.0,
        max_freq: float | None = None,
        window: str = "hann",
        power: float = 2.0,
        mel_scale: str = "slaney",
        normalization: str | None = "slaney",
        triangles: str = "hertz",
        **kwargs,
    ):
        super().__init__(frame_length, frame_step, fft_length, window, power, **kwargs)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.num_mel_bins = _checks.check_int("num_mel_bins", num_mel_bins)
        self.min_freq = _checks.check_number("min_freq", min_freq)
        self.max_freq = max_freq
        self.mel_scale = _checks.check_choice("mel_scale", mel_scale, mel.SCALES)
        self.normalization = _checks.check_choice(
            "normalization", normalization, ("slaney", None)
        )
        self.triangles = _checks.check_choice("triangles", triangles, mel.TRIANGLES)
        self._bands = bands.bands(self._make_filters())

    @classmethod
    def from_convention(cls, convention: str, **kwargs) -> Self:
        """Returns the layer whose numbers equal those of a well-known tool.

        Every setting of the tool is an argument of the layer, and `get_config` shows
        them all.

        Args:
            convention: `"librosa"`, `"htk"`, `"kaldi"`, `"whisper"`, `"torchaudio"`,
                `"keras"` or `"micro"`; for `MFCC`, `"librosa"` or `"kaldi"`.
            **kwargs: Arguments that replace those of the convention.

        Raises:
            ValueError: If `convention` is none of these, or an argument is wrong.

        Example:
            >>> layer = MelSpectrogram.from_convention("kaldi", num_mel_bins=80)
            >>> layer.window, layer.pre_emphasis, layer.triangles
            ('povey', 0.97, 'mel')
        """
        _checks.check_choice("convention", convention, cls._conventions)
        return cls(**{**cls._conventions[convention], **kwargs})

    def get_config(self):
        config = {
            "sampling_rate": self.sampling_rate,
            "num_mel_bins": self.num_mel_bins,
            "min_freq": self.min_freq,
            "max_freq": self.max_freq,
            "mel_scale": self.mel_scale,
            "normalization": self.normalization,
            "triangles": self.triangles,
        }
        return {**super().get_config(), **config}

    def _feature_shape(self):
        return (self.num_mel_bins,)

    def _features(self, frames, mask):
        return bands.band_product(super()._features(frames, mask), self._bands)

    def _make_filters(self):
        return mel.mel_filter_bank(
            self.num_mel_bins,
            self._fft_length,
            self.sampling_rate,
            self.min_freq,
            mel.check_max_freq(self.max_freq, self.min_freq, self.sampling_rate),
            self.mel_scale,
            self.normalization,
            self.triangles,
        )
