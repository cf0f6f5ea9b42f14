"""Tests of noise, rooms, shifts and drop-outs."""

import numpy as np
import pytest
import scipy.signal
import soundfile

from contract.masks import masked
from speechkit import layers
from speechkit.ops.effects import rooms


@pytest.fixture
def hum():
    return np.sin(0.1 * np.arange(700)).astype("float32")


def power(samples):
    return np.mean(np.square(np.asarray(samples, dtype="float64")))


@pytest.mark.parametrize("snr_db", [-5.0, 20.0])
def test_recorded_noise_has_the_ratio_over_the_valid_samples(waveforms, hum, snr_db):
    layer = layers.BackgroundNoise([hum], (snr_db, snr_db), seed=1, sampling_rate=16000)

    noisy = np.asarray(layer(masked(waveforms, [1600, 900]), training=True))

    for clip, length in enumerate((1600, 900)):
        signal = waveforms[clip, :length]
        ratio = 10 * np.log10(power(signal) / power(noisy[clip, :length] - signal))
        assert ratio == pytest.approx(snr_db, abs=1e-3)


def test_noise_is_a_stretch_of_the_recording_from_its_place_on(waveforms, hum):
    layer = layers.BackgroundNoise([np.ones(3), hum], (0, 0), sampling_rate=16000)
    draws = {"recording": np.array([1, 1]), "place": np.array([0.5, 0.0], "float32")}
    draws["snr_db"] = np.zeros(2, "float32")

    noise = np.asarray(layer.apply(waveforms, draws)) - waveforms

    for clip, start in enumerate((350, 0)):
        expected = np.resize(np.roll(hum, -start), 1600)
        scale = np.sqrt(power(waveforms[clip]) / power(expected))
        np.testing.assert_allclose(noise[clip], scale * expected, atol=1e-5)


def test_noise_files_are_read_when_they_are_needed(waveforms, hum, tmp_path):
    path = tmp_path / "hum.wav"
    layer = layers.BackgroundNoise([path, hum], seed=1, sampling_rate=16000)
    revived = layers.BackgroundNoise.from_config(layer.get_config())
    revived(waveforms)

    with pytest.raises(ValueError, match=r"hum\.wav.* does not exist"):
        layer(waveforms, training=True)
    soundfile.write(path, hum, 16000)
    assert (np.asarray(revived(waveforms, training=True)) != waveforms).any()


def test_a_measured_response_is_convolved_from_its_direct_sound_on(waveforms):
    response = np.array([0.0, 0.1, 1.0, 0.0, -0.5, 0.25], "float32")

    outputs = np.asarray(
        layers.Reverb([response], sampling_rate=16000)(waveforms, training=True)
    )

    for clip, output in zip(waveforms, outputs, strict=True):
        expected = np.convolve(clip, response[2:])[:1600]
        expected *= np.sqrt(power(clip) / power(expected))
        np.testing.assert_allclose(output, expected, atol=1e-6)


def mirrored(place, size, order):
    """Returns all mirror images of a place, with the number of walls between."""
    images = {tuple(place): 0}
    newest = [tuple(place)]
    for count in range(1, order + 1):
        found = []
        for image in newest:
            for axis in range(3):
                for wall in (0.0, size[axis]):
                    mirror = list(image)
                    mirror[axis] = round(2 * wall - image[axis], 9)
                    if tuple(mirror) not in images:
                        images[tuple(mirror)] = count
                        found.append(tuple(mirror))
        newest = found
    return images


def test_echos_of_a_room_arrive_when_and_as_loud_as_geometry_says():
    size, source, listener = (6.0, 5.0, 3.0), (1.0, 2.0, 1.5), (4.0, 3.0, 1.2)
    images = mirrored(source, size, 8)

    response = rooms.impulse_response(size, source, listener, 0.7, 8000, 0.03)

    # 30 ms are 10 m: no more than 6 walls.
    spectrum = np.zeros(513, complex)
    angles = np.linspace(0, np.pi, 513)
    for place, walls in images.items():
        distance = np.linalg.norm(np.subtract(place, listener))
        arrival = distance / 343 * 8000
        if arrival <= 240:
            spectrum += 0.7**walls / distance * np.exp(-1j * angles * arrival)
    # Impulses between samples are exact up to where their window falls; the last ones
    # are cut.
    expected = np.fft.irfft(spectrum, 1024)
    smooth = scipy.signal.firwin(63, 0.8)
    both = [
        scipy.signal.lfilter(smooth, 1, x[:240])[:220] for x in (response, expected)
    ]
    np.testing.assert_allclose(*both, atol=2e-3)


def test_simulated_rooms_make_no_offset():
    echoing = np.zeros(4000)
    echoing[::50] = 0.99 ** np.arange(80)

    response = rooms.without_rumble(echoing, 16000)

    high_pass = scipy.signal.butter(2, 100, "highpass", fs=16000)
    expected = scipy.signal.lfilter(*high_pass, echoing)
    np.testing.assert_allclose(response, expected, atol=1e-12)


def test_walls_are_those_of_eyrings_formula():
    # 6 m × 5 m × 3 m: 90 m³ within 126 m²; T = 0.161 V / (−S ln(1 − a)).
    gain = rooms.reflection((6.0, 5.0, 3.0), 0.4)

    absorbed = 1 - gain**2
    assert 0.161 * 90 / (-126 * np.log(1 - absorbed)) == pytest.approx(0.4)


def test_the_seed_makes_the_rooms(waveforms):
    first, again, other = (
        layers.Reverb(num_rooms=2, seed=s, sampling_rate=16000) for s in (1, 1, 2)
    )

    outputs = [np.asarray(r(waveforms, training=True)) for r in (first, again, other)]

    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert np.abs(outputs[0] - outputs[2]).max() > 1e-3


@pytest.mark.parametrize("shift", [-100, 0, 250, 2000])
def test_shift_moves_by_samples_and_keeps_the_length(waveforms, shift):
    layer = layers.TimeShift((shift / 16000, shift / 16000), sampling_rate=16000)

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
            lambda: layers.BackgroundNoise("a.wav", sampling_rate=16000),
            "`recordings` must be a list of paths",
        ),
        (
            lambda: layers.BackgroundNoise([], sampling_rate=16000),
            "`recordings` must not be empty",
        ),
        (
            lambda: layers.Reverb([], sampling_rate=16000),
            "`responses` must not be empty",
        ),
        (
            lambda: layers.Reverb(num_rooms=0, sampling_rate=16000),
            "`num_rooms` must be an integer of 1",
        ),
        (
            lambda: layers.Flanger(speed_hz=(0, 1), sampling_rate=16000),
            "`speed_hz` must be two finite",
        ),
        (
            lambda: layers.Echos(num_echos=0, sampling_rate=16000),
            "`num_echos` must be an integer of 1",
        ),
        (
            lambda: layers.PitchShift((-3000, 0), sampling_rate=16000),
            "`cents` must be two finite numbers",
        ),
        (
            lambda: layers.PitchShift((0, 3000), sampling_rate=16000),
            "`cents` must be 2400 at most",
        ),
        (
            lambda: layers.Tempo((0, 1), sampling_rate=16000),
            "`factors` must be two finite numbers",
        ),
        (
            lambda: layers.Silence(-1, sampling_rate=16000),
            "`max_seconds` must be a finite number of 0",
        ),
    ],
)
def test_rejects_what_makes_no_sound(make, message):
    with pytest.raises(ValueError, match=message):
        make()
