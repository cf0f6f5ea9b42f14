"""What a graph says of labels that it cannot train on."""

import warnings

import keras
from keras import ops

from speechkit.losses import _ctc_checks
from speechkit.ops.ctc import dispatch as ctc

if keras.backend.backend() == "tensorflow":
    from speechkit.losses._graph_warnings_tensorflow import can_warn, warn_where
else:
    from speechkit.losses._graph_warnings import can_warn, warn_where


class LabelReport:
    """Warns of wrong labels in graphs, of each kind once, whatever follows.

    Args:
        name: Name of the labels.
    """

    def __init__(self, name: str = "labels"):
        self._name = name
        self._said: set[str] = set()

    def watch(self, labels, logits, logit_lengths, blank_index, infeasible):
        """Lets the graph that is traced now warn; does nothing elsewhere.

        Args:
            labels: `(batch, labels)`.
            logits: `(batch, frames, classes)`.
            logit_lengths: `(batch,)` int32, from 0 to the frames.
            blank_index: Class of the blank, from 0.
            infeasible: As for `ctc_loss`; `"zero"` expects clips with too few frames.
        """
        if not can_warn():
            return
        num_classes, whole = logits.shape[-1], ctc.whole_labels(labels)
        proper = ops.all(ctc.proper_labels(whole, num_classes, blank_index))

        def say_labels(labels):
            self._say(
                _ctc_checks.problem_of_labels(
                    labels, num_classes, blank_index, self._name
                ),
                "labels",
                "Such clips are not learned: their loss is infinite, or 0 with "
                '`infeasible="zero"`.',
            )

        warn_where(ops.logical_not(proper), say_labels, [labels])
        if infeasible == "zero":
            return

        def say_frames(labels, logit_lengths):
            self._say(
                _ctc_checks.problem_of_frames(labels, logit_lengths, self._name),
                "frames",
                'The loss of such clips is infinite; `infeasible="zero"` leaves them '
                "out of the training.",
            )

        fits = ops.all(ctc.frames_needed(whole) <= logit_lengths)
        lacks = ops.logical_and(proper, ops.logical_not(fits))
        warn_where(lacks, say_frames, [labels, logit_lengths])

    def _say(self, problem, kind, consequence):
        if problem and kind not in self._said:
            self._said.add(kind)
            warnings.warn(
                f"{problem}. {consequence} Others are not reported.", stacklevel=2
            )
