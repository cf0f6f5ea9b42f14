"""The lattice of connectionist temporal classification of one clip, compiled.

As in `ctc_lattice_tensorflow`, alignments are summed in probabilities, in float64, and
where these may be too far apart for that, in logarithms.
"""

import math

import numpy as np

from speechkit.ops.compiling import compiled, compiled_in_any_order
from speechkit.ops.exponentials_numba import exponentiate

# The logarithm of the largest lift, so that the product of two stays in float64.
_MAX_LIFT = 300.0
# The logarithm of how much the best pieces of all alignments may exceed their sum. What
# is lost in a state is below e^-708 of the pieces, so below e^-58 of the sum.
MAX_EXCESS = 650.0
_TINY = 1e-300


@compiled
def in_probabilities(label_scores, blank_scores, may_skip, shares):
    """Returns the log-likelihood, and what the best pieces exceed the sum by.

    Args:
        label_scores: `(frames, labels)` float64: logarithm of what a label weighs in a
            frame, where the best of all and the blank weighs one.
        blank_scores: `(frames,)` float64: the same of the blank.
        may_skip: `(labels,)` float64: 1 for a label that may follow the label before it
            without a blank between them, else 0.
        shares: `(frames, labels)`: becomes the share of the sum that goes through each
            label in each frame.
    """
    num_frames, num_labels = label_scores.shape
    label_weights, blank_weights = label_scores.copy(), blank_scores.copy()
    exponentiate(label_weights.reshape(-1))
    exponentiate(blank_weights)
    enters, skips, drops = _transitions(label_scores, may_skip)
    forward, forward_units = _room(num_frames, num_labels)
    end = _recursion(
        label_weights, blank_weights, enters, skips, forward, forward_units
    )
    backward, backward_units = _room(num_frames, num_labels)
    enters, skips, _ = _transitions(_turned(label_scores), _turned_skips(may_skip))
    _recursion(
        _turned(label_weights),
        blank_weights[::-1].copy(),
        enters,
        skips,
        backward,
        backward_units,
    )
    most = 0.0
    for frame in range(num_frames):
        other = num_frames - 1 - frame
        excess = forward_units[frame] + backward_units[other] - end
        most = max(most, excess)
        # A weight times its lift is at most one: neither factor leaves float64.
        factor = math.exp(excess)
        for j in range(num_labels):
            through = forward[frame, j] * label_weights[frame, j]
            through *= backward[other, num_labels - 1 - j] * (factor * drops[j])
            shares[frame, j] = through
    for drop in drops:
        end += math.log(drop)
    return end, most


@compiled
def _room(num_frames, num_labels):
    return np.empty((num_frames, num_labels)), np.empty(num_frames)


@compiled
def _turned(values):
    """Returns rows and columns in reverse order."""
    result = np.empty_like(values)
    num_rows, num_columns = values.shape
    for i in range(num_rows):
        for j in range(num_columns):
            result[i, j] = values[num_rows - 1 - i, num_columns - 1 - j]
    return result


@compiled
def _turned_skips(may_skip):
    """Returns the same of the labels in reverse order; the first follows none."""
    result = np.zeros_like(may_skip)
    for j in range(1, may_skip.size):
        result[j] = may_skip[may_skip.size - j]
    return result


@compiled
def _transitions(label_scores, may_skip):
    """Returns what enters a label from a blank, and from a label, and its inverse."""
    lifts = np.zeros(may_skip.size)
    for j in range(lifts.size):
        lifts[j] = _MAX_LIFT
    for row in label_scores:
        for j in range(lifts.size):
            lifts[j] = -row[j] if -row[j] < lifts[j] else lifts[j]
    enters, skips, drops = np.empty_like(lifts), np.empty_like(lifts), lifts
    for j in range(lifts.size):
        enters[j] = math.exp(lifts[j])
        skips[j] = enters[j] * may_skip[j]
        drops[j] = 1 / enters[j]
    return enters, skips, drops


@compiled_in_any_order
def _recursion(label_weights, blank_weights, enters, skips, arrived, units):
    """Returns the logarithm of the sum over all alignments.

    Blank `j` is the blank before label `j`.

    Args:
        label_weights: `(frames, labels)`.
        blank_weights: `(frames,)`.
        enters: `(labels,)`: factor of what enters a label from the blank before it.
        skips: `(labels,)`: factor of what enters it from the label before it.
        arrived: `(frames, labels)`: becomes what arrives in each label before its own
            weight, in the unit of the frame.
        units: `(frames,)`: becomes the logarithms of these units.
    """
    num_frames, num_labels = label_weights.shape
    label, blank = np.zeros(num_labels), np.zeros(num_labels + 1)
    blank[0] = 1.0
    unit = 0.0
    for frame in range(num_frames):
        units[frame] = unit
        row, weights = arrived[frame], label_weights[frame]
        for j in range(num_labels):
            row[j] = label[j] + enters[j] * blank[j]
        for j in range(1, num_labels):
            row[j] += skips[j] * label[j - 1]
        for j in range(num_labels):
            blank[j + 1] += label[j]
        whole = 0.0
        for j in range(num_labels + 1):
            blank[j] *= blank_weights[frame]
            whole += blank[j]
        for j in range(num_labels):
            label[j] = row[j] * weights[j]
            whole += label[j]
        whole = max(whole, _TINY)
        unit += math.log(whole)
        for j in range(num_labels + 1):
            blank[j] /= whole
        for j in range(num_labels):
            label[j] /= whole
    last = label[num_labels - 1] if num_labels > 0 else 0.0
    return unit + math.log(blank[num_labels] + last)


@compiled
def in_logarithms(label_scores, blank_scores, may_skip, shares):
    """Returns the log-likelihood of the labels: −inf if they have none.

    Arguments are those of `in_probabilities`.
    """
    num_frames, num_labels = label_scores.shape
    forward, backward = np.empty_like(label_scores), np.empty_like(label_scores)
    total = _log_recursion(label_scores, blank_scores, may_skip, forward)
    _log_recursion(
        _turned(label_scores),
        blank_scores[::-1].copy(),
        _turned_skips(may_skip),
        backward,
    )
    for frame in range(num_frames):
        row = backward[num_frames - 1 - frame]
        for j in range(num_labels):
            through = forward[frame, j] + label_scores[frame, j]
            through += row[num_labels - 1 - j]
            has_share = through > -np.inf and total > -np.inf
            shares[frame, j] = math.exp(through - total) if has_share else 0.0
    return total


@compiled
def _log_recursion(label_scores, blank_scores, may_skip, arrived):
    """Returns the sum over all alignments; all as in `_recursion`, as logarithms.

    What arrives is not relative to a unit.
    """
    num_frames, num_labels = label_scores.shape
    label, blank = np.empty(num_labels), np.empty(num_labels + 1)
    for j in range(num_labels):
        label[j] = blank[j + 1] = -np.inf
    blank[0] = 0.0
    for frame in range(num_frames):
        row = arrived[frame]
        for j in range(num_labels):
            row[j] = _log_of_sum(label[j], blank[j])
            if j > 0 and may_skip[j] > 0:
                row[j] = _log_of_sum(row[j], label[j - 1])
        for j in range(num_labels + 1):
            if j > 0:
                blank[j] = _log_of_sum(blank[j], label[j - 1])
            blank[j] += blank_scores[frame]
        for j in range(num_labels):
            label[j] = row[j] + label_scores[frame, j]
    last = label[num_labels - 1] if num_labels > 0 else -np.inf
    return _log_of_sum(blank[num_labels], last)


@compiled
def _log_of_sum(first, second):
    larger = max(first, second)
    if larger == -np.inf:
        return larger
    return larger + math.log1p(math.exp(-abs(first - second)))
