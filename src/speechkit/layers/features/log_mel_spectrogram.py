"""The log-mel spectrogram: what most speech models hear."""

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.layers.features._conventions import LOG_MEL_CONVENTIONS
from speechkit.layers.features.mel_spectrogram import MelSpectrogram
from speechkit.ops.time import lengths

# What the natural logarithm is multiplied with.
_LOGARITHMS = {
    "natural": 1.0,
    "log10": 1 / np.log(10),
    "decibels": 10 / np.log(10),
}


@keras.saving.register_keras_serializable(package="speechkit")
class LogMelSpectrogram(MelSpectrogram):
    """Computes the logarithm of the mel energies of overlapping frames.

    Values below `floor` count as `floor`; the floor is the same for every clip, so a
    clip does not change with its neighbours. Frames, padding and masks are those of
    `Frame`.

    Args:
        *args: Arguments of `MelSpectrogram`, in its order.
        logarithm: `"natural"`, `"log10"`, or `"decibels"` for ten times the latter.
        floor: Least energy before the logarithm.
        dynamic_range_db: How far below the largest value of its clip a value may lie,
            in decibels; what is lower is raised to that. `None` means any far.
        scale: What the logarithm is multiplied with in the end.
        offset: What is added to that.
        **kwargs: Arguments of `MelSpectrogram`, `STFT` and `keras.layers.Layer`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, num_mel_bins)`.

    Raises:
        ValueError: If `floor`, `dynamic_range_db` or `scale` is not above 0, or
            `MelSpectrogram` raises.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(LogMelSpectrogram(num_mel_bins=40)(waveforms))
        (8, 98, 40)
    """

    _conventions = LOG_MEL_CONVENTIONS

    def __init__(
        self,
        *args,
        logarithm: str = "natural",
        floor: float = 1e-10,
        dynamic_range_db: float | None = None,
        scale: float = 1.0,
        offset: float = 0.0,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.logarithm = _checks.check_choice("logarithm", logarithm, _LOGARITHMS)
        self.floor = _checks.check_number("floor", floor, above=True)
        if dynamic_range_db is not None:
            _checks.check_number("dynamic_range_db", dynamic_range_db, above=True)
        self.dynamic_range_db = dynamic_range_db
        self.scale = _checks.check_number("scale", scale, above=True)
        self.offset = _checks.check_number("offset", offset, float("-inf"), above=True)

    def get_initial_state(self, batch_size: int = 1):
        if self.dynamic_range_db is not None:
            raise ValueError(
                "`dynamic_range_db` must be None in a stream, whose largest value is "
                f"not yet known. Received: dynamic_range_db={self.dynamic_range_db!r}"
            )
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

    def _features(self, frames, mask):
        energies = super()._features(frames, mask)
        logs = ops.log(ops.maximum(energies, self.floor))
        if self.dynamic_range_db is not None:
            logs = self._limited(logs, mask)
        scale = self.scale * _LOGARITHMS[self.logarithm]
        if scale != 1.0:
            logs = logs * scale
        return logs + self.offset if self.offset else logs

    def _limited(self, logs, mask):
        """Returns `logs`, none further below the largest of its clip than allowed."""
        valid = logs
        if mask is not None:
            valid = ops.where(lengths.expand_mask(mask, logs), logs, np.log(self.floor))
        # There may be no frame at all.
        largest = ops.max(valid, axis=(1, 2), keepdims=True, initial=np.log(self.floor))
        return ops.maximum(logs, largest - self.dynamic_range_db * np.log(10) / 10)
