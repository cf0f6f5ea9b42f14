"""Tests of the variants of `DeepSpeech2` and of its presets."""

import numpy as np
import pytest

from speechkit import layers
from speechkit.models import DeepSpeech2
from speechkit.text import CharacterVocabulary

VOCABULARY = CharacterVocabulary(" abc")


def small(**options):
    """Returns a model of few weights."""
    return DeepSpeech2(VOCABULARY, 16000, **{"num_layers": 1, "units": 8, **options})


def kinds(model):
    return [type(layer).__name__ for layer in model.encoder]


@pytest.mark.parametrize(("number", "features"), [(1, 40), (2, 20), (3, 10)])
def test_convolutions_are_those_of_the_paper(number, features):
    model = small(num_convolutions=number)

    convolutions = model.encoder[0]
    assert convolutions.filters == (32, 32, 96)[:number]
    assert convolutions.kernel_sizes == ((11, 41), (11, 21), (11, 21))[:number]
    assert convolutions.strides == ((2, 2), (1, 2), (1, 2))[:number]
    # Each halves the 80 mel bins; the first halves the frames, 98.
    filters = (32, 32, 96)[number - 1]
    shape = convolutions.compute_output_shape((1, 98, 80))
    assert shape == (1, 49, features * filters)


def test_without_convolutions_frames_are_stacked():
    model = small(num_convolutions=0, num_stacked_frames=4)

    stacking, recurrence = model.encoder[:2]
    # 98 frames of 80 mel bins, four by four; two are left over.
    assert stacking.compute_output_shape((1, 98, 80)) == (1, 24, 320)
    assert recurrence.weights[0].shape == (320, 3 * 8)
    assert model(np.zeros((1, 16000), "float32")).shape == (1, 24, 5)
    again = DeepSpeech2.from_config(model.get_config())
    assert again.encoder[0].size == 4


@pytest.mark.parametrize("cell", ["gru", "lstm", "simple_rnn"])
@pytest.mark.parametrize("direction", ["forward", "bidirectional"])
@pytest.mark.parametrize("normalization", ["batch", None])
def test_recurrence_is_that_of_the_arguments(cell, direction, normalization):
    model = small(
        num_layers=3, cell=cell, direction=direction, normalization=normalization
    )

    config = model.encoder[1].get_config()

    told = {"units": 8, "num_layers": 3, "cell": cell, "direction": direction}
    assert {**config, **told, "normalization": normalization} == config
    assert model(np.zeros((1, 16000), "float32")).shape == (1, 49, 5)


@pytest.mark.parametrize(("merge_mode", "width"), [("sum", 8), ("concat", 16)])
def test_states_of_two_directions_are_merged_as_told(merge_mode, width):
    model = small(merge_mode=merge_mode)

    recurrence, dense = model.encoder[1], model.encoder[-1]

    assert recurrence.compute_output_shape((1, 49, 640)) == (1, 49, width)
    assert dense.weights[0].shape == (1, width, 8)


def test_forward_model_looks_ahead_a_little():
    forward = small(direction="forward", lookahead=5)
    without = small(direction="forward", lookahead=0)
    both = small(direction="bidirectional", lookahead=5)

    ends = ["ConvolutionFrontEnd", "RecurrentStack"], ["Dropout", "ConvolutionBlock"]
    assert kinds(forward) == [*ends[0], "LookaheadConvolution", *ends[1]]
    assert forward.encoder[2].context == 5
    assert kinds(without) == kinds(both) == [*ends[0], *ends[1]]


@pytest.mark.parametrize(
    ("preset", "num_convolutions", "num_layers", "units", "cell"),
    [("small", 2, 3, 256, "gru"), ("medium", 2, 5, 512, "gru")],
)
def test_presets_have_their_sizes(preset, num_convolutions, num_layers, units, cell):
    model = DeepSpeech2.from_preset(preset, VOCABULARY, sampling_rate=16000)

    assert len(model.encoder[0].filters) == num_convolutions
    recurrence = model.encoder[1]
    sizes = (recurrence.num_layers, recurrence.units, recurrence.cell)
    assert sizes == (num_layers, units, cell)


def test_arguments_replace_those_of_the_preset():
    model = DeepSpeech2.from_preset(
        "paper", VOCABULARY, sampling_rate=8000, units=4, num_layers=1
    )

    spectra, normalization = model.front_end
    assert isinstance(spectra, layers.LogSpectrogram)
    assert isinstance(normalization, layers.MeanVarianceNormalization)
    assert (spectra.frame_length, spectra.frame_step) == (160, 80)
    assert (model.encoder[1].cell, model.units) == ("simple_rnn", 4)
    assert model(np.zeros((1, 8000), "float32")).shape == (1, 50, 5)


def test_a_preset_computes_in_the_dtype_that_is_asked_for():
    model = DeepSpeech2.from_preset(
        "small",
        VOCABULARY,
        sampling_rate=8000,
        units=4,
        num_layers=1,
        dtype="mixed_float16",
    )

    assert model.compute_dtype == "float16"
    assert {layer.compute_dtype for layer in model.encoder} == {"float16"}


def test_the_dense_layer_may_be_left_out():
    model = small(dense=False)

    assert kinds(model) == ["ConvolutionFrontEnd", "RecurrentStack", "Dropout"]
    assert kinds(DeepSpeech2.from_config(model.get_config())) == kinds(model)


@pytest.mark.parametrize(
    ("num_layers", "parts"), [(2, (1, 1)), (3, (2, 1)), (6, (4, 2))]
)
def test_intermediate_labels_are_guessed_between_the_recurrences(num_layers, parts):
    model = small(num_layers=num_layers, intermediate_classes=7, dropout=0.2)

    below, conditioning, dropout, above = model.encoder[1:5]

    assert (below.num_layers, above.num_layers) == parts
    assert conditioning.num_classes == 7
    assert dropout.rate == above.dropout == 0.2
    assert kinds(DeepSpeech2.from_config(model.get_config())) == kinds(model)


def test_intermediate_labels_are_guessed_once_more_at_the_end(random):
    model = small(num_layers=3, intermediate_classes=7, num_guesses=2, dense=False)

    assert kinds(model)[2::3] == ["SelfConditioning", "SelfConditioning"]
    assert kinds(model)[-3:] == ["RecurrentStack", "SelfConditioning", "Dropout"]
    assert kinds(DeepSpeech2.from_config(model.get_config())) == kinds(model)
    clip = random.normal(size=(1, 4000)).astype("float32")
    logits, guesses = model.with_guesses(clip)
    assert [guess.shape for guess in guesses] == [(*logits.shape[:2], 7)] * 2


def test_config_holds_the_arguments_in_place_of_the_encoder():
    model = small(direction="forward", lookahead=3, cell="lstm", num_convolutions=1)

    config = model.get_config()

    assert "encoder" not in config
    assert config["lookahead"] == 3
    assert kinds(DeepSpeech2.from_config(config)) == kinds(model)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num_convolutions", 4),
        ("num_layers", 0),
        ("lookahead", -1),
        ("cell", "rnn"),
        ("num_stacked_frames", 0),
        ("num_guesses", 3),
    ],
)
def test_rejects_arguments_out_of_range(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be .*Received: {name}="):
        small(**{name: value})


def test_rejects_intermediate_labels_of_a_single_layer():
    with pytest.raises(
        ValueError, match="`num_layers` must be an integer of 2 or more"
    ):
        small(num_layers=1, intermediate_classes=7)


def test_rejects_presets_that_are_none():
    with pytest.raises(ValueError, match="`preset` must be one of 'small', 'medium'"):
        DeepSpeech2.from_preset("large", VOCABULARY, sampling_rate=16000)
