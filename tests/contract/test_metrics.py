"""The promises that every metric of the library keeps."""

import inspect
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from contract.masks import masked
from speechkit import decoders, losses, metrics

CASES = {
    metrics.CharacterErrorRate: lambda **kw: metrics.CharacterErrorRate(**kw),
    metrics.WordErrorRate: lambda **kw: metrics.WordErrorRate(space_label=1, **kw),
}

REFERENCES = np.array([[2, 1, 3, 3], [4, 4, -1, -1], [2, 3, 1, 4]], dtype="int32")
HYPOTHESES = np.array([[2, 1, 3, -1], [4, -1, -1, -1], [2, 3, 1, 4]], dtype="int32")


@pytest.fixture(params=CASES.values(), ids=[metric.__name__ for metric in CASES])
def make(request):
    return request.param


def rate(metric, *arguments):
    metric.update_state(*arguments)
    return float(metric.result())


def test_every_public_metric_has_a_case():
    public = {
        member
        for _, member in inspect.getmembers(metrics, inspect.isclass)
        if issubclass(member, keras.metrics.Metric)
    }

    assert public == set(CASES)


def test_config_is_json_and_survives_a_round_trip(make):
    metric = make(decoder=decoders.CTCGreedyDecoder(blank_index=-1, name="decoder"))
    config = metric.get_config()

    revived = type(metric).from_config(json.loads(json.dumps(config)))

    assert revived.get_config() == config


def test_batches_add_up_to_the_corpus(make):
    whole, pieces = make(), make()
    expected = rate(whole, REFERENCES, HYPOTHESES)

    for row in range(len(REFERENCES)):
        pieces.update_state(REFERENCES[row : row + 1], HYPOTHESES[row : row + 1])

    assert float(pieces.result()) == pytest.approx(expected)
    assert 0 < expected < 1


def test_reset_forgets_everything(make):
    metric = make()
    expected = rate(metric, REFERENCES[:1], HYPOTHESES[:1])
    metric.update_state(REFERENCES[1:], HYPOTHESES[1:])

    metric.reset_state()

    assert rate(metric, REFERENCES[:1], HYPOTHESES[:1]) == pytest.approx(expected)


def test_sample_weights_count_a_clip_several_times(make):
    twice = np.repeat(REFERENCES, [2, 1, 0], axis=0)
    expected = rate(make(), twice, np.repeat(HYPOTHESES, [2, 1, 0], axis=0))

    weighted = rate(make(), REFERENCES, HYPOTHESES, np.array([2.0, 1.0, 0.0]))

    assert weighted == pytest.approx(expected)


def test_width_of_the_padding_does_not_matter(make):
    expected = rate(make(), REFERENCES, HYPOTHESES)
    wider = np.pad(HYPOTHESES, [[0, 0], [0, 7]], constant_values=-1)

    assert rate(make(), REFERENCES, wider) == pytest.approx(expected)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_compiled_update_gives_the_same_numbers(make, jit_compile):
    metric = make()
    expected = rate(make(), REFERENCES, HYPOTHESES)

    tf.function(metric.update_state, jit_compile=jit_compile)(REFERENCES, HYPOTHESES)

    assert float(metric.result()) == pytest.approx(expected)


def test_decoder_reads_the_mask(make):
    classes = np.where(HYPOTHESES < 0, 0, HYPOTHESES)
    # A blank after each label, so that equal neighbours stay two labels.
    frames = np.stack([classes, np.zeros_like(classes)], axis=2).reshape(3, -1)
    logits = np.eye(5, dtype="float32")[frames]
    logits = np.concatenate([logits, np.ones((3, 2, 5), "float32")], axis=1)
    expected = rate(make(), REFERENCES, HYPOTHESES)

    metric = make(decoder=decoders.CTCGreedyDecoder())

    assert rate(metric, REFERENCES, masked(logits, [8, 8, 8])) == pytest.approx(
        expected
    )


def test_no_reference_gives_zero_or_infinity(make):
    nothing = np.full((1, 2), -1)

    assert rate(make(), nothing, nothing) == 0
    assert rate(make(), nothing, np.array([[2, 3]])) == np.inf


def test_a_model_evaluates_and_reloads_with_it(make, random, tmp_path):
    model = keras.Sequential([keras.Input((None, 5)), keras.layers.Dense(5)])
    metric = make(decoder=decoders.CTCGreedyDecoder())
    model.compile("sgd", losses.CTCLoss(), metrics=[metric])
    logits = random.normal(size=(3, 9, 5)).astype("float32")
    model.fit(logits, REFERENCES, verbose=0)
    model.save(tmp_path / "model.keras")

    revived = keras.saving.load_model(tmp_path / "model.keras")

    expected = model.evaluate(logits, REFERENCES, verbose=0)
    assert revived.evaluate(logits, REFERENCES, verbose=0) == pytest.approx(expected)
