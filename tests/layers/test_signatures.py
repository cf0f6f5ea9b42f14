"""Tests of the signatures of encoders and augmentation: whole, and hard to misuse."""

import inspect

import pytest

from contract.cases import CASES

LAYERS = [
    layer
    for layer in CASES
    if ".encoders." in layer.__module__ or ".augmentation." in layer.__module__
]
OF_KERAS = {"name", "dtype", "trainable"}


@pytest.fixture(params=LAYERS, ids=[layer.__name__ for layer in LAYERS])
def layer_class(request):
    return request.param


def parameters_of(layer_class):
    return inspect.signature(layer_class).parameters


def test_a_signature_names_every_argument(layer_class):
    config = CASES[layer_class].make().get_config()

    named = {
        name
        for name, parameter in parameters_of(layer_class).items()
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    }
    assert named == set(config) - OF_KERAS


def test_only_two_arguments_go_by_their_place(layer_class):
    parameters = parameters_of(layer_class).values()

    places = [p for p in parameters if p.kind == p.POSITIONAL_OR_KEYWORD]
    assert len(places) <= 2
    assert not [p for p in parameters if p.kind == p.VAR_POSITIONAL]


def test_a_sampling_rate_has_no_default(layer_class):
    parameter = parameters_of(layer_class).get("sampling_rate")

    # A wrong one would change filters, times and pitch without a word.
    assert parameter is None or parameter.default is parameter.empty


def test_an_argument_that_is_none_of_the_layer_is_refused(layer_class):
    with pytest.raises((TypeError, ValueError), match="no_such_argument"):
        CASES[layer_class].make(no_such_argument=1)
