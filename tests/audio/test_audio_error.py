"""Tests of `AudioError`."""

import pickle
from pathlib import Path

from speechkit.audio import AudioError


def test_error_is_a_value_error_that_keeps_the_path_and_the_reason():
    error = AudioError("clips/yes.wav", "has no samples")

    assert isinstance(error, ValueError)
    assert (error.path, error.reason) == (Path("clips/yes.wav"), "has no samples")
    assert str(error) == "`clips/yes.wav` has no samples"


def test_error_travels_between_processes():
    error = AudioError("yes.wav", "has no samples")

    revived = pickle.loads(pickle.dumps(error))

    assert str(revived) == str(error)
