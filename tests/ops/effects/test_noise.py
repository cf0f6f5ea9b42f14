"""Tests of normal numbers against scipy's distribution and the laws of randomness."""

import keras
import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from speechkit.ops.effects import noise


def drawn(batch, count, seed, jit_compile=False):
    seeds = keras.random.SeedGenerator(seed)
    draw = tf.function(
        lambda: noise.normal(batch, count, "float32", seeds), jit_compile=jit_compile
    )
    return draw().numpy()


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_numbers_are_normal_out_to_the_tails(jit_compile):
    numbers = drawn(10, 20001, seed=1, jit_compile=jit_compile).ravel()

    assert numbers.shape == (200010,)
    assert scipy.stats.kstest(numbers, "norm").pvalue > 0.001
    edges = scipy.stats.norm.ppf(np.linspace(0, 1, 101)[1:-1])
    counts = np.bincount(np.searchsorted(edges, numbers), minlength=100)
    assert scipy.stats.chisquare(counts).pvalue > 0.001
    for bound in (3, 4):
        share = 2 * scipy.stats.norm.sf(bound)
        beyond = int((np.abs(numbers) > bound).sum())
        assert scipy.stats.binomtest(beyond, numbers.size, share).pvalue > 0.001


def test_two_that_come_from_one_pair_are_independent():
    first, second = np.split(drawn(1, 100000, seed=1)[0], 2)

    for power in (1, 2):
        correlation = np.corrcoef(first**power, second**power)[0, 1]
        assert abs(correlation) < 4 / np.sqrt(first.size)


def test_each_draw_is_another():
    seeds = keras.random.SeedGenerator(7)

    first = noise.normal(1, 1000, "float32", seeds).numpy()
    second = noise.normal(1, 1000, "float32", seeds).numpy()

    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(1000)


@pytest.mark.parametrize(("batch", "count"), [(0, 5), (2, 0), (3, 1)])
def test_there_may_be_few(batch, count):
    assert drawn(batch, count, seed=0).shape == (batch, count)


def test_sine_and_cosine_are_within_a_millionth():
    turns = np.linspace(-0.5, 0.5, 10001)

    sine, cosine = noise.sine_and_cosine(turns.astype("float32"))

    np.testing.assert_allclose(sine, np.sin(2 * np.pi * turns), atol=1e-6)
    np.testing.assert_allclose(cosine, np.cos(2 * np.pi * turns), atol=1e-6)
