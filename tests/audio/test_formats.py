"""Tests of files that FFmpeg decodes: length, place and sound, cuts, and pieces."""

import sys

import av
import numpy as np
import pytest
import scipy.signal

from audio.encoding import ENCODINGS, LIVE, Encoding, encode
from speechkit.audio import AudioError, info, read

NAMES = [encoding.name for encoding in ENCODINGS]
BY_NAME = {encoding.name: encoding for encoding in ENCODINGS}


def chirp(rate, seconds=1.5):
    """A rising tone, in which every place sounds different."""
    time = np.arange(round(seconds * rate) + 100) / rate
    return (0.5 * scipy.signal.chirp(time, 200, 1.5, 2500)).astype(np.float32)


@pytest.fixture(scope="module")
def voices(tmp_path_factory):
    """The paths of a chirp in each encoding, by name."""
    folder = tmp_path_factory.mktemp("voices")
    for encoding in ENCODINGS:
        encode(folder / encoding.name, chirp(encoding.rate), encoding)
    return {name: folder / name for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_sound_is_that_which_was_encoded_and_where_it_was(voices, name):
    encoding = BY_NAME[name]
    expected = chirp(encoding.rate)

    waveform = read(voices[name])

    millisecond = encoding.rate // 1000  # MP4 counts its pieces in these
    extra = len(waveform) - len(expected)
    assert -abs(min(encoding.delay, 0)) - millisecond <= extra
    assert extra <= encoding.padding + millisecond
    products = scipy.signal.correlate(waveform, expected)
    assert products.argmax() - (len(expected) - 1) == encoding.delay
    assert products.max() > 0.8 * np.sum(expected**2)
    about = info(voices[name])
    assert about.num_samples == len(waveform)
    assert (about.sampling_rate, about.num_channels) == (encoding.rate, 1)


@pytest.mark.parametrize("name", ["lossless.m4a", "lossless.mkv", "lossless.wv"])
def test_lossless_formats_keep_every_sample(voices, name):
    np.testing.assert_allclose(read(voices[name]), chirp(16000), atol=2**-15)


def test_format_is_what_the_file_holds_whatever_its_name(voices, tmp_path):
    renamed = tmp_path / "café:0 %d.wav"
    renamed.write_bytes(voices["voice.m4a"].read_bytes())

    np.testing.assert_array_equal(read(renamed), read(voices["voice.m4a"]))


def test_other_rates_are_resampled(voices):
    expected = chirp(16000)

    waveform = read(voices["browser.webm"], 16000)

    assert abs(len(waveform) - len(expected)) < 100
    products = scipy.signal.correlate(waveform, expected)
    assert products.argmax() == len(expected) - 1


def test_channels_become_their_mean(tmp_path):
    encode(tmp_path / "two.m4a", chirp(16000), BY_NAME["lossless.m4a"], channels=2)

    assert info(tmp_path / "two.m4a").num_channels == 2
    np.testing.assert_allclose(read(tmp_path / "two.m4a"), chirp(16000), atol=2**-15)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fraction", [0.2, 0.6, 0.97])
def test_cut_file_is_an_error(voices, tmp_path, name, fraction):
    data = voices[name].read_bytes()
    path = tmp_path / name
    path.write_bytes(data[: int(fraction * len(data))])

    with pytest.raises(AudioError, match=f"^`.*{name}` is (truncated|not)"):
        read(path)


def test_amr_cut_between_two_frames_cannot_be_told_from_a_shorter_one(voices, tmp_path):
    path = tmp_path / "phone.amr"
    path.write_bytes(voices["phone.amr"].read_bytes()[: 6 + 20 * 32])

    np.testing.assert_array_equal(read(path), read(voices["phone.amr"])[: 20 * 160])


@pytest.mark.parametrize("name", NAMES)
def test_piece_is_that_of_the_whole(voices, name):
    encoding = BY_NAME[name]
    whole, rate = read(voices[name]), encoding.rate

    piece = read(voices[name], start_seconds=0.9, duration_seconds=0.3)

    start = round(0.9 * rate)
    assert len(piece) == round(0.3 * rate)
    # The filters of AMR remember what went before, a little.
    tolerance = 0.01 if encoding.codec == "amr_nb" else 1e-4
    expected = whole[start : start + len(piece)]
    np.testing.assert_allclose(piece, expected, atol=tolerance)


def test_longest_duration_holds_without_a_stated_length(voices):
    with pytest.raises(AudioError, match=r"lasts at least .* more than the 1 s that"):
        read(voices["live.webm"], max_seconds=1)


@pytest.mark.parametrize(
    ("container", "codec", "options"),
    [
        pytest.param("adts", "aac", (), id="aac"),
        pytest.param("matroska", "libmp3lame", LIVE, id="live-mp3"),
    ],
)
def test_estimate_of_the_duration_is_no_promise(tmp_path, container, codec, options):
    # FFmpeg takes the bit rate of the beginning, which is silent, for that of all.
    noise = np.random.default_rng(seed=0).uniform(-0.5, 0.5, 16000).astype(np.float32)
    samples = np.concatenate([np.zeros(9 * 16000, np.float32), noise])
    encoding = Encoding("voice", container, codec, options=options)
    encode(tmp_path / "voice", samples, encoding)

    assert 0 <= len(read(tmp_path / "voice")) - len(samples) < 4096


def test_film_without_sound_is_told(tmp_path):
    path = tmp_path / "silent.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", rate=24)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    with pytest.raises(AudioError, match=r"silent.mp4` has no sound in it"):
        read(path)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("voice.m4a", r"an MP4 file \(M4A, 3GP, MOV\), which needs the package PyAV"),
        ("phone.amr", "an AMR file, which needs"),
        ("voice.wma", r"a Windows Media file \(WMA\), which needs"),
        ("live.webm", "a WebM or Matroska file, which needs"),
    ],
)
def test_package_that_is_missing_is_named(voices, monkeypatch, name, kind):
    monkeypatch.setitem(sys.modules, "av", None)

    with pytest.raises(AudioError, match=f"{name}` is {kind}.* pip install 'av>="):
        read(voices[name])
