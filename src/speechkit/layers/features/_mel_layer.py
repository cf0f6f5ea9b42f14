"""The base of the layers that compute features from mel energies."""

import functools
import types
from typing import Any, ClassVar, Self

import keras

from speechkit import _checks
from speechkit.layers.features import _presets
from speechkit.layers.features._spectral_layer import SpectralLayer
from speechkit.ops.signal import bands, mel
from speechkit.ops.signal.framing import speech_frames


class MelLayer(SpectralLayer):
    """Computes the mel energies of frames.

    A subclass writes out the arguments, with its defaults, and passes each by name;
    `MelSpectrogram` documents them. It defines `_features` and `_feature_shape`.
    """

    _presets: ClassVar[dict[str, dict]]

    def __init_subclass__(cls):
        super().__init_subclass__()
        _name_after(cls)

    def __init__(
        self,
        sampling_rate: int,
        *,
        frame_length: int | None,
        frame_step: int | None,
        fft_length: int | None,
        num_mel_bins: int,
        min_freq: float,
        max_freq: float | None,
        window: str,
        power: float,
        mel_scale: str,
        normalization: str | None,
        triangles: str,
        padding: str | tuple[int, int],
        padding_mode: str,
        remove_dc_offset: bool,
        pre_emphasis: float,
        sample_scale: float,
        transform: str,
        **kwargs,
    ):
        frame_length, frame_step = speech_frames(
            sampling_rate, frame_length, frame_step
        )
        super().__init__(
            frame_length,
            frame_step,
            fft_length=fft_length,
            window=window,
            padding=padding,
            padding_mode=padding_mode,
            remove_dc_offset=remove_dc_offset,
            pre_emphasis=pre_emphasis,
            sample_scale=sample_scale,
            transform=transform,
            **kwargs,
        )
        self.sampling_rate = _checks.to_plain(sampling_rate)
        self.num_mel_bins = _checks.check_int("num_mel_bins", num_mel_bins)
        self.min_freq = _checks.check_number("min_freq", min_freq)
        self.max_freq = _checks.to_plain(max_freq)
        self.power = _checks.check_number("power", power, maximum=8, above=True)
        self.mel_scale = _checks.check_choice("mel_scale", mel_scale, mel.SCALES)
        self.normalization = _checks.check_choice(
            "normalization", normalization, ("slaney", None)
        )
        self.triangles = _checks.check_choice("triangles", triangles, mel.TRIANGLES)
        self._bands = bands.bands(self._make_filters())

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
        transform: str = "fft",
        name: str | None = None,
        dtype: str | keras.DTypePolicy | None = None,
    ) -> Self:
        """Returns the layer whose numbers equal those of a well-known tool.

        Where the tool gives its frames in time, so does the preset: 25 ms of Kaldi are
        400 samples at 16 kHz and 200 at 8 kHz. librosa, torchaudio and Keras count
        samples, whatever the rate. Every setting of the tool is an argument of the
        layer, and `get_config` shows them all.

        Args:
            preset: `"librosa"`, `"htk"`, `"kaldi"`, `"whisper"`, `"torchaudio"`,
                `"keras"` or `"micro"`.
            sampling_rate: Samples per second of the waveforms, in hertz; 16000 for
                `"whisper"`.
            frame_length: In samples. This and what follows replace what the preset has.
            frame_step: In samples.
            fft_length: In samples.
            num_mel_bins: Number of mel filters.
            min_freq: In hertz.
            max_freq: In hertz.
            window: Name of the window.
            padding: What is put before and after a clip.
            padding_mode: What it is made of.
            transform: `"fft"` or `"matrix"`: see `STFT`.
            name: Name of the layer.
            dtype: Dtype or dtype policy of the layer.

        Raises:
            ValueError: If there is no such preset for the layer, or an argument is out
                of range.

        Example:
            >>> from speechkit.layers import MelSpectrogram
            >>> layer = MelSpectrogram.from_preset("kaldi", 8000, num_mel_bins=40)
            >>> layer.window, layer.frame_length, layer.num_mel_bins
            ('povey', 200, 40)
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
            transform=transform,
            name=name,
            dtype=dtype,
        )

    @classmethod
    def _of_preset(cls, preset, sampling_rate, **given):
        """Returns the layer of a preset with the given arguments replaced."""
        settings = _presets.settings(cls._presets, preset, sampling_rate)
        given = {name: value for name, value in given.items() if value is not None}
        highest = settings.get("max_freq", 0)
        if "max_freq" not in given and highest > sampling_rate / 2:
            raise ValueError(
                f"The preset {preset!r} needs a sampling rate of {2 * highest:g} Hz or "
                "more, unless `max_freq` is given. "
                f"Received: sampling_rate={sampling_rate}"
            )
        return cls(sampling_rate, **{**settings, **given})

    def get_config(self):
        config = {
            "sampling_rate": self.sampling_rate,
            "num_mel_bins": self.num_mel_bins,
            "min_freq": self.min_freq,
            "max_freq": self.max_freq,
            "power": self.power,
            "mel_scale": self.mel_scale,
            "normalization": self.normalization,
            "triangles": self.triangles,
        }
        return {**super().get_config(), **config}

    def _energies(self, frames):
        """Returns `(batch, frames, num_mel_bins)`."""
        powers = self._magnitudes(frames, self.power)
        return bands.band_product(powers, self._bands)

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


def _name_after(subclass: Any) -> None:
    """Renames the inherited `from_preset`, which Python's errors name, in a copy."""
    base: Any = MelLayer
    function = subclass.from_preset.__func__
    if function.__code__ is not base.from_preset.__func__.__code__:
        return  # the subclass, or one between, has its own
    copy = types.FunctionType(function.__code__, function.__globals__)
    functools.update_wrapper(copy, function)
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__qualname__ = f"{subclass.__qualname__}.from_preset"
    subclass.from_preset = classmethod(copy)
