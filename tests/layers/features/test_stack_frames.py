"""Tests of the numbers and the errors of `StackFrames`."""

import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import StackFrames
from speechkit.ops.time.masks import get_mask


@pytest.mark.parametrize(
    ("size", "stride"), [(1, 1), (3, None), (3, 1), (4, 3), (2, 5), (12, 1), (13, 1)]
)
def test_stacks_equal_numpy(features, size, stride):
    stacks = StackFrames(size, stride)(features)

    starts = range(0, 12 - size + 1, stride or size)
    expected = [[clip[s : s + size].ravel() for s in starts] for clip in features]
    np.testing.assert_array_equal(
        stacks, np.reshape(expected, (3, len(starts), size * 5))
    )


@pytest.mark.parametrize(("size", "stride"), [(3, None), (3, 2), (2, 5)])
def test_a_stack_is_valid_if_the_clip_alone_has_it(features, size, stride):
    layer = StackFrames(size, stride)
    lengths = [12, 7, 2]

    stacks = layer(masked(features, lengths))

    counts = np.asarray(get_mask(stacks)).sum(axis=1)
    alone = [layer(features[:1, :length]).shape[1] for length in lengths]
    np.testing.assert_array_equal(counts, alone)


@pytest.mark.parametrize("name", ["size", "stride"])
@pytest.mark.parametrize("value", [0, 1.5, True])
def test_rejects_what_is_no_positive_integer(name, value):
    arguments = {"size": 3, name: value}

    with pytest.raises(ValueError, match=f"`{name}` .* Received: {name}={value}"):
        StackFrames(**arguments)
