"""The multiply–adds of a file: those of the layers that it was made from."""

from typing import Any

import keras

from speechkit.export.files import _forms
from speechkit.layers.multiply_adds import multiply_adds, uses


def of_file(
    model: keras.Model, num_samples: int, streaming: dict[str, Any] | None
) -> int | None:
    """Returns the number for one clip, or for one chunk of a file that streams.

    `None` where they cannot be counted: for a model that is neither sequential nor
    functional, or a layer that does not tell the shape of its output.

    Args:
        model: The model that the file was made from.
        num_samples: Samples of the clip.
        streaming: What the file tells of its chunks; `None` for one of whole clips.
    """
    try:
        return _counted(_forms.network_of(model), num_samples, streaming)
    except Exception:  # of any layer, be it the user's: a file needs no count
        return None


def _counted(network, num_samples, streaming):
    if streaming is None:
        return multiply_adds(network, (1, num_samples))
    first, chunk = streaming["first_samples"], streaming["chunk_samples"]
    before = uses(network, (1, first))
    after = uses(network, (1, first + chunk))
    return sum(
        # A chunk adds frames; a layer without frames answers anew for each.
        late.count - (early.count if early.input_shape != late.input_shape else 0)
        for early, late in zip(before, after, strict=True)
    )
