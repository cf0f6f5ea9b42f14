"""Tests of the web page in headless Chromium; skipped where there is no browser."""

import functools
import http.server
import pathlib
import shutil
import subprocess
import threading

import keras
import numpy as np
import pytest
import soundfile
from playwright import sync_api

from speechkit import export, layers, models

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

SOURCE = pathlib.Path(__file__).parents[2] / "examples" / "web"
RATE = 8000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Root may not start it otherwise; and it must ask nobody for updates.
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
]
PITCHES = {"low": 250, "mid": 1000, "high": 3000}


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    def log_message(self, *arguments):
        """Says nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The page with its runtime, served on this machine."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed: it brings the runtime of the web page")
    site = tmp_path_factory.mktemp("site") / "web"
    shutil.copytree(SOURCE, site, ignore=shutil.ignore_patterns("node_modules"))
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=site, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"npm brings no runtime for the web page: {done.stderr.decode()}")
    handler = functools.partial(QuietHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium."""
    with sync_api.sync_playwright() as playwright:
        found = [path for name in BROWSERS if (path := shutil.which(name))]
        found.append(playwright.chromium.executable_path)
        if not pathlib.Path(found[0]).is_file():
            pytest.skip("Chromium is not installed: see .ci/install_chromium")
        browser = playwright.chromium.launch(executable_path=found[0], args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def bands(tmp_path_factory):
    """A file that names the loudest of three bands, if it is much louder."""
    features = layers.LogMelSpectrogram(
        RATE, frame_length=256, frame_step=80, num_mel_bins=3, floor=1e-3
    )
    loudest = [keras.layers.GlobalAveragePooling1D(), keras.layers.Softmax()]
    model = keras.Sequential([keras.Input((RATE,)), features, *loudest])
    labels = {"labels": list(PITCHES), "threshold": 0.5, "sampling_rate": RATE}
    path = tmp_path_factory.mktemp("bands") / "bands.tflite"
    return export.to_tflite(model, path, metadata=labels)


def make_spotter(tmp_path_factory, name, quantization):
    """Returns the file of a spotter that has learned nothing, for clips of 1 s."""
    keras.utils.set_random_seed(0)
    model = models.CommandRecognizer.from_preset(
        name, ["开灯", "off", "up"], sampling_rate=RATE
    )
    path = tmp_path_factory.mktemp("spotter") / "spotter.tflite"
    return export.to_tflite(model, path, num_samples=RATE, quantization=quantization)


@pytest.fixture(scope="module")
def spotter(tmp_path_factory):
    """A keyword spotter of convolutions."""
    return make_spotter(tmp_path_factory, "tc_resnet", "float32")


@pytest.fixture(scope="module", params=[("lstm", "float32"), ("gru", "int8")])
def recurrent(request, tmp_path_factory):
    """A keyword spotter that remembers."""
    return make_spotter(tmp_path_factory, *request.param)


def tone(pitch, samples=RATE):
    return 0.5 * np.sin(2 * np.pi * pitch * np.arange(samples) / RATE)


def answer_of_page(browser, address, model, recording):
    """Returns what the page says, and the labels and the probabilities it shows."""
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    page.set_input_files("#model", model)
    page.set_input_files("#recording", recording)
    page.wait_for_function(
        "!/^(Choose|Listening)/.test(document.querySelector('#answer').textContent)"
    )
    rows = [row.split() for row in page.locator("#probabilities tr").all_inner_texts()]
    found = page.inner_text("#answer"), {label: float(value) for label, value in rows}
    page.close()
    return found


@pytest.mark.parametrize("name", PITCHES)
def test_page_names_what_it_hears(browser, address, bands, tmp_path, name):
    soundfile.write(tmp_path / "tone.wav", tone(PITCHES[name]), RATE)

    answer, shown = answer_of_page(browser, address, bands, tmp_path / "tone.wav")

    assert answer == name
    assert list(shown) == list(PITCHES)


def test_page_does_not_understand_silence(browser, address, bands, tmp_path):
    soundfile.write(tmp_path / "silence.wav", np.zeros(RATE), RATE)

    answer, shown = answer_of_page(browser, address, bands, tmp_path / "silence.wav")

    assert answer == "Not understood"
    np.testing.assert_allclose(list(shown.values()), 1 / 3, atol=1e-4)


@pytest.mark.parametrize(
    ("samples", "channels"), [(RATE, 1), (5000, 1), (9000, 1), (RATE, 2)]
)
def test_page_answers_as_python(
    browser, address, spotter, tmp_path, random, samples, channels
):
    # Whole numbers of 16 bits, so that the file holds exactly what Python hears.
    clip = random.integers(-3000, 3000, size=(samples, channels), dtype="int16")
    soundfile.write(tmp_path / "clip.wav", clip, RATE)

    answer, shown = answer_of_page(browser, address, spotter, tmp_path / "clip.wav")

    heard = np.zeros(RATE)
    heard[:samples] = clip[:RATE].mean(axis=1) / 32768
    runner = export.TFLiteRunner(spotter)
    assert answer == runner.transcribe(heard)
    np.testing.assert_allclose(list(shown.values()), runner(heard), atol=1e-4)


def test_page_answers_again_when_another_model_is_chosen(
    browser, address, bands, spotter, tmp_path
):
    soundfile.write(tmp_path / "tone.wav", tone(440), RATE)
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    page.set_input_files("#recording", tmp_path / "tone.wav")
    page.set_input_files("#model", bands)
    first = page.locator("#probabilities tr").first
    sync_api.expect(first).to_contain_text("low", timeout=60000)

    page.set_input_files("#model", spotter)

    sync_api.expect(first).to_contain_text("开灯", timeout=60000)
    page.close()


def test_page_hears_each_recording_as_if_it_were_the_first(
    browser, address, recurrent, tmp_path, random
):
    runner = export.TFLiteRunner(recurrent)
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    page.set_input_files("#model", recurrent)
    for number in range(3):
        clip = random.integers(-9000, 9000, size=RATE, dtype="int16") >> number
        soundfile.write(tmp_path / f"{number}.wav", clip, RATE)
        page.set_input_files("#recording", tmp_path / f"{number}.wav")

        expected = runner(clip / 32768)
        # 8 bits are 256 steps, and runtimes round in their own ways.
        close = {"rtol": 0, "atol": 2 / 256}
        for _ in range(600):
            rows = page.locator("#probabilities tr").all_inner_texts()
            # A row that the page is about to fill has no number yet.
            shown = [float(value) for row in rows for value in row.split()[1:]]
            if len(shown) == 3 and np.allclose(shown, expected, **close):
                break
            page.wait_for_timeout(100)
        np.testing.assert_allclose(shown, expected, **close)
    page.close()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"RIFF\0\0\0\0WAVEfmt ", "must be a .tflite file", id="format"),
        pytest.param(b"", "must be a .tflite file", id="empty"),
    ],
)
def test_page_refuses_another_file(browser, address, tmp_path, content, message):
    (tmp_path / "model.tflite").write_bytes(content)
    soundfile.write(tmp_path / "tone.wav", tone(440), RATE)

    answer, _ = answer_of_page(
        browser, address, tmp_path / "model.tflite", tmp_path / "tone.wav"
    )

    assert answer.startswith("Error: ")
    assert message in answer


def test_page_refuses_a_file_for_any_length(browser, address, tmp_path):
    model = keras.Sequential([keras.Input((None,)), layers.Frame(40, 20)])
    metadata = {"labels": ["on", "off"], "sampling_rate": RATE}
    path = export.to_tflite(model, tmp_path / "model.tflite", metadata=metadata)
    soundfile.write(tmp_path / "tone.wav", tone(440), RATE)

    answer, _ = answer_of_page(browser, address, path, tmp_path / "tone.wav")

    assert answer == "Error: the model must be exported with `num_samples`"
