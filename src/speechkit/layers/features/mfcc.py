"""Mel-frequency cepstral coefficients: the shape of the spectrum in few numbers."""

from typing import Self

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.features._mel_layer import MelLayer
from speechkit.layers.features._presets import MFCC_PRESETS
from speechkit.ops.signal import bands, cosine, energy
from speechkit.ops.signal.logarithm import Logarithm


@keras.saving.register_keras_serializable(package="speechkit")
class MFCC(MelLayer):
    """Computes the cosine transform of the log-mel spectrogram.

    The transform is the orthonormal DCT-II. Frames, padding and masks are those of
    `Frame`. `MFCC.from_preset` knows `"librosa"` and `"kaldi"`.

    Args:
        sampling_rate: Samples per second of the waveforms, in hertz.
        frame_length: Length of a frame, in samples. `None` means 25 ms, rounded to
            whole samples.
        frame_step: Distance between the starts of two frames, in samples. `None` means
            10 ms, rounded to whole samples.
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
        num_coefficients: Number of coefficients, from coefficient 0 on.
        lifter: L of the liftering 1 + L/2·sin(πk/L) of coefficient k, which evens out
            their sizes; 0 for none.
        use_energy: Whether coefficient 0 is the natural logarithm of the energy of the
            frame, before pre-emphasis and window, instead (Kaldi).
        logarithm: `"natural"`, `"log10"`, or `"decibels"` for ten times the latter.
        floor: Least energy before the logarithm.
        dynamic_range_db: How far below the largest value of its clip a value may lie,
            in decibels; lower values are raised to that. `None` means no limit.
        scale: Factor applied to the logarithm at the end.
        offset: Constant added after that.
        padding: What is put before and after a clip: see `Frame`.
        padding_mode: What it is made of: see `Frame`.
        remove_dc_offset: Whether to take the mean of each frame away first: see `STFT`.
        pre_emphasis: Coefficient of a pre-emphasis within each frame: see `STFT`.
        sample_scale: What samples are multiplied with: see `STFT`.
        transform: `"fft"` or `"matrix"`: see `STFT`.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, num_coefficients)`.

    Raises:
        ValueError: If there are more coefficients than mel filters, `lifter` is below
            0, or `LogMelSpectrogram` raises.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(MFCC.from_preset("kaldi", 16000)(waveforms))
        (8, 98, 13)
    """

    _presets = MFCC_PRESETS

    def __init__(
        self,
        sampling_rate: int,
        *,
        frame_length: int | None = None,
        frame_step: int | None = None,
        fft_length: int | None = None,
        num_mel_bins: int = 80,
        min_freq: float = 0.0,
        max_freq: float | None = None,
        window: str = "hann",
        power: float = 2.0,
        mel_scale: str = "slaney",
        normalization: str | None = "slaney",
        triangles: str = "hertz",
        num_coefficients: int = 13,
        lifter: float = 0.0,
        use_energy: bool = False,
        logarithm: str = "natural",
        floor: float = 1e-10,
        dynamic_range_db: float | None = None,
        scale: float = 1.0,
        offset: float = 0.0,
        padding: str | tuple[int, int] = "valid",
        padding_mode: str = "zeros",
        remove_dc_offset: bool = False,
        pre_emphasis: float = 0.0,
        sample_scale: float = 1.0,
        transform: str = "fft",
        **kwargs,
    ):
        super().__init__(
            sampling_rate,
            frame_length=frame_length,
            frame_step=frame_step,
            fft_length=fft_length,
            num_mel_bins=num_mel_bins,
            min_freq=min_freq,
            max_freq=max_freq,
            window=window,
            power=power,
            mel_scale=mel_scale,
            normalization=normalization,
            triangles=triangles,
            padding=padding,
            padding_mode=padding_mode,
            remove_dc_offset=remove_dc_offset,
            pre_emphasis=pre_emphasis,
            sample_scale=sample_scale,
            transform=transform,
            **kwargs,
        )
        self._logarithm = Logarithm(logarithm, floor, dynamic_range_db, scale, offset)
        self.logarithm = logarithm
        self.floor = self._logarithm.floor
        self.dynamic_range_db = self._logarithm.dynamic_range_db
        self.scale = self._logarithm.scale
        self.offset = self._logarithm.offset
        self.num_coefficients = _checks.check_int("num_coefficients", num_coefficients)
        if num_coefficients > self.num_mel_bins:
            raise ValueError(
                "`num_coefficients` must be at most `num_mel_bins`. Received: "
                f"num_coefficients={num_coefficients}, num_mel_bins={self.num_mel_bins}"
            )
        self.lifter = _checks.check_number("lifter", lifter)
        self.use_energy = _checks.check_bool("use_energy", use_energy)
        matrix = cosine.cosine_matrix(self.num_mel_bins, num_coefficients)
        weights = cosine.lifter_weights(lifter, num_coefficients)
        self._transform_bands = bands.bands(matrix * weights)

    @classmethod
    def from_preset(
        cls,
        preset: str,
        sampling_rate: int,
        *,
        frame_length: int | None = None,
        frame_step: int | None = None,
        fft_length: int | None = None,
        num_mel_bins: int | None = None,
        min_freq: float | None = None,
        max_freq: float | None = None,
        window: str | None = None,
        padding: str | tuple[int, int] | None = None,
        padding_mode: str | None = None,
        num_coefficients: int | None = None,
        use_energy: bool | None = None,
        transform: str = "fft",
        name: str | None = None,
        dtype: str | keras.DTypePolicy | None = None,
    ) -> Self:
        """Returns the layer whose numbers equal those of a well-known tool.

        Args:
            preset: `"librosa"` or `"kaldi"`.
            sampling_rate: Samples per second of the waveforms, in hertz.
            frame_length: In samples. This and what follows replace what the preset has.
            frame_step: In samples.
            fft_length: In samples.
            num_mel_bins: Number of mel filters.
            min_freq: In hertz.
            max_freq: In hertz.
            window: Name of the window.
            padding: What is put before and after a clip.
            padding_mode: What it is made of.
            num_coefficients: Number of coefficients.
            use_energy: Whether coefficient 0 is the energy of the frame.
            transform: `"fft"` or `"matrix"`: see `STFT`.
            name: Name of the layer.
            dtype: Dtype or dtype policy of the layer.

        Raises:
            ValueError: If there is no such preset, or an argument is out of range.
        """
        return cls._of_preset(
            preset,
            sampling_rate,
            frame_length=frame_length,
            frame_step=frame_step,
            fft_length=fft_length,
            num_mel_bins=num_mel_bins,
            min_freq=min_freq,
            max_freq=max_freq,
            window=window,
            padding=padding,
            padding_mode=padding_mode,
            num_coefficients=num_coefficients,
            use_energy=use_energy,
            transform=transform,
            name=name,
            dtype=dtype,
        )

    def get_initial_state(self, batch_size: int = 1):
        self._logarithm.check_stream()
        return super().get_initial_state(batch_size)

    def get_config(self):
        config = {
            "num_coefficients": self.num_coefficients,
            "lifter": self.lifter,
            "use_energy": self.use_energy,
            "logarithm": self.logarithm,
            "floor": self.floor,
            "dynamic_range_db": self.dynamic_range_db,
            "scale": self.scale,
            "offset": self.offset,
        }
        return {**super().get_config(), **config}

    def _feature_shape(self):
        return (self.num_coefficients,)

    def _features(self, frames, mask):
        logs = self._logarithm.apply(self._energies(frames), mask)
        coefficients = bands.band_product(logs, self._transform_bands)
        if not self.use_energy:
            return coefficients
        log_energies = energy.log_energies(
            frames * self.sample_scale, self.floor, self.remove_dc_offset
        )
        return ops.concatenate([log_energies, coefficients[:, :, 1:]], axis=2)
