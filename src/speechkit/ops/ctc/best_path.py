"""The best path through the lattice of connectionist temporal classification.

On the host, in float64: paths are looked at, not trained on.
"""

import numpy as np


def best_paths(log_probs, labels, frames, blank_index: int):
    """Returns the best alignment of each clip as one state for each frame.

    State `2 * j` is the blank after label `j`, state `2 * j - 1` label `j`, from 1. Of
    two equally good ways into a state, the one that stays longer is taken.

    Args:
        log_probs: `(batch, frames, classes)`; any number in padded frames.
        labels: `(batch, labels)` integers; −1 after the last label of a clip.
        frames: `(batch,)` integers: valid frames of each clip.
        blank_index: Class of the blank, from 0.

    Returns:
        `(batch, frames)` states, −1 in padded frames, and `(batch,)`, the logarithm of
        the probability of the path: minus infinity if the labels do not fit.
    """
    log_probs, labels = np.asarray(log_probs, "float64"), np.asarray(labels)
    frames = np.asarray(frames)
    states = np.full((len(labels), 2 * labels.shape[1] + 1), blank_index)
    states[:, 1::2] = np.where(labels >= 0, labels, blank_index)
    emissions = np.take_along_axis(log_probs, states[:, None, :], axis=2)
    valid = np.arange(emissions.shape[1]) < frames[:, None]
    emissions = np.where(valid[:, :, None], emissions, 0.0)
    steps, scores = _forward(emissions, labels, valid)
    last = 2 * (labels >= 0).sum(axis=1)
    return _backtrack(steps, scores, last, valid)


def _forward(emissions, labels, valid):
    """Returns how many states back each state came from, and the final scores."""
    batch, num_frames, num_states = emissions.shape
    skips = np.full((batch, num_states), -np.inf)
    # From one label to another; the first has none before it.
    skips[:, 3::2][labels[:, 1:] != labels[:, :-1]] = 0.0
    scores = np.full((batch, num_states), -np.inf)
    scores[:, 0] = 0.0
    steps = np.zeros((num_frames, batch, num_states), dtype="int8")
    ways = np.full((3, batch, num_states), -np.inf)
    for frame in range(num_frames):
        ways[0] = scores
        ways[1, :, 1:] = scores[:, :-1]
        ways[2, :, 2:] = scores[:, :-2]
        ways[2] += skips
        step = ways.argmax(axis=0)
        best = np.take_along_axis(ways, step[None], axis=0)[0] + emissions[:, frame]
        inside = valid[:, frame, None]
        steps[frame] = np.where(inside, step, 0)
        scores = np.where(inside, best, scores)
    return steps, scores


def _backtrack(steps, scores, last, valid):
    """Returns the states of the best paths and their scores."""
    clips = np.arange(len(last))
    in_label = scores[clips, np.maximum(last - 1, 0)]
    state = np.where(in_label > scores[clips, last], last - 1, last)
    paths = np.full(valid.shape, -1)
    total = scores[clips, state]
    for frame in reversed(range(len(steps))):
        paths[:, frame] = state
        state = state - steps[frame, clips, state]
    return np.where(valid, paths, -1), total
