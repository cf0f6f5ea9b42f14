"""Decoding inside a file: from the logits of a CTC model to labels."""

from collections.abc import Callable

import keras
from keras import ops

from speechkit.decoders.ctc_greedy_decoder import CTCGreedyDecoder
from speechkit.decoders.ctc_prefix_beam_search import CTCPrefixBeamSearch
from speechkit.decoders.decoder import Decoder
from speechkit.export.files import _forms

_IN_FILES = (CTCGreedyDecoder, CTCPrefixBeamSearch)


def chosen(
    model: keras.Model, decoder: Decoder | str | None, quantization: str
) -> Decoder | None:
    """Returns the decoder that is asked for, with `"auto"` settled.

    Args:
        model: The model; one whose `vocabulary` knows a blank was trained with CTC.
        decoder: What was asked for.
        quantization: That of the file.

    Raises:
        ValueError: If a file cannot hold the decoder, or not with this quantization.
    """
    if decoder == "auto":
        vocabulary = _forms.vocabulary_of(model)
        has_blank = hasattr(vocabulary, "blank_index")
        return CTCGreedyDecoder(vocabulary) if has_blank else None
    if decoder is None:
        return None
    if isinstance(decoder, str) or type(decoder) not in _IN_FILES:
        raise ValueError(
            "`decoder` must be 'auto', None, a CTCGreedyDecoder or a "
            "CTCPrefixBeamSearch, which a file can hold; a runner takes any: "
            f"`transcribe(waveform, decoder=…)`. Received: decoder={_named(decoder)}"
        )
    if quantization == "int8" and isinstance(decoder, CTCPrefixBeamSearch):
        raise ValueError(
            "`decoder` must be a CTCGreedyDecoder or None with int8: 256 numbers are "
            f"too few to search with. Received: decoder={_named(decoder)}"
        )
    return decoder


def function_of(decoder: Decoder | None) -> Callable:
    """Returns a function from logits to `labels`, their `count` and their `score`.

    Without a decoder it gives nothing.
    """
    if decoder is None:
        return lambda logits: {}

    def decode(logits):
        check_classes(decoder, logits.shape)
        labels, score = decoder.best(logits)
        count = ops.sum(ops.cast(labels >= 0, "int32"), axis=1)
        return {"labels": labels, "count": count, "score": score}

    return decode


def check_classes(decoder: Decoder, shape) -> None:
    """Raises unless outputs of this shape are logits of frames for the decoder.

    Raises:
        ValueError: If they have no frames, or another number of classes.
    """
    if len(shape) != 3:
        raise ValueError(
            "`decoder` must be None for a model without frames. "
            f"Received: decoder={_named(decoder)}"
        )
    decoder.build(tuple(shape))


def name_of(decoder: Decoder | None) -> str | None:
    """Returns the name of a decoder's class, for the certificate."""
    return None if decoder is None else type(decoder).__name__


def _named(decoder):
    return repr(decoder) if isinstance(decoder, str) else type(decoder).__name__
