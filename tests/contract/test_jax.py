"""The promise that lengths and counts are right on JAX."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from speechkit import decoders

pytest.importorskip("jax")

# One process for all, because Keras has one back end for each.
PROGRAM = """
import json
import jax
import keras
import numpy as np

from contract.test_jax import CLIP_LENGTHS, LABELS, LOGITS, LOGIT_LENGTHS
from contract.test_jax import CLASSES, DECODERS
from speechkit import layers, losses, metrics, models, text
from speechkit.ops.time.masks import get_mask

found = {}


@jax.jit
def masked_loss(logits, lengths):
    masked = layers.LengthMasking()([logits, lengths])
    return losses.CTCLoss(reduction=None)(LABELS, masked)


found["loss"] = masked_loss(LOGITS, LOGIT_LENGTHS)


@jax.jit
def augmented(waveforms, lengths):
    masked = layers.LengthMasking()([waveforms, lengths])
    augmentation = {
        "Speed": layers.Speed((0.5, 0.5)),
        "PitchShift": layers.PitchShift((0.0, 0.0), sampling_rate=1000),
        "Gain": layers.Gain((-6.0, -6.0)),
    }
    return {
        name: get_mask(layer(masked, training=True)).sum(axis=1)
        for name, layer in augmentation.items()
    }


random = np.random.default_rng(0)
waveforms = random.normal(scale=0.1, size=(2, 400)).astype("float32")
found["augmented"] = augmented(waveforms, np.array(CLIP_LENGTHS))

vocabulary = text.CharacterVocabulary(" abc")


def recognizer(augmentation=(), encoder=()):
    keras.utils.set_random_seed(0)
    model = models.CTCRecognizer(
        vocabulary,
        sampling_rate=1000,
        waveform_augmentation=augmentation,
        front_end=[layers.Frame(40, 20)],
        encoder=[*encoder, layers.StackFrames(2)],
    )
    # Nothing is learned, so that the losses of two runs are alike.
    model.compile(keras.optimizers.SGD(0.0), losses.CTCLoss())
    return model


def fitted(model):
    inputs = {"waveforms": waveforms, "lengths": np.array(CLIP_LENGTHS)}
    history = model.fit(inputs, LABELS, batch_size=2, verbose=0)
    return history.history["loss"][0]


model = recognizer()
found["fit"] = fitted(model)
found["alone"] = [
    model.evaluate(waveforms[i : i + 1, :length], LABELS[i : i + 1], verbose=0)
    for i, length in enumerate(CLIP_LENGTHS)
]
found["unchanged"] = fitted(recognizer([layers.Speed((1.0, 1.0)), layers.Gain((0, 0))]))

normalization = keras.layers.BatchNormalization(momentum=0.5)
fitted(recognizer(encoder=[normalization]))
found["waveforms"], found["average"] = waveforms, normalization.moving_mean.value

# "ab c" for "ab d", 3000 times; 3000 clips of either kind, a tenth of them wrong.
words = metrics.WordErrorRate(space_label=0)
words.update_state(np.tile([1, 2, 0, 3], (3000, 1)), np.tile([1, 2, 0, 4], (3000, 1)))
found["words"] = [words.result(), words.hits, words.substitutions]
keywords = metrics.EqualErrorRate()
flags = np.repeat([0.0, 1.0], 3000)
is_wrong = np.arange(6000) % 10 == 0
keywords.update_state(flags, np.where(is_wrong, 0.9 - 0.8 * flags, 0.1 + 0.8 * flags))
found["keywords"] = keywords.result()

# In compiled functions, and one by one.
mask = np.arange(5) < LOGIT_LENGTHS[:, None]
found["decoders"] = {
    make.__name__: [
        jax.jit(lambda x, y: decoder(x, mask=y))(LOGITS, mask),
        decoder(LOGITS, mask=mask),
    ]
    for make in DECODERS
    for decoder in [make(CLASSES)]
}

print(json.dumps(jax.tree.map(lambda x: np.asarray(x).tolist(), found)))
"""

# As many frames as labels: one path alone.
LOGITS = np.random.default_rng(1).normal(size=(2, 5, 4)).astype("float32")
LABELS = np.array([[1, 2, 3, 1, 2], [3, 1, -1, -1, -1]])
LOGIT_LENGTHS = np.array([5, 2])
CLIP_LENGTHS = (400, 250)
CLASSES = ["", *"abc"]
DECODERS = (
    decoders.CTCGreedyDecoder,
    decoders.CTCPrefixBeamSearch,
    decoders.CTCBeamSearchDecoder,
)


@pytest.fixture(scope="module")
def found():
    """What the program found on JAX."""
    process = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "KERAS_BACKEND": "jax",
            "JAX_PLATFORMS": "cpu",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )
    assert process.returncode == 0, process.stderr[-3000:]
    return json.loads(process.stdout.splitlines()[-1])


def test_a_compiled_loss_counts_the_valid_frames_alone(found):
    log_probs = LOGITS - np.log(np.exp(LOGITS).sum(axis=2, keepdims=True))

    expected = [
        -sum(log_probs[clip, frame, LABELS[clip, frame]] for frame in range(length))
        for clip, length in enumerate(LOGIT_LENGTHS)
    ]
    np.testing.assert_allclose(found["loss"], expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("name", "lengths"),
    [("Speed", [800, 500]), ("PitchShift", [400, 250]), ("Gain", [400, 250])],
)
def test_compiled_augmentation_says_where_clips_end(found, name, lengths):
    assert found["augmented"][name] == lengths


def test_fit_with_lengths_scores_each_clip_as_alone(found):
    assert found["fit"] == pytest.approx(np.mean(found["alone"]), rel=1e-4)


def test_fit_with_augmentation_keeps_the_lengths(found):
    assert found["unchanged"] == pytest.approx(found["fit"], rel=1e-4)


def test_fit_with_lengths_averages_the_valid_frames_alone(found):
    clips = zip(found["waveforms"], CLIP_LENGTHS, strict=True)
    frames = [
        clip[start : start + 40]
        for clip, length in clips
        for start in range(0, length - 39, 20)
    ]

    # Half of the zeros that it begins with.
    np.testing.assert_allclose(
        found["average"], 0.5 * np.mean(frames, axis=0), atol=1e-6
    )


def test_metrics_count_more_than_32_bits_of_small_units_hold(found):
    assert found["words"] == [0.5, 3000, 3000]
    assert found["keywords"] == pytest.approx(0.1)


@pytest.mark.parametrize("make", DECODERS)
def test_decoders_find_on_jax_what_they_find_here(make, found):
    readings = make(CLASSES).decode(LOGITS, LOGIT_LENGTHS)

    compiled, eager = np.array(found["decoders"][make.__name__])

    expected = np.full((2, 5), -1)
    for row, (best,) in zip(expected, readings, strict=True):
        row[: len(best.labels)] = best.labels
    np.testing.assert_array_equal(compiled, expected)
    np.testing.assert_array_equal(eager, expected)
    assert (expected >= 0).any()
