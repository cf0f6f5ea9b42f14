"""The promise of layers that take a clip in pieces: the frames of the whole clip."""

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.cases import CASES, Case, case_of
from contract.rounding import assert_equal_but_for_rounding
from speechkit import layers

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

# Cases that run backwards; other settings of these layers stream, see below.
WHOLE_CLIPS = {layers.BatchNormGRU, layers.BatchNormLSTM, layers.BatchNormSimpleRNN}
STREAMING = {
    layer.__name__: case
    for layer, case in CASES.items()
    if issubclass(layer, layers.StreamingLayer) and layer not in WHOLE_CLIPS
}


def frame(frame_length, frame_step, **options):
    return Case(lambda: layers.Frame(frame_length, frame_step, **options), (2, 90))


# Settings that hold back more, or skip more, than those of the contract.
VARIANTS = {
    "ConvolutionBlock-causal": Case(
        lambda: layers.ConvolutionBlock(3, 4, padding="causal", residual=True),
        (2, 24, 3),
    ),
    "ConvolutionBlock-gaps": Case(
        lambda: layers.ConvolutionBlock(4, 2, strides=5), (2, 24, 3)
    ),
    "ConvolutionFrontEnd-dilated": Case(
        lambda: layers.ConvolutionFrontEnd(
            (2, 3),
            ((3, 3), (4, 1)),
            strides=((1, 1), (1, 1)),
            padding="causal",
            feature_padding="valid",
            dilations=(2, 3),
        ),
        (2, 24, 4),
    ),
    "DepthwiseSeparableBlock-causal": Case(
        lambda: layers.DepthwiseSeparableBlock(4, (5, 1), padding="causal"), (2, 24, 3)
    ),
    "TemporalResidualBlock-same-shape": case_of(
        layers.TemporalResidualBlock, (2, 24, 3), 3, 4
    ),
    "Frame-reflect": frame(20, 7, padding="center", padding_mode="reflect"),
    "Frame-symmetric": frame(20, 7, padding="middle", padding_mode="symmetric"),
    "Frame-reflect-end": frame(6, 2, padding=(0, 3), padding_mode="reflect"),
    "Frame-symmetric-end": frame(6, 2, padding=(0, 5), padding_mode="symmetric"),
    "LogSpectrogram-reflect-end": Case(
        lambda: layers.LogSpectrogram(8, 3, padding=(0, 7), padding_mode="reflect"),
        (2, 90),
    ),
    "Frame-gaps": frame(4, 11, padding=(2, 1)),
    "InverseSTFT-gaps": case_of(layers.InverseSTFT, (2, 9, 9, 2), 10, 13),
    "InverseSTFT-long-end": Case(
        lambda: layers.InverseSTFT(10, 10, window="hann_half", padding=(2, 8)),
        (2, 9, 9, 2),
    ),
    "Delta-long": case_of(layers.Delta, (2, 24, 3), 1, 9),
    "PCEN-level": Case(
        lambda: layers.PCEN(initial_level=1.0), (2, 90, 3), takes_energies=True
    ),
    "Resample-up": case_of(layers.Resample, (2, 60), 5, 7),
    "Resample-none": case_of(layers.Resample, (2, 60), 5, 5),
    "SlidingMeanVarianceNormalization-center": Case(
        lambda: layers.SlidingMeanVarianceNormalization(8, 1, center=True), (2, 24, 3)
    ),
    "BatchNormGRU-forward": case_of(layers.BatchNormGRU, (2, 24, 3), 4),
    "BatchNormLSTM-forward": case_of(layers.BatchNormLSTM, (2, 24, 3), 4),
    "BatchNormSimpleRNN-forward": case_of(layers.BatchNormSimpleRNN, (2, 24, 3), 4),
    "RecurrentStack-pyramid": Case(
        lambda: layers.RecurrentStack(4, 2, residual=True, time_reduction=(1, 2)),
        (2, 24, 3),
    ),
    "StackFrames-gaps": case_of(layers.StackFrames, (2, 24, 3), 2, 5),
}


@pytest.fixture(
    params=[*STREAMING.values(), *VARIANTS.values()], ids=[*STREAMING, *VARIANTS]
)
def case(request):
    return request.param


def in_pieces(layer, values, cuts):
    """Returns what the layer makes of the values, cut at the given places."""
    state = layer.get_initial_state(len(values))
    pieces = np.split(values, sorted(cuts), axis=1)
    outputs = []
    for index, piece in enumerate(pieces):
        output, state = layer.step(piece, state, last=index == len(pieces) - 1)
        outputs.append(output)
    return keras.ops.concatenate(outputs, axis=1)


@given(data=st.data())
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_pieces_give_the_frames_of_the_whole_clip(case, data):
    batch, longest, *features = case.input_shape
    time = data.draw(st.one_of(st.integers(0, 5), st.integers(0, longest)), "time")
    cuts = data.draw(st.lists(st.integers(0, time), max_size=6), "cuts")
    values = case.values(np.random.default_rng(time), (batch, time, *features))
    layer = case.make()

    outputs = in_pieces(layer, values, cuts)

    whole = layer(values)
    assert outputs.shape == whole.shape == layer.compute_output_shape(values.shape)
    assert outputs.dtype == whole.dtype
    assert_equal_but_for_rounding(outputs, whole)


def test_single_steps_give_the_frames_of_the_whole_clip(case, random):
    values = case.values(random, case.input_shape)[:, :60]
    layer = case.make()

    outputs = in_pieces(layer, values, range(1, values.shape[1]))

    assert_equal_but_for_rounding(outputs, layer(values))


def test_a_piece_of_a_stream_does_not_wait_for_ever(case, random):
    values = np.tile(
        case.values(random, case.input_shape),
        (1, 8) + (1,) * (len(case.input_shape) - 2),
    )
    layer = case.make()

    early, _ = layer.step(values, layer.get_initial_state(len(values)))

    assert 2 * early.shape[1] > layer(values).shape[1]


def place_of(layer, step):
    """Returns the input step that an output step stands for."""
    outputs, inputs = layer.output_ratio
    return step * inputs // outputs


def silence_for(case, num_steps):
    return np.zeros((1, num_steps, *case.input_shape[2:]), "float32")


def test_silence_shows_the_declared_ratio(case):
    layer = case.make()
    outputs, inputs = layer.output_ratio
    begun = silence_for(case, layer.latency + 1 + inputs // 3)
    _, state = layer.step(begun, layer.get_initial_state())

    for periods in (1, 3):
        more, state = layer.step(silence_for(case, periods * inputs), state)

        assert more.shape[1] == periods * outputs


def test_silence_shows_the_declared_latency(case):
    layer = case.make()

    def count(num_steps):
        silence = silence_for(case, num_steps)
        return layer.step(silence, layer.get_initial_state())[0].shape[1]

    steps = [*range(min(20, layer.output_ratio[0])), 2 * layer.output_ratio[0]]
    complete = [place_of(layer, step) + layer.latency + 1 for step in steps]
    assert [count(n) > step for n, step in zip(complete, steps, strict=True)] == (
        [True] * len(steps)
    )
    assert any(count(n - 1) <= step for n, step in zip(complete, steps, strict=True))


def test_state_keeps_its_shape_once_the_latency_is_over(case):
    layer = case.make()
    begun = silence_for(case, layer.latency + 1)
    _, state = layer.step(begun, layer.get_initial_state())

    _, after = layer.step(silence_for(case, layer.output_ratio[1]), state)

    assert shapes_of(after) == shapes_of(state)


def shapes_of(state):
    return [
        tuple(leaf.shape) if hasattr(leaf, "shape") else leaf
        for leaf in keras.tree.flatten(state)
    ]


def test_nothing_beyond_the_declared_receptive_field_is_seen(case, random):
    layer = case.make()
    if layer.receptive_field is None:
        step, edges = 6, [0]  # the first step of the clip still counts
    else:
        past = layer.receptive_field - 1 - layer.latency
        step = -(-(past + 1) * layer.output_ratio[0] // layer.output_ratio[1])
        first = place_of(layer, step) - past
        # Many windows begin with a weight of zero.
        edges = [first, first + 1, first + 2]
    alike = max(1, layer.output_ratio[0] // layer.output_ratio[1])
    end = place_of(layer, step) + layer.latency + 1
    shape = (1, end + layer.output_ratio[1] + 2, *case.input_shape[2:])
    clip, other = case.values(random, shape), 5 * case.values(random, shape)

    def changes(places, length=None):
        changed = clip.copy()
        changed[:, places] += other[:, places]
        outputs = np.concatenate([clip, changed])[:, :length]
        outputs = np.asarray(layer(outputs))[:, step : step + alike]
        # Sums over all frames are rounded otherwise.
        return not np.allclose(outputs[:1], outputs[1:], rtol=1e-5, atol=1e-5)

    # What is seen at the end of a clip may lie further back than within it.
    assert changes(edges) or changes(edges, length=place_of(layer, step) + 1)
    assert not changes(slice(end, None))
    if layer.receptive_field is not None:
        assert not changes(slice(0, edges[0]))
