"""From the numbers of a file to text."""

from typing import Any

import keras
import numpy as np

from speechkit.decoders import CommandDecoder, CTCGreedyDecoder


def text_of(
    outputs: dict[str, np.ndarray], metadata: dict, certificate: dict
) -> str | None:
    """Returns what a file understood in one clip; `None` for nothing it knows.

    Args:
        outputs: What the file gives: its `output`, and perhaps `labels`.
        metadata: What the file carries: for commands their `labels`.
        certificate: For CTC models the `vocabulary`.

    Raises:
        ValueError: If the file does not say what its classes are.
    """
    if "vocabulary" in certificate:
        vocabulary = keras.saving.deserialize_keras_object(certificate["vocabulary"])
        return vocabulary.decode(_labels(outputs, vocabulary.blank_index))
    if "labels" not in metadata:
        raise ValueError(
            "A file must say what its classes are, to be understood. Received one "
            "without labels"
        )
    decoder = CommandDecoder(metadata["labels"], metadata.get("threshold", 0.0))
    (command,) = decoder([outputs["output"]])
    return command.label


def _labels(outputs: dict[str, Any], blank_index: int):
    if "labels" in outputs:
        return outputs["labels"]
    if not len(outputs["output"]):
        return []
    return np.asarray(CTCGreedyDecoder(blank_index)(outputs["output"][None]))[0]
