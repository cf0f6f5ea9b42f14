"""Tests of the numbers and the errors of `GlobalMeanVarianceNormalization`."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from contract.masks import masked
from speechkit.layers import GlobalMeanVarianceNormalization

LENGTHS = np.array([12, 5, 0])


@pytest.fixture
def corpus(features):
    """Features far from zero, with NaN behind each clip."""
    behind = np.arange(12) >= LENGTHS[:, None]
    return np.where(behind[:, :, None], np.nan, 3 * features + 70).astype("float32")


@pytest.fixture
def frames(corpus):
    """The valid frames of the corpus, one after the other, in float64."""
    parts = [clip[:n] for clip, n in zip(corpus, LENGTHS, strict=True)]
    return np.concatenate(parts).astype("float64")


def batches_of(corpus):
    return tf.data.Dataset.from_tensor_slices((corpus, LENGTHS)).batch(2)


DATA = {
    "array": lambda corpus: (corpus, LENGTHS),
    "mask": lambda corpus: (masked(corpus, LENGTHS), None),
    "dataset": lambda corpus: (batches_of(corpus), None),
    "generator": lambda corpus: (iter(batches_of(corpus)), None),
    "list": lambda corpus: ([masked(corpus, LENGTHS)], None),
}


@pytest.mark.parametrize("data_of", DATA.values(), ids=DATA)
def test_statistics_are_those_of_the_valid_frames(corpus, frames, data_of):
    layer = GlobalMeanVarianceNormalization()

    layer.adapt(*data_of(corpus))

    np.testing.assert_allclose(layer.mean, frames.mean(axis=0), rtol=1e-7)
    np.testing.assert_allclose(layer.variance, frames.var(axis=0), rtol=1e-6)
    assert int(layer.count) == 17


@pytest.mark.parametrize("normalize_variance", [False, True])
def test_features_equal_numpy(corpus, frames, normalize_variance):
    layer = GlobalMeanVarianceNormalization(normalize_variance, epsilon=0.5)
    layer.adapt(corpus, LENGTHS)

    outputs = layer(masked(corpus, LENGTHS))

    expected = frames - frames.mean(axis=0)
    if normalize_variance:
        expected /= np.sqrt(frames.var(axis=0) + 0.5)
    np.testing.assert_allclose(outputs[0], expected[:12], atol=1e-5)
    np.testing.assert_array_equal(outputs[1, 5:], 0)


def test_parts_of_a_corpus_merge(corpus, frames):
    whole, rest = GlobalMeanVarianceNormalization(), GlobalMeanVarianceNormalization()
    whole.adapt(corpus[:1])
    rest.adapt(corpus[1:], LENGTHS[1:])

    whole.merge_state([rest])

    np.testing.assert_allclose(whole.mean, frames.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(whole.variance, frames.var(axis=0), rtol=1e-5)


def test_statistics_are_saved_and_forgotten(corpus, frames, tmp_path):
    model = keras.Sequential(
        [keras.Input((None, 5)), GlobalMeanVarianceNormalization()]
    )
    model.layers[0].adapt(np.ones((1, 3, 5)))
    model.layers[0].adapt(corpus, LENGTHS)
    model.save(tmp_path / "model.keras")

    revived = keras.saving.load_model(tmp_path / "model.keras").layers[0]

    np.testing.assert_allclose(revived.mean, frames.mean(axis=0), rtol=1e-7)
    assert int(revived.count) == 17


def test_before_it_is_adapted_features_stay(features):
    layer = GlobalMeanVarianceNormalization(epsilon=1e-9)

    np.testing.assert_allclose(layer(features), features, rtol=1e-6)


def test_rejects_other_shapes():
    message = r"`data` must have the shape .* Received: shape=\(4, 5\)"

    with pytest.raises(ValueError, match=message):
        GlobalMeanVarianceNormalization().adapt(np.ones((4, 5)))


def test_rejects_a_corpus_without_frames():
    with pytest.raises(ValueError, match="`data` must hold a valid frame"):
        GlobalMeanVarianceNormalization().adapt(np.ones((2, 3, 5)), np.zeros(2))


def test_rejects_epsilons_that_do_not_guard():
    with pytest.raises(ValueError, match=r"`epsilon` .* above 0. Received: epsilon=0"):
        GlobalMeanVarianceNormalization(epsilon=0)
