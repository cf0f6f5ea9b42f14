"""From the numbers of a file to text."""

import keras
import numpy as np

from speechkit import _saved_files
from speechkit.decoders.command_decoder import CommandDecoder
from speechkit.decoders.ctc_greedy_decoder import CTCGreedyDecoder
from speechkit.decoders.decoder import Decoder
from speechkit.text import Vocabulary


def text_of(
    outputs: dict[str, np.ndarray],
    metadata: dict,
    certificate: dict,
    decoder: Decoder | None = None,
) -> str | None:
    """Returns the text or command of one clip; `None` for other speech.

    Args:
        outputs: What the file gives: its `output`, and perhaps `labels`.
        metadata: What the file carries: for commands their `labels`.
        certificate: For CTC models the `vocabulary`.
        decoder: Decodes the output of a CTC model. `None` means the decoder in the
            file; without one, greedily.

    Raises:
        ValueError: If the file does not say what its classes are, or a decoder is given
            for an output without frames.
    """
    if decoder is not None:
        return _decoded(outputs["output"], decoder)
    if "vocabulary" in certificate:
        vocabulary = vocabulary_of(certificate)
        if "labels" in outputs:
            return vocabulary.decode(outputs["labels"])
        return _decoded(outputs["output"], CTCGreedyDecoder(vocabulary))
    if "labels" not in metadata:
        raise ValueError(
            "A file must say what its classes are, to be understood. Received one "
            "without labels"
        )
    commands = CommandDecoder(metadata["labels"], metadata.get("threshold", 0.0))
    (command,) = commands([outputs["output"]])
    return command.label


def vocabulary_of(certificate: dict) -> Vocabulary:
    """Returns the vocabulary of a file.

    Raises:
        ValueError: If it is of another version, or its class is not known here.
    """
    try:
        vocabulary = keras.saving.deserialize_keras_object(certificate["vocabulary"])
    except _saved_files.DAMAGED as error:
        reason = " ".join(str(error).split())[:200]
        raise ValueError(
            "The vocabulary of the file cannot be made again. A class of your own must "
            f"be imported first: {reason}"
        ) from error
    if not isinstance(vocabulary, Vocabulary):
        raise ValueError(
            "The file must tell a vocabulary. It is of another version or tool, and "
            f"tells {str(certificate['vocabulary'])[:80]}"
        )
    return vocabulary


def _decoded(output, decoder):
    if output.ndim != 2:
        raise ValueError(
            "`decoder` must be None for a file that answers for whole clips. "
            f"Received: decoder={type(decoder).__name__}"
        )
    return decoder.transcribe(output[None])[0]
