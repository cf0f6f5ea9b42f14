"""Judges of CTC: every alignment one by one, and a lattice of their own in float64."""

import itertools

import numpy as np


def softmax(logits):
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def enumerated(logits, labels, blank_index):
    """Returns loss and gradient of one clip, alignment by alignment."""
    probabilities = softmax(logits.astype("float64"))
    frames, classes = probabilities.shape
    total, expected = 0.0, np.zeros((frames, classes))
    for path in alignments(frames, classes, labels, blank_index):
        probability = probabilities[np.arange(frames), path].prod()
        total += probability
        expected[np.arange(frames), path] += probability
    if total == 0:
        return np.inf, np.zeros((frames, classes))
    return -np.log(total), probabilities - expected / total


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
