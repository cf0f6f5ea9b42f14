"""The best path through the lattice of connectionist temporal classification.

On the host, in float64: paths are looked at, not trained on. `best_paths` is the plain
form; `compiled.best_path_numba` is the one that a beam search calls.

Of two equally good ways into a state, the one that stays longer is taken, and a path
that ends in the last blank rather than in the last label. A NaN is better than any
number, so that it shows in the score.
"""

import numpy as np


def best_paths(log_probs, labels, frames, blank_index: int, *, delimiter: int = -1):
    """Returns the best alignment of each clip as one state for each frame.

    State `2 * j` is the blank after label `j`, state `2 * j - 1` label `j`, from 1.

    Args:
        log_probs: `(batch, frames, classes)`; any number in padded frames.
        labels: `(batch, labels)` integers; −1 after the last label of a clip.
        frames: `(batch,)` integers: valid frames of each clip.
        blank_index: Class of the blank, from 0.
        delimiter: Class that may stand any number of times where it stands once, and
            at both ends; −1 if there is none.

    Returns:
        `(batch, frames)` states, −1 in padded frames, and `(batch,)`, the logarithm of
        the probability of the path: minus infinity if the labels do not fit.
    """
    log_probs, labels = np.asarray(log_probs, "float64"), np.asarray(labels)
    frames = np.asarray(frames)
    states = np.full((len(labels), 2 * labels.shape[1] + 1), blank_index)
    states[:, 1::2] = np.where(labels >= 0, labels, blank_index)
    emissions = np.take_along_axis(log_probs, states[:, None, :], axis=2)
    if delimiter >= 0:
        _let_delimiters_repeat(emissions, log_probs, labels, delimiter)
    valid = np.arange(emissions.shape[1]) < frames[:, None]
    emissions = np.where(valid[:, :, None], emissions, 0.0)
    steps, scores = _forward(emissions, labels, valid)
    last = 2 * (labels >= 0).sum(axis=1)
    return _backtrack(steps, scores, last, valid)


def label_spans(log_probs, labels, blank_index: int, *, delimiter: int = -1):
    """Returns the frames of each label on the best path of one clip.

    Args:
        log_probs: `(frames, classes)`.
        labels: `(labels,)` integers.
        blank_index: As in `best_paths`.
        delimiter: As in `best_paths`.

    Returns:
        `(labels, 2)` int32: the first frame of each label, and the one after its last,
        zeros if there is none; and `(labels,)`: the mean of its log probabilities.
    """
    row = np.asarray(labels, "int64")[None]
    (path,), _ = best_paths(
        np.asarray(log_probs)[None],
        row,
        [len(log_probs)],
        blank_index,
        delimiter=delimiter,
    )
    spans, means = np.zeros((row.shape[1], 2), "int32"), np.zeros(row.shape[1])
    for place, label in enumerate(row[0]):
        inside = np.flatnonzero(path == 2 * place + 1)
        if inside.size:
            spans[place] = inside[0], inside[-1] + 1
            with np.errstate(invalid="ignore"):  # opposite infinities are NaN
                means[place] = np.mean(log_probs[inside, label], dtype="float64")
    return spans, means


def _let_delimiters_repeat(emissions, log_probs, labels, delimiter):
    """Lets the blanks beside a delimiter, and at both ends, be delimiters, too."""
    is_blank = np.zeros(emissions.shape[::2], bool)
    is_blank[:, 0] = True
    is_blank[np.arange(len(labels)), 2 * (labels >= 0).sum(axis=1)] = True
    is_blank[:, :-1:2] |= labels == delimiter
    is_blank[:, 2::2] |= labels == delimiter
    either = np.maximum(emissions, log_probs[:, :, delimiter, None])
    np.copyto(emissions, either, where=is_blank[:, None])


def _forward(emissions, labels, valid):
    """Returns how many states back each state came from, and the final scores."""
    batch, num_frames, num_states = emissions.shape
    skips = np.zeros((batch, num_states), bool)
    # From one label to another; the first has none before it.
    skips[:, 3::2] = labels[:, 1:] != labels[:, :-1]
    scores = np.full((batch, num_states), -np.inf)
    scores[:, 0] = 0.0
    steps = np.zeros((num_frames, batch, num_states), dtype="int8")
    ways = np.full((3, batch, num_states), -np.inf)
    for frame in range(num_frames):
        ways[0] = scores
        ways[1, :, 1:] = scores[:, :-1]
        ways[2, :, 2:] = np.where(skips[:, 2:], scores[:, :-2], -np.inf)
        step = ways.argmax(axis=0)
        best = np.take_along_axis(ways, step[None], axis=0)[0]
        with np.errstate(invalid="ignore"):  # opposite infinities are NaN
            best = best + emissions[:, frame]
        inside = valid[:, frame, None]
        steps[frame] = np.where(inside, step, 0)
        scores = np.where(inside, best, scores)
    return steps, scores


def _backtrack(steps, scores, last, valid):
    """Returns the states of the best paths and their scores."""
    clips = np.arange(len(last))
    ends = np.stack([last, np.maximum(last - 1, 0)])
    state = ends[scores[clips, ends].argmax(axis=0), clips]
    paths = np.full(valid.shape, -1)
    total = scores[clips, state]
    for frame in reversed(range(len(steps))):
        paths[:, frame] = state
        state = state - steps[frame, clips, state]
    return np.where(valid, paths, -1), total
