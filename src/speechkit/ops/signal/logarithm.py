"""The logarithm of energies, with a floor, a dynamic range and a scale."""

import dataclasses

import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.ops.time import lengths

# What the natural logarithm is multiplied with.
_FACTORS = {
    "natural": 1.0,
    "log10": 1 / np.log(10),
    "decibels": 10 / np.log(10),
}


@dataclasses.dataclass(frozen=True)
class Logarithm:
    """The step from energies to levels.

    Attributes:
        kind: `"natural"`, `"log10"`, or `"decibels"` for ten times the latter.
        floor: Least energy before the logarithm.
        dynamic_range_db: How far below the largest value of its clip a value may lie,
            in decibels. `None` means no limit.
        scale: Factor applied to the logarithm at the end.
        offset: Constant added after that.

    Raises:
        ValueError: If an attribute is out of range, under its name in the layers.
    """

    kind: str
    floor: float
    dynamic_range_db: float | None
    scale: float
    offset: float

    def __post_init__(self):
        _checks.check_choice("logarithm", self.kind, _FACTORS)
        checked = {
            "floor": _checks.check_number("floor", self.floor, above=True),
            "scale": _checks.check_number("scale", self.scale, above=True),
            "offset": _checks.check_number(
                "offset", self.offset, float("-inf"), above=True
            ),
        }
        if self.dynamic_range_db is not None:
            checked["dynamic_range_db"] = _checks.check_number(
                "dynamic_range_db", self.dynamic_range_db, above=True
            )
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def apply(self, energies, mask=None):
        """Returns the levels of energies.

        Args:
            energies: `(batch, frames, features)`.
            mask: `(batch, frames)`, or `None` if all are valid.
        """
        logs = ops.log(ops.maximum(energies, self.floor))
        if self.dynamic_range_db is not None:
            logs = self._limited(logs, mask)
        scale = self.scale * _FACTORS[self.kind]
        if scale != 1.0:
            logs = logs * scale
        return logs + self.offset if self.offset else logs

    def check_stream(self):
        """Raises `ValueError` unless a level depends on its own frame alone."""
        if self.dynamic_range_db is not None:
            raise ValueError(
                "`dynamic_range_db` must be None in a stream, whose largest value is "
                f"not yet known. Received: dynamic_range_db={self.dynamic_range_db!r}"
            )

    def _limited(self, logs, mask):
        """Returns `logs`, raised to the lowest value that the dynamic range allows."""
        least = np.log(self.floor)
        valid = logs
        if mask is not None:
            valid = ops.where(lengths.expand_mask(mask, logs), logs, least)
        # There may be no frame at all.
        largest = ops.max(valid, axis=(1, 2), keepdims=True, initial=least)
        return ops.maximum(logs, largest - self.dynamic_range_db * np.log(10) / 10)
