"""Tests of the commands and the errors of `CommandRecognizer`."""

import keras
import numpy as np
import pytest

from speechkit import audio, layers
from speechkit.decoders import Command
from speechkit.models import CommandRecognizer

LENGTHS = np.array([4000, 2500, 900])


@pytest.fixture
def clips(random):
    """Three clips of noise at 8 kHz, zero behind each."""
    noise = random.normal(scale=0.1, size=(3, 4000)).astype("float32")
    return np.where(np.arange(4000) < LENGTHS[:, None], noise, 0)


def recognizer(**options):
    """Returns a small recogniser of three commands that prefers the second."""
    model = CommandRecognizer(
        ["on", "开灯", "off"],
        sampling_rate=8000,
        encoder=[layers.ConvolutionBlock(4, 3, strides=2)],
        **options,
    )
    bias = next(w for w in model.weights if w.path.endswith("logits/bias"))
    bias.assign([0.0, 4.0, 0.0])
    return model


def test_most_probable_command_is_recognized(clips):
    model = recognizer()

    commands = model.recognize(clips, LENGTHS)

    probabilities = np.asarray(model({"waveforms": clips, "lengths": LENGTHS}))
    assert [command.label for command in commands] == ["开灯"] * 3
    np.testing.assert_allclose(
        [command.probability for command in commands], probabilities[:, 1], rtol=1e-5
    )
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


def test_lengths_decide_what_is_heard(clips):
    model = recognizer()
    dirty = np.where(clips == 0, 0.5, clips)

    cut = model.recognize(dirty, LENGTHS)

    expected = model.recognize(clips, LENGTHS)
    found = [command.probability for command in cut]
    np.testing.assert_allclose(found, [c.probability for c in expected], rtol=1e-6)
    assert model.recognize(dirty)[2] != cut[2]


def test_nothing_is_understood_below_the_threshold(clips):
    model = recognizer(threshold=0.999)

    (command,) = model.recognize(clips[:1])

    assert command.label is None
    assert 0.5 < command.probability < 0.999


def test_threshold_may_be_set_later(clips):
    model = recognizer(threshold=0.999)

    model.threshold = 0.1

    assert model.recognize(clips[:1])[0].label == "开灯"
    assert model.get_config()["threshold"] == 0.1
    assert model.export_metadata() == {
        "sampling_rate": 8000,
        "labels": ["on", "开灯", "off"],
        "threshold": 0.1,
    }


def test_decoder_holds_the_rule_of_the_model():
    decoder = recognizer(threshold=0.7).decoder

    assert decoder([[0.8, 0.1, 0.1], [0.6, 0.3, 0.1]]) == [
        Command("on", 0.8),
        Command(None, 0.6),
    ]


def test_augmentation_acts_in_training_only(clips):
    model = recognizer(
        waveform_augmentation=[layers.WhiteNoise((0, 0))],
        feature_augmentation=[layers.SpecAugment()],
        dropout=0.0,
    )

    first, second = np.asarray(model(clips)), np.asarray(model(clips))

    trained = np.asarray(model(clips, training=True))
    np.testing.assert_array_equal(first, second)
    assert (trained != first).any()


def test_default_model_hears_forty_features_and_tells_commands():
    model = CommandRecognizer(["on", "off"], sampling_rate=16000)

    probabilities = np.asarray(model(np.zeros((2, 4000), "float32")))

    (features,) = (
        layer
        for layer in model.network.layers
        if isinstance(layer, layers.LogMelSpectrogram)
    )
    assert features.num_mel_bins == 40
    # 32 ms each 10 ms.
    assert (features.frame_length, features.frame_step) == (512, 160)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


def test_pooling_may_be_any_layers_to_one_vector(clips):
    model = CommandRecognizer(
        ["on", "off"],
        sampling_rate=8000,
        encoder=[layers.BatchNormGRU(4)],
        pooling=[layers.LastFrame(), keras.layers.Dense(3)],
    )

    revived = CommandRecognizer.from_config(model.get_config())

    assert [type(layer) for layer in revived.pooling] == [
        layers.LastFrame,
        keras.layers.Dense,
    ]
    revived.set_weights(model.get_weights())
    np.testing.assert_array_equal(revived(clips), model(clips))


def test_parts_of_a_model_make_another_with_the_same_weights(clips):
    model = recognizer()

    other = CommandRecognizer(
        ["yes", "no"],
        sampling_rate=8000,
        front_end=model.front_end,
        encoder=model.encoder,
        pooling=model.pooling,
    )

    shared = [id(w) for w in model.trainable_weights[:-2]]
    assert [id(w) for w in other.trainable_weights[:-2]] == shared
    assert other(clips).shape == (3, 2)


@pytest.mark.parametrize("labels", [[], ["on"], ["on", "off", "on"]])
def test_rejects_labels_that_are_no_choice(labels):
    with pytest.raises(
        ValueError, match="`labels` must be two or more different texts"
    ):
        CommandRecognizer(labels, sampling_rate=8000)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("threshold", 1.1, "a number from 0 to 1"),
        ("dropout", 1.0, "a number of 0 or more and below 1"),
        ("sampling_rate", 0, "an integer of 1 or more"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    message = f"`{name}` must be {accepted}. Received: {name}={value!r}"

    with pytest.raises(ValueError, match=message):
        CommandRecognizer(
            ["on", "off"],
            **{"sampling_rate": 8000, name: value},
            front_end=[layers.Frame(40, 20)],
            encoder=[],
        )


def test_summary_shows_the_layers(capsys):
    recognizer(name="lamps").summary()

    lines = capsys.readouterr().out
    assert 'Model: "lamps"' in lines
    assert [name in lines for name in ("pooling", "dropout", "logits")] == [True] * 3


def test_unknown_layers_are_given_as_custom_objects(clips):
    class Doubling(keras.layers.Layer):
        def call(self, inputs):
            return 2 * inputs

    model = recognizer(waveform_augmentation=[Doubling()])

    revived = CommandRecognizer.from_config(model.get_config(), {"Doubling": Doubling})

    assert isinstance(revived.network.layers[0], Doubling)


def test_a_clip_shorter_than_a_frame_counts_as_silence():
    model = CommandRecognizer(["on", "off"], sampling_rate=8000)

    (command,) = model.recognize(np.zeros((1, 40), "float32"))

    assert 0 <= command.probability <= 1


def test_one_clip_gives_one_command(clips, tmp_path):
    model = recognizer()
    audio.write(tmp_path / "clip.wav", clips[0].astype("float32"), sampling_rate=8000)

    (command,) = model.recognize(audio.read(tmp_path / "clip.wav"))

    (expected,) = model.recognize(clips[:1])
    assert command.label == expected.label
    # A file of 16 bits rounds the samples.
    assert command.probability == pytest.approx(expected.probability, abs=1e-3)
    assert model.recognize(clips[1], 2500) == model.recognize(clips[1:2], [2500])


@pytest.mark.parametrize("shape", [(), (1, 8000, 1)])
def test_recognition_says_which_shapes_it_takes(shape):
    message = (
        r"`waveforms` must be one clip `\(samples,\)` or a batch .* Received: shape"
    )

    with pytest.raises(ValueError, match=message):
        recognizer().recognize(np.zeros(shape, "float32"))


@pytest.mark.parametrize("shape", [(8000,), (1, 8000, 1)])
def test_a_call_says_which_shape_it_takes(shape):
    with pytest.raises(ValueError, match=r"`waveforms` must be `\(batch, samples\)`"):
        recognizer()(np.zeros(shape, "float32"))


def test_recognition_rejects_integer_samples():
    model = CommandRecognizer(["on", "off"], sampling_rate=8000)

    with pytest.raises(ValueError, match="`waveforms` must hold floating-point"):
        model.recognize(np.zeros((1, 8000), "int16"))


def test_rejects_one_text_as_labels():
    with pytest.raises(ValueError, match="`labels` must be two or more"):
        CommandRecognizer("on", sampling_rate=8000)
