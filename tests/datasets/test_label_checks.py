"""Tests that labels which cannot be trained on are named before the loss sees them."""

import numpy as np
import pytest
import soundfile
import tensorflow as tf

from speechkit.datasets import Recording, check_labels, padded_batches
from speechkit.datasets._labels import encode_texts

WRONG = [
    pytest.param([1, 2, 0, 0], "0, the blank, at place 2", id="padded-with-the-blank"),
    pytest.param([1, 5], "5, beyond the 5 classes, at place 1", id="beyond"),
    pytest.param([1, -1, 2], "-1, below 0, at place 1", id="hole"),
    pytest.param([1.0, 2.5], "1.0, which is no integer", id="floats"),
    pytest.param([-2, 1], "-2, below 0, at place 0", id="negative"),
    pytest.param([1, -2], "-2, below 0, at place 1", id="negative-at-the-end"),
]


@pytest.mark.parametrize(("labels", "reason"), WRONG)
def test_the_recording_of_a_wrong_label_is_named(labels, reason):
    recordings = [Recording("a.wav", "good", 1.0), Recording("b.wav", "bad", 1.0)]
    given = {"good": [1, 2], "bad": labels}

    with pytest.raises(ValueError, match=f"'bad' of b.wav, with {reason}"):
        encode_texts(recordings, given.get, num_classes=5)


@pytest.mark.parametrize(("labels", "reason"), WRONG)
def test_a_map_function_names_the_clip_of_a_wrong_label(labels, reason):
    rows = np.full((2, len(labels)), -1, np.asarray(labels).dtype)
    rows[0, :2], rows[1] = [1, 4], labels
    batches = tf.data.Dataset.from_tensors((np.zeros((2, 8)), rows))

    with pytest.raises(tf.errors.InvalidArgumentError, match=r"in clip \d of a batch"):
        list(batches.map(check_labels(num_classes=5)))


@pytest.mark.parametrize("label", [2**31, 2**40, 2**64])
def test_a_label_beyond_32_bits_does_not_become_another(label):
    recordings = [Recording("a.wav", "huge", 1.0)]

    with pytest.raises(ValueError, match=f"with {label}, beyond 32 bits"):
        encode_texts(recordings, lambda text: [label])


def test_a_negative_blank_counts_from_the_last_class(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(800), 8000)
    recordings = [Recording(tmp_path / "a.wav", "a", 0.1)]
    options = {"sampling_rate": 8000, "batch_size": 1, "num_classes": 5}

    with pytest.raises(ValueError, match="with 4, the blank"):
        padded_batches(recordings, lambda text: [4], blank_index=-1, **options)

    with pytest.raises(
        ValueError, match="`blank_index` must be an integer from -5 to 4"
    ):
        padded_batches(recordings, lambda text: [4], blank_index=9, **options)


@pytest.mark.parametrize("rows", [[[1, 4], [3, -1]], [[-1, -1], [2, 2]]])
def test_good_labels_pass(rows):
    batches = tf.data.Dataset.from_tensors((np.zeros((2, 8)), rows))

    ((_, labels),) = batches.map(check_labels(num_classes=5))

    np.testing.assert_array_equal(labels, rows)


def test_weights_of_clips_pass():
    batches = tf.data.Dataset.from_tensors((np.zeros((1, 8)), [[1, 4]], [0.5]))

    ((_, _, weights),) = batches.map(check_labels(num_classes=5))

    assert weights.numpy().tolist() == [0.5]


STRUCTURES = {
    "dictionary": lambda rows: {"top": [[1, 2]], "middle": rows},
    "tuple": lambda rows: ([[1, 2]], rows),
}


@pytest.mark.parametrize("labels", STRUCTURES.values(), ids=STRUCTURES.keys())
def test_the_labels_of_every_output_are_checked(labels):
    good, bad = (
        tf.data.Dataset.from_tensors((np.zeros((1, 8)), labels(rows)))
        for rows in ([[3, -1]], [[3, 0]])
    )

    ((_, passed),) = good.map(check_labels(num_classes=5))

    assert type(passed) is type(labels(None))
    assert tf.nest.flatten(passed)[0].shape == (1, 2)
    with pytest.raises(tf.errors.InvalidArgumentError, match="0, the blank, at place"):
        list(bad.map(check_labels(num_classes=5)))


@pytest.mark.parametrize(
    ("row", "num_classes", "message"),
    [
        ([7, 0], None, "0, the blank, at place 1"),
        ([1, 7], 7, "7, beyond the 7 classes, at place 1"),
    ],
)
def test_intermediate_labels_are_checked_by_their_own_classes(
    row, num_classes, message
):
    inputs = {"waveforms": np.zeros((1, 8)), "intermediate_labels": [row]}
    batches = tf.data.Dataset.from_tensors((inputs, [[1, 2]]))
    good = {**inputs, "intermediate_labels": [[6, -1]]}
    check = check_labels(num_classes=5, num_intermediate_classes=num_classes)

    ((passed, _),) = tf.data.Dataset.from_tensors((good, [[1, 2]])).map(check)

    assert passed["intermediate_labels"].numpy().tolist() == [[6, -1]]
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=f"`intermediate_labels` .*{message}"
    ):
        list(batches.map(check))


@pytest.mark.parametrize(
    ("labels", "received"),
    [
        pytest.param([1, 2], r"shape=\(2,\)", id="one-axis"),
        pytest.param([[[1], [2]]], r"shape=\(1, 2, 1\)", id="three-axes"),
        pytest.param(tf.ragged.constant([[1], [2, 3]]), "RaggedTensor", id="ragged"),
        pytest.param(tf.sparse.from_dense([[1, 0]]), "SparseTensor", id="sparse"),
    ],
)
def test_rejects_labels_of_other_axes(labels, received):
    batches = tf.data.Dataset.from_tensors((np.zeros((2, 8)), labels))

    with pytest.raises(ValueError, match=f"axes .batch, labels.* {received}"):
        batches.map(check_labels(num_classes=5))


@pytest.mark.parametrize(
    "options",
    [{"num_classes": 1}, {"blank_index": 5}, {"num_intermediate_classes": 1}],
)
def test_rejects_settings_out_of_range(options):
    with pytest.raises(ValueError, match="must be an integer of"):
        check_labels(**{"num_classes": 5, **options})
