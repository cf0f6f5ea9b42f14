"""Decoding inside a file: from the logits of a CTC model to labels."""

from collections.abc import Callable

import keras
from keras import ops

from speechkit import _checks
from speechkit.decoders import CTCGreedyDecoder, CTCPrefixBeamSearch
from speechkit.ops import ctc

DECODINGS = ("greedy", "beam", None)


def decoder(model: keras.Model, decoding: str | None, beam_width: int) -> Callable:
    """Returns a function from logits to `labels`, their `count` and their `score`.

    Without decoding it gives nothing.

    Args:
        model: The model; its `vocabulary` knows the blank, which otherwise is 0.
        decoding: `"greedy"`, `"beam"` or `None`.
        beam_width: How many label sequences the beam search follows.
    """
    _checks.check_choice("decoding", decoding, DECODINGS)
    if decoding is None:
        return lambda logits: {}
    blank = blank_index_of(model)
    search: Callable = CTCGreedyDecoder(blank)
    if decoding == "beam":
        search = CTCPrefixBeamSearch(beam_width, blank)

    def decode(logits):
        if len(logits.shape) != 3:
            raise ValueError(
                "`decoding` must be None for a model without frames. "
                f"Received: decoding={decoding!r}"
            )
        labels = search(logits)
        count = ops.sum(ops.cast(labels >= 0, "int32"), axis=1)
        return {"labels": labels, "count": count, "score": ctc.best_path_score(logits)}

    return decode


def blank_index_of(model: keras.Model) -> int:
    """Returns the blank that the vocabulary of a model knows; without one, 0."""
    return getattr(getattr(model, "vocabulary", None), "blank_index", 0)
