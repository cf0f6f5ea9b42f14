"""A padded clip equals the clip alone, whatever layers a model has; else an error."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from speechkit import layers, losses, models, text
from speechkit.ops.time.masks import get_mask

KERAS = keras.layers
# Frames of 8 samples: 24, 19 and 14, so that strides end at each place.
SAMPLES = 192
LENGTHS = np.array([192, 152, 112], dtype="int32")


@keras.saving.register_keras_serializable(package="tests")
class Doubled(keras.layers.Layer):
    """A user's layer of plain operations; it says nothing about masks."""

    def call(self, inputs):
        return keras.ops.relu(2.0 * inputs)


class TwoConvolutions(keras.layers.Layer):
    """A user's layer whose second convolution sees what the first puts behind a clip.

    It says that it supports masks, as is often done against Keras's warning.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.convolutions = [
            KERAS.Conv1D(4, 3, padding="same", bias_initializer="ones")
            for _ in range(2)
        ]

    def build(self, input_shape):
        self.convolutions[0].build(input_shape)
        self.convolutions[1].build((*input_shape[:2], 4))

    def call(self, inputs):
        return self.convolutions[1](self.convolutions[0](inputs))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:2], 4)


class EverySecond(keras.layers.Layer):
    """A user's layer that leaves every second frame, with or without saying so."""

    def __init__(self, *, has_mask, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = has_mask

    def call(self, inputs):
        return inputs[:, ::2]

    def compute_mask(self, inputs, previous_mask):
        return None if previous_mask is None else previous_mask[:, ::2]


class MaskedSum(keras.layers.Layer):
    """A user's pooling: it takes the mask, and ends the time axis."""

    def call(self, inputs, mask=None):
        if mask is not None:
            inputs = inputs * keras.ops.cast(mask, "float32")[..., None]
        return keras.ops.sum(inputs, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])


def functional(function):
    source = keras.Input((None, 8))
    return keras.Model(source, function(source))


def with_channels(*inner):
    return [KERAS.Reshape((-1, 8, 1)), *inner]


def sliding():
    """Returns convolutions and pooling of each padding, stride and dilation."""
    found = {}
    for padding in ("valid", "same", "causal"):
        for size, stride in ((3, 1), (8, 2), (2, 3)):
            name = f"conv-{padding}-{size}-{stride}"
            arguments = {"strides": stride, "padding": padding}
            found[name] = lambda size=size, a=arguments: [KERAS.Conv1D(4, size, **a)]
            if padding == "causal":
                continue
            for kind in (KERAS.MaxPooling1D, KERAS.AveragePooling1D):
                name = f"{kind.__name__}-{padding}-{size}-{stride}"
                found[name] = lambda kind=kind, size=size, a=arguments: [
                    kind(size, **a)
                ]
        name, dilated = f"conv-{padding}-dilated", {"padding": padding}
        found[name] = lambda a=dilated: [KERAS.Conv1D(4, 3, dilation_rate=3, **a)]
    return found


KEPT = {
    "gru": lambda: [KERAS.GRU(4, return_sequences=True)],
    "gru-last": lambda: [KERAS.GRU(4)],
    "rnn-of-cells": lambda: [
        KERAS.RNN([KERAS.GRUCell(4), KERAS.LSTMCell(3)], return_sequences=True)
    ],
    "go-backwards": lambda: [KERAS.GRU(4, go_backwards=True)],
    "bidirectional": lambda: [
        KERAS.Bidirectional(KERAS.LSTM(4, return_sequences=True)),
        KERAS.Bidirectional(KERAS.GRU(4, return_sequences=True), merge_mode="sum"),
    ],
    "bidirectional-last": lambda: [KERAS.Bidirectional(KERAS.GRU(4))],
    "time-distributed": lambda: [
        KERAS.TimeDistributed(KERAS.Dense(4)),
        KERAS.Bidirectional(KERAS.GRU(4, return_sequences=True)),
    ],
    **sliding(),
    "convolutions": lambda: [
        KERAS.Conv1D(8, 5, strides=2, padding="same", bias_initializer="ones"),
        KERAS.BatchNormalization(),
        KERAS.ReLU(),
        KERAS.MaxPooling1D(2, padding="same"),
        KERAS.Conv1D(4, 3, padding="same", bias_initializer="ones"),
        KERAS.GlobalMaxPooling1D(),
    ],
    "conv-2d": lambda: with_channels(
        KERAS.Conv2D(3, (5, 3), strides=(2, 2), padding="same"),
        KERAS.BatchNormalization(),
        KERAS.MaxPooling2D((2, 2), padding="same"),
        KERAS.DepthwiseConv2D((3, 2)),
        KERAS.Reshape((-1, 3)),
        KERAS.GRU(4, return_sequences=True),
    ),
    "conv-2d-pooled": lambda: with_channels(
        KERAS.Conv2D(3, 3, bias_initializer="ones"), KERAS.GlobalAveragePooling2D()
    ),
    "max-2d-pooled": lambda: with_channels(
        KERAS.AveragePooling2D((3, 2), padding="same"), KERAS.GlobalMaxPooling2D()
    ),
    "separable": lambda: [KERAS.SeparableConv1D(4, 3, strides=2, padding="same")],
    "separable-2d": lambda: with_channels(KERAS.SeparableConv2D(4, (4, 3))),
    "depthwise": lambda: [KERAS.DepthwiseConv1D(5, padding="same")],
    "depthwise-causal": lambda: [KERAS.Conv1D(8, 3, padding="causal", groups=8)],
    "spectral": lambda: [
        KERAS.SpectralNormalization(KERAS.Conv1D(4, 3, strides=2, padding="same"))
    ],
    "transpose": lambda: [KERAS.Conv1DTranspose(4, 5, strides=2)],
    "transpose-same": lambda: [KERAS.Conv1DTranspose(4, 5, 3, padding="same")],
    "transpose-2d": lambda: with_channels(KERAS.Conv2DTranspose(2, 3, strides=2)),
    "padding": lambda: [KERAS.ZeroPadding1D((2, 3)), KERAS.Conv1D(4, 3)],
    "padding-2d": lambda: with_channels(KERAS.ZeroPadding2D(((1, 2), (0, 1)))),
    "cropping": lambda: [KERAS.Cropping1D((2, 3))],
    "cropping-2d": lambda: with_channels(KERAS.Cropping2D(((1, 2), (3, 1)))),
    "upsampling": lambda: [KERAS.UpSampling1D(3)],
    "upsampling-2d": lambda: with_channels(KERAS.UpSampling2D((2, 3))),
    "average-pooled": lambda: [KERAS.GlobalAveragePooling1D()],
    "average-kept": lambda: [KERAS.GlobalAveragePooling1D(keepdims=True)],
    "maximum-kept": lambda: [KERAS.GlobalMaxPooling1D(keepdims=True)],
    "softmax": lambda: [KERAS.Softmax()],
    "layer-normalization": lambda: [KERAS.LayerNormalization()],
    "einsum": lambda: [KERAS.EinsumDense("btf,fg->btg", (None, 5), bias_axes="g")],
    "activations": lambda: [KERAS.LeakyReLU(), KERAS.PReLU(shared_axes=[1])],
    "noise": lambda: [KERAS.GaussianDropout(0.1), KERAS.AlphaDropout(0.1)],
    "masking": lambda: [KERAS.Masking(0.0), KERAS.GRU(4)],
    "rms": lambda: [KERAS.UnitNormalization()],
    "stack-frames": lambda: [layers.StackFrames(3), KERAS.GRU(4)],
    "ours-behind-lost": lambda: [KERAS.Conv1D(4, 4, 2), layers.StatisticsPooling()],
    "ops": lambda: [Doubled(), KERAS.Bidirectional(KERAS.GRU(4))],
    "lambda": lambda: [KERAS.Lambda(lambda x: x + 1.0), layers.LastFrame()],
    "own-mask": lambda: [EverySecond(has_mask=True), layers.LastFrame()],
    "own-pooling": lambda: [MaskedSum()],
    "sequential": lambda: [
        keras.Sequential(
            [
                KERAS.Conv1D(4, 3, strides=2, padding="same", bias_initializer="ones"),
                keras.Sequential([KERAS.Conv1D(4, 3, padding="same")]),
                KERAS.Bidirectional(KERAS.GRU(4, return_sequences=True)),
            ]
        ),
    ],
    "functional": lambda: [
        functional(
            lambda x: keras.ops.tanh(x + KERAS.GRU(8, return_sequences=True)(x)) * 2.0
        ),
        layers.LastFrame(),
    ],
}

REFUSED = {
    "masking": lambda: [KERAS.Masking(9.0)],  # finds the padding valid
    "flatten": lambda: [KERAS.Conv1D(4, 3), KERAS.Reshape((-1, 2, 2)), KERAS.Flatten()],
    "permute": lambda: [KERAS.Permute((2, 1))],
    "reshape": lambda: [KERAS.Reshape((-1, 4))],
    "reshape-joins": lambda: [KERAS.Reshape((-1, 16))],
    "lambda-mean": lambda: [KERAS.Lambda(lambda x: keras.ops.mean(x, axis=1))],
    "lambda-every-second": lambda: [KERAS.Lambda(lambda x: x[:, ::2])],
    "lambda-reversed": lambda: [KERAS.Lambda(lambda x: keras.ops.flip(x, axis=1))],
    "lambda-first-twenty": lambda: [KERAS.Lambda(lambda x: x[:, :20])],
    "go-backwards": lambda: [KERAS.GRU(4, return_sequences=True, go_backwards=True)],
    "activation": lambda: [KERAS.Activation(lambda x: keras.ops.softmax(x, axis=1))],
    "activation-of-dense": lambda: [
        KERAS.Dense(
            4, activation=lambda x: x - keras.ops.mean(x, axis=1, keepdims=True)
        )
    ],
    "gate-of-zeros": lambda: [
        functional(
            lambda x: (
                x
                + keras.ops.mean(
                    KERAS.Dense(8, kernel_initializer="zeros")(x), 1, keepdims=True
                )
            )
        )
    ],
    "every-second": lambda: [EverySecond(has_mask=False)],
    "two-convolutions": lambda: [TwoConvolutions()],
    "group-normalization": lambda: [KERAS.GroupNormalization(2)],
    "softmax-over-time": lambda: [KERAS.Softmax(axis=1)],
    "functional": lambda: [
        functional(lambda x: KERAS.GlobalMaxPooling1D()(keras.ops.tanh(x)))
    ],
    "attention": lambda: [
        functional(lambda x: KERAS.MultiHeadAttention(1, 4)(x + 1.0, x + 1.0))
    ],
    "nested": lambda: [keras.Sequential([KERAS.Dense(4), KERAS.Permute((2, 1))])],
}
if hasattr(KERAS, "AdaptiveAveragePooling1D"):  # not in the oldest Keras
    REFUSED["adaptive"] = lambda: [KERAS.AdaptiveAveragePooling1D(4)]


def model_of(encoder):
    return models.WaveformModel(
        8000,
        front_end=[layers.Frame(8, 8)],
        encoder=encoder,
        head=[KERAS.Activation("linear")],
    )


@pytest.fixture(scope="module")
def batch():
    """Three clips of noise, with NaN behind each."""
    waveforms = np.random.default_rng(seed=0).normal(size=(3, SAMPLES))
    behind = np.arange(SAMPLES) >= LENGTHS[:, None]
    waveforms = np.where(behind, np.nan, waveforms).astype("float32")
    return {"waveforms": waveforms, "lengths": LENGTHS}


def randomised(model):
    """Returns the model with biases that are not zero: padding shows them."""
    random = np.random.default_rng(seed=1)
    for weight in model.trainable_weights:
        weight.assign(random.normal(scale=0.5, size=weight.shape))
    return model


@pytest.mark.parametrize("make", KEPT.values(), ids=KEPT.keys())
def test_a_padded_clip_equals_the_clip_alone(make, batch):
    model = randomised(model_of(make()))

    together = model(batch)

    mask = get_mask(together)
    for clip, length in enumerate(LENGTHS):
        alone = model(batch["waveforms"][clip : clip + 1, :length])[0]
        valid = np.asarray(together)[clip]
        if mask is not None:
            valid = valid[np.asarray(mask)[clip]]
        assert valid.shape == alone.shape
        np.testing.assert_allclose(valid, alone, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_names_the_layer_behind_which_nobody_knows_the_valid_frames(make, batch):
    encoder = make()
    model = model_of(encoder)
    model(batch["waveforms"][:1])  # without lengths it is as Keras wants it

    with pytest.raises(ValueError, match="mixes a clip with the padding") as raised:
        model(batch)

    last = (
        encoder[-1].layers[-1] if type(encoder[-1]) is keras.Sequential else encoder[-1]
    )
    assert f"{last.name!r} ({type(last).__name__})" in str(raised.value)


def test_the_loss_in_fit_is_that_of_the_clips_alone(batch):
    vocabulary = text.CharacterVocabulary("ab")
    labels = np.array([[1, 2], [2, -1], [1, 1]])
    gru = KERAS.Bidirectional(KERAS.GRU(4, return_sequences=True))
    convolution = KERAS.Conv1D(4, 3, strides=2, padding="same")
    model = models.CTCRecognizer(
        vocabulary, 8000, front_end=[layers.Frame(8, 8)], encoder=[convolution, gru]
    )
    model.compile("sgd", losses.CTCLoss(), run_eagerly=True)  # no graph for a length
    alone = [
        model.evaluate(
            batch["waveforms"][clip : clip + 1, :length], labels[[clip]], verbose=0
        )
        for clip, length in enumerate(LENGTHS)
    ]
    model.compile("sgd", losses.CTCLoss(), jit_compile=False)

    together = model.evaluate(batch, labels, verbose=0)

    assert together == pytest.approx(np.mean(alone), rel=1e-5)
    history = model.fit(batch, labels, verbose=0, shuffle=False).history
    assert history["loss"] == pytest.approx([together], rel=1e-5)


NORMALIZED = {
    "time-distributed": lambda: [KERAS.TimeDistributed(KERAS.BatchNormalization())],
    "functional": lambda: [functional(KERAS.BatchNormalization())],
}


@pytest.mark.parametrize("make", NORMALIZED.values(), ids=NORMALIZED.keys())
def test_names_the_layer_whose_batch_statistics_would_count_padding(make, batch):
    encoder = make()
    model = model_of(encoder)

    model(batch)
    encoder[0].trainable = False
    model(batch, training=True)

    encoder[0].trainable = True
    with pytest.raises(ValueError, match=f"The layer '{encoder[0].name}'"):
        model(batch, training=True)


class InTraining(keras.layers.Layer):
    """A user's layer that is another one in training."""

    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)
        self._function = function

    def call(self, inputs, training=False):
        return self._function(inputs) if training else 2.0 * inputs


def less_the_mean(x):
    return x - keras.ops.mean(x, axis=1, keepdims=True)


def test_names_the_layer_that_mixes_frames_in_training_alone(batch):
    model = model_of([InTraining(less_the_mean)])

    model(batch)

    with pytest.raises(ValueError, match="mixes a clip with the padding"):
        model(batch, training=True)


def test_a_layer_may_be_another_in_training_and_may_draw(batch):
    noisy = functional(lambda x: KERAS.GaussianNoise(1.0)(KERAS.Dropout(0.5)(x)))
    seeds = [np.asarray(seed) for seed in noisy.variables]

    model = model_of([InTraining(keras.ops.relu), noisy])

    np.testing.assert_equal([np.asarray(seed) for seed in noisy.variables], seeds)
    for training in (False, True):
        counts = np.sum(get_mask(model(batch, training=training)), axis=1)
        np.testing.assert_array_equal(counts, LENGTHS // 8)


NO_FRAMES = {
    "gru": lambda: [KERAS.GRU(4, return_sequences=True)],
    "lstm": lambda: [KERAS.LSTM(4)],
    "bidirectional": lambda: [KERAS.Bidirectional(KERAS.GRU(4))],
    "time-distributed": lambda: [KERAS.TimeDistributed(KERAS.Dense(4))],
    "conv-same": lambda: [KERAS.Conv1D(4, 5, strides=2, padding="same")],
    "conv-valid": lambda: [KERAS.Conv1D(4, 5, strides=2)],
    "conv-2d": lambda: with_channels(KERAS.Conv2D(2, 3, strides=2)),
    "pooled": lambda: [KERAS.AveragePooling1D(3), KERAS.GlobalMaxPooling1D()],
    "cropping": lambda: [KERAS.Cropping1D((2, 3))],
    "batch-normalization": lambda: [KERAS.BatchNormalization(), KERAS.Dense(4)],
    "ops": lambda: [Doubled(), KERAS.Dense(4)],
    "stack-frames": lambda: [layers.StackFrames(3), KERAS.GRU(4)],
}


@pytest.mark.parametrize("make", NO_FRAMES.values(), ids=NO_FRAMES.keys())
def test_clips_without_a_frame_and_no_clips_pass(make):
    model = model_of(make())
    moved = [np.asarray(weight) for weight in model.non_trainable_weights]
    whole = model(np.ones((2, 192), "float32"))
    nothing = np.zeros(2, "int32")

    for samples in (0, 7):
        waveforms = np.ones((2, samples), "float32")
        for inputs in (waveforms, {"waveforms": waveforms, "lengths": nothing}):
            outputs = model(inputs, training=True)
            assert np.isfinite(np.asarray(outputs)).all()
            mask = get_mask(outputs)
            assert mask is None or not np.any(mask)
    none = np.ones((0, 192), "float32")
    for inputs in (none, {"waveforms": none, "lengths": nothing[:0]}):
        assert model(inputs, training=True).shape == (0, *whole.shape[1:])
    kept = [np.asarray(weight) for weight in model.non_trainable_weights]
    np.testing.assert_equal(kept, moved)


def test_a_graph_for_clips_of_any_length_takes_some_without_a_frame():
    model = model_of([KERAS.Conv1D(4, 5), KERAS.LSTM(4)])
    graph = tf.function(
        lambda waveforms, lengths: model({"waveforms": waveforms, "lengths": lengths}),
        [tf.TensorSpec((None, None)), tf.TensorSpec((None,), "int32")],
    )

    for samples in (0, 7, 30):
        outputs = graph(np.ones((2, samples), "float32"), [0, samples])
        np.testing.assert_array_equal(outputs, np.zeros((2, 4)))


def test_a_step_of_no_clips_trains_nothing():
    model = model_of([KERAS.Conv1D(4, 5), KERAS.BatchNormalization(), KERAS.LSTM(4)])
    model.compile("sgd", "mse", jit_compile=False)
    before = [np.asarray(weight) for weight in model.weights]
    inputs = {"waveforms": np.ones((0, 192)), "lengths": np.zeros(0, "int32")}

    loss = model.train_on_batch(inputs, np.zeros((0, 4)))

    assert loss == 0
    np.testing.assert_equal([np.asarray(weight) for weight in model.weights], before)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_recurrences_of_keras_draw_their_weights_in_half_precision(
    batch, dtype, tmp_path
):
    inner = KERAS.GRU(4, return_sequences=True, dtype=dtype)
    model = model_of([KERAS.Bidirectional(inner, dtype=dtype), KERAS.Dense(2)])

    outputs = model(batch)

    assert np.isfinite(np.asarray(keras.ops.cast(outputs, "float32"))).all()
    kernel = model.encoder[0].forward_layer.cell.recurrent_kernel
    rows = np.asarray(keras.ops.cast(kernel, "float32"))
    np.testing.assert_allclose(rows @ rows.T, np.eye(4), atol=0.03)  # of 8 bits
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(revived(batch), outputs)


RECURRENT_IN_EACH_FRAME = {
    "gru": lambda: KERAS.GRU(4),
    "bidirectional": lambda: KERAS.Bidirectional(KERAS.GRU(4)),
    "ours": lambda: layers.BatchNormGRU(4, normalization=None),
    "last-frame": lambda: layers.LastFrame(),
}


@pytest.mark.parametrize(
    "make", RECURRENT_IN_EACH_FRAME.values(), ids=RECURRENT_IN_EACH_FRAME.keys()
)
def test_a_layer_within_each_frame_takes_no_mask_of_the_frames(make, batch):
    model = model_of([KERAS.Reshape((-1, 4, 2)), KERAS.TimeDistributed(make())])

    together = model(batch)

    for clip, length in enumerate(LENGTHS):
        alone = model(batch["waveforms"][clip : clip + 1, :length])[0]
        np.testing.assert_allclose(together[clip, : length // 8], alone, atol=1e-5)


EACH_FRAME = {
    "dense": lambda: [KERAS.TimeDistributed(KERAS.Dense(3)), KERAS.GRU(2)],
    "flatten": lambda: with_channels(KERAS.TimeDistributed(KERAS.Flatten())),
    "convolution": lambda: [
        KERAS.Reshape((-1, 4, 2)),
        KERAS.TimeDistributed(KERAS.Conv1D(3, 2)),
    ],
    "functional": lambda: [
        functional(lambda x: KERAS.TimeDistributed(KERAS.Dense(3))(keras.ops.tanh(x)))
    ],
    "nested": lambda: [keras.Sequential([KERAS.TimeDistributed(KERAS.Dense(3))])],
}


@pytest.mark.parametrize("make", EACH_FRAME.values(), ids=EACH_FRAME.keys())
def test_a_graph_for_clips_of_any_length_has_all_frames(make, batch):
    model = model_of(make())
    graph = tf.function(model, [tf.TensorSpec((None, None))], autograph=False)
    padded = {"waveforms": tf.TensorSpec((None, None))}
    padded["lengths"] = tf.TensorSpec((None,), "int32")
    graph_of_padded = tf.function(
        lambda inputs: [model(inputs)], [padded], autograph=False
    )

    expected = model(batch["waveforms"][:1])  # of known length
    (together,) = graph_of_padded(batch)

    np.testing.assert_allclose(graph(batch["waveforms"][:1]), expected, atol=1e-5)
    np.testing.assert_allclose(together[:1], expected, atol=1e-5)


def test_evaluating_clips_of_several_lengths_gives_the_loss_of_each(batch):
    model = models.CTCRecognizer(
        text.CharacterVocabulary("ab"),
        8000,
        front_end=[layers.Frame(8, 8)],
        encoder=[KERAS.TimeDistributed(KERAS.Dense(4, "tanh"))],
    )
    model.compile("sgd", losses.CTCLoss(), jit_compile=False)
    labels = np.array([[1, 2, 1]])
    for clip, length in enumerate(LENGTHS):
        waveforms = batch["waveforms"][clip : clip + 1, :length]
        loss = model.evaluate(waveforms, labels, verbose=0)

        expected = losses.ctc_loss(labels, model(waveforms))
        assert loss == pytest.approx(float(expected[0]), rel=1e-5)


@pytest.mark.parametrize(
    "make",
    [
        lambda: KERAS.Bidirectional(
            KERAS.GRU(3, return_sequences=True), merge_mode=None
        ),
        lambda: KERAS.GRU(3, return_sequences=True, return_state=True),
    ],
    ids=["merge-mode", "return-state"],
)
def test_names_the_layer_with_several_outputs(make, batch):
    layer = make()
    model = model_of([layer])
    model(batch["waveforms"][:1])  # without lengths it is as Keras wants it

    with pytest.raises(ValueError, match=f"The layer {layer.name!r} .* several out"):
        model(batch)
