"""Tests that the examples end with one sentence, whatever is wrong with a file."""

import importlib
import json

import pytest

from examples.an4 import evaluate, run
from examples.voice_commands import recognize

voice_commands = importlib.import_module("examples.voice_commands.__main__")
DEEP = "[" * 200000 + "]" * 200000


@pytest.fixture
def fails(capsys):
    """Runs a command that ends with a sentence, which it returns."""

    def fails(main, *arguments):
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert (status, captured.out) == (2, "")
        assert captured.err.startswith("error: ")
        assert captured.err.count("\n") == 1
        assert "shows where" not in captured.err
        return captured.err

    return fails


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", '"text"', DEEP])
@pytest.mark.parametrize("command", ["voice_commands", "an4", "evaluate"])
def test_damaged_settings_are_one_sentence(fails, tmp_path, command, content):
    (tmp_path / "settings.json").write_text(content, encoding="utf-8")
    (tmp_path / "checkpoint.npz").write_bytes(b"a run was here")
    (tmp_path / "a.csv").write_text("path,text\na.wav,a\n", encoding="utf-8")

    error = {
        "voice_commands": lambda: fails(voice_commands.main, "--out", tmp_path),
        "an4": lambda: fails(run.main, "--data", tmp_path, "--out", tmp_path),
        "evaluate": lambda: fails(
            evaluate.main, "--model", tmp_path, "--manifest", tmp_path / "a.csv"
        ),
    }[command]()

    assert "settings.json` must be the settings of a run" in error


@pytest.mark.parametrize(
    "settings", [{}, {"data": 5}, {"data": "a", "of_an_older_version": 1}]
)
def test_settings_of_another_version_are_one_sentence(fails, tmp_path, settings):
    text = json.dumps(settings)
    (tmp_path / "settings.json").write_text(text, encoding="utf-8")
    (tmp_path / "a.csv").write_text("path,text\na.wav,a\n", encoding="utf-8")

    error = fails(evaluate.main, "--model", tmp_path, "--manifest", tmp_path / "a.csv")

    assert "must be the folder of a run" in error


@pytest.mark.parametrize("ending", [".keras", ".tflite"])
@pytest.mark.parametrize("content", [b"", b"a,b", b"PK\3\4" + bytes(99), None])
def test_a_damaged_model_is_one_sentence(fails, tmp_path, ending, content):
    path = tmp_path / f"model{ending}"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)

    error = fails(recognize.main, path, "a.wav")

    assert f"`{path}` must be a {ending} file. It " in error


@pytest.mark.parametrize("name", ["none.keras", "none.tflite"])
def test_a_missing_model_is_one_sentence(fails, name):
    assert "There is no file" in fails(recognize.main, name, "a.wav")


def test_the_traceback_is_shown_on_request(capsys):
    assert recognize.main(["--debug", "none.keras", "a.wav"]) == 2

    assert capsys.readouterr().err.startswith("Traceback (most recent call last):\n")


def test_an_interruption_says_how_to_go_on(capsys, monkeypatch):
    def interrupt(config):
        raise KeyboardInterrupt

    monkeypatch.setattr(voice_commands, "run", interrupt)

    assert voice_commands.main([]) == 130
    assert capsys.readouterr().err == (
        "error: Interrupted. The same command goes on from the last epoch.\n"
    )
