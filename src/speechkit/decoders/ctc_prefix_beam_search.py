"""CTC prefix beam search in the graph, small enough for a device."""

import keras
import numpy as np
from keras import ops

from speechkit.decoders import _describing
from speechkit.decoders.decoder import Decoder
from speechkit.decoders.hypothesis import Hypothesis
from speechkit.ops.ctc import best_path, prefix_beams
from speechkit.ops.time import lengths


@keras.saving.register_keras_serializable(package="speechkit")
class CTCPrefixBeamSearch(Decoder):
    """Finds the most probable labels of each clip by a narrow prefix beam search.

    The probability of labels is that of all their paths, where `CTCGreedyDecoder` sees
    the best path alone. Without pruning, language model or words; for these there is
    `CTCBeamSearchDecoder`. The score of a hypothesis is the log probability of its
    labels over the paths that were followed.

    Args:
        vocabulary: A vocabulary of `speechkit.text`, or the text of each class in
            order.
        beam_width: How many label sequences are followed, up to 16.
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
        ValueError: If `beam_width` is not from 1 to 16, or as `Decoder` does.

    Example:
        >>> decoder = CTCPrefixBeamSearch(["", "a"], beam_width=4)
        >>> log_probs = keras.ops.log(keras.ops.array([[[0.6, 0.4], [0.6, 0.4]]]))
        >>> decoder(log_probs).numpy().tolist(), decoder.transcribe(log_probs)
        ([[1, -1]], ['a'])
    """

    in_graph = True

    def __init__(self, vocabulary, *, beam_width: int = 8, **kwargs):
        super().__init__(vocabulary, **kwargs)
        self.beam_width = prefix_beams.check_beam_width(beam_width)

    def best(self, logits, mask=None):
        """Returns the most probable labels and their log probability."""
        beams = self._search(logits, lengths.mask_ends(logits, mask))
        return beams.texts[:, 0], prefix_beams.scores(beams)[:, 0]

    def hypotheses(
        self, log_probs: np.ndarray, num_hypotheses: int
    ) -> list[Hypothesis]:
        """Returns the most probable label sequences."""
        (found,) = self._decode([log_probs], num_hypotheses)
        return found

    def get_config(self):
        return {**super().get_config(), "beam_width": self.beam_width}

    def _search(self, logits, logit_lengths):
        log_probs = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
        return prefix_beams.search(
            log_probs, logit_lengths, self.beam_width, self.blank_index
        )

    def _decode(self, clips, num_hypotheses):
        # All clips at once: a step of the search takes as long for one.
        ends = np.array([len(clip) for clip in clips], "int32")
        padded = np.zeros((len(clips), max(ends, default=0), len(self._classes.texts)))
        for row, clip in zip(padded, clips, strict=True):
            row[: len(clip)] = clip
        beams = self._search(padded.astype("float32"), ops.convert_to_tensor(ends))
        texts = ops.convert_to_numpy(beams.texts)
        scores = ops.convert_to_numpy(prefix_beams.scores(beams)).astype("float64")
        found = []
        for clip, rows, totals in zip(clips, texts, scores, strict=True):
            is_beam = totals > prefix_beams.NEVER / 2
            rows, totals = rows[is_beam], totals[is_beam]
            confidences = _describing.shares(totals)
            readings = zip(rows, totals, confidences, strict=True)
            found.append(
                [self._described(clip, *x) for x in [*readings][:num_hypotheses]]
            )
        return found

    def _described(self, log_probs, row, score, confidence):
        labels = row[row >= 0].tolist()
        spans, means = best_path.label_spans(
            log_probs, labels, self.blank_index, delimiter=-1
        )
        scores = (score, 0.0, 0.0)
        return _describing.hypothesis(
            self._classes, labels, spans, means, scores, float(confidence)
        )
