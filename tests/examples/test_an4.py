"""Tests of the AN4 example, on letters that are tones instead of speech."""

import json
import shutil

import jiwer
import keras
import numpy as np
import pytest
import soundfile

from examples.an4 import config as configuration
from examples.an4 import data, evaluate, lexicon, run, train
from speechkit import decoders, layers, text
from speechkit.ops.time.masks import get_mask

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

RATE = 16000
PITCHES = {"A": 300, "B": 900, "C": 2500}
SMALL = {
    "characters": '" ABC"',
    "num_convolutions": 1,
    "num_layers": 2,
    "units": 24,
    "epochs": 24,
    "batch_size": 8,
    "learning_rate": 0.01,
    "augment": "false",
    "dropout": 0,
}


def say(letters):
    """A tone for each letter, and silence between them."""
    time = np.arange(round(0.2 * RATE)) / RATE
    gap = np.zeros(round(0.1 * RATE))
    tones = [0.3 * np.sin(2 * np.pi * PITCHES[c] * time) for c in letters]
    return np.concatenate([gap, *(part for tone in tones for part in (tone, gap))])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """40 spelled words to train, 8 of other speakers to score."""
    folder = tmp_path_factory.mktemp("corpus")
    random = np.random.default_rng(seed=0)
    rows = ["path,text,speaker,split"]
    for number in range(48):
        letters = random.choice(list(PITCHES), size=random.integers(1, 5))
        split = "train" if number < 40 else "dev"
        soundfile.write(folder / f"{number}.wav", say(letters), RATE)
        speaker = f"{split}{number % 4}"
        rows.append(f"{number}.wav,{' '.join(letters)},{speaker},{split}")
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n")
    (folder / "an4.dic").write_text("A  AH\nA(2)  EY\nB  B IY\n\nC  S IY\n")
    return folder


def command_line(corpus, out, **settings):
    pairs = (f"{name}={value}" for name, value in {**SMALL, **settings}.items())
    options = (word for pair in pairs for word in ("--set", pair))
    return ["--data", str(corpus), "--out", str(out), *options]


@pytest.fixture(scope="module")
def finished(corpus, tmp_path_factory):
    """A run that was interrupted after its first epoch and then went on."""
    out = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train.ProgressBar, "on_epoch_begin", interrupt_second_epoch)
        interrupted = run.main(command_line(corpus, out))
    assert interrupted == 130
    assert run.main(command_line(corpus, out)) == 0
    return out


def interrupt_second_epoch(self, epoch, logs=None):
    if epoch == 1:
        raise KeyboardInterrupt


def read_score(folder):
    return json.loads((folder / "score.json").read_text())


def test_a_run_goes_on_after_an_interruption_and_learns(finished):
    history = json.loads((finished / "history.json").read_text())

    assert len(history["loss"]) == len(history["wer"]) == SMALL["epochs"]
    assert read_score(finished / "dev")["greedy"]["wer"] < 0.2


@pytest.mark.parametrize("system", ["greedy", "language_model"])
def test_scores_are_those_of_the_transcripts_that_are_written(finished, system):
    said = text.read_trn(finished / "dev/reference.trn")
    heard = text.read_trn(finished / f"dev/{system}.trn")

    score = read_score(finished / "dev")[system]

    words = jiwer.process_words(list(said.values()), [heard[name] for name in said])
    rate = jiwer.cer(list(said.values()), [heard[name] for name in said])
    assert score["wer"] == pytest.approx(words.wer, abs=1e-5)
    assert score["words"]["hits"] == words.hits
    assert score["cer"] == pytest.approx(rate, abs=1e-5)
    assert score["wer_interval"][0] <= score["wer"] <= score["wer_interval"][1]


def test_a_run_draws_pictures(finished):
    for name in ("training", "alignment"):
        assert (finished / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_a_manifest_in_another_folder_is_scored(finished, corpus, tmp_path, capsys):
    (tmp_path / "sounds").mkdir()
    for number in (40, 41):
        shutil.copy(corpus / f"{number}.wav", tmp_path / "sounds")
    manifest = tmp_path / "test.csv"
    # No splits, no speakers, and letters that the model has never met.
    manifest.write_text("path,text\nsounds/40.wav,É\nsounds/41.wav,A B\n")
    options = ["--model", str(finished), "--manifest", str(manifest)]

    assert evaluate.main([*options, "--out", str(tmp_path / "scores")]) == 0

    score = read_score(tmp_path / "scores")
    assert score["utterances"] == 2
    assert score["greedy"]["words"]["hits"] <= 2
    assert "sounds/40.wav" in (tmp_path / "scores/greedy.txt").read_text()
    assert "WER" in capsys.readouterr().out


def test_a_split_of_a_manifest_scores_as_the_run_did(finished, corpus, tmp_path):
    manifest = corpus / "manifest.csv"

    result = evaluate.evaluate(finished, manifest, tmp_path, split="dev")

    before = read_score(finished / "dev")
    for system in ("greedy", "language_model"):
        assert result[system]["words"] == before[system]["words"]


def test_a_streaming_run_recognises_clips_piece_by_piece(corpus, tmp_path):
    out = tmp_path / "run"
    options = command_line(corpus, out, streaming="true", lookahead=2, epochs=1)
    assert run.main(options) == 0

    streamed = evaluate.evaluate(
        out, corpus / "manifest.csv", tmp_path, split="dev", streaming=True
    )

    assert streamed["greedy"]["words"] == read_score(out / "dev")["greedy"]["words"]


def test_all_means_that_dev_is_trained_on_too(corpus, tmp_path):
    config = configuration.Config(corpus, tmp_path, train_on="all")

    splits = run.data.load(config)

    assert len(splits["train"]) == 48
    assert len(splits["dev"]) == 8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--data", "nowhere"], "nowhere"),
        (["--set", "color=3"], "--set"),
        (["--set", "units=0"], "units"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    corpus, tmp_path, capsys, options, message
):
    assert run.main([*command_line(corpus, tmp_path), *options]) == 2

    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error


def test_a_run_does_not_go_on_with_other_settings(finished, corpus, capsys):
    assert run.main([*command_line(corpus, finished), "--seed", "1"]) == 2

    assert "`--out` must be a new folder" in capsys.readouterr().err


def test_a_folder_without_a_run_cannot_be_scored(corpus, tmp_path, capsys):
    manifest = str(corpus / "manifest.csv")

    assert evaluate.main(["--model", str(tmp_path), "--manifest", manifest]) == 2

    assert "must be the folder of a run" in capsys.readouterr().err


def test_a_split_that_is_not_there_is_named(finished, corpus, capsys):
    manifest = str(corpus / "manifest.csv")
    options = ["--model", str(finished), "--manifest", manifest, "--split", "test"]

    assert evaluate.main(options) == 2

    assert "`--split` must be one of dev, train" in capsys.readouterr().err


def test_letters_are_called_by_their_names(corpus, tmp_path):
    found = lexicon.read(corpus / "an4.dic")

    assert found == {"A": ["EY"], "B": ["B", "IY"], "C": ["S", "IY"]}
    pronunciation = lexicon.Pronunciation(found, corpus / "an4.dic")
    assert pronunciation.num_classes == 5  # B, EY, IY, S and the blank
    assert pronunciation.encode("C A B") == [4, 3, 2, 1, 3]


def test_the_middle_of_the_network_learns_the_phones(finished, corpus):
    model = keras.saving.load_model(finished / "model.keras")
    recordings = data.read_manifest(corpus / "manifest.csv", "dev")
    settings = configuration.read_settings(finished)
    ((inputs, _),) = data.scoring_batches(recordings, settings, len(recordings))

    values = layers.LengthMasking()([inputs["waveforms"], inputs["lengths"]])
    for layer in model.network.layers:
        if isinstance(layer, layers.SelfConditioning):
            break
        values = layer(values)
    phones = decoders.CTCGreedyDecoder(["", "B", "EY", "IY", "S"])
    guessed = phones(layer.logits(values), get_mask(values))

    named = {"A": "2", "B": "1 3", "C": "4 3"}  # of B, EY, IY and S
    said = [" ".join(named[letter] for letter in r.text.split()) for r in recordings]
    heard = [" ".join(str(x) for x in row if x >= 0) for row in np.asarray(guessed)]
    assert jiwer.wer(said, heard) < 0.3


def test_a_word_without_pronunciation_is_named(corpus, tmp_path, capsys):
    for name in ("manifest.csv", "40.wav", "0.wav"):
        shutil.copy(corpus / name, tmp_path)
    (tmp_path / "manifest.csv").write_text(
        "path,text,split\n0.wav,A C,train\n40.wav,A,dev\n"
    )
    (tmp_path / "an4.dic").write_text("A  EY\n")

    assert run.main(command_line(tmp_path, tmp_path / "run", augment="false")) == 2

    assert "an4.dic` must have the word 'C'" in capsys.readouterr().err
