"""Tests of noise, rooms, shifts and drop-outs."""

import numpy as np
import pytest
import soundfile

from contract.masks import masked
from speechkit import layers
from speechkit.audio import AudioError
from speechkit.ops import rooms


@pytest.fixture
def hum():
    return np.sin(0.1 * np.arange(700)).astype("float32")


def power(samples):
    return np.mean(np.square(np.asarray(samples, dtype="float64")))


@pytest.mark.parametrize("snr_db", [-5.0, 20.0])
def test_recorded_noise_has_the_ratio_over_the_valid_samples(waveforms, hum, snr_db):
    layer = layers.BackgroundNoise([hum], (snr_db, snr_db), seed=1)

    noisy = np.asarray(layer(masked(waveforms, [1600, 900]), training=True))

    for clip, length in enumerate((1600, 900)):
        signal = waveforms[clip, :length]
        ratio = 10 * np.log10(power(signal) / power(noisy[clip, :length] - signal))
        assert ratio == pytest.approx(snr_db, abs=1e-3)


def test_noise_is_a_stretch_of_the_recording_from_its_place_on(waveforms, hum):
    layer = layers.BackgroundNoise([np.ones(3), hum], (0, 0))
    draws = {"recording": np.array([1, 1]), "place": np.array([0.5, 0.0], "float32")}
    draws["snr_db"] = np.zeros(2, "float32")

    noise = np.asarray(layer.apply(waveforms, draws)) - waveforms

    for clip, start in enumerate((350, 0)):
        expected = np.resize(np.roll(hum, -start), 1600)
        scale = np.sqrt(power(waveforms[clip]) / power(expected))
        np.testing.assert_allclose(noise[clip], scale * expected, atol=1e-5)


def test_noise_files_are_read_when_they_are_needed(waveforms, hum, tmp_path):
    path = tmp_path / "hum.wav"
    layer = layers.BackgroundNoise([path, hum], seed=1)
    revived = layers.BackgroundNoise.from_config(layer.get_config())
    revived(waveforms)

    with pytest.raises(AudioError, match=r"hum\.wav"):
        layer(waveforms, training=True)
    soundfile.write(path, hum, 16000)
    assert (np.asarray(revived(waveforms, training=True)) != waveforms).any()


def test_a_measured_response_is_convolved_from_its_direct_sound_on(waveforms):
    response = np.array([0.0, 0.1, 1.0, 0.0, -0.5, 0.25], "float32")

    outputs = np.asarray(layers.Reverb([response])(waveforms, training=True))

    for clip, output in zip(waveforms, outputs, strict=True):
        expected = np.convolve(clip, response[2:])[:1600]
        expected *= np.sqrt(power(clip) / power(expected))
        np.testing.assert_allclose(output, expected, atol=1e-6)


def test_echos_of_a_room_arrive_when_and_as_loud_as_geometry_says():
    size, source, listener = (6.0, 5.0, 3.0), (1.0, 2.0, 1.5), (4.0, 3.0, 1.2)

    response = rooms.impulse_response(size, source, listener, 0.7, 48000, 0.02)

    # Before 20 ms only the direct sound and those of the six walls, some twice, arrive;
    # floor and ceiling first.
    images = {1.0: [source], 0.7: []}
    for axis in range(3):
        for wall in (0.0, size[axis]):
            image = list(source)
            image[axis] = 2 * wall - source[axis]
            images[0.7].append(image)
    for gain, places in images.items():
        for place in places:
            distance = np.linalg.norm(np.subtract(place, listener))
            arrival = distance / 343 * 48000
            if arrival < 940:
                near = response[int(arrival) - 8 : int(arrival) + 10]
                # An impulse between two samples, summed over its neighbours.
                assert near.sum() == pytest.approx(gain / distance, rel=0.02)


@pytest.mark.parametrize("seconds", [0.2, 0.5])
def test_rooms_fall_silent_about_when_they_should(seconds):
    walls = rooms.reflection((6.0, 5.0, 3.0), seconds)

    response = rooms.impulse_response(
        (6.0, 5.0, 3.0), (1.0, 2.0, 1.5), (4.0, 3.0, 1.2), walls, 8000, seconds
    )

    # Schroeder's backward integral between −5 and −25 dB.
    left = 10 * np.log10(np.cumsum(np.square(response)[::-1])[::-1])
    times = [np.argmax(left < left[0] - fall) / 8000 for fall in (5, 25)]
    assert 3 * (times[1] - times[0]) == pytest.approx(seconds, rel=0.35)


def test_the_seed_makes_the_rooms(waveforms):
    first, again, other = (layers.Reverb(num_rooms=2, seed=s) for s in (1, 1, 2))

    outputs = [np.asarray(r(waveforms, training=True)) for r in (first, again, other)]

    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert np.abs(outputs[0] - outputs[2]).max() > 1e-3


@pytest.mark.parametrize("shift", [-100, 0, 250, 2000])
def test_shift_moves_by_samples_and_keeps_the_length(waveforms, shift):
    layer = layers.TimeShift((shift / 16000, shift / 16000))

    outputs = np.asarray(layer(masked(waveforms, [1600, 900]), training=True))

    for clip, length in enumerate((1600, 900)):
        expected = np.zeros(1600)
        for number in range(length):
            if 0 <= number - shift < length:
                expected[number] = waveforms[clip, number - shift]
        np.testing.assert_array_equal(outputs[clip], expected)


def test_drop_outs_are_silent_stretches_of_the_valid_samples():
    layer = layers.Silence(0.01, 2, max_share=0.5, sampling_rate=1000, seed=1)
    lengths = np.tile([100, 12], 1000)

    outputs, draws = layer.augment(masked(np.ones((2000, 100), "float32"), lengths))

    widths = np.asarray(draws["width"])
    assert widths[::2].max() == 10
    assert widths[1::2].max() == 6
    silent = (np.asarray(outputs) == 0) & (np.arange(100) < lengths[:, None])
    assert (silent.sum(axis=1) <= widths.sum(axis=1)).all()
    assert (silent.sum(axis=1) >= widths.max(axis=1)).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: layers.BackgroundNoise("a.wav"),
            "`recordings` must be a list of paths",
        ),
        (lambda: layers.BackgroundNoise([]), "`recordings` must not be empty"),
        (lambda: layers.Reverb([]), "`responses` must not be empty"),
        (lambda: layers.Reverb(num_rooms=0), "`num_rooms` must be an integer of 1"),
        (lambda: layers.Flanger(speed_hz=(0, 1)), "`speed_hz` must be two finite"),
        (lambda: layers.Echos(num_echos=0), "`num_echos` must be an integer of 1"),
        (lambda: layers.PitchShift((-3000, 0)), "`cents` must be two finite numbers"),
        (lambda: layers.PitchShift((0, 3000)), "`cents` must be 2400 at most"),
        (lambda: layers.Tempo((0, 1)), "`factors` must be two finite numbers"),
        (lambda: layers.Silence(-1), "`max_seconds` must be a finite number of 0"),
    ],
)
def test_rejects_what_makes_no_sound(make, message):
    with pytest.raises(ValueError, match=message):
        make()
