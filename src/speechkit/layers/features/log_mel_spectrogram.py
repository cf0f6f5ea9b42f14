"""The log-mel spectrogram: what most speech models hear."""

import keras

from speechkit.layers.features._mel_layer import MelLayer
from speechkit.layers.features._presets import LOG_MEL_PRESETS
from speechkit.ops.signal.logarithm import Logarithm


@keras.saving.register_keras_serializable(package="speechkit")
class LogMelSpectrogram(MelLayer):
    """Computes the logarithm of the mel energies of overlapping frames.

    Values below `floor` count as `floor`; the floor is the same for every clip, so a
    clip does not change with its neighbours. Frames, padding and masks are those of
    `Frame`.

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
        `(batch, frames, num_mel_bins)`.

    Raises:
        ValueError: If `floor`, `dynamic_range_db` or `scale` is not above 0, or
            `MelSpectrogram` raises.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(LogMelSpectrogram(16000, num_mel_bins=40)(waveforms))
        (8, 98, 40)
    """

    _presets = LOG_MEL_PRESETS

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

    def get_initial_state(self, batch_size: int = 1):
        self._logarithm.check_stream()
        return super().get_initial_state(batch_size)

    def get_config(self):
        config = {
            "logarithm": self.logarithm,
            "floor": self.floor,
            "dynamic_range_db": self.dynamic_range_db,
            "scale": self.scale,
            "offset": self.offset,
        }
        return {**super().get_config(), **config}

    def _feature_shape(self):
        return (self.num_mel_bins,)

    def _features(self, frames, mask):
        return self._logarithm.apply(self._energies(frames), mask)
