"""Loss and gradient of connectionist temporal classification, compiled for the host."""

import math

import numpy as np

from speechkit.ops.ctc import lattice
from speechkit.ops.ctc.compiled import lattice_numba, softmax_numba
from speechkit.ops.runtime import memory, threads
from speechkit.ops.runtime.compiling import compiled

# With fewer numbers to compute, a thread more costs more time than it saves.
_WORTH_A_THREAD = 2**18


def losses(logits, labels, frames, is_feasible, blank_index, num_threads):
    """Returns the loss of each clip, and the arrays that `gradient` needs.

    Args:
        logits: `(batch, frames, classes)` in float32 or float64.
        labels: `(batch, labels)` int32, all of them classes; −1 after the last label.
        frames: `(batch,)` int32: valid frames of each clip.
        is_feasible: `(batch,)`: false for a clip with too few frames.
        blank_index: Class of the blank, from 0.
        num_threads: Threads to compute in, at most.

    Returns:
        `(batch,)`, NaN for a clip with a valid frame that has no softmax, infinite
        where no alignment has a probability; `(batch, frames)`, best logit of each
        frame; `(batch, frames)`, one by the sum of exponentials relative to it, NaN in
        all frames of a clip whose loss is NaN; and `(batch, frames, labels)`, share of
        all alignments that goes through each label.
    """
    batch, length, num_classes = logits.shape
    results = (
        np.zeros(batch, logits.dtype),
        np.zeros((batch, length), logits.dtype),
        np.zeros((batch, length), logits.dtype),
        np.zeros((batch, length, labels.shape[1]), logits.dtype),
    )
    excess = np.zeros(batch)
    arguments = logits, labels, frames, int(blank_index), *results
    work = length * (num_classes + 20 * labels.shape[1])
    clips = np.arange(batch)
    _in_threads(
        _in_probabilities, (*arguments, is_feasible, excess), clips, work, num_threads
    )
    clips = np.flatnonzero(excess >= lattice.MAX_EXCESS)
    _in_threads(_in_logarithms, arguments, clips, 50 * work, num_threads)
    return results


def gradient(
    logits,
    labels,
    frames,
    best,
    inverse_sums,
    shares,
    weights,
    blank_index,
    num_threads,
):
    """Returns the gradient of the weighted losses: softmax minus posteriors, weighted.

    Args:
        logits: As for `losses`.
        labels: As for `losses`.
        frames: As for `losses`.
        best: What `losses` returned.
        inverse_sums: What `losses` returned.
        shares: What `losses` returned.
        weights: `(batch,)`; a clip whose weight is zero has the gradient zero, unless
            its loss is NaN.
        blank_index: As for `losses`.
        num_threads: As for `losses`.
    """
    result = memory.empty(logits.shape, logits.dtype)
    arguments = logits, labels, frames, best, inverse_sums, shares, weights
    work = logits.shape[1] * (logits.shape[2] + labels.shape[1])
    _in_threads(
        _gradients,
        (*arguments, int(blank_index), result),
        np.arange(len(logits)),
        work,
        num_threads,
    )
    return result


def _in_threads(function, arguments, clips, work, num_threads):
    """Calls a function with the clips that each of several threads computes.

    Args:
        function: Takes the arguments and its clips.
        arguments: Arrays for all clips.
        clips: Integers.
        work: Numbers to compute for each clip.
        num_threads: Threads, at most.
    """
    most = min(int(num_threads), len(clips) * work // _WORTH_A_THREAD)
    threads.in_threads(function, arguments, clips, most)


@compiled
def _in_probabilities(
    logits,
    labels,
    frames,
    blank,
    losses,
    best,
    inverse_sums,
    shares,
    is_feasible,
    excess,
    clips,
):
    for clip in clips:
        valid, normalizers = logits[clip, : frames[clip]], inverse_sums[clip]
        softmax_numba.normalizers(valid, best[clip], normalizers)
        losses[clip] = np.inf
        for frame in range(len(valid)):
            if math.isnan(normalizers[frame]):
                losses[clip] = normalizers[: len(valid)] = np.nan
                break
        if math.isnan(losses[clip]) or not is_feasible[clip]:
            continue
        label_scores, blank_scores, may_skip, loss = _scores(
            valid, labels[clip], blank, best[clip], normalizers
        )
        if math.isfinite(loss):
            total, excess[clip] = lattice_numba.in_probabilities(
                label_scores, blank_scores, may_skip, shares[clip]
            )
            losses[clip] = loss - total


@compiled
def _in_logarithms(
    logits, labels, frames, blank, losses, best, inverse_sums, shares, clips
):
    for clip in clips:
        label_scores, blank_scores, may_skip, loss = _scores(
            logits[clip, : frames[clip]],
            labels[clip],
            blank,
            best[clip],
            inverse_sums[clip],
        )
        losses[clip] = loss - lattice_numba.in_logarithms(
            label_scores, blank_scores, may_skip, shares[clip]
        )


@compiled
def _scores(logits, labels, blank, best, inverse_sums):
    """Returns the arguments of the lattice, and the loss of the best of these scores.

    The loss is infinite where a frame has no probability for the blank or a label.
    """
    num_frames, count = len(logits), 0
    while count < labels.size and labels[count] >= 0:
        count += 1
    label_scores, blank_scores = np.empty((num_frames, count)), np.empty(num_frames)
    loss = 0.0
    for frame in range(num_frames):
        row, values = label_scores[frame], logits[frame]
        peak = blank_scores[frame] = values[blank]
        for j in range(count):
            row[j] = values[labels[j]]
            peak = row[j] if row[j] > peak else peak
        for j in range(count):
            row[j] -= peak
        blank_scores[frame] -= peak
        loss += best[frame] - peak
        loss -= math.log(np.float64(inverse_sums[frame]))
    may_skip = np.zeros(count)
    for j in range(1, count):
        may_skip[j] = labels[j] != labels[j - 1]
    return label_scores, blank_scores, may_skip, loss


@compiled
def _gradients(
    logits, labels, frames, best, inverse_sums, shares, weights, blank, results, clips
):
    for clip in clips:
        result, weight, end = results[clip], weights[clip], frames[clip]
        if end > 0 and weight == 0 and not math.isnan(inverse_sums[clip, 0]):
            end = 0
        softmax_numba.softmax(
            logits[clip, :end], best[clip], inverse_sums[clip], weight, result
        )
        for frame in range(end):
            _subtract(result[frame], shares[clip, frame], labels[clip], blank, weight)
        for frame in range(end, len(result)):
            row = result[frame]
            for place in range(row.size):
                row[place] = 0


@compiled
def _subtract(row, shares, labels, blank, weight):
    """Subtracts the weighted share of each label, and of the blank, from its class."""
    blank_share = weight
    for j in range(labels.size):
        if labels[j] >= 0:
            label_share = shares[j] * weight
            blank_share -= label_share
            row[labels[j]] -= label_share
    row[blank] -= blank_share
