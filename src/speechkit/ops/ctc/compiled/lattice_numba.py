"""The lattice of connectionist temporal classification of one clip, compiled.

As in `lattice_tensorflow`, alignments are summed in probabilities, in float64, and
where float64 may not hold these, in logarithms.
"""

import math

import numpy as np

from speechkit.ops.ctc.lattice import MAX_LIFT, TINY
from speechkit.ops.runtime.compiling import compiled, compiled_in_any_order
from speechkit.ops.runtime.exponentials_numba import exponentiate
from speechkit.ops.runtime.logarithms_numba import log_add


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
    enters = _enters(label_scores)
    end, forward, forward_units = _recursion(
        label_weights, blank_weights, enters, may_skip
    )
    _, backward, backward_units = _recursion(
        _turned(label_weights),
        blank_weights[::-1].copy(),
        enters[::-1].copy(),
        _turned_skips(may_skip),
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
            through *= backward[other, num_labels - 1 - j] * (factor / enters[j])
            shares[frame, j] = through
    for lift in enters:
        end -= math.log(lift)
    return end, most


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
def _enters(label_scores):
    """Returns `(labels,)`: factor of what enters a label, which is its lift."""
    enters = np.full(label_scores.shape[1], MAX_LIFT)
    for row in label_scores:
        for j in range(enters.size):
            enters[j] = -row[j] if -row[j] < enters[j] else enters[j]
    for j in range(enters.size):
        enters[j] = math.exp(enters[j])
    return enters


@compiled_in_any_order
def _recursion(label_weights, blank_weights, enters, may_skip):
    """Returns the sum over all alignments, as logarithm, and what it is made of.

    Blank `j` is the blank before label `j`.

    Args:
        label_weights: `(frames, labels)`.
        blank_weights: `(frames,)`.
        enters: `(labels,)`: factor of what enters a label.
        may_skip: `(labels,)`: 1 where something enters from the label before, else 0.

    Returns:
        The logarithm; `(frames, labels)`, what arrives in each label before its own
        weight, in the unit of the frame; and `(frames,)`, logarithms of these units.
    """
    num_frames, num_labels = label_weights.shape
    arrived, units = np.empty_like(label_weights), np.empty_like(blank_weights)
    label, blank = np.zeros(num_labels), np.zeros(num_labels + 1)
    blank[0] = 1.0
    unit = 0.0
    for frame in range(num_frames):
        units[frame] = unit
        row, weights = arrived[frame], label_weights[frame]
        for j in range(num_labels):
            row[j] = label[j] + enters[j] * blank[j]
        for j in range(1, num_labels):
            row[j] += enters[j] * may_skip[j] * label[j - 1]
        for j in range(num_labels):
            blank[j + 1] += label[j]
        whole = 0.0
        for j in range(num_labels + 1):
            blank[j] *= blank_weights[frame]
            whole += blank[j]
        for j in range(num_labels):
            label[j] = row[j] * weights[j]
            whole += label[j]
        whole = max(whole, TINY)
        unit += math.log(whole)
        for j in range(num_labels + 1):
            blank[j] /= whole
        for j in range(num_labels):
            label[j] /= whole
    last = label[num_labels - 1] if num_labels > 0 else 0.0
    return unit + math.log(blank[num_labels] + last), arrived, units


@compiled
def in_logarithms(label_scores, blank_scores, may_skip, shares):
    """Returns the log-likelihood of the labels: −inf if they have none.

    Arguments are those of `in_probabilities`.
    """
    num_frames, num_labels = label_scores.shape
    total, forward = _log_recursion(label_scores, blank_scores, may_skip)
    _, backward = _log_recursion(
        _turned(label_scores), blank_scores[::-1].copy(), _turned_skips(may_skip)
    )
    through = np.empty(num_labels)
    for frame in range(num_frames):
        earlier, later = forward[frame], backward[num_frames - 1 - frame]
        # Relative to the sum over the states of this frame, whose rounding is the same.
        whole = -np.inf
        for j in range(num_labels + 1):
            blank = earlier[num_labels + j] + later[2 * num_labels - j]
            whole = log_add(whole, blank + blank_scores[frame])
        for j in range(num_labels):
            through[j] = earlier[j] + label_scores[frame, j] + later[num_labels - 1 - j]
            whole = log_add(whole, through[j])
        for j in range(num_labels):
            shares[frame, j] = math.exp(through[j] - whole) if whole > -np.inf else 0.0
    return total


@compiled
def _log_recursion(label_scores, blank_scores, may_skip):
    """Returns the sum over all alignments, and the sums that arrive in states.

    All are logarithms, and not relative to a unit. The sums of a frame are those of
    `num_labels` labels and then those of the blanks.
    """
    num_frames, num_labels = label_scores.shape
    arrived = np.empty((num_frames, 2 * num_labels + 1))
    label, blank = np.empty(num_labels), np.empty(num_labels + 1)
    for j in range(num_labels):
        label[j] = blank[j + 1] = -np.inf
    blank[0] = 0.0
    for frame in range(num_frames):
        to_label, to_blank = arrived[frame, :num_labels], arrived[frame, num_labels:]
        for j in range(num_labels):
            to_label[j] = log_add(label[j], blank[j])
            if j > 0 and may_skip[j] > 0:
                to_label[j] = log_add(to_label[j], label[j - 1])
        for j in range(num_labels + 1):
            to_blank[j] = log_add(blank[j], label[j - 1]) if j > 0 else blank[j]
            blank[j] = to_blank[j] + blank_scores[frame]
        for j in range(num_labels):
            label[j] = to_label[j] + label_scores[frame, j]
    last = label[num_labels - 1] if num_labels > 0 else -np.inf
    return log_add(blank[num_labels], last), arrived
