"""Tests of the keyword spotters: sizes, answers, training and export."""

import re

import keras
import numpy as np
import pytest

from speechkit import export, layers, losses, models, text

LENGTHS = np.array([6000, 4100, 2600])
# Weights of the published settings, for 12 labels:
# https://github.com/google-research/google-research/tree/master/kws_streaming
PUBLISHED = {
    models.dnn: 447_308,
    models.cnn: 606_732,
    models.crnn: 467_772,
    models.gru: 593_836,
    models.lstm: 545_912,
    models.svdf: 354_444,
    models.ds_cnn: 485_712,
    models.tc_resnet: 365_274,
    models.mhatt_rnn: 743_025,
}
ZOO = [*PUBLISHED, models.audionet]
each = pytest.mark.parametrize("make", ZOO, ids=lambda make: make.__name__)


def labels_of(make):
    return [str(label) for label in range(24 if make is models.audionet else 12)]


def count_trained(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


@pytest.fixture
def batch(random):
    """Three clips of noise at 8 kHz, with NaN behind each."""
    noise = random.normal(scale=0.1, size=(3, 6000)).astype("float32")
    behind = np.arange(6000) >= LENGTHS[:, None]
    return {"waveforms": np.where(behind, np.nan, noise), "lengths": LENGTHS}


@pytest.mark.parametrize(("make", "published"), PUBLISHED.items())
def test_number_of_weights_is_near_the_published_one(make, published):
    model = make(labels_of(make))

    # Batch normalisation adds some; the LSTM does without its projection.
    tolerance = 0.04 if make is models.lstm else 0.01
    assert count_trained(model) == pytest.approx(published, rel=tolerance)


@each
def test_docstring_tells_weights_and_products(make):
    model = make(labels_of(make))

    weights, products = re.search(
        r"([\d ]+) weights and ([\d.]+) million\s+multiply–adds", make.__doc__
    ).groups()

    assert int(weights.replace(" ", "")) == count_trained(model)
    count = models.count_multiply_adds(model)
    assert float(products) == pytest.approx(count / 1e6, abs=0.05)


@each
def test_clips_of_a_batch_are_answered_as_one_by_one(make, batch):
    model = make(["on", "off"], sampling_rate=8000)

    together = np.asarray(model(batch))

    for clip, length in enumerate(LENGTHS):
        alone = model(batch["waveforms"][clip : clip + 1, :length])
        np.testing.assert_allclose(together[clip], alone[0], atol=1e-5)


@each
def test_exported_file_answers_as_the_model(make, batch, tmp_path):
    model = make(["on", "off"], sampling_rate=8000)
    path = export.to_tflite(model, tmp_path / "model.tflite")
    clips = [row[:n] for row, n in zip(batch["waveforms"], LENGTHS, strict=True)]

    parity = export.measure_parity(model, export.TFLiteRunner(path), clips[:2])

    assert parity.largest_difference < 1e-5


@each
def test_training_lowers_the_loss(make, batch):
    model = make(["on", "off"], sampling_rate=8000, dropout=0.0)
    optimizer = keras.optimizers.Adam(0.002)
    model.compile(optimizer, "sparse_categorical_crossentropy", run_eagerly=True)
    labels = np.array([0, 1, 0])

    losses_of_steps = [float(model.train_on_batch(batch, labels)) for _ in range(4)]

    assert losses_of_steps[-1] < losses_of_steps[0]
    assert all(np.isfinite(np.asarray(w)).all() for w in model.weights)


@pytest.mark.parametrize("make", [models.crnn, models.tc_resnet])
def test_encoder_learns_sequences_with_ctc(make, batch):
    spotter = make(["on", "off"], sampling_rate=8000)
    model = models.CTCRecognizer(
        text.CharacterVocabulary("ab"),
        sampling_rate=8000,
        front_end=spotter.front_end,
        encoder=spotter.encoder,
    )
    optimizer = keras.optimizers.Adam(0.002)
    model.compile(optimizer, losses.CTCLoss(), run_eagerly=True)
    labels = np.array([[1, 2], [2, 1], [1, -1]])

    losses_of_steps = [float(model.train_on_batch(batch, labels)) for _ in range(4)]

    assert losses_of_steps[-1] < losses_of_steps[0]


def test_arguments_replace_those_of_the_recipe():
    front_end = [layers.LogMelSpectrogram(16000, num_mel_bins=40)]

    model = models.tc_resnet(
        ["on", "off"], front_end=front_end, dropout=0.5, threshold=0.7, name="mine"
    )

    assert model.front_end == tuple(front_end)
    assert (model.dropout, model.threshold, model.name) == (0.5, 0.7, "mine")


@pytest.mark.parametrize("make", [models.gru, models.svdf])
def test_causal_encoders_never_look_ahead(make, random):
    encoder = keras.Sequential(make(["on", "off"]).encoder)
    coefficients = 30 if make is models.svdf else 20
    features = random.normal(size=(1, 30, coefficients)).astype("float32")
    changed = features.copy()
    changed[:, 20:] += 1

    before, after = np.asarray(encoder(features)), np.asarray(encoder(changed))

    np.testing.assert_allclose(after[:, :20], before[:, :20], atol=1e-6)
    assert (after[:, 20] != before[:, 20]).any()


@pytest.mark.parametrize("make", [models.cnn, models.svdf])
def test_causal_encoders_take_a_clip_in_pieces(make, random):
    encoder = make(["on", "off"], sampling_rate=8000).encoder
    coefficients = 30 if make is models.svdf else 20
    features = random.normal(size=(1, 60, coefficients)).astype("float32")
    states = [getattr(x, "get_initial_state", tuple)() for x in encoder]
    outputs = []

    for piece in np.split(features, [7, 8, 31], axis=1):
        for index, layer in enumerate(encoder):
            if isinstance(layer, keras.layers.Dense):
                piece = layer(piece)
            else:
                piece, states[index] = layer.step(piece, states[index])
        outputs.append(piece)

    whole = keras.Sequential(encoder)(features)
    np.testing.assert_allclose(np.concatenate(outputs, axis=1), whole, atol=1e-5)


def test_rejects_sampling_rates_that_are_none():
    with pytest.raises(ValueError, match="`sampling_rate` must be an integer of 1 or"):
        models.dnn(["on", "off"], sampling_rate=0)
