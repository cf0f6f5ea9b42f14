"""Background noise: recordings of rooms, streets and voices behind the speech."""

import functools
import os
from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation import _noise_level, _recordings
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import flattening
from speechkit.ops.time import lengths, statistics


@keras.saving.register_keras_serializable(package="speechkit")
class BackgroundNoise(AugmentationLayer):
    """Adds recorded noise to each clip at a random ratio, in training only.

    Each clip draws a recording, all equally probable, a place in it, and a
    signal-to-noise ratio: the power of the valid samples over the power of the noise
    beside them. A recording that is too short begins again. Silence stays silent. Files
    are read when they are first needed: a model can be loaded and used without them.
    At inference the input passes through unchanged.

    Args:
        recordings: Paths of sound files, and arrays `(samples,)`.
        snr_db: Lowest and highest signal-to-noise ratio, in dB.
        sampling_rate: Samples per second of the waveforms, in hertz; files are
            resampled to it.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `recordings` is no list or empty, or `snr_db` is not two ordered,
            finite numbers.

    Example:
        >>> hum = np.sin(np.arange(16000) * 2 * np.pi * 50 / 16000)
        >>> layer = BackgroundNoise([hum], (0, 20), sampling_rate=16000)
        >>> keras.ops.shape(layer(keras.ops.ones((8, 16000)), training=True))
        (8, 16000)
    """

    def __init__(
        self,
        recordings: Sequence[str | os.PathLike[str] | np.ndarray],
        snr_db: tuple[float, float] = (0.0, 30.0),
        *,
        sampling_rate: int,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.recordings = _recordings.check_recordings("recordings", recordings)
        self.snr_db = _checks.check_range("snr_db", snr_db)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        config = {
            "recordings": list(self.recordings),
            "snr_db": self.snr_db,
            "sampling_rate": self.sampling_rate,
        }
        return {**super().get_config(), **config}

    @functools.cached_property
    def _samples(self):
        """The samples of all recordings, and where each of them starts."""
        recordings = _recordings.read_recordings(self.recordings, self.sampling_rate)
        starts = np.cumsum([0, *map(len, recordings)]).astype("int32")
        return np.concatenate(recordings), starts

    def draw_parameters(self, values, *, mask):
        return {
            "recording": self.draw_index(values, len(self.recordings)),
            "place": self.draw_uniform(values),
            "snr_db": self.draw_uniform(values, self.snr_db),
        }

    def transform(self, values, draws, *, mask):
        noise = lengths.zero_padding(self._noise(values, draws), mask)
        power = _noise_level.noise_power(values, draws, mask)
        return values + statistics.gain_to_power(noise, mask, power) * noise, mask

    def _noise(self, values, draws):
        """Returns the noise beside each clip, at the level of its recording."""
        samples, starts = self._samples
        sizes = ops.take(np.diff(starts), draws["recording"])
        first = ops.cast(draws["place"] * ops.cast(sizes, values.dtype), "int32")
        numbers = ops.expand_dims(ops.arange(ops.shape(values)[1], dtype="int32"), 0)
        numbers = numbers + ops.expand_dims(first, axis=1)
        places = ops.mod(numbers, ops.expand_dims(sizes, axis=1))
        offsets = ops.expand_dims(ops.take(starts, draws["recording"]), axis=1)
        noise = ops.convert_to_tensor(samples, dtype=values.dtype)
        return flattening.read(noise, places + offsets)

    def weaken(self, draws, strength):
        return _noise_level.attenuate(draws, strength)
