"""Tests of `StreamingModel`: pieces give what the whole clip gives."""

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from speechkit import export, layers
from speechkit.models import WaveformModel


def front_end():
    """Returns the layers from samples to frames that the models share."""
    return [
        keras.Input((None,)),
        layers.PreEmphasis(),
        layers.LogMelSpectrogram(1000, frame_length=40, frame_step=20, num_mel_bins=6),
        layers.GlobalMeanVarianceNormalization(),
    ]


def chain(*after):
    return keras.Sequential([*front_end(), *after])


def branches():
    """Returns a graph whose branches do not give their frames at the same time."""
    (samples, *stages) = front_end()
    frames = samples
    for stage in stages:
        frames = stage(frames)
    ahead = layers.Delta(window=2)(frames)
    behind = keras.layers.Conv1D(6, 3, padding="causal")(frames)
    shared = keras.layers.Dense(4, "relu")
    both = keras.layers.Concatenate()([shared(ahead), shared(behind)])
    return keras.Model(samples, keras.layers.GRU(3, return_sequences=True)(both) * 2.0)


def nested():
    inner = keras.Sequential(
        [keras.Input((None, 6)), keras.layers.Conv1D(5, 3, 2, padding="causal")]
    )
    return chain(inner, keras.layers.LSTM(4, return_sequences=True))


def with_frequencies():
    return chain(
        keras.layers.Reshape((-1, 6, 1)),
        keras.layers.ZeroPadding2D(((4, 0), (1, 2))),
        keras.layers.DepthwiseConv2D((3, 2), dilation_rate=(2, 1)),
        keras.layers.ZeroPadding2D(((2, 1), (0, 0))),
        keras.layers.Conv2D(3, (3, 2), (2, 1), "valid"),
        keras.layers.MaxPooling2D((2, 1), (1, 1)),
        keras.layers.TimeDistributed(keras.layers.Flatten()),
        keras.layers.Dense(2),
    )


def of_operations():
    """Returns a graph of what people write with `keras.ops` between layers."""
    (samples, *stages) = front_end()
    frames = samples
    for stage in stages:
        frames = stage(frames)
    frames = keras.ops.silu(frames) + keras.ops.gelu(frames)
    frames = keras.ops.pad(frames, ((0, 0), (2, 0), (0, 0)))
    frames = keras.ops.expand_dims(frames, -1)
    frames = keras.layers.Conv2D(2, (3, 6))(frames)
    frames = keras.layers.Reshape((-1, 2))(frames)
    return keras.Model(samples, keras.ops.softmax(keras.ops.leaky_relu(frames)))


MODELS = {
    "operations": of_operations,
    "frame-wise": lambda: chain(
        layers.SpecAugment(
            max_frequency_width=1,
            num_frequency_masks=2,
            max_time_width=1,
            num_time_masks=2,
        ),
        keras.layers.Rescaling(0.5),
        keras.layers.Dense(8, "relu"),
        keras.layers.BatchNormalization(),
        keras.layers.LayerNormalization(),
        keras.layers.PReLU(shared_axes=[1]),
        keras.layers.UnitNormalization(),
        keras.layers.Dropout(0.5),
        keras.layers.Softmax(),
    ),
    "convolutions": lambda: chain(
        keras.layers.Conv1D(5, 4, 3, "causal", activation="relu"),
        keras.layers.Conv1D(5, 3, dilation_rate=2, padding="causal", use_bias=False),
        keras.layers.ZeroPadding1D((1, 2)),
        keras.layers.DepthwiseConv1D(2),
        keras.layers.SeparableConv1D(4, 2),
        keras.layers.AveragePooling1D(2, 1),
        keras.layers.UpSampling1D(2),
    ),
    "gaps": lambda: chain(
        keras.layers.Conv1D(3, 2, 5), keras.layers.MaxPooling1D(1, 2)
    ),
    "gru": lambda: chain(keras.layers.GRU(5, return_sequences=True)),
    "simple-rnn": lambda: chain(keras.layers.SimpleRNN(5, return_sequences=True)),
    "cells": lambda: chain(
        keras.layers.RNN(
            [keras.layers.LSTMCell(4), keras.layers.GRUCell(3)], return_sequences=True
        )
    ),
    "last-state": lambda: chain(
        keras.layers.GRU(5), keras.layers.Dense(4), keras.layers.Softmax()
    ),
    "last-frame": lambda: chain(
        layers.ConvolutionBlock(4, 3), layers.LastFrame(), keras.layers.Dense(4)
    ),
    "branches": branches,
    "nested": nested,
    "frequencies": with_frequencies,
}


@pytest.fixture(scope="module")
def models():
    """All models, with other statistics and biases than those they begin with."""
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(seed=0)
    made = {name: make() for name, make in MODELS.items()}
    for model in made.values():
        for weight in model.weights:
            if weight.dtype == "float32" and len(weight.shape) == 1:
                weight.assign(random.uniform(0.5, 1.5, weight.shape))
    return made


def in_pieces(stream, clips, cuts):
    """Returns all that a stream gives for clips cut at the given places."""
    state = stream.get_initial_state(len(clips))
    pieces = np.split(clips, sorted(cuts), axis=1)
    outputs = []
    for index, piece in enumerate(pieces):
        output, state = stream.step(piece, state, last=index == len(pieces) - 1)
        outputs.append(output)
    return outputs


@pytest.mark.parametrize("name", MODELS)
@given(data=st.data())
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_cutting_of_a_clip_gives_the_whole_clip(models, name, data):
    samples = data.draw(st.integers(300, 600), "samples")
    cuts = data.draw(st.lists(st.integers(0, samples), max_size=5), "cuts")
    clips = np.random.default_rng(samples).normal(scale=0.1, size=(2, samples))
    clips = clips.astype("float32")
    model = models[name]

    outputs = in_pieces(export.StreamingModel(model), clips, cuts)

    whole = model(clips)
    streamed = outputs[-1]
    if len(whole.shape) == 3:
        streamed = keras.ops.concatenate(outputs, axis=1)
    assert streamed.shape == whole.shape
    np.testing.assert_allclose(streamed, whole, atol=1e-5)


def test_last_state_is_the_answer_until_then(models):
    model = models["last-state"]
    clip = np.random.default_rng(1).normal(scale=0.1, size=(1, 400)).astype("float32")

    early, _ = in_pieces(export.StreamingModel(model), clip, [260])

    np.testing.assert_allclose(early, model(clip[:, :260]), atol=1e-5)


def test_two_streams_do_not_disturb_each_other(models):
    model = models["gru"]
    clips = np.random.default_rng(2).normal(scale=0.1, size=(2, 1, 400))
    stream = export.StreamingModel(model)
    states = [stream.get_initial_state(), stream.get_initial_state()]
    outputs = [[], []]

    for start in (0, 200):
        for index in range(2):
            piece = clips[index, :, start : start + 200].astype("float32")
            output, states[index] = stream.step(piece, states[index])
            outputs[index].append(output)

    for clip, streamed in zip(clips.astype("float32"), outputs, strict=True):
        joined = keras.ops.concatenate(streamed, axis=1)
        np.testing.assert_allclose(joined, model(clip), atol=1e-5)


def test_model_of_waveforms_streams_by_its_network():
    parts = {"front_end": [layers.Frame(40, 20)], "head": [keras.layers.Dense(2)]}
    model = WaveformModel(1000, encoder=[], **parts)

    assert export.StreamingModel(model).model is model.network


@pytest.mark.parametrize("name", MODELS)
def test_declared_timing_is_what_silence_shows(models, name):
    stream = export.StreamingModel(models[name])
    outputs, inputs = stream.output_ratio

    def silence(num_samples, state):
        return stream.step(np.zeros((1, num_samples), "float32"), state)

    early, _ = silence(stream.latency, stream.get_initial_state())
    first, state = silence(stream.latency + 1, stream.get_initial_state())
    more, after = silence(3 * inputs, state)

    assert [np.shape(x) for x in keras.tree.flatten(after)] == [
        np.shape(x) for x in keras.tree.flatten(state)
    ]
    if not stream.ends_time:
        assert early.shape[1] == 0 < first.shape[1]
        assert more.shape[1] == 3 * outputs


def test_timing_is_that_of_the_layers_together():
    stream = export.StreamingModel(
        chain(layers.Delta(window=2), keras.layers.Conv1D(4, 3, 2))
    )

    # Frames of 40 samples, 20 apart; 2 frames ahead; 2 frames after the first of 3.
    assert stream.output_ratio == (1, 40)
    assert stream.latency == 39 + 2 * 20 + 2 * 20
    # A sample before for the pre-emphasis, and 2 frames before for the derivative.
    assert stream.receptive_field == 1 + 2 * 20 + 1 + stream.latency


@pytest.mark.parametrize("last", [[], [keras.layers.Conv1D(1, 3, padding="causal")]])
def test_an_impulse_moves_no_more_than_the_declared_field(last):
    model = keras.Sequential(
        [
            keras.Input((None, 1)),
            keras.layers.Conv1D(1, 2, 2, kernel_initializer="ones"),
            keras.layers.UpSampling1D(4),
            *last,
        ]
    )
    stream = export.StreamingModel(model)
    outputs, inputs = stream.output_ratio
    impulses = np.eye(24, dtype="float32")[:, :, None]

    moved = np.argwhere(np.asarray(model(impulses))[..., 0])

    back = [step * inputs // outputs - place for place, step in moved]
    assert max(back) == stream.receptive_field - 1 - stream.latency
    assert max(-one for one in back) == stream.latency


def test_an_answer_sees_no_more_than_the_declared_field():
    model = keras.Sequential(
        [
            keras.Input((None,)),
            layers.Frame(4, 3),
            keras.layers.Dense(1, kernel_initializer="ones"),
            layers.LastFrame(),
            keras.layers.Rescaling(2.0),
        ]
    )
    stream = export.StreamingModel(model)
    impulses = np.eye(16, dtype="float32")

    # The answer after each sample, itself included, is that of the clip until then.
    moved = [
        (place, end - 1)
        for end in range(4, 17)
        for place in np.flatnonzero(np.asarray(model(impulses[:, :end])))
    ]

    back = max(own - place for place, own in moved)
    assert back == stream.receptive_field - 1 - stream.latency == 5


def test_frames_that_come_early_wait_for_none():
    layers_of_keras = [keras.layers.ZeroPadding1D((5, 0)), keras.layers.Conv1D(2, 3)]
    stream = export.StreamingModel(
        keras.Sequential([keras.Input((None, 2)), *layers_of_keras])
    )

    # Frame `t` sees the steps from `t - 5` to `t - 3`, none of them its own.
    assert (stream.latency, stream.receptive_field) == (0, 6)


def test_augmentation_of_a_user_passes_a_stream_on():
    class Quiet(layers.AugmentationLayer):
        def draw_parameters(self, values, *, mask):
            return {}

        def transform(self, values, draws, *, mask):
            return 0 * values, mask

    stream = export.StreamingModel(keras.Sequential([keras.Input((None,)), Quiet()]))
    clip = np.ones((1, 5), "float32")

    outputs, _ = stream.step(clip, stream.get_initial_state())

    np.testing.assert_array_equal(outputs, clip)


def test_a_recurrence_sees_the_whole_past(models):
    assert export.StreamingModel(models["gru"]).receptive_field is None


def test_refuses_branches_whose_frames_drift_apart():
    frames = keras.Input((None, 4))
    slow = layers.StackFrames(1, 2)(frames)
    model = keras.Model(frames, keras.layers.Add()([frames, slow]))

    with pytest.raises(ValueError, match=r"\(Add\); use inputs with as many frames"):
        export.StreamingModel(model)


@pytest.mark.parametrize(
    ("layer", "advice"),
    [
        pytest.param(
            keras.layers.Bidirectional(keras.layers.GRU(2), name="both_ways"),
            r"'both_ways' \(Bidirectional\); use a forward recurrence",
            id="bidirectional",
        ),
        pytest.param(
            keras.layers.GRU(2, go_backwards=True, name="back"),
            r"'back' \(GRU\); use go_backwards=False",
            id="backwards",
        ),
        pytest.param(
            keras.layers.GRU(2, stateful=True, name="own"),
            r"'own' \(GRU\); use stateful=False",
            id="stateful",
        ),
        pytest.param(
            keras.layers.Conv1D(2, 3, padding="same", name="centred"),
            r"'centred' \(Conv1D\); use padding='causal'",
            id="centred-convolution",
        ),
        pytest.param(
            keras.layers.MaxPooling1D(2, padding="same", name="pool"),
            r"'pool' \(MaxPooling1D\); use padding='valid'",
            id="centred-pooling",
        ),
        pytest.param(
            keras.layers.GlobalAveragePooling1D(name="mean"),
            r"'mean' \(GlobalAveragePooling1D\); use a recurrence",
            id="global-pooling",
        ),
        pytest.param(
            layers.StatisticsPooling(name="statistics"),
            r"'statistics' \(StatisticsPooling\); use `LastFrame`",
            id="statistics",
        ),
        pytest.param(
            layers.MeanVarianceNormalization(name="norm"),
            r"'norm' \(MeanVarianceNormalization\); use `GlobalMean",
            id="mean-of-the-clip",
        ),
        pytest.param(
            keras.layers.Softmax(axis=1, name="over_time"),
            r"'over_time' \(Softmax\); use axis=-1",
            id="over-time",
        ),
        pytest.param(
            keras.layers.Flatten(name="flat"),
            r"'flat' \(Flatten\); use `TimeDistributed\(Flatten\(\)\)` .*`LastFrame`",
            id="flatten",
        ),
        pytest.param(
            keras.layers.Lambda(lambda x: 2 * x, name="twice"),
            r"'twice' \(Lambda\); use `keras.layers.Activation` .*`layers.Strea",
            id="lambda",
        ),
        pytest.param(
            keras.layers.Masking(name="mask"), r"'mask' \(Masking\); use no", id="mask"
        ),
        pytest.param(
            keras.layers.PReLU(name="slopes"), "use shared_axes=.1.", id="slopes"
        ),
        pytest.param(
            keras.layers.GroupNormalization(2), "use `LayerNormalization`", id="groups"
        ),
        pytest.param(
            keras.layers.Cropping1D((0, 2)), "use padding='causal'", id="cropping"
        ),
        pytest.param(
            keras.layers.DepthwiseConv1D(3, padding="same", dilation_rate=2),
            r"use `ZeroPadding1D\(\(4, 0\)\)` before it, and padding='valid'",
            id="centred-depthwise",
        ),
        pytest.param(
            keras.layers.SeparableConv1D(3, 4, padding="same"),
            r"use `ZeroPadding1D\(\(3, 0\)\)` before it, and padding='valid'",
            id="centred-separable",
        ),
        pytest.param(
            [keras.layers.Reshape((-1, 4, 1)), keras.layers.Conv2D(2, 3, 1, "same")],
            r"use `ZeroPadding2D\(\(\(2, 0\), …\)\)` before it, and padding='valid'",
            id="centred-image",
        ),
        pytest.param(
            [keras.layers.Reshape((-1, 4, 1)), keras.layers.ConvLSTM1D(2, 3)],
            r"\(ConvLSTM1D\); use `Conv1D` and `Flatten` in `TimeDistributed`, and an",
            id="convolutional-recurrence",
        ),
        pytest.param(
            [keras.layers.Reshape((-1, 4, 1)), keras.layers.GlobalMaxPooling2D()],
            r"\(GlobalMaxPooling2D\); use a recurrence",
            id="global-image",
        ),
    ],
)
def test_refuses_a_layer_that_needs_the_whole_clip_by_name(layer, advice):
    stages = layer if isinstance(layer, list) else [layer]
    model = keras.Sequential([keras.Input((20, 4), batch_size=1), *stages])

    with pytest.raises(ValueError, match="`model` must be made of layers.*" + advice):
        export.StreamingModel(model)


PLACES = np.arange(20, dtype="float32")[:, None] + np.ones((1, 4), "float32")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda x: keras.ops.add(x, PLACES[None]), id="constant"),
        pytest.param(lambda x: keras.ops.subtract(PLACES, x), id="without-batch"),
        pytest.param(lambda x: keras.ops.multiply(x, x2=PLACES), id="by-name"),
        pytest.param(lambda x: keras.ops.clip(x, 0.0, PLACES), id="bounds"),
        pytest.param(keras.layers.Rescaling(PLACES), id="rescaling"),
        pytest.param(keras.layers.Rescaling(1.0, PLACES[None]), id="offset"),
        pytest.param(keras.layers.Normalization(axis=-2), id="normalization"),
        pytest.param(keras.layers.Normalization(axis=(1, 2)), id="both-axes"),
        pytest.param(keras.layers.BatchNormalization(axis=-2), id="batch-norm"),
        pytest.param(keras.layers.LayerNormalization(axis=-2), id="layer-norm"),
        pytest.param(keras.layers.LayerNormalization(axis=[-2, -1]), id="both"),
        pytest.param(keras.layers.UnitNormalization(axis=-2), id="unit-norm"),
        pytest.param(keras.layers.Softmax(axis=-2), id="softmax"),
        pytest.param(keras.layers.Softmax(axis=(-2, -1)), id="softmax-of-both"),
        pytest.param(lambda x: keras.layers.Add()([x, PLACES[None]]), id="added"),
        pytest.param(lambda x: keras.layers.Concatenate(axis=-2)([x, x]), id="joined"),
        pytest.param(lambda x: keras.layers.Concatenate(axis=1)([x, x]), id="joined-1"),
        pytest.param(lambda x: keras.ops.concatenate([x, x], axis=-2), id="joined-op"),
        pytest.param(lambda x: keras.layers.Dot(axes=1)([x, x]), id="dot"),
        pytest.param(lambda x: keras.layers.Dot(axes=-1)([x, x]), id="dot-of-features"),
        pytest.param(lambda x: keras.ops.softmax(x, axis=1), id="softmax-op"),
        pytest.param(keras.layers.Reshape((10, 8)), id="reshape"),
        pytest.param(keras.layers.Reshape((-1, 8)), id="pairs"),
        pytest.param(keras.layers.Permute((2, 1)), id="permute"),
        pytest.param(
            keras.layers.Conv1D(2, 1, data_format="channels_first"), id="channels-first"
        ),
    ],
)
def test_refuses_what_depends_on_the_place_in_time(make):
    frames = keras.Input((20, 4))
    model = keras.Model(frames, make(frames))

    with pytest.raises(ValueError, match="`model` must be made of layers that can str"):
        export.StreamingModel(model)


@pytest.mark.parametrize(
    "layer",
    [
        keras.layers.Dense(3),
        keras.layers.Activation("softmax"),
        keras.layers.Softmax(),
        keras.layers.Rescaling(PLACES[:, 0]),
    ],
    ids=["dense", "activation", "softmax", "rescaling"],
)
def test_refuses_to_take_samples_for_features(layer):
    with pytest.raises(ValueError, match="`model` must be made of layers that can str"):
        export.StreamingModel(keras.Sequential([keras.Input((20,)), layer]))


def test_refuses_to_join_samples_and_features():
    frames = keras.Input((4, 4))
    samples = keras.layers.Reshape((-1,))(frames[:, :, :1])

    with pytest.raises(ValueError, match="`model` must be made of layers that can str"):
        export.StreamingModel(keras.Model(frames, frames + samples))


def test_streams_constants_of_features_and_levels_of_samples(random):
    level = PLACES[0, :1]
    samples = keras.Input((None,))
    frames = layers.Frame(4, 2)(keras.ops.clip(samples * 2.0, -1.0, level))
    outputs = keras.layers.Rescaling(PLACES[:1])(frames) + PLACES[3:4][None]
    normalize = keras.layers.Normalization(mean=[1.0] * 4, variance=[2.0] * 4)
    model = keras.Model(samples, normalize(outputs))
    clip = random.normal(size=(1, 20)).astype("float32")

    pieces = in_pieces(export.StreamingModel(model), clip, [3, 8])

    joined = np.concatenate(pieces, axis=1)
    np.testing.assert_allclose(joined, model(clip), rtol=1e-6)


def test_refuses_what_a_layer_says_of_itself():
    layer = layers.LogMelSpectrogram(16000, dynamic_range_db=80.0, name="mel")

    with pytest.raises(ValueError, match=r"'mel' says: `dynamic_range_db`"):
        export.StreamingModel(keras.Sequential([keras.Input((None,)), layer]))


def test_refuses_to_join_frames_in_time():
    frames = keras.Input((None, 4))
    model = keras.Model(frames, keras.layers.Concatenate(axis=1)([frames, frames]))

    with pytest.raises(ValueError, match=r"\(Concatenate\); use another axis"):
        export.StreamingModel(model)


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(keras.Sequential([keras.layers.Dense(2)]), id="not-built"),
        pytest.param(
            keras.Model(
                [a := keras.Input((None, 2)), b := keras.Input((None, 2))], a + b
            ),
            id="two-inputs",
        ),
        pytest.param(keras.Model(a, [a * 2.0, a + 1.0]), id="two-outputs"),
    ],
)
def test_refuses_models_of_another_kind(model):
    with pytest.raises(ValueError, match="`model` must be a Sequential or functional"):
        export.StreamingModel(model)
