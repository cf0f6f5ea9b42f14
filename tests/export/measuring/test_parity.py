"""Tests of `measure_parity`: which differences between model and file it sees."""

import numpy as np
import pytest

from speechkit import export


@pytest.fixture
def runner(exported):
    return export.TFLiteRunner(exported)


@pytest.fixture
def clips(random):
    """Five clips of different lengths."""
    return [random.normal(size=n).astype("float32") for n in (400, 41, 999, 60, 400)]


def test_model_and_its_own_file_agree(model, runner, clips):
    parity = export.measure_parity(model, runner, waveforms=clips)

    assert parity.num_clips == parity.num_same_best == 5
    assert parity.largest_difference < 1e-5


def test_a_changed_weight_shows(model, runner, clips):
    model.weights[-1].assign([0.0, 0.25, 0.0])  # the bias

    parity = export.measure_parity(model, runner, waveforms=clips)

    assert parity.largest_difference == pytest.approx(0.25, abs=1e-5)


def test_largest_difference_is_that_of_any_output_of_any_clip(model, runner, clips):
    def spoiled(clip):
        answer = runner(clip)
        answer[-1, 0] -= 3 * (len(clip) == 60)
        return answer

    parity = export.measure_parity(model, spoiled, waveforms=clips)

    assert parity.largest_difference == pytest.approx(3, abs=1e-5)


def test_clips_with_the_same_best_class_are_counted(model, runner, clips):
    def spoiled(clip):
        answer = runner(clip)
        # In one frame of two clips, another class comes out on top.
        answer[0, answer[0].argmin()] += 100 * (len(clip) == 400)
        return answer

    parity = export.measure_parity(model, spoiled, waveforms=clips)

    assert (parity.num_clips, parity.num_same_best) == (5, 3)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_one_value_that_is_no_number_is_an_infinite_difference(
    model, runner, clips, value
):
    def spoiled(clip):
        answer = runner(clip)
        answer[0, 0] = value
        return answer

    parity = export.measure_parity(model, spoiled, waveforms=clips)

    assert parity.largest_difference == np.inf


def test_nan_on_both_sides_is_no_difference(model, runner):
    broken = np.full(400, np.nan, "float32")

    parity = export.measure_parity(model, runner, waveforms=[broken])

    assert parity.largest_difference == 0


def test_another_shape_is_an_infinite_difference(model, runner, clips):
    parity = export.measure_parity(
        model, lambda clip: runner(clip)[:1], waveforms=clips[:1]
    )

    assert parity.largest_difference == np.inf
    assert parity.num_same_best == 0


def test_a_state_that_leaks_between_clips_shows(model, runner, clips):
    calls = []

    def forgetful(clip):
        calls.append(clip)
        return runner(clip) + 0.01 * (len(calls) - 1)

    parity = export.measure_parity(model, forgetful, waveforms=clips)

    assert parity.largest_difference == pytest.approx(0.04, abs=1e-5)


def test_no_clips_have_no_difference(model, runner):
    assert export.measure_parity(model, runner, waveforms=[]) == export.Parity(
        0, 0, 0.0
    )


@pytest.mark.parametrize(
    ("lengths", "differ"),
    [([400, 400, 60], False), ([400], True), ([400, 41, 399], False)],
)
def test_a_model_that_hears_nothing_shows(model, runner, random, lengths, differ):
    model.layers[-1].kernel.assign(np.zeros((40, 3)))
    clips = [random.normal(size=samples) for samples in lengths]

    parity = export.measure_parity(model, runner, waveforms=clips)

    assert parity.answers_differ == differ


def test_a_file_of_a_model_that_hears_nothing_is_not_written(model, tmp_path):
    model.layers[-1].kernel.assign(np.zeros((40, 3)))

    with pytest.raises(ValueError, match=r"different answers.* one answer to all 3"):
        export.to_tflite(model, tmp_path / "model.tflite")


def test_a_clip_and_its_beginning_may_have_one_answer(model, runner, random):
    clip = random.normal(size=400)

    parity = export.measure_parity(model, runner, waveforms=[clip, clip[:80]])

    assert parity.answers_differ
