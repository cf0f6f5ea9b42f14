"""Tests of `MultiHeadAttentionPooling` against loops over heads and clips."""

import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import MultiHeadAttentionPooling
from speechkit.ops.time.masks import get_mask

LENGTHS = [12, 7, 1]


def judged(clip, query, layer):
    """Returns the weighted means of one clip, head by head."""
    kernel, bias = layer.get_weights()
    means = []
    for head in range(layer.num_heads):
        part = slice(5 * head, 5 * (head + 1))
        scores = clip @ (query @ kernel[:, part] + bias[part]) / np.sqrt(5)
        weights = np.exp(scores - scores.max())
        means.append(weights @ clip / weights.sum())
    return np.concatenate(means)


@pytest.mark.parametrize(
    ("query", "frame"),
    [("middle", lambda length: length // 2), ("last", lambda length: length - 1)],
)
def test_heads_weigh_the_valid_frames(features, randomized, query, frame):
    layer = randomized(MultiHeadAttentionPooling(3, query))

    pooled = layer(masked(features, LENGTHS))

    clips = [clip[:n] for clip, n in zip(features, LENGTHS, strict=True)]
    expected = [judged(clip, clip[frame(len(clip))], layer) for clip in clips]
    np.testing.assert_allclose(pooled, expected, atol=1e-5)
    assert get_mask(pooled) is None


def test_learned_query_is_the_same_for_all_clips(features, randomized):
    layer = randomized(MultiHeadAttentionPooling(1, "learned"))

    pooled = layer(features)

    (query,) = layer.get_weights()
    scores = np.exp(features @ query / np.sqrt(5))
    expected = (scores[:, :, None] * features).sum(1) / scores.sum(1)[:, None]
    np.testing.assert_allclose(pooled, expected, atol=1e-5)


def test_no_preference_is_the_mean(features):
    layer = MultiHeadAttentionPooling(2)
    layer(features)
    layer.set_weights([np.zeros_like(w) for w in layer.get_weights()])

    pooled = layer(masked(features, LENGTHS))

    means = [clip[:n].mean(axis=0) for clip, n in zip(features, LENGTHS, strict=True)]
    np.testing.assert_allclose(pooled, np.tile(means, (1, 2)), atol=1e-6)


@pytest.mark.parametrize("query", ["middle", "last", "learned"])
def test_clip_without_a_valid_frame_gives_zeros(features, randomized, query):
    layer = randomized(MultiHeadAttentionPooling(2, query))

    pooled = np.asarray(layer(masked(features, [12, 7, 0])))

    np.testing.assert_array_equal(pooled[2], 0)


@pytest.mark.parametrize(("query", "kernel"), [("middle", 150), ("learned", 0)])
def test_multiply_adds_are_those_of_the_sums(query, kernel):
    count = MultiHeadAttentionPooling(6, query).count_multiply_adds((1, 12, 5))

    # Six scores and six means over 12 frames of 5 features.
    assert count == kernel + 2 * 6 * 12 * 5


@pytest.mark.parametrize(("name", "value"), [("num_heads", 0), ("query", "first")])
def test_rejects_arguments_out_of_range(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be .*Received: {name}="):
        MultiHeadAttentionPooling(**{name: value})
