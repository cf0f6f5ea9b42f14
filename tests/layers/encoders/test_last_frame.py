"""Tests of `LastFrame` against indexing."""

import numpy as np

from contract.masks import masked
from speechkit.layers import LastFrame
from speechkit.ops.time.masks import get_mask


def test_last_valid_frame_comes_out_and_the_mask_ends(features):
    outputs = LastFrame()(masked(features, [12, 7, 0]))

    expected = [features[0, 11], features[1, 6], np.zeros(5)]
    np.testing.assert_array_equal(outputs, expected)
    assert get_mask(outputs) is None


def test_without_a_mask_all_frames_are_valid(features):
    np.testing.assert_array_equal(LastFrame()(features), features[:, -1])
