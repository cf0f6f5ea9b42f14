"""Tests of where frames lie, against NumPy's padding and counting."""

import itertools

import keras
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contract.masks import masked
from speechkit.ops.signal import framing as framing_ops
from speechkit.ops.time.masks import get_mask

# Our modes, and what NumPy calls them.
MODES = {"zeros": "constant", "reflect": "reflect", "symmetric": "symmetric"}
PADDINGS = ["valid", "center", "middle", (3, 4), (0, 10), (7, 0)]


def reference_frames(waveform, framing):
    """Returns the frames of one clip, cut one by one."""
    padded = np.pad(waveform, (framing.left, framing.right), MODES[framing.mode])
    starts = range(0, len(padded) - framing.length + 1, framing.step)
    return np.array([padded[s : s + framing.length] for s in starts])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("padding", PADDINGS, ids=str)
@pytest.mark.parametrize("samples", [1, 2, 3, 9, 10, 11, 50])
def test_frames_equal_numpy(random, padding, mode, samples):
    waveforms = random.normal(size=(2, samples)).astype("float32")
    framing = framing_ops.framing(10, 4, padding, mode)

    frames = np.asarray(framing.frames(keras.ops.array(waveforms)))

    for clip, waveform in zip(frames, waveforms, strict=True):
        expected = reference_frames(waveform, framing)
        np.testing.assert_array_equal(clip, expected.reshape(-1, 10))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("padding", PADDINGS, ids=str)
def test_a_padded_clip_has_the_frames_of_the_clip_alone(random, padding, mode):
    waveforms = random.normal(size=(12, 30)).astype("float32")
    lengths = [0, 1, 2, 3, 6, 7, 9, 10, 11, 28, 29, 30]
    framing = framing_ops.framing(10, 4, padding, mode)
    batch = masked(waveforms, lengths)

    frames = np.asarray(framing.frames(batch, get_mask(batch)))
    valid = np.asarray(framing.mask(get_mask(batch)))

    assert valid.shape == frames.shape[:2]
    for clip, length in enumerate(lengths):
        assert valid[clip].sum() == framing.count(length)
        alone = framing.frames(keras.ops.array(waveforms[clip : clip + 1, :length]))
        np.testing.assert_array_equal(frames[clip][valid[clip]], alone[0])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("padding", [*PADDINGS, (0, 4), (2, 8)], ids=str)
def test_declares_how_far_back_frames_see_at_the_end_of_a_clip(padding, mode):
    framing = framing_ops.framing(10, 4, padding, mode)
    reach = 0
    for samples in range(1, 40):
        places = np.arange(samples) + 1  # 0 is what zeros see
        for t, seen in enumerate(reference_frames(places, framing)):
            own = t * 4 + 1
            reach = max(reach, own - min(seen[seen > 0], default=own))
            assert max(seen) - own <= framing.timing.latency

    # What stands before a clip is seen by its first frames only.
    assert max(reach, framing.left) == framing.timing.past


@pytest.mark.parametrize(
    ("padding", "count"),
    [
        pytest.param("valid", lambda n: max(0, 1 + (n - 400) // 160), id="valid"),
        pytest.param("center", lambda n: 1 + n // 160 if n else 0, id="librosa"),
        pytest.param("middle", lambda n: (n + 80) // 160, id="kaldi"),
        pytest.param((200, 40), lambda n: n // 160, id="whisper"),
    ],
)
def test_count_equals_the_formula_of_each_tool(padding, count):
    framing = framing_ops.framing(400, 160, padding)

    for samples in range(2001):
        assert framing.count(samples) == count(samples), samples


@pytest.mark.parametrize("samples", [0, 1, 5])
@pytest.mark.parametrize("mode", MODES)
def test_count_is_right_where_the_graph_does_not_know_the_length(samples, mode):
    framing = framing_ops.framing(10, 4, "center", mode)
    tensors = keras.Input((None,))
    model = keras.Model(tensors, keras.layers.Lambda(framing.frames)(tensors))
    model.compile(jit_compile=False)

    frames = model.predict(np.ones((2, samples), "float32"), verbose=0)

    assert frames.shape == (2, framing.count(samples), 10)


# All of the clip is in frames when its end comes, and only padding is left.
@example(cuts=[10], samples=10, step=10, padding=(0, 10), mode="zeros")
@given(
    cuts=st.lists(st.integers(0, 40), max_size=5),
    samples=st.integers(0, 40),
    step=st.integers(1, 14),
    padding=st.sampled_from(PADDINGS),
    mode=st.sampled_from(list(MODES)),
)
def test_pieces_give_the_frames_of_the_clip(cuts, samples, step, padding, mode):
    if padding == "middle" and step > 10:
        padding = "center"
    framing = framing_ops.framing(10, step, padding, mode)
    clip = keras.ops.arange(1.0, samples + 1)[None]
    edges = [0, *sorted(min(cut, samples) for cut in cuts), samples]

    state, frames = framing.start(), []
    for place, (begin, end) in enumerate(itertools.pairwise(edges)):
        last = place == len(edges) - 2
        new, state = framing.next_frames(clip[:, begin:end], state, last)
        frames.append(np.asarray(new))

    np.testing.assert_array_equal(
        np.concatenate(frames, axis=1), np.asarray(framing.frames(clip))
    )


@pytest.mark.parametrize(
    ("step", "padding"),
    [
        (4, "same"),
        (4, (1,)),
        (4, (-1, 2)),
        (4, (6, 5)),
        (4, (1.0, 2)),
        (4, None),
        pytest.param(11, "middle", id="frames-that-do-not-meet"),
    ],
)
def test_rejects_other_paddings(step, padding):
    with pytest.raises(ValueError, match=r"`padding` must be one of .* Received: "):
        framing_ops.framing(10, step, padding)


def test_rejects_other_modes():
    with pytest.raises(ValueError, match="`padding_mode` must be one of 'zeros', "):
        framing_ops.framing(10, 4, "center", "edge")
