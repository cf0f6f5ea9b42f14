"""The softmax of many frames, compiled, in two steps that read the logits once each."""

import numpy as np

from speechkit.ops.runtime.compiling import compiled, compiled_in_any_order
from speechkit.ops.runtime.exponentials_numba import exponentiate

# So many numbers of several frames stay near the processor from one loop to the next.
_NEAR = 4096


@compiled
def normalizers(logits, best, inverse_sums):
    """Computes the best logit of each frame, and one by the sum of exponentials.

    Args:
        logits: `(frames, classes)` in float32 or float64.
        best: `(frames,)`, or longer: becomes the largest logit.
        inverse_sums: `(frames,)`, or longer: becomes one by the sum of exponentials.
    """
    num_frames, num_classes = logits.shape
    size = max(1, _NEAR // num_classes)
    buffer = np.empty((size, num_classes), logits.dtype)
    for first in range(0, num_frames, size):
        part = logits[first : first + size]
        for place in range(len(part)):
            best[first + place] = _largest(part[place])
        _exponentiate_relative(part, best[first:], buffer)
        for place in range(len(part)):
            inverse_sums[first + place] = 1 / _sum(buffer[place])


@compiled
def softmax(logits, best, inverse_sums, weight, result):
    """Computes the softmax times a weight.

    Args:
        logits: `(frames, classes)`.
        best: As `normalizers` left it.
        inverse_sums: As `normalizers` left it.
        weight: Number.
        result: `(frames, classes)`, or longer: becomes the product.
    """
    num_frames, num_classes = logits.shape
    size = max(1, _NEAR // num_classes)
    for first in range(0, num_frames, size):
        part = logits[first : first + size]
        _exponentiate_relative(part, best[first:], result[first:])
        for frame in range(first, first + len(part)):
            row, factor = result[frame], inverse_sums[frame] * weight
            for place in range(num_classes):
                row[place] *= factor


@compiled
def _exponentiate_relative(logits, best, result):
    for frame in range(len(logits)):
        row, values = result[frame], logits[frame]
        for place in range(row.size):
            row[place] = values[place] - best[frame]
    exponentiate(result[: len(logits)].reshape(-1))


@compiled
def _largest(row):
    """Returns the largest number; four at a time, as each waits for the last."""
    a = b = c = d = row[0]
    whole = row.size // 4 * 4
    for place in range(0, whole, 4):
        a = row[place] if row[place] > a else a
        b = row[place + 1] if row[place + 1] > b else b
        c = row[place + 2] if row[place + 2] > c else c
        d = row[place + 3] if row[place + 3] > d else d
    for place in range(whole, row.size):
        a = row[place] if row[place] > a else a
    return max(max(a, b), max(c, d))


@compiled_in_any_order
def _sum(row):
    total = row[0]
    for place in range(1, row.size):
        total += row[place]
    return total
