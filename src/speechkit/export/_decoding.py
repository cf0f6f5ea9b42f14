"""Decoding inside a file: from the logits of a CTC model to labels."""

from collections.abc import Callable

import keras
from keras import ops

from speechkit import _checks
from speechkit.decoders import CTCGreedyDecoder, CTCPrefixBeamSearch
from speechkit.ops.ctc import dispatch as ctc

# What `"auto"` stands for depends on the model.
_CHOICES = ("auto", "greedy", "beam", None)


def chosen(model: keras.Model, decoding: str | None, quantization: str) -> str | None:
    """Returns the decoding that is asked for, with `"auto"` settled.

    Args:
        model: The model; one whose `vocabulary` knows a blank was trained with CTC.
        decoding: What was asked for.
        quantization: That of the file.

    Raises:
        ValueError: If there is no such decoding, or not with this quantization.
    """
    _checks.check_choice("decoding", decoding, _CHOICES)
    if decoding == "beam" and quantization == "int8":
        raise ValueError(
            "`decoding` must be 'greedy' or None with int8: 256 numbers are too few to "
            "search with. Received: decoding='beam'"
        )
    if decoding != "auto":
        return decoding
    return None if _blank_index(model) is None else "greedy"


def decoder(model: keras.Model, decoding: str | None, beam_width: int) -> Callable:
    """Returns a function from logits to `labels`, their `count` and their `score`.

    Without decoding it gives nothing.

    Args:
        model: The model; its `vocabulary` knows the blank, which otherwise is 0.
        decoding: `"greedy"`, `"beam"` or `None`.
        beam_width: How many label sequences the beam search follows.
    """
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
    return _blank_index(model) or 0


def _blank_index(model):
    return getattr(getattr(model, "vocabulary", None), "blank_index", None)
