"""Tests of values that XLA computes once."""

import numpy as np
import tensorflow as tf

from speechkit.ops.effects import materialization


def compiled_products(barrier):
    """Returns how many places of a compiled program multiply."""

    @tf.function(jit_compile=True)
    def run(values, places):
        return tf.gather(barrier(values * values * 3.0), places)

    values, places = tf.ones(1000), tf.zeros((1000, 50), tf.int32)
    return run.experimental_get_compiler_ir(values, places)("optimized_hlo")


def test_values_stay_what_they_are():
    values = np.array([[np.nan, 2.0], [3.0, 4.0]], "float32")

    np.testing.assert_array_equal(materialization.materialized(values), values)
    assert tuple(materialization.materialized(values[:0]).shape) == (0, 2)


def test_xla_does_not_compute_them_within_what_reads_them():
    def fused(program):
        bodies = program.split("\n\n")
        return [b for b in bodies if " gather(" in b and " multiply(" in b]

    assert fused(compiled_products(lambda values: values))
    assert not fused(compiled_products(materialization.materialized))
