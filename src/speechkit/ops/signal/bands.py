"""The product of spectra and filters that each touch few bins."""

import dataclasses

import numpy as np
from keras import ops

# From this many weights on, TensorFlow Lite rounds the weights of a product, and the
# spectra with them, to 8 bits when it quantises a model; the small bands lie far below
# that rounding.
_MOST_WEIGHTS = 1023


@dataclasses.dataclass(frozen=True)
class Band:
    """Neighbouring filters, and the bins that they touch.

    Attributes:
        first: First bin.
        weights: `(bins, filters)`.
    """

    first: int
    weights: np.ndarray


def bands(filters: np.ndarray) -> list[Band]:
    """Returns filters as blocks of few weights, in order.

    Args:
        filters: `(bins, filters)`, in the order of their frequency; none is empty.
    """
    touched = [np.flatnonzero(column) for column in filters.T]
    blocks, start = [], 0
    for end in range(1, len(touched) + 1):
        if end < len(touched):
            width = touched[end][-1] + 1 - touched[start][0]
            if width * (end + 1 - start) <= _MOST_WEIGHTS:
                continue
        first, last = touched[start][0], touched[end - 1][-1]
        blocks.append(Band(int(first), filters[first : last + 1, start:end]))
        start = end
    return blocks


def band_product(spectra, blocks: list[Band]):
    """Returns `(batch, frames, filters)`: what each filter lets through.

    Args:
        spectra: `(batch, frames, bins)`.
        blocks: What `bands` made of the filters.
    """
    parts = [
        ops.matmul(
            spectra[:, :, block.first : block.first + len(block.weights)],
            ops.convert_to_tensor(block.weights, dtype=spectra.dtype),
        )
        for block in blocks
    ]
    return parts[0] if len(parts) == 1 else ops.concatenate(parts, axis=2)
