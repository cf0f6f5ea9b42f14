"""The promises that every metric of the library keeps."""

import inspect
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from contract.keyword_cases import CASES as KEYWORD_CASES
from contract.masks import masked
from speechkit import decoders, losses, metrics

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

CASES = {
    metrics.CharacterErrorRate: lambda **kw: metrics.CharacterErrorRate(
        space_label=1, **kw
    ),
    metrics.ErrorRate: lambda **kw: metrics.ErrorRate(**kw),
    metrics.MatchErrorRate: lambda **kw: metrics.MatchErrorRate(space_label=1, **kw),
    metrics.MixedErrorRate: lambda **kw: metrics.MixedErrorRate(
        space_label=1, character_labels=(3, 4), **kw
    ),
    metrics.SentenceErrorRate: lambda **kw: metrics.SentenceErrorRate(**kw),
    metrics.ToneErrorRate: lambda **kw: metrics.ToneErrorRate((-1, -1, 1, 2, 1), **kw),
    metrics.WordErrorRate: lambda **kw: metrics.WordErrorRate(space_label=1, **kw),
    metrics.WordInformationLost: lambda **kw: metrics.WordInformationLost(
        space_label=1, **kw
    ),
    metrics.WordInformationPreserved: lambda **kw: metrics.WordInformationPreserved(
        space_label=1, **kw
    ),
}
# What comes out if nothing was said: for nothing, and for something recognised.
NOTHING = {
    metrics.MatchErrorRate: (0, 1),
    metrics.SentenceErrorRate: (0, 1),
    metrics.WordInformationLost: (0, 1),
    metrics.WordInformationPreserved: (1, 0),
}

CLASSES = ["", " ", "a", "b", "c"]
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

    assert public == set(CASES) | set(KEYWORD_CASES)


def test_config_is_json_and_survives_a_round_trip(make):
    metric = make(
        decoder=decoders.CTCGreedyDecoder([*"abcde"], blank_index=-1, name="decoder")
    )
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


def eager(metric):
    return metric.update_state


def graph(metric):
    return tf.function(metric.update_state, autograph=False)


@pytest.mark.parametrize("form", [eager, graph])
@pytest.mark.parametrize(
    ("reference", "hypothesis"),
    [
        pytest.param([[2, 3]], [[2, 3], [4, 4]], id="other-clips"),
        pytest.param([2, 3], [[2, 3]], id="one-axis"),
        pytest.param([[2, 3]], [2, 3], id="one-axis-of-the-hypothesis"),
        pytest.param([[[2, 3]]], [[2, 3]], id="three-axes"),
    ],
)
def test_rejects_labels_of_other_shapes(make, form, reference, hypothesis):
    labels = np.array(reference), np.array(hypothesis)

    message = r"`y_true` and `y_pred` must hold labels with the axes \(batch, labels\)"
    with pytest.raises(ValueError, match=message):
        form(make())(*labels)


@pytest.mark.parametrize("form", [eager, graph])
@pytest.mark.parametrize("weights", [[[1.0, 0.0, 1.0]], [1.0, 0.0], np.ones((3, 2))])
def test_rejects_weights_of_other_shapes(make, form, weights):
    message = r"`sample_weight` must have the axis \(batch,\), one weight for each of 3"

    with pytest.raises(ValueError, match=message):
        form(make())(REFERENCES, HYPOTHESES, np.array(weights))


@pytest.mark.parametrize("value", [np.nan, np.inf, -1.0])
def test_rejects_weights_that_do_not_count(make, value):
    metric = make()

    message = f"`sample_weight` must hold finite numbers .* Received: {value:g}"
    with pytest.raises(ValueError, match=message):
        metric.update_state(REFERENCES, HYPOTHESES, np.array([1.0, value, 1.0]))
    assert float(metric.hits) == 0


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

    metric = make(decoder=decoders.CTCGreedyDecoder(CLASSES))

    assert rate(metric, REFERENCES, masked(logits, [8, 8, 8])) == pytest.approx(
        expected
    )


def test_no_reference_gives_zero_or_infinity(make):
    nothing = np.full((1, 2), -1)
    right, wrong = NOTHING.get(type(make()), (0, np.inf))

    assert rate(make(), nothing, nothing) == right
    assert rate(make(), nothing, np.array([[2, 3]])) == wrong


def test_without_any_clip_there_is_nothing_wrong(make):
    right, _ = NOTHING.get(type(make()), (0, np.inf))

    assert float(make().result()) == right


def test_merged_metrics_have_the_sums_of_all(make):
    whole, first, second = make(), make(), make()
    expected = rate(whole, REFERENCES, HYPOTHESES)
    first.update_state(REFERENCES[:1], HYPOTHESES[:1])
    second.update_state(REFERENCES[1:], HYPOTHESES[1:])

    first.merge_state([second])

    assert float(first.result()) == expected
    for name in ("hits", "substitutions", "deletions", "insertions"):
        assert float(getattr(first, name)) == float(getattr(whole, name))


def test_order_of_the_batches_does_not_change_a_bit(make, random):
    weights = random.random(size=3).astype("float32")
    forward, backward = make(), make()

    for row in (0, 1, 2):
        place = slice(row, row + 1)
        forward.update_state(REFERENCES[place], HYPOTHESES[place], weights[place])
    for row in (2, 1, 0):
        place = slice(row, row + 1)
        backward.update_state(REFERENCES[place], HYPOTHESES[place], weights[place])

    assert float(forward.result()) == float(backward.result())


def test_counts_stay_exact_beyond_what_float32_holds(make):
    metric = make()
    many = np.array([2.0**25, 0, 0])
    metric.update_state(REFERENCES, HYPOTHESES, many)
    before = float(metric.hits)

    metric.update_state(REFERENCES[:1], HYPOTHESES[:1])

    assert before > 0
    assert float(metric.hits) == before + before / 2**25


def test_a_model_evaluates_and_reloads_with_all_of_them(random, tmp_path):
    model = keras.Sequential([keras.Input((None, 5)), keras.layers.Dense(5)])
    decoder = decoders.CTCGreedyDecoder(CLASSES)
    every = [make(decoder=decoder) for make in CASES.values()]
    # The next test has them all in one graph.
    model.compile("sgd", losses.CTCLoss(), metrics=every, run_eagerly=True)
    logits = random.normal(size=(3, 9, 5)).astype("float32")
    expected = model.evaluate(logits, REFERENCES, verbose=0)
    model.save(tmp_path / "model.keras")

    revived = keras.saving.load_model(tmp_path / "model.keras")

    assert len(expected) == 1 + len(CASES)
    assert revived.evaluate(logits, REFERENCES, verbose=0) == pytest.approx(expected)


def test_several_steps_in_one_execution_change_nothing(random):
    logits = random.normal(size=(6, 9, 5)).astype("float32")
    labels = np.concatenate([REFERENCES, HYPOTHESES])
    decoder = decoders.CTCGreedyDecoder(CLASSES)
    model = keras.Sequential([keras.Input((None, 5)), keras.layers.Identity()])
    every = [make(decoder=decoder) for make in CASES.values()]
    options = {"steps_per_execution": 3, "jit_compile": False}
    model.compile(loss=losses.CTCLoss(), metrics=every, **options)

    evaluated = model.evaluate(
        logits, labels, batch_size=2, return_dict=True, verbose=0
    )

    whole = {
        metric.name: rate(make(decoder=decoder), labels, logits)
        for metric, make in zip(every, CASES.values(), strict=True)
    }
    assert {name: evaluated[name] for name in whole} == whole
