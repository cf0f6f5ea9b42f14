"""Tests of the best path against all paths, one by one."""

import itertools

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies

from ops.ctc.judges import alignments, log_softmax
from speechkit.ops.ctc import best_path


def best_of_all(log_probs, labels, blank_index):
    """Returns the best path and its score, -inf without one."""
    frames, classes = log_probs.shape
    paths = list(alignments(frames, classes, labels, blank_index))
    scores = [log_probs[np.arange(frames), path].sum() for path in paths]
    if not paths:
        return None, -np.inf
    return paths[int(np.argmax(scores))], max(scores)


def classes_of(path, labels, blank_index):
    """Returns the class of each state of a path."""
    states = [blank_index]
    for label in labels:
        states += [label, blank_index]
    return np.array(states)[path]


@hypothesis.given(
    frames=strategies.integers(1, 6),
    classes=strategies.integers(2, 4),
    count=strategies.integers(0, 4),
    seed=strategies.integers(0, 2**32 - 1),
)
@hypothesis.settings(max_examples=60, deadline=None, derandomize=True)
def test_path_is_the_best_of_all(frames, classes, count, seed):
    random = np.random.default_rng(seed)
    log_probs = log_softmax(random.normal(scale=3, size=(frames, classes)))
    labels = random.integers(1, classes, size=count)
    row = np.array([[*labels, -1]])

    (path,), (score,) = best_path.best_paths(log_probs[None], row, [frames], 0)

    expected, expected_score = best_of_all(log_probs, labels, 0)
    np.testing.assert_allclose(score, expected_score, rtol=1e-12)
    if expected is not None:
        np.testing.assert_array_equal(classes_of(path, labels, 0), expected)


def test_a_clip_in_a_batch_has_the_path_that_it_has_alone(random):
    log_probs = log_softmax(random.normal(scale=3, size=(3, 20, 5)))
    labels = np.array([[1, 2, 2, 4], [3, 3, -1, -1], [-1, -1, -1, -1]])
    frames = np.array([20, 11, 6])
    log_probs[1, 11:], log_probs[2, 6:] = np.nan, np.inf

    paths, scores = best_path.best_paths(log_probs, labels, frames, 0)

    for clip, (end, row) in enumerate(zip(frames, labels, strict=True)):
        row = row[row >= 0][None]
        part = log_probs[clip : clip + 1, :end]
        alone = best_path.best_paths(part, row, [end], 0)
        np.testing.assert_array_equal(paths[clip, :end], alone[0][0])
        np.testing.assert_array_equal(paths[clip, end:], -1)
        np.testing.assert_array_equal(scores[clip], alone[1][0])


def test_no_frames_and_no_labels_are_a_path_of_nothing():
    labels = np.array([[-1], [2]])

    paths, scores = best_path.best_paths(np.zeros((2, 0, 3)), labels, [0, 0], 0)

    assert paths.shape == (2, 0)
    np.testing.assert_array_equal(scores, [0, -np.inf])


def blank_or_delimiter(log_probs, labels, delimiter):
    """Returns the best sum over all paths that collapse to labels between delimiters.

    Delimiters in a row, with blanks between them, count as one, and those at the ends
    as none.
    """
    frames, classes = log_probs.shape
    best = -np.inf
    for path in itertools.product(range(classes), repeat=frames):
        merged = [c for c, _ in itertools.groupby(path) if c != 0]
        spelled = [
            label
            for place, label in enumerate(merged)
            if label != delimiter or place == 0 or merged[place - 1] != delimiter
        ]
        while spelled and spelled[0] == delimiter:
            spelled = spelled[1:]
        while spelled and spelled[-1] == delimiter:
            spelled = spelled[:-1]
        if spelled == list(labels):
            best = max(best, log_probs[np.arange(frames), list(path)].sum())
    return best


@pytest.mark.parametrize("labels", [[2], [2, 1, 3], [2, 1, 2], [2, 2]])
def test_delimiters_count_once_and_not_at_the_ends(random, labels):
    log_probs = log_softmax(random.normal(scale=3, size=(5, 4)))

    _, (score,) = best_path.best_paths(
        log_probs[None], np.array([labels]), [5], 0, delimiter=1
    )

    expected = blank_or_delimiter(log_probs, labels, 1)
    np.testing.assert_allclose(score, expected, rtol=1e-12)


def tied(random, shape):
    return np.zeros(shape)


def rounded(random, shape):
    return random.integers(-3, 1, size=shape).astype("float64")


def holding(*values):
    """Returns made-up numbers of which a third is one of these."""

    def numbers(random, shape):
        found = random.normal(scale=3, size=shape)
        places = random.random(shape) < 1 / 3
        found[places] = random.choice(values, size=places.sum())
        return found

    return numbers


NUMBERS = {
    "finite": lambda random, shape: random.normal(scale=3, size=shape),
    "all-tied": tied,
    "many-ties": rounded,
    "minus-infinity": holding(-np.inf),
    "nan": holding(np.nan),
    "infinities-and-nan": holding(-np.inf, np.inf, np.nan),
    "float32": lambda random, shape: random.normal(size=shape).astype("float32"),
}


@pytest.mark.parametrize("delimiter", [-1, 1], ids=["labels", "words"])
@pytest.mark.parametrize("numbers", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize(
    ("frames", "count"), [(0, 0), (0, 2), (1, 0), (3, 5), (4, 4), (12, 3), (30, 8)]
)
def test_compiled_path_is_the_plain_one(random, numbers, delimiter, frames, count):
    pytest.importorskip("numba")
    from speechkit.ops.ctc.compiled import best_path_numba

    for _ in range(20):
        log_probs = numbers(random, (frames, 4))
        labels = random.integers(1, 4, size=count)

        spans, means = best_path_numba.label_spans(log_probs, labels, 0, delimiter)

        plain = best_path.label_spans(log_probs, labels, 0, delimiter=delimiter)
        np.testing.assert_array_equal(spans, plain[0])
        np.testing.assert_allclose(means, plain[1], rtol=1e-12)
