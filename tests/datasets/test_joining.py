"""Tests of `join_clips`: who follows whom, how often, and what is refused."""

import numpy as np
import pytest
import tensorflow as tf

from speechkit.datasets import join_clips

SEPARATOR = (9, 8)


def batch_of(lengths):
    """Clip `i` has samples and labels of i + 1 alone: as many labels as samples."""
    rows = [[number + 1] * length for number, length in enumerate(lengths)]
    width = max(lengths)
    waveforms = [row + [0] * (width - len(row)) for row in rows]
    labels = [row + [-1] * (width - len(row)) for row in rows]
    inputs = {
        "waveforms": np.array(waveforms, "float32"),
        "lengths": np.array(lengths, "int32"),
    }
    return inputs, np.array(labels, "int32")


def batches_of(*batches):
    signature = (
        {
            "waveforms": tf.TensorSpec([None, None], tf.float32),
            "lengths": tf.TensorSpec([None], tf.int32),
        },
        tf.TensorSpec([None, None], tf.int32),
    )
    made = [batch_of(lengths) for lengths in batches]
    return tf.data.Dataset.from_generator(lambda: made, output_signature=signature)


def partners_of(inputs, labels, lengths):
    """Who follows each clip, when both have what a pair must have."""
    partners = []
    for row, (waveform, length, text) in enumerate(
        zip(inputs["waveforms"], inputs["lengths"], labels, strict=True)
    ):
        own = lengths[row]
        partner = int(waveform[own]) - 1
        samples = [row + 1] * own + [partner + 1] * lengths[partner]
        assert waveform.numpy().tolist()[: len(samples)] == samples
        assert length == len(samples)
        assert not np.any(waveform[len(samples) :])
        said = samples[:own] + list(SEPARATOR) + samples[own:]
        assert text.numpy().tolist()[: len(said)] == said
        assert np.all(text[len(said) :] == -1)
        partners.append(partner)
    return partners


def test_each_clip_is_followed_by_another_of_its_batch():
    lengths = [[3, 5, 2, 4], [7, 1, 1], [2, 6], [9, 3, 4, 8]]

    joined = join_clips(batches_of(*lengths), 1.0, separator=SEPARATOR)

    for (inputs, labels), own in zip(joined, lengths, strict=True):
        partners = partners_of(inputs, labels, own)
        assert sorted(partners) == list(range(len(own)))
        assert all(partner != row for row, partner in enumerate(partners))


def test_probability_is_the_share_of_the_batches():
    lengths = [[number + 1, 2, 3] for number in range(400)]

    joined = join_clips(batches_of(*lengths), 0.3)

    longer = [
        bool(inputs["lengths"][1] > 2)
        for inputs, _ in joined  # the second clip has two samples
    ]
    # Four standard deviations of a share of 400.
    assert abs(np.mean(longer) - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 400)


def test_other_durations_meet_others():
    lengths = [[number + 2, 1, 1, 1, 1] for number in range(30)]

    joined = join_clips(batches_of(*lengths), 1.0, separator=SEPARATOR)

    partners = [
        tuple(partners_of(inputs, labels, own))
        for (inputs, labels), own in zip(joined, lengths, strict=True)
    ]
    assert len(set(partners)) == 4


def test_same_seed_same_pairs():
    lengths = [[number + 2, 1, 4] for number in range(20)]

    def texts(seed):
        joined = join_clips(batches_of(*lengths), 0.5, seed=seed)
        return [labels.numpy().tolist() for _, labels in joined]

    assert texts(1) == texts(1) != texts(2)


def test_intermediate_labels_follow_each_other_too():
    kept = np.array([[4, 5], [6, -1]], "int32")
    batches = batches_of([2, 1]).map(
        lambda inputs, labels: ({**inputs, "intermediate_labels": kept}, labels)
    )

    ((inputs, _),) = join_clips(batches, 1.0, separator=SEPARATOR)

    np.testing.assert_array_equal(inputs["intermediate_labels"], [[4, 5, 6], [6, 4, 5]])


@pytest.mark.parametrize(("probability", "lengths"), [(0.0, [3, 2]), (1.0, [4])])
def test_batches_that_are_not_joined_stay_as_they_are(probability, lengths):
    (found,) = join_clips(batches_of(lengths), probability, separator=SEPARATOR)

    (inputs, labels), (expected, texts) = found, batch_of(lengths)
    np.testing.assert_array_equal(inputs["waveforms"], expected["waveforms"])
    np.testing.assert_array_equal(inputs["lengths"], expected["lengths"])
    np.testing.assert_array_equal(labels, texts)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"probability": 1.5}, "`probability` must be .*1.* Received: probability=1.5"),
        ({"probability": -0.1}, "`probability` must be"),
        ({"seed": -1}, "`seed` must be"),
    ],
)
def test_rejects_arguments_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        join_clips(batches_of([1, 2]), **options)


def test_rejects_labels_that_are_single():
    single = batches_of([1, 2]).map(lambda inputs, labels: (inputs, labels[:, 0]))

    with pytest.raises(ValueError, match="`batches` must have labels of the shape"):
        join_clips(single)
