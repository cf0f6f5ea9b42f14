"""Tests of the check that holds public signatures to the rules of the house."""

import ast
import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "check_signatures.py"
SPEC = importlib.util.spec_from_file_location("check_signatures", SCRIPT)
check_signatures = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(check_signatures)


@pytest.mark.parametrize(
    ("signature", "words"),
    [
        pytest.param("a, *args", "has `*args`", id="args"),
        pytest.param("a, **options", "has `**options`", id="kwargs"),
        pytest.param("a, b, c=1", "takes `c` by position", id="three-by-position"),
        pytest.param("n_fft", "the glossary has `fft_length`", id="another-name"),
        pytest.param("sampling_rate=16000", "default for `sampling_rate`", id="rate"),
        pytest.param("*, sampling_rate=8", "default for `sampling_rate`", id="keyword"),
    ],
)
def test_a_signature_that_breaks_one_rule(signature, words):
    (fault,) = faults_of(signature)

    assert words in fault


@pytest.mark.parametrize(
    "signature",
    ["", "self, a, b, *, c=1", "a, *, sampling_rate", "a, sampling_rate=None"],
)
def test_a_signature_that_follows_the_rules(signature):
    assert faults_of(signature) == []


@pytest.mark.parametrize("documented", ["a:", "b:", "b: One.\n    a:", "a, b, c:"])
def test_a_docstring_with_other_arguments(documented):
    (fault,) = faults_of("a, b", f"Adds.\n\nArgs:\n    {documented} A number.\n")

    assert fault.startswith("documents [")


def test_a_docstring_with_the_same_arguments():
    docstring = (
        "Adds.\n\nArgs:\n    a, b: Numbers: two.\n        More.\n\nReturns:\n    x: y"
    )

    assert faults_of("a, b", docstring) == []


def test_every_public_name_is_found():
    names = [name for name, _ in check_signatures.public_definitions()]

    assert {"layers.MFCC", "models.DeepSpeech2", "export.to_tflite"} < set(names)


def faults_of(signature, docstring=""):
    """Returns the rules that a function of this signature breaks."""
    (function,) = ast.parse(f"def f({signature}): pass").body
    return list(check_signatures.faults_of_call(function, docstring, False))
