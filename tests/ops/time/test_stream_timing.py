"""Tests of the timing of composed streams, against streams that run."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechkit.ops.time.held_windows import HeldWindows
from speechkit.ops.time.stream_timing import StreamTiming, in_sequence, side_by_side

CHAINS = st.lists(
    st.builds(
        lambda size, stride, left: HeldWindows(size, stride, min(left, size - 1)),
        size=st.integers(1, 5),
        stride=st.integers(1, 4),
        left=st.integers(0, 4),
    ),
    min_size=1,
    max_size=3,
)


def run(chain, clip, states):
    """Returns what the last windows begin with, and the states after the piece."""
    after = []
    for windows, state in zip(chain, states, strict=True):
        steps, state = windows.advance(clip, state)
        count = windows.count(steps.shape[1])
        clip = np.asarray(steps)[:, : count * windows.stride : windows.stride]
        after.append(state)
    return clip, after


@given(chain=CHAINS, periods=st.integers(1, 3))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_chain_waits_as_long_and_gives_as_much_as_declared(chain, periods):
    timing = in_sequence([windows.timing for windows in chain])
    outputs, inputs = timing.output_ratio
    begun = np.zeros((1, timing.latency + 1), "float32")
    states = [windows.start() for windows in chain]

    early, _ = run(chain, begun[:, 1:], states)
    first, states = run(chain, begun, states)
    more, _ = run(chain, np.zeros((1, periods * inputs), "float32"), states)

    assert (early.shape[1], first.shape[1]) == (0, 1)
    assert more.shape[1] == periods * outputs


def test_a_chain_sees_what_its_parts_see_of_each_other():
    # Two convolutions of 3 frames over frames of 400 samples, 160 apart.
    frames = StreamTiming((1, 160), 399, 400)
    convolution = StreamTiming((1, 1), 1, 3)

    whole = in_sequence([frames, convolution, convolution])

    assert whole == ((1, 160), 399 + 2 * 160, 400 + 4 * 160)


# What each part sees: output step `t` sees the steps from `first(t)` to `last(t)`.
WINDOWS = {
    StreamTiming((1, stride), size - 1 - left, size): (
        lambda t, stride=stride, left=left: t * stride - left,
        lambda t, stride=stride, left=left, size=size: t * stride - left + size - 1,
    )
    for size, stride, left in [
        (2, 2, 0), (3, 1, 2), (3, 2, 0), (1, 3, 0), (4, 3, 3), (1, 1, 2),
    ]
}  # fmt: skip
REPEATS = {
    StreamTiming((n, 1)): (lambda t, n=n: t // n, lambda t, n=n: t // n)
    for n in (2, 3, 4)
}
PARTS = {**WINDOWS, **REPEATS}


def seen(chain):
    """Returns the most steps before and after its own that any output step sees."""
    outputs, inputs = np.prod([timing.output_ratio for timing in chain], axis=0)
    before, after = [], []
    for output in range(4 * outputs):
        first = last = output
        for timing in reversed(chain):
            first, last = PARTS[timing][0](first), PARTS[timing][1](last)
        own = output * inputs // outputs
        before.append(own - first)
        after.append(last - own)
    return max(before), max(after)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_each_chain_declares_what_its_parts_see(length):
    for chain in itertools.product(PARTS, repeat=length):
        timing = in_sequence(chain)
        before, after = seen(chain)

        assert timing.past >= before, chain
        assert timing.latency >= after, chain
        if length < 3:  # longer chains take each part at its worst
            assert (timing.past, timing.latency) == (before, after), chain


def test_a_recurrence_sees_all_that_came_before():
    assert in_sequence([StreamTiming((1, 2), 1, 2), StreamTiming((1, 1), 0, None)]) == (
        (1, 2),
        1,
        None,
    )


@pytest.mark.parametrize(
    ("ratios", "expected"),
    [
        ([(160, 441), (1, 160)], (1, 441)),
        ([(160, 441), (1, 320)], (1, 882)),
        ([(2, 1), (1, 3)], (2, 3)),
        ([(32, 96), (1, 16)], (2, 96)),
    ],
)
def test_ratios_multiply_and_keep_whole_blocks(ratios, expected):
    timings = [StreamTiming(ratio) for ratio in ratios]

    assert in_sequence(timings).output_ratio == expected


def test_branches_wait_for_the_slowest_and_see_what_any_of_them_sees():
    ahead = StreamTiming((1, 2), latency=3, receptive_field=4)
    behind = StreamTiming((2, 4), latency=0, receptive_field=9)

    assert side_by_side([ahead, behind]) == ((2, 4), 3, 8 + 1 + 3)
    assert side_by_side([behind, behind._replace(receptive_field=None)])[2] is None


def test_rejects_branches_that_drift_apart():
    with pytest.raises(ValueError, match="Branches that are joined must give as many"):
        side_by_side([StreamTiming((1, 2)), StreamTiming((1, 3))])
