"""Makes one small model of each kind, and its answers, which must never change.

Usage: python tests/references/make_models.py

Run it with the oldest Keras that the library supports: an older Keras cannot read what
a newer one wrote.

The files are what a user of this version has on disk. Do not make them anew when a test
of them fails: mend what no longer reads them. A new kind of model gets a new file.
"""

import io
import zipfile
from pathlib import Path

import keras
import numpy as np

from speechkit import layers, models, text

FOLDER = Path(__file__).parent
SAMPLING_RATE = 8000
LENGTHS = np.array([2400, 1500], dtype="int32")


def command_recognizer():
    """Returns a recogniser with the default front end and pooling, and augmentation."""
    return models.CommandRecognizer(
        ["on", "关灯", "off"],
        SAMPLING_RATE,
        threshold=0.4,
        waveform_augmentation=[layers.Speed((0.9, 1.1)), layers.WhiteNoise((5, 40))],
        feature_augmentation=[layers.SpecAugment.from_preset("LB")],
        encoder=[
            layers.ConvolutionFrontEnd((4,), ((5, 5),), strides=((2, 4),)),
            layers.ConvolutionBlock(8, 3, strides=2, residual=True),
            layers.TemporalResidualBlock(8, 3),
        ],
        name="command_recognizer",
    )


def spotter_preset():
    """Returns a narrow network of a preset."""
    return models.CommandRecognizer.from_preset(
        "tc_resnet8", ["on", "off"], sampling_rate=SAMPLING_RATE, width=0.25
    )


def recurrent_spotter():
    """Returns a recogniser of the other layers that spotters are made of."""
    return models.CommandRecognizer(
        ["on", "off"],
        SAMPLING_RATE,
        front_end=[layers.MFCC(SAMPLING_RATE, num_mel_bins=20, num_coefficients=10)],
        encoder=[
            layers.DepthwiseSeparableBlock(4, (3, 3), strides=2),
            layers.SVDF(6, 4),
            layers.BatchNormLSTM(4, direction="bidirectional"),
            layers.BatchNormSimpleRNN(4),
        ],
        pooling=[
            layers.MultiHeadAttentionPooling(2),
            keras.layers.Dense(4, "relu"),
        ],
        name="recurrent_spotter",
    )


def ctc_recognizer():
    """Returns a recogniser of text with the default front end and encoder."""
    return models.CTCRecognizer(
        text.CharacterVocabulary(" ab灯"),
        SAMPLING_RATE,
        units=4,
        num_layers=2,
        name="ctc_recognizer",
    )


def deep_speech_2():
    """Returns a model for streams that guesses intermediate labels."""
    return models.DeepSpeech2(
        text.CharacterVocabulary(" ab"),
        SAMPLING_RATE,
        num_convolutions=0,
        num_layers=3,
        units=4,
        direction="forward",
        lookahead=3,
        intermediate_classes=5,
        name="deep_speech_2",
    )


def waveform_model():
    """Returns the base class itself, with layers of its own."""
    return models.WaveformModel(
        SAMPLING_RATE,
        front_end=[layers.Spectrogram(200, 80), layers.PCEN()],
        encoder=[keras.layers.Dense(4), layers.BatchNormGRU(4)],
        head=[layers.LastFrame(), keras.layers.Dense(2, "softmax")],
        name="waveform_model",
    )


MAKERS = (
    command_recognizer,
    spotter_preset,
    recurrent_spotter,
    ctc_recognizer,
    deep_speech_2,
    waveform_model,
)


def main() -> None:
    """Writes the files that are missing, and the answers of all."""
    random = np.random.default_rng(seed=0)
    waveforms = np.round(3000 * random.normal(size=(2, max(LENGTHS)))) / 32768
    inputs = {"waveforms": waveforms.astype("float32"), "lengths": LENGTHS}
    answers = {}
    for make in MAKERS:
        path = FOLDER / f"{make.__name__}.keras"
        if not path.exists():
            model = make()
            for weight in model.weights:
                fill(weight, random)
            model.save(path)
            compress(path)
        answers[make.__name__] = np.asarray(keras.saving.load_model(path)(inputs))
    samples = np.round(waveforms * 32768).astype("int16")
    np.savez_compressed(FOLDER / "models.npz", samples=samples, **answers)


def fill(weight, random) -> None:
    """Gives a weight values that no initializer has."""
    values = random.normal(scale=0.3, size=weight.shape)
    if "variance" in weight.path:
        values = 0.5 + np.abs(values)
    if keras.backend.is_float_dtype(weight.dtype):
        weight.assign(values)


def compress(path: Path) -> None:
    """Writes a file of Keras anew, smaller and without the date."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name)
            new.writestr(info, old.read(name), zipfile.ZIP_DEFLATED)
    path.write_bytes(packed.getvalue())


if __name__ == "__main__":
    main()
