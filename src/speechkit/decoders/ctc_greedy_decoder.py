"""Greedy decoding: the best class of each frame, collapsed."""

import itertools

import keras
import numpy as np
from keras import ops

from speechkit.decoders import _describing
from speechkit.decoders.decoder import Decoder
from speechkit.decoders.hypothesis import Hypothesis
from speechkit.ops.ctc import dispatch as ctc
from speechkit.ops.edits import compaction


@keras.saving.register_keras_serializable(package="speechkit")
class CTCGreedyDecoder(Decoder):
    """Takes the best class of each valid frame, merges repeats and drops blanks.

    Of two equal best classes the first counts. There is one hypothesis for each clip,
    whose score is the log probability of the best path.

    Args:
        vocabulary: A vocabulary of `speechkit.text`, or the text of each class in
            order.
        **kwargs: Arguments of `Decoder`, such as `blank_index`, and of
            `keras.layers.Layer`, such as `name`.

    Call arguments:
        logits: `(batch, frames, classes)`: logits or log probabilities.
        mask: Boolean `(batch, frames)`; see `Decoder`.

    Input shape:
        `(batch, frames, classes)`.

    Output shape:
        `(batch, frames)` integers, −1 after the last label.

    Raises:
        ValueError: As `Decoder` does.

    Example:
        >>> decoder = CTCGreedyDecoder(["", "a", "b"])
        >>> logits = keras.ops.one_hot(keras.ops.array([[1, 1, 0, 1, 2]]), 3)
        >>> decoder(logits).numpy().tolist(), decoder.transcribe(logits)
        ([[1, 1, 2, -1, -1]], ['aab'])
    """

    in_graph = True

    def __init__(self, vocabulary, **kwargs):
        super().__init__(vocabulary, **kwargs)

    def best(self, logits, mask=None):
        """Returns the labels of the best path and its log probability."""
        best = ctc.best_classes(logits)
        previous = ops.pad(best, [[0, 0], [1, 0]], constant_values=-1)[:, :-1]
        keep = ops.logical_and(best != self.blank_index, best != previous)
        return compaction.to_the_front(best, keep), ctc.best_path_score(logits)

    def hypotheses(
        self, log_probs: np.ndarray, num_hypotheses: int
    ) -> list[Hypothesis]:
        """Returns the labels of the best path, as one hypothesis."""
        rows = log_probs.max(axis=1).tolist()
        labels, spans, means, start = [], [], [], 0
        for label, run in itertools.groupby(log_probs.argmax(axis=1).tolist()):
            end = start + len(list(run))
            if label != self.blank_index:
                labels.append(label)
                spans.append((start, end))
                means.append(np.mean(rows[start:end]))
            start = end
        scores = (sum(rows), 0.0, 0.0)
        described = _describing.hypothesis(
            self._classes,
            labels,
            np.reshape(spans, (-1, 2)).astype("int32"),
            np.array(means),
            scores,
            confidence=1.0,
        )
        return [described]
