"""The best path of CTC through the labels of one clip, compiled.

It takes the ways that `best_path` takes, ties and numbers that are not finite included.
"""

import math

import numpy as np

from speechkit.ops.runtime.compiling import compiled_inline


@compiled_inline
def label_spans(log_probs, labels, blank, delimiter):
    """Returns the frames of each label on the best path.

    Args:
        log_probs: `(frames, classes)` natural logarithms.
        labels: `(labels,)` integers.
        blank: Class of the blank.
        delimiter: Class that may stand any number of times where it stands once, and
            at both ends; −1 if there is none.

    Returns:
        `(labels, 2)`: the first frame of each label, and the one after its last, zeros
        if there is none; and `(labels,)`: the mean of its log probabilities.
    """
    places = np.full(2 * len(labels) + 1, blank, np.int32)
    places[1::2] = labels
    steps, place = _forward(log_probs, places, delimiter)
    spans = np.zeros((len(labels), 2), np.int32)
    means = np.zeros(len(labels))
    for frame in range(len(log_probs) - 1, -1, -1):
        if place % 2 == 1:
            label = place // 2
            if spans[label, 1] == 0:
                spans[label, 1] = frame + 1
            spans[label, 0] = frame
            means[label] += log_probs[frame, places[place]]
        place -= steps[frame, place]
    return spans, means / np.maximum(spans[:, 1] - spans[:, 0], 1)


@compiled_inline
def _forward(log_probs, places, delimiter):
    """Returns how many places the best path came from, and the place of its end."""
    steps = np.zeros((len(log_probs), len(places)), np.uint8)
    scores = np.full(len(places), -np.inf)
    scores[0] = 0.0
    for frame in range(len(log_probs)):
        # From the end, so that the scores of the frame before are still there.
        for place in range(len(places) - 1, -1, -1):
            best, step = scores[place], 0
            if place > 0 and _is_better(scores[place - 1], best):
                best, step = scores[place - 1], 1
            skips = place % 2 == 1 and place > 1
            skips = skips and places[place] != places[place - 2]
            if skips and _is_better(scores[place - 2], best):
                best, step = scores[place - 2], 2
            scores[place] = best + _emission(log_probs[frame], places, place, delimiter)
            steps[frame, place] = step
    end = len(places) - 1
    return steps, end - 1 if end > 0 and _is_better(
        scores[end - 1], scores[end]
    ) else end


@compiled_inline
def _emission(row, places, place, delimiter):
    """Returns the log probability of a place in a frame."""
    emission, last = row[places[place]], len(places) - 1
    if delimiter < 0 or place % 2 == 1 or not _is_better(row[delimiter], emission):
        return emission
    beside = place == 0 or place == last
    beside = beside or delimiter in (places[place - 1], places[place + 1])
    return row[delimiter] if beside else emission


@compiled_inline
def _is_better(score, other):
    """Returns whether a score is larger; a NaN is larger than all but another."""
    return score > other or (math.isnan(score) and not math.isnan(other))
