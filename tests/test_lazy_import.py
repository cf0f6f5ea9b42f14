"""Tests that every public subpackage answers after `import speechkit` alone."""

import subprocess
import sys

import pytest

import speechkit

PROGRAM = """
import sys
import speechkit
assert "speechkit.export" not in sys.modules, "too early"
print(speechkit.export.to_tflite.__name__, speechkit.plots.spectrogram.__name__)
print(set(speechkit.__all__) <= set(dir(speechkit)))
print(speechkit.export is sys.modules["speechkit.export"])
"""


def test_export_and_plots_answer_without_an_import_of_their_own():
    command = [sys.executable, "-c", PROGRAM]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["to_tflite spectrogram", "True", "True"]


def test_other_names_are_unknown():
    with pytest.raises(AttributeError, match="'speechkit' has no attribute 'exports'"):
        _ = speechkit.exports
