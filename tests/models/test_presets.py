"""Tests of the keyword spotters by name: sizes, answers, training and export."""

import re

import keras
import numpy as np
import pytest

from speechkit import export, layers, losses, models, text

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

LENGTHS = np.array([6000, 4100, 2600])
# Weights of the published settings, for 12 labels:
# https://github.com/google-research/google-research/tree/master/kws_streaming
PUBLISHED = {
    "dnn": 447_308,
    "cnn": 606_732,
    "crnn": 467_772,
    "gru": 593_836,
    "lstm": 545_912,
    "svdf": 354_444,
    "ds_cnn": 485_712,
    "tc_resnet": 365_274,
    "mhatt_rnn": 743_025,
}
# Millions of operations, two for each multiply-add: table 5 of Zhang et al., 2017.
OPERATIONS = {"ds_cnn_small": 5.4, "ds_cnn_medium": 19.8, "ds_cnn_large": 56.9}
# Thousands of weights and millions of operations by preset and width: table 1 of Choi
# et al., 2019.
WIDTHS = {
    ("tc_resnet8", 1.0): (66, 3.0),
    ("tc_resnet8", 1.5): (145, 6.6),
    ("tc_resnet14", 1.0): (137, 6.1),
    ("tc_resnet14", 1.5): (305, 13.4),
}
PRESETS = [*PUBLISHED, *OPERATIONS, "tc_resnet8", "tc_resnet14", "audionet"]
# One of each architecture.
KINDS = [
    "dnn",
    "cnn",
    "crnn",
    "gru",
    "lstm",
    "svdf",
    "ds_cnn_small",
    "tc_resnet8",
    "mhatt_rnn",
    "audionet",
]
each = pytest.mark.parametrize("preset", KINDS)


def make(preset, labels=("on", "off"), sampling_rate=8000, **options):
    return models.CommandRecognizer.from_preset(
        preset, labels, sampling_rate=sampling_rate, **options
    )


def full_size(preset, **options):
    """Returns a network for 16 kHz with the labels of its paper."""
    labels = [str(label) for label in range(24 if preset == "audionet" else 12)]
    return make(preset, labels, 16000, **options)


def count_trained(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


@pytest.fixture
def batch(random):
    """Three clips of noise at 8 kHz, with NaN behind each."""
    noise = random.normal(scale=0.1, size=(3, 6000)).astype("float32")
    behind = np.arange(6000) >= LENGTHS[:, None]
    return {"waveforms": np.where(behind, np.nan, noise), "lengths": LENGTHS}


@pytest.mark.parametrize(("preset", "published"), PUBLISHED.items())
def test_number_of_weights_is_near_the_published_one(preset, published):
    model = full_size(preset)

    # Batch normalisation adds some; the LSTM does without its projection.
    tolerance = 0.04 if preset == "lstm" else 0.01
    assert count_trained(model) == pytest.approx(published, rel=tolerance)


@pytest.mark.parametrize(("preset", "published"), OPERATIONS.items())
def test_sizes_of_ds_cnn_cost_what_their_paper_says(preset, published):
    count = models.count_multiply_adds(full_size(preset))

    # The paper counts biases and activations, too.
    assert 2 * count / 1e6 == pytest.approx(published, rel=0.02)


@pytest.mark.parametrize(("size", "published"), WIDTHS.items())
def test_widths_of_tc_resnet_are_those_of_its_paper(size, published):
    preset, width = size
    thousands, operations = published

    model = full_size(preset, width=width)

    assert model.count_params() / 1000 == pytest.approx(thousands, abs=0.5)
    count = models.count_multiply_adds(model)
    assert 2 * count / 1e6 == pytest.approx(operations, abs=0.06)


@pytest.mark.parametrize("preset", PRESETS)
def test_documentation_tells_weights_and_products(preset):
    model = full_size(preset)

    row = re.search(
        rf"^ *{preset} +([\d ]+\d) +(\d+\.\d) ",
        models.CommandRecognizer.from_preset.__doc__,
        re.MULTILINE,
    )

    weights, products = row.groups()
    assert int(weights.replace(" ", "")) == count_trained(model)
    count = models.count_multiply_adds(model)
    assert float(products) == pytest.approx(count / 1e6, abs=0.05)


@each
def test_clips_of_a_batch_are_answered_as_one_by_one(preset, batch):
    model = make(preset)

    together = np.asarray(model(batch))

    for clip, length in enumerate(LENGTHS):
        alone = model(batch["waveforms"][clip : clip + 1, :length])
        np.testing.assert_allclose(together[clip], alone[0], atol=1e-5)


@each
def test_exported_file_answers_as_the_model(preset, batch, tmp_path):
    model = make(preset)
    path = export.to_tflite(model, tmp_path / "model.tflite", num_samples="any")
    clips = [row[:n] for row, n in zip(batch["waveforms"], LENGTHS, strict=True)]

    parity = export.measure_parity(
        model, export.TFLiteRunner(path), waveforms=clips[:2]
    )

    assert parity.largest_difference < 1e-5


@each
def test_training_lowers_the_loss(preset, batch):
    model = make(preset, dropout=0.0)
    optimizer = keras.optimizers.Adam(0.002)
    model.compile(optimizer, "sparse_categorical_crossentropy", run_eagerly=True)
    labels = np.array([0, 1, 0])

    losses_of_steps = [float(model.train_on_batch(batch, labels)) for _ in range(3)]

    assert losses_of_steps[-1] < losses_of_steps[0]
    assert all(np.isfinite(np.asarray(w)).all() for w in model.weights)


@pytest.mark.parametrize("preset", ["crnn", "tc_resnet8"])
def test_encoder_learns_sequences_with_ctc(preset, batch):
    spotter = make(preset)
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
    front_end = [layers.LogMelSpectrogram(sampling_rate=8000, num_mel_bins=40)]

    model = make(
        "tc_resnet8", front_end=front_end, dropout=0.5, threshold=0.7, name="mine"
    )

    assert model.front_end == tuple(front_end)
    assert (model.dropout, model.threshold, model.name) == (0.5, 0.7, "mine")


@pytest.mark.parametrize(("preset", "coefficients"), [("gru", 20), ("svdf", 30)])
def test_causal_encoders_never_look_ahead(preset, coefficients, random):
    encoder = keras.Sequential(make(preset).encoder)
    features = random.normal(size=(1, 30, coefficients)).astype("float32")
    changed = features.copy()
    changed[:, 20:] += 1

    before, after = np.asarray(encoder(features)), np.asarray(encoder(changed))

    np.testing.assert_allclose(after[:, :20], before[:, :20], atol=1e-6)
    assert (after[:, 20] != before[:, 20]).any()


@pytest.mark.parametrize(("preset", "coefficients"), [("cnn", 20), ("svdf", 30)])
def test_causal_encoders_take_a_clip_in_pieces(preset, coefficients, random):
    encoder = make(preset).encoder
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


def test_a_saved_network_is_a_command_recognizer(batch, tmp_path):
    model = make("tc_resnet8", width=0.5, threshold=0.7)
    model.save(tmp_path / "model.keras")

    revived = keras.saving.load_model(tmp_path / "model.keras")

    assert type(revived) is models.CommandRecognizer
    assert (revived.name, revived.threshold) == ("tc_resnet8", 0.7)
    np.testing.assert_array_equal(revived(batch), model(batch))


@pytest.mark.parametrize("preset", ["tc_resnet8", "ds_cnn_small", "mhatt_rnn"])
def test_dtype_is_that_of_the_layers_behind_the_front_end(preset, batch, tmp_path):
    options = {} if preset != "tc_resnet8" else {"width": 0.5}
    model = make(preset, dtype="mixed_float16", **options)

    *halves, last = [*model.encoder, *model.head]
    inside = {x.compute_dtype for layer in halves for x in layer._flatten_layers()}
    assert inside == {"float16"}
    others = {layer.compute_dtype for layer in [*model.front_end, last]}
    assert others == {"float32"}
    whole = make(preset, **options)
    whole.set_weights(model.get_weights())
    np.testing.assert_allclose(model(batch), whole(batch), atol=0.01)  # 11 bits
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    assert revived.head[-2].compute_dtype == "float16"
    np.testing.assert_array_equal(revived(batch), model(batch))


def test_a_subclass_has_the_networks_of_its_base():
    class Lamps(models.CommandRecognizer):
        pass

    model = Lamps.from_preset("tc_resnet8", ["on", "off"], sampling_rate=8000)

    assert type(model) is Lamps


def test_an_unknown_name_tells_those_that_are_known():
    with pytest.raises(
        ValueError, match=r"`preset` must be one of 'dnn'.*'tc_resnet8'"
    ):
        make("resnet")


def test_rejects_a_width_of_networks_of_one_size():
    with pytest.raises(
        ValueError, match=r"`width` must be 1 for 'gru', .* 'tc_resnet14'. Received"
    ):
        make("gru", width=1.5)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("sampling_rate", 0, "an integer of 1 or more"),
        ("width", 0.0, "a finite number above 0"),
        ("width", 0.01, "one of 16 filters at least"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    with pytest.raises(ValueError, match=f"`{name}` must (be|leave) {accepted}"):
        make("tc_resnet8", **{name: value})
