"""The most probable path of CTC through given labels, compiled."""

import numpy as np

from speechkit.ops.runtime.compiling import compiled_inline


@compiled_inline
def best_path(log_probs, labels, blank, delimiter):
    """Returns the frames of each label on the most probable path.

    Args:
        log_probs: `(frames, classes)` natural logarithms.
        labels: `(labels,)` integers; there is a path through them.
        blank: Class of the blank.
        delimiter: Class that may stand any number of times where it stands once, and
            at both ends; −1 if there is none.

    Returns:
        `(labels, 2)`: the first frame of each label, and the one after its last; and
        `(labels,)`: the mean of its log probabilities over these frames.
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
            if place > 0 and scores[place - 1] > best:
                best, step = scores[place - 1], 1
            skips = place % 2 == 1 and place > 1
            skips = skips and places[place] != places[place - 2]
            if skips and scores[place - 2] > best:
                best, step = scores[place - 2], 2
            scores[place] = best + _emission(log_probs[frame], places, place, delimiter)
            steps[frame, place] = step
    end = len(places) - 1
    return steps, end - 1 if end > 0 and scores[end - 1] > scores[end] else end


@compiled_inline
def _emission(row, places, place, delimiter):
    """Returns the log probability of a place in a frame."""
    if delimiter >= 0 and place % 2 == 0:
        last = len(places) - 1
        outside = place == 0 or place == last
        if outside or delimiter in (places[place - 1], places[place + 1]):
            return max(row[places[place]], row[delimiter])
    return row[places[place]]
