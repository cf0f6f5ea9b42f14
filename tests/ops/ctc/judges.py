"""Judges of CTC: every alignment one by one, and a lattice of their own in float64."""

import itertools

import numpy as np
import scipy.special


def softmax(logits):
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def enumerated(logits, labels, blank_index):
    """Returns loss and gradient of one clip, alignment by alignment.

    Logits may be infinite or NaN. A frame without a softmax makes all of it NaN.
    """
    logits = logits.astype("float64")
    frames, classes = logits.shape
    with np.errstate(invalid="ignore"):
        probabilities = scipy.special.softmax(logits, axis=1)
    if not np.isfinite(probabilities).all():
        return np.nan, np.full((frames, classes), np.nan)
    # Relative to the best class that alignments take: beside 1e30 nothing else is left.
    peaks = logits[:, [blank_index, *labels]].max(axis=1)
    paths = list(alignments(frames, classes, labels, blank_index))
    if not paths or np.isneginf(peaks).any():
        return np.inf, np.zeros((frames, classes))
    taken = np.eye(classes, dtype=bool)[np.array(paths)]
    scores = np.where(taken, logits - peaks[:, None], 0.0).sum(axis=(1, 2))
    total = scipy.special.logsumexp(scores)
    if np.isneginf(total):
        return np.inf, np.zeros((frames, classes))
    expected = np.einsum("p,ptc->tc", np.exp(scores - total), taken)
    # With the best logits last, so that an offset of 1e30 takes no digit of the sum.
    best = logits.max(axis=1)
    log_sums = scipy.special.logsumexp(logits - best[:, None], axis=1)
    loss = (log_sums + (best - peaks)).sum() - total
    return loss, probabilities - expected


def alignments(frames, classes, labels, blank_index):
    """Yields every path, one class a frame, that collapses to the labels."""
    for path in itertools.product(range(classes), repeat=frames):
        merged = [c for c, _ in itertools.groupby(path) if c != blank_index]
        if merged == list(labels):
            yield np.array(path, dtype=int)


def lattice(logits, labels, blank_index):
    """Returns loss and gradient of one clip, by the recursion of Graves in float64."""
    log_probs = log_softmax(logits.astype("float64"))
    states = [blank_index]
    for label in labels:
        states += [label, blank_index]
    skips = [i for i in range(3, len(states), 2) if states[i] != states[i - 2]]
    forward = _one_way(log_probs[:, states], skips)
    mirrored = [len(states) + 1 - i for i in skips]
    backward = _one_way(log_probs[::-1, states[::-1]], mirrored)[::-1, ::-1]
    joint = forward + backward - log_probs[:, states]
    total = np.logaddexp.reduce(joint, axis=1)
    expected = np.zeros_like(log_probs)
    for place, state in enumerate(states):
        expected[:, state] += np.exp(joint[:, place] - total)
    return -total[0], np.exp(log_probs) - expected


def _one_way(emissions, skips):
    variables = np.full(emissions.shape, -np.inf)
    variables[0, :2] = emissions[0, :2]
    for frame in range(1, len(emissions)):
        last = variables[frame - 1]
        arrived = last.copy()
        arrived[1:] = np.logaddexp(arrived[1:], last[:-1])
        arrived[skips] = np.logaddexp(arrived[skips], last[np.array(skips, int) - 2])
        variables[frame] = arrived + emissions[frame]
    return variables
