"""Tests of the texts of `CTCRecognizer`, and of its padded frames."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from speechkit import layers
from speechkit.decoders import CTCGreedyDecoder
from speechkit.models import CTCRecognizer, DeepSpeech2
from speechkit.text import CharacterVocabulary

LENGTHS = np.array([4000, 2500, 900, 100])


@pytest.fixture
def clips(random):
    """Four clips of noise at 8 kHz; the last is shorter than a frame."""
    noise = random.normal(scale=0.1, size=(4, 4000)).astype("float32")
    return np.where(np.arange(4000) < LENGTHS[:, None], noise, 0)


@pytest.fixture
def model(random):
    """A small recogniser that hears something different in each frame."""
    model = CTCRecognizer(
        CharacterVocabulary(" 开灯"),
        sampling_rate=8000,
        encoder=[layers.ConvolutionBlock(16, 3, strides=2)],
    )
    kernel = next(w for w in model.weights if w.path.endswith("logits/kernel"))
    kernel.assign(random.normal(scale=3, size=kernel.shape))
    return model


def frames_of(lengths):
    """Returns how many frames each clip has: 25 ms each 10 ms, and every other."""
    return (np.maximum(0, 1 + (lengths - 200) // 80) + 1) // 2


def text_of(classes):
    merged = [c for c, _ in itertools.groupby(classes) if c]
    return "".join("? 开灯"[label] for label in merged)


def test_texts_are_the_best_classes_of_the_valid_frames(model, clips):
    texts = model.transcribe(clips, LENGTHS)

    best = np.asarray(model({"waveforms": clips, "lengths": LENGTHS})).argmax(axis=-1)
    expected = [
        text_of(row[:count])
        for row, count in zip(best, frames_of(LENGTHS), strict=True)
    ]
    assert texts == expected
    assert len(texts[0]) > len(texts[2]) > 0
    assert texts[3] == ""


def test_padded_frames_are_certainly_blank(model, clips):
    logits = model.predict({"waveforms": clips, "lengths": LENGTHS}, verbose=0)

    padded = np.arange(logits.shape[1]) >= frames_of(LENGTHS)[:, None]
    assert logits.shape == (4, frames_of(LENGTHS)[0], 4)
    np.testing.assert_array_equal(logits[padded], [[0, -30, -30, -30]] * padded.sum())
    assert np.abs(logits[~padded][:, 0]).min() > 0


def test_what_predict_returns_decodes_without_a_mask(model, clips):
    logits = model.predict({"waveforms": clips, "lengths": LENGTHS}, verbose=0)

    labels = np.asarray(CTCGreedyDecoder(model.vocabulary)(logits))

    texts = [model.vocabulary.decode(row) for row in labels]
    assert texts == model.transcribe(clips, LENGTHS)


def test_without_lengths_everything_is_heard(model, clips):
    whole = model.transcribe(clips[:, :900])

    assert whole == model.transcribe(clips[:, :900], [900] * 4)


def test_one_clip_gives_one_text(model, clips):
    assert model.transcribe(clips[0]) == model.transcribe(clips[:1])


def test_metadata_are_the_sampling_rate_and_the_characters(model):
    assert model.export_metadata() == {"sampling_rate": 8000, "characters": " 开灯"}


def test_default_model_has_a_frame_each_twenty_milliseconds():
    model = CTCRecognizer(CharacterVocabulary("ab"), sampling_rate=16000, units=4)

    logits = model(np.zeros((1, 8000), "float32"))

    (features,) = (
        layer
        for layer in model.network.layers
        if isinstance(layer, layers.LogMelSpectrogram)
    )
    assert features.num_mel_bins == 80
    assert logits.shape == (1, 24, 3)


def test_rejects_sampling_rates_that_are_none():
    with pytest.raises(ValueError, match="`sampling_rate` must be an integer of 1 or"):
        CTCRecognizer(
            CharacterVocabulary("ab"),
            sampling_rate=0,
            front_end=[layers.Frame(40, 20)],
            encoder=[],
        )


def test_loss_of_intermediate_labels_is_added_in_training(clips):
    conditioning = layers.SelfConditioning(6, loss_weight=0.25)
    model = CTCRecognizer(
        CharacterVocabulary(" 开灯"),
        8000,
        encoder=[conditioning, layers.StackFrames(2)],
    )
    inputs = {"waveforms": clips[:3], "lengths": LENGTHS[:3]}
    labels = np.array([[5, 1, 1, 2], [3, 4, -1, -1], [-1, -1, -1, -1]])

    plain = model(inputs, training=True)
    assert model.losses == []
    outputs = model({**inputs, "intermediate_labels": labels}, training=True)
    (loss,) = model.losses
    heard = model({**inputs, "intermediate_labels": labels}, training=False)

    np.testing.assert_allclose(outputs, plain, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(heard, plain, rtol=1e-5, atol=1e-5)
    frames = 1 + (LENGTHS[:3] - 200) // 80
    features = layers.LengthMasking()([clips[:3], LENGTHS[:3]])
    for layer in model.front_end:
        features = layer(features)
    judged = tf.nn.ctc_loss(
        tf.constant(np.maximum(labels, 0), tf.int32),
        tf.transpose(conditioning.logits(features), (1, 0, 2)),
        tf.constant((labels >= 0).sum(axis=1), tf.int32),
        tf.constant(frames, tf.int32),
        blank_index=0,
    )
    np.testing.assert_allclose(loss, 0.25 * np.mean(judged), rtol=1e-4)


def two_guesses():
    return CTCRecognizer(
        CharacterVocabulary(" 开灯"),
        8000,
        encoder=[
            layers.SelfConditioning(6, loss_weight=0.25),
            layers.StackFrames(2),
            layers.SelfConditioning(6, loss_weight=3.0),
        ],
    )


def test_losses_of_several_guesses_are_added(clips):
    model = two_guesses()
    labels = np.array([[5, 1, 2], [3, 4, -1], [-1, -1, -1]])
    inputs = {"waveforms": clips[:3], "lengths": LENGTHS[:3]}

    model({**inputs, "intermediate_labels": labels}, training=True)

    _, guesses = model.with_guesses(inputs)
    for loss, guess, weight in zip(model.losses, guesses, (0.25, 3.0), strict=True):
        judged = tf.nn.ctc_loss(
            tf.constant(np.maximum(labels, 0), tf.int32),
            tf.transpose(guess, (1, 0, 2)),
            tf.constant((labels >= 0).sum(axis=1), tf.int32),
            # Padding is certain to be blank, so it costs nothing.
            tf.fill([3], guess.shape[1]),
            blank_index=0,
        )
        np.testing.assert_allclose(loss, weight * np.mean(judged), rtol=1e-4)


def test_guesses_of_a_clip_are_the_same_in_a_batch(clips):
    model = two_guesses()

    together = model.with_guesses({"waveforms": clips, "lengths": LENGTHS})

    np.testing.assert_allclose(
        together[0],
        model.predict_on_batch({"waveforms": clips, "lengths": LENGTHS}),
        atol=1e-5,
    )
    for place, length in enumerate(LENGTHS):
        alone = model.with_guesses(clips[place : place + 1, :length])
        for guess, judge in zip(together[1], alone[1], strict=True):
            frames = judge.shape[1]
            np.testing.assert_allclose(guess[place, :frames], judge[0], atol=1e-4)
            padding = np.asarray(guess[place, frames:])
            np.testing.assert_array_equal(padding.argmax(axis=-1), 0)


def test_a_model_without_guesses_has_none(model, clips):
    logits, guesses = model.with_guesses(clips)

    np.testing.assert_allclose(logits, model(clips), atol=1e-5)
    assert guesses == []


def test_rejects_intermediate_labels_without_a_layer_for_them(model, clips):
    labels = np.array([[1]] * 4)

    with pytest.raises(ValueError, match="`encoder` must have a SelfConditioning"):
        model({"waveforms": clips, "intermediate_labels": labels}, training=True)


@pytest.mark.parametrize("kind", [CTCRecognizer, DeepSpeech2])
def test_dtype_is_that_of_the_encoder_that_a_model_makes(kind):
    model = kind(CharacterVocabulary("ab"), 8000, units=4, dtype="mixed_float16")

    for revived in (model, kind.from_config(model.get_config())):
        inside = [x for layer in revived.encoder for x in layer._flatten_layers()]
        assert {layer.dtype_policy.name for layer in inside} == {"mixed_float16"}
        outside = {x.dtype_policy.name for x in [*revived.front_end, *revived.head]}
        assert outside == {"float32"}
